"""The training lab: turn a knob, press train, and watch a network learn digits."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import ipywidgets as w
import numpy as np

from nnlib.metrics import accuracy
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.plots.live import (
    LARGE_SIZE,
    SIZE,
    loss_and_accuracy_svg,
    png,
    readings_html,
    weights_mosaic,
)
from nnlib.plots.style import PRESENTER
from nnlib.training import Diverged
from nnlib.widgets.frame import (
    Frame,
    at_home,
    button,
    choice,
    collapsed,
    enlarged,
    log_slider,
    running_loop,
    slider,
)
from nnlib.widgets.lab_networks import STARTS, SmallFilters, TwoLayers
from nnlib.widgets.picture import Picture

BREATH = 0.025  # seconds of arithmetic between two looks at the buttons
PICTURE = 0.07  # seconds between two pictures
PACES = [("to watch", 0.04), ("as fast as it goes", 0.0)]  # seconds of rest after each record
BATCHES = [8, 32, 128, "all"]  # a value of None would look like no choice
MOST = 128  # digits that filters take in a step: with all, Stop would wait for a second
NETWORKS = [("two layers", False), ("small filters", True)]
OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
USUAL_RATES = {"SGD": 0.1, "Momentum": 0.01, "RMSProp": 0.001, "Adam": 0.001}
KEPT = 4  # earlier runs that stay visible


class Goal(NamedTuple):
    """What a run should reach, and what it may spend."""

    share: float  # accuracy, 0…1
    units: int | None = None  # fewer hidden units than that
    budget: float | None = None  # multiply-adds, at most

    def in_words(self):
        """The goal as a question."""
        limits = []
        if self.units is not None:
            limits.append(f"with fewer than {self.units} hidden units")
        if self.budget is not None:
            limits.append(f"for at most {self.budget / 1e6:,.0f} million multiply-adds")
        return f"Can you reach {100 * self.share:.0f} % {' and '.join(limits)}".rstrip() + "?"


@dataclass(frozen=True)
class Settings:
    """What a run is made with."""

    hidden: int = 16
    lr: float = 0.1
    batch_size: int | None = 32
    activation: str = "relu"
    seed: int = 0
    epochs: int = 20
    optimizer: str = "SGD"
    filters: bool = False

    @property
    def network(self):
        """The network that is trained."""
        return SmallFilters() if self.filters else TwoLayers(self.hidden, self.activation)


@dataclass
class Run:
    """One training run: its settings, and what has been seen of it so far."""

    settings: Settings
    n_steps: int
    params: list
    steps: list = field(default_factory=list)
    losses: list = field(default_factory=list)
    test_steps: list = field(default_factory=list)
    test_accuracies: list = field(default_factory=list)
    marks: list = field(default_factory=list)  # (step, words): the rate was moved
    moved: int = 0  # the step at which it was moved last
    epoch: int = 0
    m: int = 0  # training digits

    @property
    def network(self):
        """The network that is trained."""
        return self.settings.network


def new_run(settings, m):
    """A run before its first step, for m training digits."""
    rng = np.random.default_rng(settings.seed)
    batches = math.ceil(m / (settings.batch_size or m))
    return Run(settings, batches * settings.epochs, settings.network.begin(rng), m=m)


def records_of(run, digits, optimizer):
    """The training itself, a generator of records; several steps a record if they are short."""
    settings = run.settings
    rng = np.random.default_rng(settings.seed + 1)
    batches = run.n_steps // settings.epochs
    at_most = max(1, 256 // (settings.batch_size or digits.y.size))
    every = max(k for k in range(1, at_most + 1) if batches % k == 0)  # so that the end is seen
    how = optimizer, settings.epochs, settings.batch_size, rng, every
    return run.network.train(run.params, digits, *how)


def goal_reached(run, goal):
    """Whether a run has reached the goal's accuracy, with its units and within its budget."""
    goal = Goal(*goal)
    is_small = goal.units is None or run.network.units < goal.units
    shares = run.test_accuracies
    if goal.budget is not None:
        paid = [spent(run, step) <= goal.budget for step in run.test_steps]
        shares = [share for share, is_paid in zip(shares, paid) if is_paid]
    return is_small and max(shares, default=0) >= goal.share


