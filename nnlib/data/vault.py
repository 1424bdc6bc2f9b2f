"""A test set that remembers how often it was looked at, and what for.  Lesson 09."""

__all__ = ["Vault"]


class Vault:
    """Hold a test set, give it out for a stated reason, and keep the list of reasons.

    This is a help to an honest memory, not a lock: Python hides nothing from who wants to see it,
    and a new kernel begins a new list.

    Parameters
    ----------
    digits : Digits
        The test set.
    opened_before : str or sequence of str, optional
        What it was used for until now.

    Attributes
    ----------
    openings : list of str
        The reasons of all openings, the oldest first.
    """

    def __init__(self, digits, opened_before=()):
        self._digits = digits
        self.openings = [opened_before] if isinstance(opened_before, str) else list(opened_before)

    def open(self, reason):
        """Give the digits out and write down why.

        Parameters
        ----------
        reason : str
            The question that they are to answer. The same question asked again, as when a cell
            is run twice, is one opening.

        Returns
        -------
        Digits

        Raises
        ------
        ValueError
            If no reason is given.
        """
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(
                'say what the test set is to decide: vault.open("accuracy of the network …")'
            )
        if reason.strip() not in self.openings:
            self.openings.append(reason.strip())
        return self._digits

    def __repr__(self):
        n = len(self.openings)
        if n == 0:
            return "a test set, never opened"
        times = {1: "once", 2: "twice"}.get(n, f"{n} times")
        return f"a test set, opened {times}:\n" + "\n".join(f"- {why}" for why in self.openings)
