"""What all plots have in common, asked of each: place, size, title, sentence, help, no trace."""

import copy
import importlib
import inspect
import pkgutil
import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from lessons import ROOT
from matplotlib.figure import Figure

import nnlib.plots
from nnlib.calibration import Bins
from nnlib.plots import describe, use_style
from nnlib.plots.painter import plot

random = np.random.default_rng(0)
X, Y10 = random.random((784, 10)), np.arange(10)
P10 = np.full((10, 10), 0.01) + 0.9 * np.eye(10)[:, ::-1]
W, FIELD = random.normal(size=(4, 784)), random.normal(size=(2, 28, 28))
J = np.diag([0.5, 0.2, 0.3]) - np.outer([0.5, 0.2, 0.3], [0.5, 0.2, 0.3])
COUNTS, RISING, STEPS = np.array([[8, 2], [1, 9]]), np.linspace(-2, 2, 9), np.array([1, 10, 100])
GROUPS = {"one": [89.4, 90.0], "two": [83.1]}
RUN = {"epoch": Y10[1:], "train_loss": 2 / Y10[1:]}
RUN |= {f"{name}_accuracy": Y10[1:] / 10 for name in ("train", "validation")}
LOSS = {run: (STEPS, np.array([[2.3], [2.0], [1.0]])) for run in ("sick", "cured")}
SMALL = [np.array([[0.5, 1.0], [1.5, -1.5]])] * 2
PREPARED = SimpleNamespace(crop=X[:28, :9], boxed=X[:20, :10], centered=FIELD[0])
BINS = Bins(np.array([0, 8, 40]), np.array([np.nan, 0.5, 0.9]), np.array([np.nan, 0.25, 0.95]))
NUMBER = SimpleNamespace(value=2.0, slope=-1.0, parts=[])
DATA = {  # for each plot what it is asked to draw; nothing that it may leave out
    "plot_activations": [RISING, {"identity": RISING}],
    "plot_backward_flow": [(6, 5, 4)],
    "plot_bar_panels": [{"one": [0.1, 0.02], "two": [0.3]}, "size", (0.01, 1)],
    "plot_chain": [[("W", 3, 5, "hidden"), ("result", 1, 5, "output")]],
    "plot_chains": [],
    "plot_change_of_mind": [P10[0], P10[1], 3],
    "plot_choice": [[90, 95, 92.5], [89, 89.5, 91], 1],
    "plot_chunks": [X.T[:2], [(3, 7, 10, 20)], ["paper", "bar"]],
    "plot_class_counts": [Y10],
    "plot_collapse": [np.array([0, -5.0, 0]), J, J, J[0]],
    "plot_columns": [4 * J, ["P", "Y", "P − Y"]],
    "plot_confusion": [COUNTS],
    "plot_digit": [X[:, 0]],
    "plot_digits": [X],
    "plot_elastic_steps": [X[:, 0], FIELD, FIELD, X[:, 1]],
    "plot_error_against_step": [np.array([0.1, 0.01]), {"error": np.array([1e-3, 1e-5])}],
    "plot_field": [X[:, 0], FIELD],
    "plot_graph": [{"a": NUMBER}, {"a": (0, 0)}],
    "plot_hidden": [P10[0]],
    "plot_intervals": [{"a": (90, 85, 93)}, "recall, %"],
    "plot_jacobian": [J],
    "plot_ladder": [GROUPS | {"three": []}, "accuracy, %"],
    "plot_layer_bars": [[0.5, 20, 0]],
    "plot_learning_curves": [{"new digits": ([100, 100, 1000], [70, 74, 88.0])}],
    "plot_level_race": [{"SGD": [[2, 3], [1, 2.0]]}, "loss", (0, 4), "all"],
    "plot_loss_of_probability": [P10[0], -np.log(P10[0])],
    "plot_losses": [{"training": [3, 2, 1.0], "test": [3, np.nan, np.nan]}],
    "plot_maps": [W, list("abcd")],
    "plot_mosaic": [W, 2, 4.0],
    "plot_network": [[784, 3, 2]],
    "plot_planted": [{"no 1/m": [0.75, 0.0], "a sign": [1.0, 1.0]}, ["dW1", "db1"]],
    "plot_paper_network": [[[1, 2], [2, 0], [0.7, 0.3]], [None, [1, 0], [1, 0]], SMALL, SMALL],
    "plot_patient": ["one", LOSS, LOSS, 2.3],
    "plot_pipeline": [X[:28, :9]],
    "plot_pixel_values": [(255 * X[:, 0]).astype(int)],
    "plot_place_on_curve": [(STEPS, np.array([2.0, np.nan, 1.0])), 10, np.nan],
    "plot_probabilities": [P10[:, :2], P10[:, :2]],
    "plot_product": [10, 32, 4000],
    "plot_pulls": [RISING, 1 - RISING / 4, np.exp(-(RISING**2))],
    "plot_race": [{"SGD": [[2, 3], [1, 2.0]]}, "loss"],
    "plot_rates": [np.array([0.1, 1]), {"SGD": [[2, 3], [1, 2.0]]}, "accuracy, %"],
    "plot_read_as": [X, Y10, P10],
    "plot_reading": [P10[0]],
    "plot_recalls": [np.array([0.9, np.nan]), np.array([0.8, np.nan])],
    "plot_refusing": [Y10 / 10, 1 - Y10 / 9, np.array([0.9, *[1.0] * 8, np.nan])],
    "plot_reliability": [{"before": BINS, "after": BINS}],
    "plot_replay": [RUN],
    "plot_runs": [GROUPS, "accuracy, %"],
    "plot_same": [{"ours": RISING**2 + 1, "theirs": RISING**2 + 1.1}],
    "plot_scores": [RISING],
    "plot_settings": [np.array([[70, np.nan], [80, 90.0]]), [4, 8], [0.1, 1]],
    "plot_signed_bars": [RISING, 2.0],
    "plot_sizes": [{"sums": RISING}, 1.5, "flat", "size"],
    "plot_slopes": [RISING, {"one": 1 + 0 * RISING}],
    "plot_small_confusion": [COUNTS, 9],
    "plot_steps_needed": [[3, 1, 0.1], [np.nan, 50, 260]],
    "plot_tangent": [RISING, RISING**2, (1.0, 1.0), 2.0],
    "plot_unit_stories": [W[:1], [(X[:, :2], [3, 4])], P10[:, :1], ["unit 0"]],
    "plot_unit_strip": [[W, W], ["step 0", "step 9"]],
    "plot_units": [W],
    "plot_valley": [{"SGD": RISING.reshape(-1, 1) * [1, 1]}, np.diag([1.0, 20])],
    "plot_wall": [{"one": LOSS, "two": LOSS}, 2.3],
    "plot_who_sees": [{"first": {"a": True, "b": False}}],
    "plot_worth": [RISING],
}
INCHES = {"plot_digit": 2.4, "plot_field": 2.8, "plot_confusion": 5.4, "plot_read_as": 5.7}
INCHES |= {"plot_columns": 4.1}  # all others are 7 wide