def spent(run, step):
    """The multiply-adds of a run after so many steps; a last smaller batch counts as a whole."""
    batch = run.settings.batch_size or run.m
    return run.network.multiply_adds(step, batch)


class TrainingLab(Frame):
    """See `training_lab`; the controls are in `parts`, the run at hand in `run`."""

    def __init__(self, digits, test, goal, held_out):
        self.digits, self.test, self.goal, self.held_out = digits, test, Goal(*goal), held_out
        self.earlier, self.task = [], None
        self.is_paused = self.is_retired = False
        self.parts = controls()
        self.make_buttons()
        self.charts, self.strip, self.badge, self.pictured = (w.HTML() for _ in range(4))
        self.size = LARGE_SIZE if PRESENTER["on"] else SIZE
        self.width = f"{enlarged(540, 1.12)}px"
        self.weights = Picture(width=enlarged(540, 1.12))
        self.shown = two_of_each(test)
        network, *parts = self.parts.values()
        buttons = w.Box(self.buttons, layout={"flex_flow": "wrap"})
        super().__init__(
            self.goal.in_words(),
            [w.HBox([self.badge, network]), *parts, buttons],
            self.arrange(),
            "hidden size, learning rate and more, with training that you watch",
        )
        self.reset()
        self.draw_soon, self.show_soon = collapsed(self, self.draw), collapsed(self, self.show)
        self.listen()

    def listen(self):
        """Let each control act when it is moved."""
        acts = dict.fromkeys(("batch", "activation", "seed", "epochs", "optimizer"), self.changed)
        acts |= {"filters": self.choose_network, "hidden": self.restart}
        acts |= {"lr": self.move_learning_rate, "guess": self.draw_soon}
        for name, act in acts.items():
            self.parts[name].observe(at_home(self.safely(act)), "value")

    def make_buttons(self):
        """Train, pause, stop, reset."""
        self.train_button = button("▶ train", "start a new run", self.restart)
        self.pause_button = button("❚❚ pause", "hold, and go on", self.pause)
        self.stop_button = button("■ stop", "end this run", self.stop)
        self.reset_button = button("⟲ reset", "forget all runs", self.reset)
        self.buttons = [
            self.train_button,
            self.pause_button,
            self.stop_button,
            self.reset_button,
        ]

    def arrange(self):
        """The picture: charts above, what the network sees and its hidden units below."""
        self.charts.layout.width = self.strip.layout.width = self.width
        below = [
            w.HTML(
                f"<b>what it reads</b>: two {escape(self.held_out)} digits of each class, "
                "0 to 9 and again"
            ),
            self.strip,
            self.pictured,
            self.weights,
        ]
        column = w.VBox([self.charts, *below])
        column.add_class("nn-paper")  # charts are drawn in ink, in a dark theme, too
        return column

    # what the controls say

    def settings(self):
        """The settings that the controls show."""
        values = {name: part.value for name, part in self.parts.items()}
        names = ("hidden", "lr", "activation", "seed", "epochs", "optimizer", "filters")
        batch_size = None if values["batch"] == "all" else values["batch"]
        return Settings(batch_size=batch_size, **{name: values[name] for name in names})

    def guess(self):
        """The learner's guess, 0…1, or None while it is at 0."""
        return self.parts["guess"].value / 100 or None

    # what the buttons do

    def restart(self):
        """End the run at hand, keep it pale, and start a new one at once."""
        if self.is_retired:
            return
        self.end()
        self.keep()
        self.run = new_run(self.settings(), self.digits.y.size)
        self.optimizer = OPTIMIZERS[self.run.settings.optimizer](lr=self.run.settings.lr)
        self.task = self.start(self.train_and_draw(self.run))

    def start(self, work):
        """Hand the work to the running loop; without one (a script) nothing is trained."""
        loop = running_loop()
        if loop is not None:
            return loop.create_task(work)
        work.close()
        self.draw()
        self.say("Training runs while the notebook does; this is not one.")
        return None

    def pause(self):
        """Hold the run, or go on."""
        if self.is_training():
            self.hold(not self.is_paused)
            self.draw()

    def hold(self, is_paused):
        """Be held, or no longer; the button says what it would do."""
        self.is_paused = is_paused
        self.pause_button.description = "▶ go on" if is_paused else "❚❚ pause"

    def stop(self):
        """End the run at hand; what it learned stays to be seen."""
        if self.is_training():
            self.end()
            self.draw()

    def end(self):
        """Give up the task at hand, if there is one."""
        if self.task is not None:
            self.task.cancel()
        self.task = None
        self.hold(False)

    def retire(self):
        """End for good: the cell that showed this lab was run again."""
        self.is_retired = True
        self.end()

    def reset(self):
        """Forget all runs and show a network that has learned nothing."""
        self.end()
        self.earlier = []
        self.run = new_run(self.settings(), self.digits.y.size)
        self.draw()

    def choose_network(self):
        """Let only be moved what the chosen network has, and start anew as after other settings."""
        filters, batch = self.parts["filters"].value, self.parts["batch"]
        self.parts["hidden"].disabled = self.parts["activation"].disabled = filters
        chosen = MOST if filters and batch.value == "all" else batch.value
        batch.options = BATCHES[:-1] if filters else BATCHES  # this chooses the first
        batch.value = chosen
        self.changed()

    def changed(self):
        """A setting that needs a new start was moved: start anew if a run is under way."""
        if self.is_training():
            self.restart()
        else:
            self.show_soon()

    def show(self):
        """Show the settings before a run; after one, what it came to, with advice for the next."""
        if self.is_training():
            return  # a run was begun while this waited
        if self.run.losses:
            self.say(self.in_words())
        else:
            self.reset()

    def move_learning_rate(self):
        """The next step takes the new learning rate, and the curve is marked."""
        if self.is_training():
            self.optimizer.lr = self.parts["lr"].value
            done = self.run.steps[-1] if self.run.steps else 0
            goes_on = self.run.marks and done - self.run.moved <= 0.06 * self.run.n_steps
            begun = self.run.marks.pop()[0] if goes_on else done  # one drag, one mark
            self.run.marks.append((begun, f"{self.optimizer.lr:.3g}"))
            self.run.moved = done
            if self.is_paused:
                self.draw()
        elif not self.run.losses:
            self.show_soon()

    def keep(self):
        """Put a run that has begun among the pale ones."""
        if self.run.losses:
            self.earlier = [*self.earlier, self.run][-KEPT:]

    def is_training(self):
        """Whether a run is under way (held ones are)."""
        return self.task is not None and not self.task.done()

    # the run

    async def train_and_draw(self, run):
        """Train to the end and show it; whatever happens in a run must not end the widget."""
        try:
            await self.train_live(run)
            self.task = None
            self.draw()
        except Diverged as error:
            self.task, run.params = None, error.params
            self.safely(self.draw)()
            self.say(str(error).removesuffix(" (the last good parameters are kept in .params)"))
        except Exception as error:
            self.say_error(error)

    async def train_live(self, run):
        """Train, with a breath every 25 ms for sliders and buttons, and a picture now and then."""
        breath, seen, pause = time.perf_counter(), time.perf_counter(), PICTURE
        for record in records_of(run, self.digits, self.optimizer):
            take_over(run, record)
            now = time.perf_counter()
            if now - seen > pause or len(run.losses) == 1:
                self.draw()
                seen = time.perf_counter()
                pause = max(PICTURE, 3 * (seen - now))  # most of the time is for the training
            rest = self.parts["pace"].value
            if rest or now - breath > BREATH:
                await self.breathe(rest)
                breath = time.perf_counter()

    async def breathe(self, rest):
        """Let other messages through, and rest; wait here while the run is held."""
        await asyncio.sleep(max(rest, 0.001))
        while self.is_paused:
            await asyncio.sleep(0.05)

    # the picture

    def draw(self):
        """Draw what the run has come to."""
        run = self.run
        step = run.steps[-1] if run.steps else 0
        if step not in run.test_steps[-1:]:
            run.test_steps.append(step)
            read = run.network.read(run.params, self.test.X)
            run.test_accuracies.append(accuracy(read, self.test.y))
        shown = self.test.X[:, self.shown]
        read = run.network.read(run.params, shown)
        self.charts.value = loss_and_accuracy_svg(
            run, self.earlier, self.guess(), self.held_out, self.size
        )
        self.strip.value = readings_html(shown, read, self.test.y[self.shown], self.size[0])
        self.pictured.value = f"<b>{run.network.pictured}</b>: red negative, blue positive"
        self.weights.value = png(weights_mosaic(run.params[0].W, columns=16), scale=2)
        reached = goal_reached(run, self.goal)
        self.badge.value = badge(reached)
        self.say(self.in_words())

    def in_words(self):
        """One line: the settings, and how far it is."""
        run, chosen = self.run, self.run.settings
        rate = self.optimizer.lr if run.losses else chosen.lr
        name = "" if chosen.optimizer == "SGD" else f"{chosen.optimizer}, "
        begin = f"{name}{run.network.in_words()}, learning rate {rate:.3g}: "
        share = f"{self.held_out} accuracy {100 * run.test_accuracies[-1]:.1f} %"
        if not run.losses:
            other = "" if chosen.filters else ", or move the hidden size"
            return f"{begin}{share} before training; press ▶ train{other}{self.advice()}"
        state = " (held)" if self.is_paused and self.is_training() else ""
        cost = ""
        if self.goal.budget is not None:
            cost = f", {spent(run, run.steps[-1]) / 1e6:,.0f} million multiply-adds"
        return (
            f"{begin}loss {run.losses[-1]:.2f}, {share} after epoch {run.epoch}{cost}{state}"
            + self.advice()
        )

    def advice(self):
        """What to say of a rate far from the one that usually suits the optimizer chosen."""
        name, rate = self.parts["optimizer"].value, self.parts["lr"].value
        usual = USUAL_RATES[name]
        if name == "SGD" or 0.11 < rate / usual < 9:
            return ""
        return f" ({name} usually wants a learning rate near {usual:g})"


