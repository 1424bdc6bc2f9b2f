"""The ladder's switches: change one thing, guess, and only then see what was recorded."""

from typing import NamedTuple

import numpy as np

from nnlib.plots.ladder import plot_ladder
from nnlib.views.words import minus_signs
from nnlib.widgets.frame import Kept, button, choice, picture_widget, slider, switch

ROWS = 5  # results seen at a time, the last at the bottom
IN_WORDS = {  # the values of the record's columns
    "pixels": {"0-255": "pixels 0…255", "0-1": "pixels 0…1"},
    "start": {"normal": "start N(0, 1)", "fitted": "start fitted"},
    "loss": {"squared error": "squared error", "cross-entropy": "cross-entropy"},
    "activation": {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"},
    "hidden": {"20-10": "20 + 10 units", "100-10": "100 + 10 units"},
}
FIELDS = list(IN_WORDS)
FIRST = tuple(next(iter(values)) for values in IN_WORDS.values())


class Result(NamedTuple):
    """What was recorded for one setting of the switches."""

    lr: float
    tests: np.ndarray  # accuracies on the test digits in percent, one a seed


def results_of(record):
    """What was recorded for each setting.

    Parameters
    ----------
    record : pandas.DataFrame
        Rows of runs with the columns pixels, start, loss, activation, hidden, lr and test; test is
        a share, 0…1, or NaN for runs that only served to choose the learning rate.

    Returns
    -------
    dict of tuple of str to Result
        Under the values of the five switches.
    """
    runs = record.dropna(subset="test").groupby(FIELDS, sort=False)
    return {
        setting: Result(float(part["lr"].iloc[0]), 100 * part["test"].to_numpy())
        for setting, part in runs
    }


def changes(before, now):
    """What differs between two settings, as a list of words."""
    pairs = zip(FIELDS, before, now, strict=True)
    return [IN_WORDS[field][new] for field, old, new in pairs if old != new]


def rows_shown(results, history, setting, guess):
    """What the picture shows: bars by name, guesses by name, and the names of those before.

    Parameters
    ----------
    results : dict of tuple of str to Result
    history : sequence of (setting, guess)
        What was shown so far, in order; the first one is never empty.
    setting : tuple of str
        Where the switches stand. If it is not the last one shown, it gets a "?".
    guess : int
        The learner's guess for it; 0 is none.

    Returns
    -------
    groups, guesses : dict
    pale : list of str
    """
    steps = list(history)
    if steps[-1][0] != setting:
        steps.append((setting, guess))
    groups, guesses = {}, {}
    for place in range(max(0, len(steps) - ROWS), len(steps)):
        now, guessed = steps[place]
        name = row_name(place, steps[place - 1][0] if place else None, now)
        is_known = place < len(history)
        groups[name] = results[now].tests if is_known else []
        guesses[name] = guessed or None
    return groups, guesses, list(groups)[:-1]


def row_name(place, before, now):
    """The name of a row: what was changed against the row before."""
    if before is None:
        return "0  the first network"
    words = changes(before, now)
    what = f"{len(words)} changes" if len(words) > 2 else ",\n".join(words)
    return f"{place}  {what or 'no change'}"


def ladder_in_words(results, history, setting, guess):
    """What is seen, or what is to be done, as a sentence."""
    shown, guessed = history[-1]
    if setting != shown:
        before = f"before: {results[shown].tests.mean():.1f} %"
        asked = f"Changed: {', '.join(changes(shown, setting))} ({before}). "
        if guess:
            return f"{asked}Your guess is {guess} %; press show."
        return f"{asked}What will the test accuracy be? Set your guess, then press show."
    result = results[setting]
    tests = result.tests
    names = ", ".join(IN_WORDS[field][value] for field, value in zip(FIELDS, setting, strict=True))
    text = (
        f"{names}; learning rate {result.lr:g}: test accuracy {tests.mean():.1f} %, "
        f"{len(tests)} seeds from {tests.min():.1f} to {tests.max():.1f}"
    )
    if len(history) > 1:
        gain = round(tests.mean(), 1) - round(results[history[-2][0]].tests.mean(), 1)
        text += minus_signs(f"; {gain:+.1f} points, you guessed {guessed} %")
    return text


def draw_rows(figure, groups, guesses, pale):
    """Draw the rows, always in the same places."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0.31, 0.16, 0.6, 0.72))
    title = "pale: shown before; dotted: your guess"
    plot_ladder(groups, "test accuracy, %", guesses, pale, title, ax=ax)
    ax.set_ylim(ROWS - 0.5, -0.6)


def ladder_toggles(record):
    """Move five switches of a network; guess its test accuracy; see what five seeds gave.

    Nothing is trained: every combination was recorded.

    Parameters
    ----------
    record : pandas.DataFrame
        data/records/ladder.csv.

    Returns
    -------
    Frame
        Its `parts` name the controls: pixels, start, loss, activation, hidden, guess; the buttons
        show and again; history, whose value holds (setting, guess) of all that was shown; canvas.
    """
    results, history = results_of(record), Kept(value=((FIRST, 0),))
    controls = switches()
    buttons = show_buttons(results, controls, history, lambda words: frame.say(words))

    def show(figure, guess, history, **values):
        state = results, history, setting_of(values.values()), guess
        draw_rows(figure, *rows_shown(*state))
        return ladder_in_words(*state)

    question = "What does each change add?"
    moves = "five switches of a network, and your guess of its test accuracy"
    everything = controls | {"buttons": buttons, "history": history}
    frame = picture_widget(question, moves, (5.4, 3.4), everything, show)
    return frame


def switches():
    """The five switches, and the guess."""
    lists = {field: [(text, value) for value, text in IN_WORDS[field].items()] for field in FIELDS}
    return {
        "pixels": switch("pixels 0…1 (off: 0…255)"),
        "start": switch("fitted start values (off: N(0, 1))"),
        "loss": switch("cross-entropy (off: squared)"),
        "activation": choice("hidden bend", lists["activation"], "sigmoid"),
        "hidden": choice("hidden units", lists["hidden"], "20-10"),
        "guess": slider("your guess, %", 0, 0, 100),
    }


def show_buttons(results, controls, history, say):
    """The buttons: one adds a result to the history if it was guessed, one begins again."""
    guess = controls["guess"]

    def show():
        setting = setting_of(controls[field].value for field in FIELDS)
        if setting == history.value[-1][0]:
            say("This one is shown already. Change a switch, then guess.")
        elif not guess.value:
            say("Set your guess first; then press show.")
        elif setting not in results:
            say("No run of this combination was recorded.")
        else:
            history.value = (*history.value, (setting, guess.value))
            guess.value = 0

    def begin_again():
        for field, value in zip(FIELDS, (False, False, False, *FIRST[3:]), strict=True):
            controls[field].value = value
        guess.value = 0
        history.value = ((FIRST, 0),)

    return {
        "show": button("show", "show what was recorded", show),
        "again": button("start over", "back to the first network", begin_again),
    }


def setting_of(values):
    """The values of the record's columns that the switches stand for; a tick is the second one."""
    pairs = zip(FIELDS, values, strict=True)
    return tuple(
        list(IN_WORDS[field])[value] if isinstance(value, bool) else value for field, value in pairs
    )
