"""The optimizer race: the paths drawn are those of the optimizers, the race is the recorded one."""

import csv
import re

import numpy as np
import pytest
from lessons import ROOT

from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.plots.optimizing import LOOKS, NAMES
from nnlib.plots.style import PALE
from nnlib.views.race import FAR, valley, valley_path
from nnlib.widgets import optimizer_race
from nnlib.widgets.race import DIGITS

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]  # hundreds of pictures

KINDS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}


@pytest.fixture(scope="module")
def record():
    with (ROOT / "data/records/optimizers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("epochs", "lr", "seed", "epoch", "validation")
    columns = {name: np.array([float(row[name]) for row in rows]) for name in numbers}
    return columns | {"optimizer": np.array([row["optimizer"] for row in rows])}


@pytest.fixture
def frame(record):
    return optimizer_race(record)


def set_to(frame, **values):
    for name, value in values.items():
        frame.parts[name].value = value


def drawn(frame):
    """The lines of the picture by optimizer, longest first; pale ones apart."""
    (ax,) = frame.parts["canvas"].figure.axes
    colors = {LOOKS[name][0]: name for name in NAMES}
    lines = {}
    for line in ax.lines:
        name = colors.get(line.get_color())
        if line.get_marker() == "." and name:
            lines[name] = line.get_xydata()
    pale = [line.get_xydata() for line in ax.lines if line.get_color() == PALE]
    return lines, pale


def by_hand(name, lr, kappa, degrees, steps, momentum=0.9):
    """The path in plain loops: gradient in the valley's own axes, turned."""
    t = np.radians(degrees)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    p, v = turn @ [-9.0, 2.0], np.zeros(2)
    places = [p]
    for _ in range(steps):
        along = turn.T @ p
        g = turn @ [along[0], kappa * along[1]]
        v = (momentum if name == "Momentum" else 0) * v + g
        p = p - lr * v
        places.append(p)
    return np.array(places)


def test_opens_in_the_valley(frame):
    lines, pale = drawn(frame)
    assert set(lines) == set(NAMES) and pale == []
    assert all(len(path) == 41 for path in lines.values())
    assert "learning rate 0.0794, below SGD's limit 2/κ = 0.1; after 40 steps: SGD height" in (
        frame.words.value.replace("&#x27;", "'")
    )


@pytest.mark.parametrize(
    ("lr", "kappa", "turn", "steps", "momentum"),
    [
        (0.0001, 1, 0, 0, 0),
        (0.0001, 100, 45, 200, 0.99),
        (0.05, 20, 45, 40, 0.5),
        (0.019, 100, 5, 200, 0.9),
    ],
)
def test_paths_are_those_of_the_optimizers(frame, lr, kappa, turn, steps, momentum):
    set_to(frame, lr=lr, kappa=kappa, turn=turn, steps=steps, momentum=momentum)
    lines, _ = drawn(frame)
    for name in ("SGD", "Momentum"):
        lr, kappa = frame.parts["lr"].value, frame.parts["kappa"].value
        expected = by_hand(name, lr, kappa, turn, steps, momentum)
        np.testing.assert_allclose(lines[name], expected, atol=1e-8)
    H, _ = valley(kappa, turn)
    for name in ("RMSProp", "Adam"):
        begin = lines[name][0]
        np.testing.assert_allclose(begin, lines["SGD"][0])
        np.testing.assert_allclose(lines[name], valley_path(KINDS[name](lr), H, begin, steps))
    p = lines["SGD"][-1]
    assert f"SGD height {p @ H @ p / 2:.3g}" in frame.words.value
    assert f"after {steps} steps" in frame.words.value


def test_too_large_a_rate_runs_away_and_says_so(frame):
    set_to(frame, lr=10, steps=200, kappa=100)
    lines, _ = drawn(frame)
    assert np.abs(lines["SGD"][-1]).max() > FAR and len(lines["SGD"]) < 10
    assert f"SGD ran away in step {len(lines['SGD']) - 1}" in frame.words.value
    assert "above SGD" in frame.words.value
    set_to(frame, lr=0.02)
    assert "learning rate 0.02, at SGD" in frame.words.value
    assert np.isfinite(np.vstack(list(lines.values()))).all()


def test_the_paths_before_the_change_stay_pale(frame):
    before, _ = drawn(frame)
    set_to(frame, lr=0.02)
    _, pale = drawn(frame)
    for path, name in zip(pale, NAMES, strict=True):
        np.testing.assert_array_equal(path, before[name])
    set_to(frame, steps=7)  # only scrubbed: the pale ones stay
    _, still = drawn(frame)
    assert all(np.array_equal(a, b) for a, b in zip(still, pale, strict=True))


def test_optimizers_are_switched_off_and_nobody_is_left(frame):
    set_to(frame, SGD=False, Adam=False)
    assert set(drawn(frame)[0]) == {"Momentum", "RMSProp"}
    set_to(frame, Momentum=False, RMSProp=False)
    assert drawn(frame)[0] == {} and "nobody runs" in frame.words.value
    set_to(frame, picture=DIGITS)
    assert "nobody runs" in frame.words.value


def after_the_race(record, name):
    """The mean validation accuracy of an optimizer after the race, in percent: {rate: mean}."""
    mine = (record["optimizer"] == name) & (record["epochs"] == 10) & (record["epoch"] == 10)
    rates = np.unique(record["lr"][mine])
    return {r: 100 * record["validation"][mine & (record["lr"] == r)].mean() for r in rates}


@pytest.mark.parametrize(("lr", "rate"), [(0.0001, 0.0001), (0.02, 0.03), (0.1, 0.1), (10, 1.0)])
@pytest.mark.parametrize("epoch", [1, 4, 10])
def test_the_race_is_the_recorded_one(frame, record, lr, rate, epoch):
    set_to(frame, picture=DIGITS, lr=lr, epoch=epoch)
    lines, pale = drawn(frame)
    assert len(pale) == 4
    for name in NAMES:
        assert list(lines[name][:, 0]) == list(range(1, epoch + 1))
        mine = (record["optimizer"] == name) & (record["lr"] == rate) & (record["epochs"] == 10)
        for e, share in lines[name]:
            assert share == pytest.approx(
                100 * record["validation"][mine & (record["epoch"] == e)].mean()
            )
        ends = after_the_race(record, name)
        best = max(ends, key=ends.get)
        here = re.escape(f"{name} {lines[name][-1, 1]:.1f} %")
        at_best = rf"{here} \(after all 10 at best ([\d.]+) % with {best:g}\)"
        said = re.search(at_best, frame.words.value)[1]
        assert float(said) == pytest.approx(ends[best], abs=0.051)
    recorded = "recorded" if lr == rate else f"recorded, the nearest to {lr:g}"
    assert f"learning rate {rate:g}, {recorded}, after {epoch} of 10 epochs" in frame.words.value


def test_only_controls_that_act_are_shown(frame):
    def hidden():
        return {n for n in ("momentum", "kappa", "turn", "steps", "epoch", "lr")} - {
            n for n in frame.parts if getattr(frame.parts[n].layout, "display", "") != "none"
        }

    assert hidden() == {"epoch"}
    set_to(frame, picture=DIGITS)
    assert hidden() == {"momentum", "kappa", "turn", "steps"}