def controls():
    """The controls in the order a thought takes."""
    return {
        "filters": network_choice(),
        "hidden": slider("hidden size", 16, 1, 128, continuous_update=False),
        "lr": log_slider("learning rate", 0.1, 0.0001, 100),
        "batch": choice("batch", BATCHES, 32),
        "activation": choice("activation", list(STARTS), "relu"),
        "seed": slider("seed", 0, 0, 20, continuous_update=False),
        "epochs": slider("epochs", 20, 1, 100, continuous_update=False),
        "optimizer": choice("optimizer", list(OPTIMIZERS), "SGD"),
        "pace": choice("pace", PACES, PACES[0][1]),
        "guess": slider("my guess, %", 0, 0, 100),
    }


def network_choice():
    """The list of networks, as narrow as the goal beside it, open or reached, wants it."""
    made = choice("network", NETWORKS, False)
    made.layout.width, made.layout.flex = "auto", "1 1 0"
    made.style.description_width = f"{enlarged(57)}px"
    return made


def two_of_each(digits):
    """The places of two digits of each class: 0 to 9, and 0 to 9 again."""
    places = [np.flatnonzero(digits.y == k)[:2] for k in range(10)]
    return np.concatenate([[found[nth] for found in places if found.size > nth] for nth in (0, 1)])


