"""The training lab: every control does what it says, and what is drawn is what was trained."""

import asyncio
import io
import re
import time

import numpy as np
import pytest
from PIL import Image

from nnlib.data import Digits
from nnlib.metrics import accuracy
from nnlib.network import predict
from nnlib.widgets import lab as labs
from nnlib.widgets.lab import Settings, goal_reached, new_run, records_of, spent, training_lab

FULL_SPEED = labs.PACES[1][1]


@pytest.fixture
def data(rng):
    """Ten classes that are easy to tell apart: (training, test)."""
    centers = (rng.random((784, 10)) > 0.8).astype(np.float32)

    def drawn(m):
        y = np.arange(m) % 10
        noise = rng.normal(0, 0.2, (m, 784)).astype(np.float32)
        return Digits((centers.T[y] + noise).clip(0, 1).T, y)

    return drawn(400), drawn(100)


@pytest.fixture
def lab(data):
    """A lab that trains as fast as it goes, five epochs."""
    made = training_lab(*data)
    made.parts["pace"].value = FULL_SPEED
    made.parts["epochs"].value = 5
    return made


async def finish(lab, limit=60):
    """Wait until a run is over."""
    until = time.monotonic() + limit
    while lab.is_training():
        assert time.monotonic() < until
        await asyncio.sleep(0.01)


def trained(lab, act):
    """Do something in a running loop and wait for the run it starts."""

    async def go():
        act()
        await finish(lab)

    asyncio.run(go())
    return lab.run


def test_shown_alone_it_trains_nothing(lab):
    assert lab.task is None and lab.run.losses == []
    assert "before training" in lab.words.value
    assert "nothing has been trained yet" in lab.charts.value


def test_train_draws_what_was_trained(lab, data):
    run = trained(lab, lab.train_button.click)
    assert run.steps[-1] == run.n_steps == 13 * 5
    share = accuracy(predict(run.params, data[1].X), data[1].y)
    assert run.test_accuracies[-1] == share
    assert f"test accuracy {100 * share:.1f} %" in lab.words.value
    assert f"Loss from {run.losses[0]:.2f} to {run.losses[-1]:.2f}" in lab.charts.value
    assert run.losses[-1] < run.losses[0]


def test_the_run_is_the_librarys_own_training(data):
    run = new_run(Settings(epochs=2), data[0].y.size)
    optimizer = labs.OPTIMIZERS["SGD"](lr=0.1)
    *_, last = records_of(run, data[0], optimizer)
    *_, again = records_of(new_run(Settings(epochs=2), 400), data[0], labs.OPTIMIZERS["SGD"](0.1))
    np.testing.assert_array_equal(last.params[0].W, again.params[0].W)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", 1),
        ("hidden", 128),
        ("lr", 0.0001),
        ("lr", 100),
        ("batch", 8),
        ("batch", "all"),
        ("activation", "sigmoid"),
        ("activation", "tanh"),
        ("seed", 20),
        ("epochs", 1),
    ],
)
def test_both_ends_of_every_control(lab, name, value):
    lab.parts[name].value = value
    run = trained(lab, lab.restart)
    assert run.losses and np.isfinite(run.losses).all()
    assert run.params[0].W.shape == (lab.parts["hidden"].value, 784)
    words = r"hidden \d+, learning rate [\d.]+: loss [\d.]+, test accuracy [\d.]+ % after epoch \d+"
    assert re.fullmatch(words, lab.words.value)
    assert "<svg" in lab.charts.value and "nan" not in lab.charts.value


def test_releasing_the_hidden_size_starts_at_once(lab):
    async def go():
        lab.parts["hidden"].value = 5
        assert lab.is_training()
        begun = time.monotonic()
        while not lab.run.losses:
            assert time.monotonic() - begun < 10  # 0.3 s is the aim: benchmarks/interactive.py
            await asyncio.sleep(0.001)
        await finish(lab)

    asyncio.run(go())
    assert lab.run.params[0].W.shape == (5, 784)
    assert lab.parts["hidden"].continuous_update is False


