"""How a lesson prints the result of a training run: with the tolerance that holds everywhere."""


def about(value, expected, within):
    """Say a trained result as what is expected and how far off it may be.

    Other processors and other versions of NumPy round a little differently, so that a training
    run does not end with the same last digits everywhere.

    Parameters
    ----------
    value : float
        What came out here.
    expected : float
        What the lesson's own run gave.
    within : float
        How far `value` may lie from it.

    Returns
    -------
    str
        "86.7 ± 1"; the same wherever the result holds.

    Raises
    ------
    AssertionError
        If it does not, with the value itself.
    """
    if not abs(value - expected) <= within:
        raise AssertionError(
            f"got {value:.4g}; with the settings of the lesson it is {expected:g} ± {within:g} "
            "(if you changed them, that is the answer you were looking for)"
        )
    return f"{expected:g} ± {within:g}"
