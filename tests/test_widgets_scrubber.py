"""The scrubber: what it keeps of a run, and that one move changes everything it shows."""

import gc
import io
import weakref

import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets import Widget
from PIL import Image

from nnlib.losses import cross_entropy
from nnlib.metrics import accuracy, confusion_matrix
from nnlib.network import forward, init_params, predict
from nnlib.optimizers import SGD
from nnlib.plots.inside import tile
from nnlib.plots.style import RIGHT, WRONG
from nnlib.training import Record, train
from nnlib.widgets import scrubber as make
from nnlib.widgets import snapshots
from nnlib.widgets.scrubber import (
    History,
    at_most,
    is_milestone,
    largest,
    most_debated,
    read_at_each,
    worst_confusion,
)

pytestmark = pytest.mark.slow  # hundreds of pictures


@pytest.fixture(scope="module")
def digits():
    """Forty random pictures, which a network can learn by heart."""
    rng = np.random.default_rng(5)
    return (rng.random((784, 40)) ** 6).astype(np.float32), np.arange(40) % 10


@pytest.fixture(scope="module")
def start():
    return init_params([784, 6, 10], np.random.default_rng(1))


@pytest.fixture(scope="module")
def records(digits, start):
    return list(train(start, *digits, SGD(0.1), epochs=33))


@pytest.fixture(scope="module")
def made(records, start, digits):
    return make(snapshots(records, start), digits)


@pytest.fixture
def frame(made):
    """The widget as it is when it is new."""
    for name, value in (("step", 0), ("added", False)):
        made.parts[name].value = value
    return made


def panels(frame):
    return frame.parts["scene"].panels


def test_milestones_are_dense_at_first():
    kept = [i for i in range(1, 501) if is_milestone(i)]
    assert kept[:16] == [*range(1, 11), 12, 14, 16, 18, 20, 25]
    assert kept[-7:] == [200, 250, 300, 350, 400, 450, 500]
    assert {10, 100, 1000, 10_000, 100_000} <= {i for i in range(1, 100_001) if is_milestone(i)}
    assert sum(is_milestone(i) for i in range(1, 100_001)) < 80


def test_snapshots_keep_milestones_the_start_and_the_last(records, start):
    history = snapshots(records, start)
    assert [r.step for r in history.kept] == [
        *range(11), 12, 14, 16, 18, 20, 25, 30, 33,
    ]  # fmt: skip
    assert history.kept[0].params is start
    assert history.kept[-1] is records[-1]
    assert history.curve.shape == (2, 33)
    assert list(history.curve[1]) == [r.loss for r in records]


def test_the_loss_of_step_0_is_that_of_the_start(records, start, digits):
    X, y = digits
    loss = snapshots(records, start).kept[0].loss
    assert loss == pytest.approx(float(cross_entropy(forward(start, X)[0][-1], y)))
    late = snapshots(records[4:], start)
    assert np.isnan(late.kept[0].loss)  # the first record tells of step 5: unknown


def test_snapshots_take_a_running_training_and_another_rule(digits, start):
    run = train(start, *digits, SGD(0.1), epochs=7)
    history = snapshots(run, keep=lambda i: i == 3)
    assert [r.step for r in history.kept] == [3, 7]
    assert [r.step for r in snapshots([], start).kept] == [0]
    with pytest.raises(ValueError, match="at least one record"):
        snapshots([])


def test_a_thousand_digits_are_chosen_evenly_and_always_the_same():
    X, y = np.arange(2500.0)[None].repeat(784, axis=0), np.arange(2500) % 10
    part = at_most((X, y))
    assert part.y.size == 1000 and part.X.shape == (784, 1000)
    assert part.X[0, 0] == 0 and part.X[0, -1] == 2497
    assert np.array_equal(part.X[0] % 10, part.y)
    few = at_most((X[:, :9], y[:9]))
    assert few.y.size == 9


def test_readings_are_those_of_each_moments_network(records, start, digits):
    history = snapshots(records, start)
    readings = read_at_each(history, at_most(digits))
    for i in (0, 7, len(history.kept) - 1):
        params = history.kept[i].params
        assert np.array_equal(readings.predicted[i], predict(params, digits[0]))
        counts = confusion_matrix(predict(params, digits[0]), digits[1])
        assert np.array_equal(readings.counts[i], counts)
    assert np.allclose(readings.P.sum(axis=1), 1, atol=1e-5)