def test_of_a_burst_of_hidden_sizes_the_last_is_trained(lab):
    async def go():
        for hidden in range(20, 80):
            lab.parts["hidden"].value = hidden
        await finish(lab)

    asyncio.run(go())
    assert lab.run.params[0].W.shape == (79, 784) and lab.earlier == []


def test_the_learning_rate_acts_on_the_next_step_and_marks_the_curve(lab):
    async def go():
        lab.parts["pace"].value = labs.PACES[0][1]
        lab.restart()
        while len(lab.run.losses) < 2:
            await asyncio.sleep(0.01)
        lab.parts["lr"].value = 0.5
        assert lab.optimizer.lr == pytest.approx(0.5)
        lab.parts["pace"].value = FULL_SPEED
        await finish(lab)

    asyncio.run(go())
    ((step, words),) = lab.run.marks
    assert 0 < step < lab.run.n_steps and words == "0.5" and ">0.5</text>" in lab.charts.value


def test_a_drag_of_the_learning_rate_leaves_one_mark_and_a_later_one_another(lab, monkeypatch):
    monkeypatch.setattr(lab, "is_training", lambda: True)
    lab.optimizer, lab.run.n_steps = labs.OPTIMIZERS["SGD"](lr=0.1), 1000
    for step, rate in [(100, 0.2), (120, 0.3), (140, 0.5), (600, 0.8), (650, 1.0)]:
        lab.run.steps.append(step)
        lab.parts["lr"].value = rate
    assert [(step, words) for step, words in lab.run.marks] == [(100, "0.5"), (600, "1")]


def test_all_digits_in_one_batch_can_be_chosen_and_stay_chosen(lab):
    lab.parts["batch"].value = "all"
    assert lab.parts["batch"].index == 3 and lab.settings().batch_size is None


def test_stop_ends_pause_holds_and_goes_on(lab):
    async def go():
        lab.parts["epochs"].value = 100
        lab.parts["pace"].value = labs.PACES[0][1]
        lab.restart()
        while len(lab.run.losses) < 2:
            await asyncio.sleep(0.01)
        lab.pause_button.click()
        await asyncio.sleep(0.1)
        held = len(lab.run.losses)
        assert "(held)" in lab.words.value and lab.pause_button.description == "▶ go on"
        await asyncio.sleep(0.2)
        assert len(lab.run.losses) == held
        lab.pause_button.click()
        while len(lab.run.losses) == held:
            await asyncio.sleep(0.01)
        lab.stop_button.click()
        stopped = len(lab.run.losses)
        await asyncio.sleep(0.2)
        assert len(lab.run.losses) == stopped and not lab.is_training()

    asyncio.run(go())
    assert lab.run.steps[-1] < lab.run.n_steps


def test_the_learning_rate_moved_right_after_the_start_counts(lab):
    async def go():
        lab.parts["hidden"].value = 5
        lab.parts["lr"].value = 2.0  # before the first step
        await finish(lab)

    asyncio.run(go())
    assert lab.optimizer.lr == pytest.approx(2.0) and "did not work" not in lab.words.value


def test_a_held_run_shows_the_moved_rate_once_and_stop_lets_it_go(lab):
    async def go():
        lab.parts["pace"].value = labs.PACES[0][1]
        lab.restart()
        while len(lab.run.losses) < 2:
            await asyncio.sleep(0.01)
        lab.pause_button.click()
        await asyncio.sleep(0.1)
        for rate in (0.2, 0.3, 0.5):
            lab.parts["lr"].value = rate
        assert [words for _, words in lab.run.marks] == ["0.5"]
        assert "learning rate 0.5" in lab.words.value and "(held)" in lab.words.value
        lab.stop_button.click()
        assert "(held)" not in lab.words.value
        assert lab.pause_button.description == "❚❚ pause"
        lab.pause_button.click()  # nothing to hold
        assert lab.pause_button.description == "❚❚ pause"

    asyncio.run(go())


def test_a_retired_lab_trains_no_more(lab):
    async def go():
        lab.retire()
        lab.restart()
        assert not lab.is_training()

    asyncio.run(go())


