"""The frame of every plot: a painter draws its data and returns the sentence that describes it.

`paint(ax, data …)` becomes `plot(data …, title=None, ax=None)`: the figure and its size, the title,
the sentence for those who cannot see it, what is returned, and the words on all this in `help()`
are written here, once. A painter that draws into a part of another's picture is called as
`plot_digit.paint(ax, …)`: it draws and returns its sentence, and does nothing else.
"""

import functools
import inspect

import matplotlib.pyplot as plt
import numpy as np

from nnlib.plots.style import WIDTH, describe

HELP = """{title}{place} : {kind}, optional
    Where to draw; by default into a new figure.

Returns
-------
{returned}
    {what}
"""
ONE, MANY = "matplotlib.axes.Axes", "list of matplotlib.axes.Axes"
KINDS = {  # what may be given as a place, what is returned, and what that is
    "ax": (ONE, ONE, "What was drawn into."),
    "axes": (MANY, MANY, "What was drawn into."),
    "figure": ("matplotlib.figure.Figure", MANY, "What was drawn into, in reading order."),
}


def plot(size, rows=None, titled=True, **look):
    """Make a plot function of a painter of one Axes, or of several with one horizontal axis.

    Parameters
    ----------
    size : float, pair of float, or function
        Of a new figure, in inches: its height at the usual width, or width and height; a function
        computes them from the painter's data and the title, which it gets by name.
    rows : sequence of float, optional
        `paint(axes, data …)` gets Axes one above the other; how high each is, compared.
    titled : bool, default True
        False: there is no title but those that the painter writes.
    **look
        How the title looks, as `Axes.set_title` takes it.

    Returns
    -------
    function
        The decorator. A title stands behind the painter's positional parameters and before those
        that it takes by name only; a painter that has a parameter `title` itself gets it, too.
    """
    grid = {} if rows is None else {"nrows": len(rows), "height_ratios": rows, "sharex": True}

    def new(inches):
        return plt.subplots(figsize=inches, **grid)[1]

    def finish(where, title, sentence):
        first = np.atleast_1d(where)[0]
        if title:
            first.set_title(title, **look)
        describe(first.figure, sentence)
        return where

    return functools.partial(_plot, "axes" if rows else "ax", new, finish, size, titled)


def panels(size, titled=True):
    """Make a plot function of a painter that lays out a whole figure: `paint(figure, data …)`.

    Parameters
    ----------
    size, titled
        As in `plot`; the title stands above all panels.

    Returns
    -------
    function
        The decorator. Plots of this kind return the list of the Axes that they drew into.
    """

    def finish(figure, title, sentence):
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        describe(figure, sentence)
        return [ax for ax in figure.axes if ax.has_data()]

    return functools.partial(_plot, "figure", _new_figure, finish, size, titled)


def _plot(place, new, finish, size, titled, paint):
    """The plot function of a painter: draw into what is given, or into a new figure."""
    own = inspect.signature(paint).parameters
    signature = _signature(own, place, titled)

    @functools.wraps(paint)
    def draw(*args, **kwargs):
        data = _bound(paint.__name__, signature, args, kwargs)
        given, title = data.pop(place), data.get("title")
        where = new(_inches(size, data)) if given is None else given
        if "title" not in own:
            data.pop("title", None)
        try:
            return finish(where, title, paint(where, **data))
        except Exception:
            if given is None:  # no half a picture is left
                plt.close(np.atleast_1d(where)[0].figure)
            raise

    draw.paint, draw.__signature__ = paint, signature
    draw.__doc__ = _help(inspect.getdoc(paint) or "", place, titled)
    return draw


def _signature(own, place, titled):
    """What a plot takes: the painter's data, the title, the painter's options, the place."""
    by_name, by_place = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    _, *own = own.values()
    data = [taken for taken in own if taken.kind != by_name]
    options = [taken.replace(kind=by_place) for taken in own if taken.kind == by_name]
    is_new = titled and "title" not in [taken.name for taken in own]
    title = [inspect.Parameter("title", by_place, default=None)] if is_new else []
    place = inspect.Parameter(place, by_place, default=None)
    return inspect.Signature([*data, *title, *options, place])


def _bound(name, signature, args, kwargs):
    """The arguments of a call by name, defaults included."""
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}(): {error}") from None
    bound.apply_defaults()
    return bound.arguments


def _inches(size, data):
    """Width and height of a new figure, from what the painter's decorator was told."""
    size = size(**data) if callable(size) else size
    return size if isinstance(size, tuple) else (WIDTH, size)


def _new_figure(inches):
    """A figure of this size that pyplot shows."""
    return plt.figure(figsize=inches)


def _help(told, place, titled):
    """A painter's docstring, and after it what all plots take and return."""
    kind, returned, what = KINDS[place]
    head = "" if "\nParameters\n" in told else "\nParameters\n----------\n"
    title = "title : str, optional\n" if titled else ""
    end = HELP.format(title=title, place=place, kind=kind, returned=returned, what=what)
    return f"{told}\n{head}{end}"
