"""A cell that takes long says so while it runs, beside its outputs, and takes the words back."""

from IPython.display import display

from nnlib.lesson.published import lesson_cells
from nnlib.system.browser import slow_cells

EXPECTED = {}  # the cells of the lesson that take long here: {source: seconds}
SHOWN = []  # the words that stand beside the cell that runs


def announce_slow_cells(shell, number):
    """Let the shell say before a slow cell of a lesson how long it takes, until it is done."""
    slow = slow_cells(number)
    cells = lesson_cells(number) if slow else []
    EXPECTED.clear()
    EXPECTED.update(
        {"".join(cell["source"]).strip(): slow[n] for n, cell in enumerate(cells) if n in slow}
    )
    shell.events.register("pre_run_cell", announce)  # a second time changes nothing
    shell.events.register("post_run_cell", withdraw)


def announce(info):
    """Show how long the cell takes that is about to run, if that is long."""
    seconds = EXPECTED.get((info.raw_cell or "").strip())
    if seconds:
        words = f"*This cell takes about {seconds:.0f} seconds in a browser.*"
        SHOWN.append(display(as_markdown(words), raw=True, display_id=True))


def withdraw(result):
    """Take the words back; an empty display is all that stays."""
    while SHOWN:
        SHOWN.pop().update(as_markdown(""), raw=True)


def as_markdown(words):
    """Make words a display without a text of its own, so that a cell's text stays what it was."""
    return {"text/markdown": words}
