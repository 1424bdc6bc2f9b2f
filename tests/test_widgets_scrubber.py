"""The scrubber: one move changes everything it shows."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from nnlib.metrics import accuracy, confusion_matrix
from nnlib.network import forward, init_params
from nnlib.optimizers import SGD
from nnlib.plots.style import RIGHT, WRONG
from nnlib.training import Record, train
from nnlib.views.images import tile
from nnlib.widgets import scrubber as make
from nnlib.widgets import snapshots
from nnlib.widgets.scrubber import at_most

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
    return frame.parts["canvas"].panels


def test_a_thousand_digits_are_chosen_evenly_and_always_the_same():
    X, y = np.arange(2500.0)[None].repeat(784, axis=0), np.arange(2500) % 10
    part = at_most((X, y))
    assert part.y.size == 1000 and part.X.shape == (784, 1000)
    assert part.X[0, 0] == 0 and part.X[0, -1] == 2497
    assert np.array_equal(part.X[0] % 10, part.y)
    few = at_most((X[:, :9], y[:9]))
    assert few.y.size == 9


GRID = [  # each step with both kinds of weights, each digit with each of both
    (step, [0, 17, 39][(i + added) % 3], added)
    for i, step in enumerate([0, 1, 14, 33])
    for added in (False, True)
]


@pytest.fixture(params=GRID, ids=str)
def seen(request, made):
    """Step, digit and kind of weights, with all panels showing them."""
    for name, value in zip(("step", "digit", "added"), request.param):
        made.parts[name].value = value
    return request.param


def network(records, start, step):
    return records[step - 1].params if step else start


def test_units_show_the_weights_or_what_was_added(seen, made, records, start):
    step, _, added = seen
    W = network(records, start, step)[0].W - (start[0].W if added else 0)
    sheet = panels(made)["units"].images[0].get_array()
    assert np.array_equal(sheet.filled(np.nan), tile(W, 4), equal_nan=True)
    assert [text.get_text() for text in panels(made)["units"].texts] == list("012345")


def test_the_curve_shows_where_the_step_is(seen, made, records):
    step, shown = seen[0], panels(made)["curve"]
    whole, passed, here, dot = shown.lines
    assert list(whole.get_ydata()) == [r.loss for r in records]
    assert list(passed.get_xdata()) == list(range(1, step + 1))
    loss = records[max(step, 1) - 1].loss
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (step, loss)
    assert here.get_xdata() == [step, step]
    assert f"Step {step}: loss {loss:.2f}, test accuracy " in made.words.value


def test_what_is_read_then_is_shown_and_said(seen, made, records, start, digits):
    (step, number, _), (X, y), shown = seen, digits, panels(made)
    P = forward(network(records, start, step), X)[1][-1]
    said, share = P.argmax(axis=0), 100 * accuracy(P.argmax(axis=0), y)
    is_right = said[number] == y[number]
    assert np.array_equal(shown["confusion"].images[0].get_array(), confusion_matrix(said, y))
    box = shown["confusion"].patches[0]
    assert box.get_xy() == (said[number] - 0.5, y[number] - 0.5)
    assert plt.matplotlib.colors.to_hex(box.get_edgecolor()) == (RIGHT if is_right else WRONG)
    verdict = f"it reads {said[number]} {'✓' if is_right else '✗'}"
    assert shown["bars"].get_title(loc="left") == verdict
    assert shown["curve"].get_title(loc="right") == f"test accuracy {share:.1f} %"
    assert f"test accuracy {share:.1f} %" in made.words.value
    assert f"Digit {number} is read as {said[number]} with probability" in made.words.value
    assert ("right." in made.words.value) == is_right


def test_bars_are_the_probabilities_now_and_at_first(seen, made, records, start, digits):
    (step, number, _), (X, y), shown = seen, digits, panels(made)
    assert np.array_equal(shown["picture"].images[0].get_array().ravel(), X[:, number])
    assert shown["picture"].texts[0].get_text() == str(y[number])
    pale, strong = ([bar.get_height() for bar in bars] for bars in shown["bars"].containers)
    P, first = (forward(p, X)[1][-1] for p in (network(records, start, step), start))
    assert np.allclose(strong, P[:, number]) and np.allclose(pale, first[:, number], atol=1e-6)
    names = shown["bars"].get_xticklabels()
    assert [k for k in range(10) if names[k].get_weight() == "bold"] == [y[number]]


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
    before = frame.parts["canvas"].value
    frame.parts["step"].value = 20
    assert frame.parts["canvas"].value != before
    frame.parts["step"].value = 0
    assert frame.parts["canvas"].value == before
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


@pytest.mark.parametrize("hidden", [1, 40])
def test_other_networks_fit(hidden, digits):
    params = init_params([784, hidden, 10], np.random.default_rng(0))
    run = train(params, *digits, SGD(0.1), 3)
    frame = make(snapshots(run, params), digits)
    frame.parts["step"].value = 3
    assert frame.words.value.startswith("Step 3: loss")
    assert len(panels(frame)["units"].texts) == (hidden if hidden <= 32 else 0)


def test_a_history_is_not_changed(records, start, digits):
    history = snapshots(records, start)
    weights = [record.params[0].W.copy() for record in history.kept]
    make(history, digits).parts["added"].value = True
    for record, W in zip(history.kept, weights):
        assert np.array_equal(record.params[0].W, W)