def found():
    """Every plot of the room, by name."""
    rooms = [name for _, name, _ in pkgutil.iter_modules(nnlib.plots.__path__)]
    modules = [importlib.import_module(f"nnlib.plots.{name}") for name in rooms]
    named = [pair for module in modules for pair in vars(module).items()]
    return {name: value for name, value in named if hasattr(value, "paint")}


PLOTS = found()
every_plot = pytest.mark.parametrize("name", sorted(PLOTS))


@pytest.fixture(autouse=True)
def style():
    with plt.rc_context():
        use_style()
        yield


def place_of(name):
    """What a plot draws into: "ax", "axes" or "figure"."""
    return list(inspect.signature(PLOTS[name]).parameters)[-1]


def first(drawn):
    """The first Axes of what a plot returned."""
    return np.ravel(drawn)[0]


def titles(ax):
    """All titles of an Axes and its figure."""
    places = [ax.get_title(loc=loc) for loc in ("left", "center", "right")]
    return [*places, ax.figure.get_suptitle()]


def test_every_plot_is_asked():
    assert sorted(PLOTS) == sorted(DATA)


@every_plot
def test_a_figure_of_its_own_has_its_width_and_its_title(name):
    is_titled = "title" in inspect.signature(PLOTS[name]).parameters
    drawn = PLOTS[name](*DATA[name], **({"title": "It rises"} if is_titled else {}))
    figure = first(drawn).figure
    assert plt.get_fignums() == [figure.number]
    assert figure.get_figwidth() == pytest.approx(INCHES.get(name, 7))
    assert titles(first(drawn)).count("It rises") == is_titled
    assert "It rises" not in titles(first(PLOTS[name](*DATA[name])))