def test_earlier_runs_stay_pale_and_reset_forgets_them(lab):
    for _ in range(labs.KEPT + 2):
        trained(lab, lab.restart)
    assert len(lab.earlier) == labs.KEPT
    assert lab.charts.value.count('stroke="#b8b8b8"') == 2 * labs.KEPT
    lab.reset_button.click()
    assert lab.earlier == [] and lab.run.losses == [] and 'stroke="#b8b8b8"' not in lab.charts.value


def test_the_goal_needs_both_accuracy_and_few_units():
    run = new_run(Settings(hidden=19), 400)
    run.test_accuracies.append(0.93)
    assert goal_reached(run, (0.92, 20)) and not goal_reached(run, (0.94, 20))
    assert not goal_reached(run, (0.92, 19))


def test_the_badge_says_so_in_words(lab):
    assert "goal ○" in lab.badge.value
    trained(lab, lab.restart)
    assert lab.run.test_accuracies[-1] > 0.92 and "✓ goal reached" in lab.badge.value


def test_the_guess_is_drawn_before_the_run(lab):
    assert "my guess" not in lab.charts.value
    lab.parts["guess"].value = 80
    assert "my guess" in lab.charts.value and lab.run.losses == []


def test_divergence_ends_in_a_sentence_and_a_picture(lab, monkeypatch):
    def diverging(*_):
        yield from ()
        raise labs.Diverged(26, 30.0, lab.run.params)

    monkeypatch.setattr(labs, "records_of", diverging)
    trained(lab, lab.restart)
    assert "diverged at step 26 with learning rate 30" in lab.words.value
    assert not lab.is_training() and "<svg" in lab.charts.value


def test_a_failing_run_becomes_a_sentence_and_the_next_works(lab, monkeypatch):
    def failing(*_):
        raise RuntimeError("no such thing")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(labs, "records_of", failing)
        trained(lab, lab.restart)
        assert "RuntimeError: no such thing" in lab.words.value
    assert trained(lab, lab.restart).losses


@pytest.mark.parametrize("name", ["hidden", "guess", "seed"])
def test_an_exception_in_a_callback_becomes_a_sentence_and_the_next_event_works(
    lab, monkeypatch, name
):
    with monkeypatch.context() as patch:
        patch.setattr(labs, "loss_and_accuracy_svg", lambda *_, **__: 1 / 0)
        lab.parts[name].value += 1
        assert "ZeroDivisionError" in lab.words.value
    lab.parts["guess"].value = 50
    assert "my guess" in lab.charts.value and "Error" not in lab.words.value


def test_two_labs_do_not_disturb_each_other(data):
    first, second = training_lab(*data), training_lab(*data)
    for lab in (first, second):
        lab.parts["pace"].value = FULL_SPEED
        lab.parts["epochs"].value = 3

    async def go():
        first.restart()
        second.parts["hidden"].value = 4
        await finish(first)
        await finish(second)

    asyncio.run(go())
    alone = trained(first, first.restart)
    np.testing.assert_array_equal(first.earlier[0].params[0].W, alone.params[0].W)
    assert second.run.params[0].W.shape == (4, 784) and second.run.epoch == 3


def test_outside_a_notebook_a_sentence_says_so(lab):
    lab.restart()
    assert "Training runs while the notebook does" in lab.words.value and lab.task is None


def test_pictures_of_weights_and_readings(lab):
    run = trained(lab, lab.restart)
    size = Image.open(io.BytesIO(lab.weights.value)).size
    assert size == (2 * 16 * 30, 2 * 30)
    shown = lab.test.X[:, lab.shown]
    right = (predict(run.params, shown) == lab.test.y[lab.shown]).sum()
    assert f"{right} of 20 digits read right." in lab.strip.value
    assert lab.test.y[lab.shown].tolist() == [*range(10), *range(10)]