def test_most_debated_must_end_right():
    predicted = np.array([[1, 0, 3], [2, 0, 2], [1, 0, 3], [2, 1, 2]])
    assert most_debated(predicted, np.array([7, 1, 2])) == 2
    assert most_debated(predicted, np.array([7, 7, 7])) == 0


def test_worst_confusion_names_truth_first():
    counts = np.diag([50, 50, 50])
    assert worst_confusion(counts)[2] == 0
    counts[2, 1] = 4
    assert worst_confusion(counts) == (2, 1, 4)
    assert counts[0, 0] == 50


def test_largest_ignores_what_is_not_finite():
    assert largest([np.array([1.0, np.nan]), np.array([-3.0, np.inf])]) == 3
    assert largest([np.zeros(3)]) == 1


GRID = [  # each step with both kinds of weights, each digit with each of both
    (step, [0, 17, 39][(i + added) % 3], added)
    for i, step in enumerate([0, 1, 14, 33])
    for added in (False, True)
]


@pytest.mark.parametrize(("step", "number", "added"), GRID)
def test_every_panel_shows_the_chosen_moment(made, records, start, digits, step, number, added):
    X, y = digits
    made.parts["step"].value = step
    made.parts["digit"].value = number
    made.parts["added"].value = added
    params = records[step - 1].params if step else start
    P = forward(params, X)[1][-1]
    said = P.argmax(axis=0)
    shown = panels(made)

    W = params[0].W - start[0].W if added else params[0].W
    sheet = shown["units"].images[0].get_array()
    assert np.array_equal(sheet.filled(np.nan), tile(W, 4), equal_nan=True)
    assert [text.get_text() for text in shown["units"].texts] == list("012345")

    whole, passed, here, dot = shown["curve"].lines
    assert list(whole.get_ydata()) == [r.loss for r in records]
    assert list(passed.get_xdata()) == list(range(1, step + 1))
    loss = records[max(step, 1) - 1].loss
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (step, loss)
    assert here.get_xdata() == [step, step]

    counts = shown["confusion"].images[0].get_array()
    assert np.array_equal(counts, confusion_matrix(said, y))
    box = shown["confusion"].patches[0]
    assert box.get_xy() == (said[number] - 0.5, y[number] - 0.5)
    color = RIGHT if said[number] == y[number] else WRONG
    assert plt.matplotlib.colors.to_hex(box.get_edgecolor()) == color

    assert np.array_equal(shown["picture"].images[0].get_array().ravel(), X[:, number])
    assert shown["picture"].texts[0].get_text() == str(y[number])

    pale, strong = ([bar.get_height() for bar in bars] for bars in shown["bars"].containers)
    assert np.allclose(strong, P[:, number])
    assert np.allclose(pale, forward(start, X[:, [number]])[1][-1][:, 0], atol=1e-6)
    names = shown["bars"].get_xticklabels()
    assert [k for k in range(10) if names[k].get_weight() == "bold"] == [y[number]]
    verdict = f"it reads {said[number]} {'✓' if said[number] == y[number] else '✗'}"
    assert shown["bars"].get_title(loc="left") == verdict

    share = 100 * accuracy(said, y)
    assert shown["curve"].get_title(loc="right") == f"test accuracy {share:.1f} %"
    words = made.words.value
    assert f"Step {step}: loss {loss:.2f}, test accuracy {share:.1f} %" in words
    assert f"Digit {number} is read as {said[number]} with probability" in words
    assert ("right." in words) == (said[number] == y[number])
    assert made.parts["scene"].figure.alt_text.startswith(f"Step {step}")


def test_axes_stay_while_the_step_moves(frame):
    limits = {(name, *ax.get_xlim(), *ax.get_ylim()) for name, ax in panels(frame).items()}
    colors = panels(frame)["units"].images[0].get_clim()
    for step in (1, 10, 25, 33):
        frame.parts["step"].value = step
        now = {(name, *ax.get_xlim(), *ax.get_ylim()) for name, ax in panels(frame).items()}
        assert now == limits
        assert panels(frame)["units"].images[0].get_clim() == colors
    frame.parts["added"].value = True
    assert panels(frame)["units"].images[0].get_clim() != colors