@every_plot
def test_a_given_place_is_drawn_on_and_nothing_else(name):
    figure, place = Figure(), place_of(name)
    if place == "figure":
        given = figure
    else:
        beside, *given = figure.subplots(3)
        given = given[0] if place == "ax" else given
    drawn = PLOTS[name](*DATA[name], **{place: given})
    assert plt.get_fignums() == []
    if place == "figure":
        assert drawn and set(drawn) <= set(figure.axes)
    else:
        assert drawn is given and not beside.has_data() and not beside.texts


@every_plot
def test_one_sentence_tells_what_is_seen(name):
    figure = first(PLOTS[name](*DATA[name])).figure
    said = figure.alt_text
    assert len(said) > 20 and said.endswith(".")
    assert not re.search(r"\b(nan|None|inf)\b|  |\n|\.\.|(?<!\w)-\d|e-\d", said)
    if place_of(name) == "figure":
        PLOTS[name](*DATA[name], figure=figure)
        assert figure.alt_text == f"{said} {said}"  # of two in one figure both are told


@every_plot
def test_zero_is_the_paper_and_the_largest_value_is_dark(name):
    for image in [
        image for ax in first(PLOTS[name](*DATA[name])).figure.axes for image in ax.images
    ]:
        (low, high), largest = image.get_clim(), np.nanmax(np.abs(image.get_array()))
        assert low == (-high if image.get_cmap().name == "signed" else 0)
        assert largest <= high < 1.7 * largest


@every_plot
def test_what_is_drawn_stays_as_it_was(name):
    data = copy.deepcopy(DATA[name])
    PLOTS[name](*data)
    np.testing.assert_equal(data, DATA[name])


@every_plot
def test_help_tells_every_parameter(name):
    text, parameters = PLOTS[name].__doc__, inspect.signature(PLOTS[name]).parameters
    told = re.findall(r"^(\w[\w, ]*) :", text, flags=re.M)
    assert sorted(parameters) == sorted(word for names in told for word in names.split(", "))
    assert re.search(r"Returns\n-------\n.*matplotlib\.axes\.Axes", text)
    assert "ax" not in list(parameters)[:-1] and list(parameters)[-1] in ("ax", "axes", "figure")


@every_plot
def test_a_call_that_cannot_be_leaves_no_picture(name):
    with pytest.raises(TypeError, match=rf"{name}\(\).*'colour'"):
        PLOTS[name](*DATA[name], colour="red")
    assert plt.get_fignums() == []


def test_a_painter_that_fails_leaves_no_picture():
    @plot(3)
    def plot_nothing(ax, data):
        """Fail."""
        raise ValueError("no data")

    with pytest.raises(ValueError, match="no data"):
        plot_nothing([])
    assert plt.get_fignums() == []


def test_a_title_stands_between_data_and_options_and_may_be_asked_for():
    @plot(lambda data, title, **_: (len(data), 2 if title else 1), fontsize=5)
    def plot_something(ax, data, title=None, *, color="red"):
        """Draw it."""
        ax.plot(data, color=color)
        return f"{title}: {data}."

    ax = plot_something([1, 2, 3], "Why", "blue")
    assert ax.lines[0].get_color() == "blue" and ax.figure.alt_text == "Why: [1, 2, 3]."
    assert list(ax.figure.get_size_inches()) == [3, 2]
    assert (ax.title.get_text(), ax.title.get_fontsize()) in [("", 11), ("Why", 5)]
    assert str(inspect.signature(plot_something)) == "(data, title=None, color='red', ax=None)"


def test_sentences_of_one_figure_are_joined():
    figure = Figure()
    describe(figure, "One.")
    describe(figure, "Two.")
    assert figure.alt_text == "One. Two."


def test_what_lessons_may_use_is_listed():
    assert set(nnlib.plots.__all__) <= set(vars(nnlib.plots))
    given = {name for name in vars(nnlib.plots) if name.startswith("plot_")}
    assert given == {name for name in nnlib.plots.__all__ if name in PLOTS}


def test_a_color_is_named_once():
    room = ROOT / "nnlib" / "plots"
    texts = {path.name: path.read_text(encoding="utf-8") for path in room.glob("*.py")}
    colors = {name: re.findall(r"#[0-9a-f]{6}\b", text) for name, text in texts.items()}
    palette = colors.pop("style.py")
    assert len(palette) == len(set(palette)) > 15
    assert not any(colors.values()), colors