def test_a_goal_with_a_budget_counts_what_was_spent_until_it_was_reached():
    run = new_run(Settings(hidden=64, batch_size=32), 400)
    assert spent(run, 1) == 1598 * 64 * 32 + 795 * 64 + 10
    run.test_steps += [10, 20]
    run.test_accuracies += [0.85, 0.91]
    assert goal_reached(run, (0.9, None, spent(run, 20)))
    assert not goal_reached(run, (0.9, None, spent(run, 20) - 1))
    assert goal_reached(run, (0.85, None, spent(run, 10)))
    assert not goal_reached(run, (0.85, 64, spent(run, 10)))
    whole = new_run(Settings(hidden=64, batch_size=None), 400)
    assert spent(whole, 3) == 3 * (1598 * 64 * 400 + 795 * 64 + 10)


def test_a_lab_with_a_budget_says_what_was_spent(data):
    lab = training_lab(*data, goal=(0.9, None, 200e6), held_out="validation")
    assert "Can you reach 90 % for at most 200 million multiply-adds?" in lab.children[0].value
    lab.parts["pace"].value, lab.parts["epochs"].value = FULL_SPEED, 5
    run = trained(lab, lab.train_button.click)
    assert f", {spent(run, run.n_steps) / 1e6:,.0f} million multiply-adds" in lab.words.value
    assert "validation accuracy" in lab.words.value and "Validation accuracy" in lab.charts.value
    assert "✓ goal reached" in lab.badge.value and "test" not in lab.words.value


def test_goals_are_said_in_words():
    both = "Can you reach 92 % with fewer than 20 hidden units and for at most 5 million"
    assert labs.Goal(0.92, 20, 5e6).in_words().startswith(both)
    assert labs.Goal(0.92).in_words() == "Can you reach 92 %?"


@pytest.mark.parametrize("name", ["Momentum", "RMSProp", "Adam"])
def test_every_optimizer_trains_with_its_usual_rate(lab, name):
    lab.parts["optimizer"].value = name
    assert f"{name} usually wants a learning rate near {labs.USUAL_RATES[name]:g}" in (
        lab.words.value
    )
    lab.parts["lr"].value = labs.USUAL_RATES[name]
    assert "usually" not in lab.words.value
    run = trained(lab, lab.restart)
    assert type(lab.optimizer) is labs.OPTIMIZERS[name]
    assert lab.words.value.startswith(f"{name}, hidden 16, learning rate") and run.losses[-1] < 0.5
    again = type(lab.optimizer)(run.settings.lr)
    *_, last = records_of(new_run(run.settings, 400), lab.digits, again)
    np.testing.assert_array_equal(run.params[0].W, last.params[0].W)


def test_another_optimizer_starts_a_new_run_with_a_new_memory(lab):
    async def go():
        lab.parts["pace"].value = labs.PACES[0][1]
        lab.parts["optimizer"].value = "Adam"
        lab.restart()
        while len(lab.run.losses) < 2:
            await asyncio.sleep(0.01)
        first = lab.optimizer
        lab.parts["optimizer"].value = "Momentum"
        assert lab.is_training() and type(lab.optimizer) is labs.Momentum and first.t > 0
        assert lab.optimizer.velocity is None and len(lab.earlier) == 1
        lab.parts["pace"].value = FULL_SPEED
        await finish(lab)

    asyncio.run(go())


@pytest.mark.parametrize("name", list(labs.OPTIMIZERS))
@pytest.mark.parametrize("rate", [0.0001, 100])
def test_both_ends_of_the_rate_end_in_words_for_every_optimizer(lab, name, rate):
    lab.parts["optimizer"].value, lab.parts["lr"].value = name, rate
    trained(lab, lab.restart)
    assert "did not work" not in lab.words.value and "nan" not in lab.charts.value
    assert "learning rate" in lab.words.value


def test_after_a_run_the_advice_is_for_what_comes_next(lab):
    trained(lab, lab.restart)
    lab.parts["optimizer"].value = "Adam"
    assert "loss" in lab.words.value and "(Adam usually wants" in lab.words.value


@pytest.fixture
def filter_lab(lab):
    """A lab that trains small filters, as fast as it goes, three epochs."""
    lab.parts["epochs"].value = 3
    lab.parts["filters"].value = True
    return lab