def take_over(run, record):
    """Take over what a record of the training says."""
    run.steps.append(record.step)
    run.losses.append(record.loss)
    run.params, run.epoch = record.params, record.epoch


def badge(reached):
    """The goal, open or reached: a word and a mark, not color alone."""
    if reached:
        return "<span class='nn-badge nn-reached'>✓ goal reached</span>"
    return "<span class='nn-badge'>goal ○</span>"


def training_lab(digits, test, goal=(0.92, 20), held_out="test"):
    """A network to train: knobs, a live loss, and what it makes of the digits.

    Releasing the hidden size starts a new run at once; the learning rate acts on the next step of
    the run under way and marks its curve. Runs stay visible as pale curves. Shown without anybody
    moving a control, it trains nothing. In place of the two layers it trains lesson 17's network
    of small filters, if that is chosen; then hidden size and activation do not apply.

    Parameters
    ----------
    digits, test : Digits
        What is trained on, and what the accuracy is measured on.
    goal : (float, int or None, float or None), default (0.92, 20)
        Accuracy to reach, 0…1, with fewer hidden units than that, and with at most so many
        multiply-adds (`nnlib.network.multiply_adds`) before it is reached.
    held_out : str, default "test"
        What the digits that it is judged by are called.

    Returns
    -------
    TrainingLab
        Its controls are in `.parts`, its buttons in `.train_button`, `.pause_button`,
        `.stop_button`, `.reset_button`, the run at hand in `.run`.
    """
    return TrainingLab(digits, test, goal, held_out)