def test_back_and_next_go_to_the_neighbors_and_stop_at_the_ends(frame):
    step, back, forth = (frame.parts[name] for name in ("step", "back", "next"))
    back.click()
    assert step.value == 0
    forth.click()
    assert step.value == 1 and "Step 1:" in frame.words.value
    step.value = 30
    forth.click()
    forth.click()
    assert step.value == 33 and "Step 33:" in frame.words.value
    back.click()
    assert step.value == 30 and "Step 30:" in frame.words.value


def test_forwards_and_backwards_is_the_same_picture(frame):
    before = frame.parts["scene"].value
    frame.parts["step"].value = 20
    assert frame.parts["scene"].value != before
    frame.parts["step"].value = 0
    assert frame.parts["scene"].value == before
    size = Image.open(io.BytesIO(before)).size
    assert size[0] <= 480 and size[1] <= 420


def test_a_digit_beyond_the_last_is_the_last(frame):
    frame.parts["digit"].value = 5000
    assert "Digit 39 " in frame.words.value
    frame.parts["digit"].value = -3
    assert "Digit 0 " in frame.words.value


def test_records_alone_will_do(records, digits):
    frame = make(records, digits)
    assert frame.parts["step"].value == 1
    frame.parts["step"].value = 33
    assert "Step 33:" in frame.words.value
    assert frame.parts["step"].options[0] == 1


def test_a_run_that_never_began_can_be_looked_at(start, digits):
    frame = make(snapshots([], start), digits)
    frame.parts["next"].click()
    assert frame.words.value.startswith("Step 0: test accuracy")
    assert "nan" not in frame.words.value


def test_unknown_loss_and_huge_weights_still_give_a_picture(start, digits):
    huge = [layer._replace(W=layer.W * np.float32(1e20)) for layer in start]
    with np.errstate(over="ignore", invalid="ignore"):
        frame = make([Record(1, 1, 2.3, start), Record(2, 1, float("inf"), huge)], digits)
        frame.parts["step"].value = 2
    assert frame.words.value.startswith("Step 2: test accuracy")
    assert panels(frame)["curve"].get_ylim()[1] == pytest.approx(1.05 * 2.3)


@pytest.mark.parametrize("sizes", [[784, 1, 10], [784, 40, 10], [784, 5, 4, 10]])
def test_other_networks_fit(sizes, digits):
    names = ["relu"] * (len(sizes) - 2) + ["softmax"]
    params = init_params(sizes, np.random.default_rng(0))
    run = train(params, *digits, SGD(0.1), 3, activations=names)
    frame = make(snapshots(run, params), digits, activations=names)
    frame.parts["step"].value = 3
    assert frame.words.value.startswith("Step 3: loss")
    assert len(panels(frame)["units"].texts) == (sizes[1] if sizes[1] <= 32 else 0)


def test_an_exception_is_a_sentence_and_the_next_move_works(frame, monkeypatch):
    scene = frame.parts["scene"]
    show = scene.show
    monkeypatch.setattr(scene, "show", lambda sentence: 1 / 0)
    frame.parts["step"].value = 5
    assert "That did not work: ZeroDivisionError" in frame.words.value
    monkeypatch.setattr(scene, "show", show)
    frame.parts["step"].value = 6
    assert frame.words.value.startswith("Step 6:")


def test_its_text_is_one_sentence_and_a_history_is_not_changed(records, start, digits):
    history = snapshots(records, start)
    weights = [record.params[0].W.copy() for record in history.kept]
    frames = [make(history, digits) for _ in range(20)]
    assert repr(frames[0]) == "Interactive: training step and digit; run this cell to use it."
    assert plt.get_fignums() == []
    assert isinstance(history, History)
    for record, W in zip(history.kept, weights):
        assert np.array_equal(record.params[0].W, W)
    figures = [weakref.ref(frame.parts["scene"].figure) for frame in frames]
    del frames
    Widget.close_all()
    gc.collect()
    assert [figure() for figure in figures] == [None] * 20