def test_small_filters_are_trained_and_shown(filter_lab, data):
    run = trained(filter_lab, filter_lab.train_button.click)
    assert [layer.W.shape for layer in run.params] == [(8, 25), (16, 200), (10, 256)]
    assert run.steps[-1] == run.n_steps == 13 * 3 and run.losses[-1] < run.losses[0]
    share = accuracy(run.network.read(run.params, data[1].X), data[1].y)
    words = "small filters (lesson 17), 1,408 hidden units, learning rate 0.1: loss"
    assert filter_lab.words.value.startswith(words)
    assert f"test accuracy {100 * share:.1f} %" in filter_lab.words.value
    assert "weights of the first filters" in filter_lab.pictured.value
    weights = np.asarray(Image.open(io.BytesIO(filter_lab.weights.value)))
    assert weights.shape[:2] == (2 * 30, 2 * 16 * 30)
    assert (weights[:, 2 * 8 * 30 :] == 255).all() and (weights[:50, :50] != 255).any()


def test_what_filters_do_not_have_cannot_be_moved(lab):
    lab.parts["batch"].value = "all"
    lab.parts["filters"].value = True
    assert lab.parts["hidden"].disabled and lab.parts["activation"].disabled
    assert lab.parts["batch"].value == 128 and "all" not in lab.parts["batch"].options
    assert "press ▶ train" in lab.words.value and "hidden size" not in lab.words.value
    lab.parts["filters"].value = False
    assert not lab.parts["hidden"].disabled and not lab.parts["activation"].disabled
    assert lab.parts["batch"].value == 128 and lab.parts["batch"].options[-1] == "all"
    assert lab.words.value.startswith("hidden 16") and "hidden units" in lab.pictured.value


def test_another_network_starts_a_new_run_and_leaves_the_old_one_pale(lab):
    async def go():
        lab.parts["pace"].value = labs.PACES[0][1]
        lab.restart()
        while len(lab.run.losses) < 2:
            await asyncio.sleep(0.01)
        lab.parts["filters"].value = True
        assert lab.is_training() and len(lab.earlier) == 1
        lab.parts["pace"].value, lab.parts["filters"].value = FULL_SPEED, False
        assert lab.is_training() and len(lab.earlier) == 1  # the filters had not begun
        await finish(lab)

    asyncio.run(go())
    assert lab.run.params[0].W.shape == (16, 784)


@pytest.mark.parametrize("batch", [8, 32, 128])
def test_stop_ends_small_filters_in_the_middle(filter_lab, batch):
    async def go():
        filter_lab.parts["batch"].value, filter_lab.parts["epochs"].value = batch, 100
        filter_lab.restart()
        while len(filter_lab.run.losses) < 2:
            await asyncio.sleep(0.001)
        begun, task = time.monotonic(), filter_lab.task
        filter_lab.stop_button.click()
        await asyncio.wait([task])
        assert time.monotonic() - begun < 5  # 0.3 s is the aim: benchmarks/interactive.py
        stopped = len(filter_lab.run.losses)
        await asyncio.sleep(0.1)
        assert len(filter_lab.run.losses) == stopped and not filter_lab.is_training()

    asyncio.run(go())
    assert filter_lab.run.steps[-1] < filter_lab.run.n_steps


@pytest.mark.parametrize("name", list(labs.OPTIMIZERS))
@pytest.mark.parametrize("rate", [0.0001, 100])
def test_filters_at_both_ends_of_the_rate_end_in_words(filter_lab, name, rate):
    filter_lab.parts["optimizer"].value, filter_lab.parts["lr"].value = name, rate
    trained(filter_lab, filter_lab.restart)
    assert "did not work" not in filter_lab.words.value and "nan" not in filter_lab.charts.value
    assert "learning rate" in filter_lab.words.value


def test_filters_are_no_few_units_and_cost_what_they_cost():
    run = new_run(Settings(filters=True), 400)
    run.test_steps.append(10)
    run.test_accuracies.append(0.99)
    assert goal_reached(run, (0.92, None)) and not goal_reached(run, (0.92, 20))
    assert spent(run, 10) == 10 * (32 * 218_880 + 5_994)
    assert goal_reached(run, (0.92, None, spent(run, 10)))
    assert not goal_reached(run, (0.92, None, spent(run, 10) - 1))
