"""The training doctor: look at one history of training and say in one sentence what it shows.

`diagnose` asks short questions in a fixed order, the surest first, and gives the first answer.
It sees only what a history holds; where it finds nothing it says "looks healthy", which is no
proof: a gradient check and unit tests see what no curve shows.  Lesson 14.
"""

import math
from typing import NamedTuple

import numpy as np

from nnlib.backprop import backward
from nnlib.gradient_check import relative_error
from nnlib.losses import mean_loss, one_hot
from nnlib.network import Layer, forward
from nnlib.training import is_finite

__all__ = ["diagnose", "second_opinion"]

HEALTHY = "looks healthy"
OVERFLOW = "exp has overflowed, or the steps are far too long"

LARGE_INPUT = 5  # root mean square; about 1 is advised (LeCun and others 1998), pixels 0…1 have 0.3
FIRST_LOSS = (0.75, 2)  # times ln(classes): the starts of lesson 03 lie between 1.0 and 1.9
FEW = 5  # records that are looked at together: what a single small batch gives is mostly luck
LONG_STEP = 2  # first step / weights; 0.002 to 0.25 in healthy runs
DEAD = 0.5  # of the ReLUs; after He's start a healthy run of these lessons has none, or few
SATURATED = 0.8  # of the hidden values; healthy tanh units reach 0.5, sigmoids on bytes 0.99
FLAT = {"sigmoid": 6.0, "tanh": 3.0}  # beyond ±6 and ±3 the slope is below 1 % of its largest
NO_LEARNING = 0.95  # last loss / ln(classes): nothing was learned
GUESSED = 1.75  # times 1 / classes: more right answers than this are not guessed
MOVED = 0.06  # change of the weights since the start; by then a healthy run has learned something
SAME_ANSWER = 0.9  # of the samples get one and the same class
OFFSET = 0.5  # of the samples get the label moved by the same number
UPHILL = -0.2  # cosine of the first few steps and the way down: 0.0 to 1 in healthy runs
FEW_STEPS = 50  # nothing is expected of fewer
SAME_STEP = 1e-3  # relative error between two steps; float32 rounds to about 1e-5


class Exam(NamedTuple):
    """What the doctor looks at: a run, and the last network's sums and probabilities."""

    history: list
    X: np.ndarray
    y: np.ndarray
    activations: tuple[str, ...]
    start: list[Layer] | None
    Zs: list[np.ndarray] = []  # noqa: RUF012 - filled in once the numbers are known to be sound
    P: np.ndarray = np.empty((0, 0))

    @property
    def chance(self):
        """The loss of a network that guesses: ln(number of classes)."""
        return math.log(len(self.P))

    @property
    def first(self):
        """The first loss of the history."""
        return float(self.history[0].loss)

    @property
    def last(self):
        """The last loss; of a long history the mean of the last few, for batches differ."""
        last = self.history[-max(1, min(FEW, len(self.history) // 10)) :]
        return sum(float(record.loss) for record in last) / len(last)

    @property
    def now(self):
        """The loss of the last network on all samples; those of small batches are mostly luck."""
        return mean_loss(self.Zs[-1], self.P, self.y)


def diagnose(history, X, y, activations=("relu", "softmax"), start=None):
    """Say in one sentence what a training run suffers from, or that it looks healthy.

    Parameters
    ----------
    history : sequence of Record
        What `nnlib.training.train` yields, in order; best with every=1, so that the first loss is
        that of the untrained network.
    X : ndarray, shape (n_0, m)
        The samples it was trained with.
    y : ndarray of int, shape (m,)
        Their labels.
    activations : tuple of str, default ("relu", "softmax")
        Of each layer; the last one is softmax.
    start : list of Layer, optional
        The parameters before the first step; with them the doctor sees how long that step was.

    Returns
    -------
    str
        One sentence, without a period.

    Raises
    ------
    ValueError
        If samples, labels, activations or start do not fit the network of the history.
    """
    history, X, y = list(history), np.asarray(X), np.asarray(y)
    if not history:
        return "no history: there is nothing to look at"
    check_fit(history[0].params, X, y, activations, start)
    if activations[-1] != "softmax":
        raise ValueError(f"the doctor knows networks that end in softmax; got {activations[-1]!r}")
    sound = [record for record in history if is_sound(record)]
    exam = Exam(sound or history, X, y, tuple(activations), start)
    finding = ask(BEFORE, exam)
    if not finding and sound:
        with np.errstate(all="ignore"):
            Zs, As = forward(sound[-1].params, X, activations)
        finding = ask(LOOKS, exam._replace(Zs=Zs, P=As[-1]))
    if len(sound) == len(history):
        return finding or (HEALTHY if long_enough(exam) else f"{HEALTHY} so far, {few_steps(exam)}")
    first_bad = next(record.step for record in history if not is_sound(record))
    return f"NaN or infinite from step {first_bad} on: {finding or OVERFLOW}"


def check_fit(params, X, y, activations, start):
    """Raise ValueError unless samples, labels, activations and start fit this network."""
    n_in, n_classes = params[0].W.shape[1], len(params[-1].W)
    if X.shape != (n_in, y.size) or y.shape != (y.size,):
        raise ValueError(
            f"X must be ({n_in}, samples) and y (samples,); got {X.shape} and {y.shape}"
        )
    if y.size == 0:
        raise ValueError("X and y hold no samples: pass those of the training run")
    if not np.issubdtype(y.dtype, np.integer) or y.min() < 0 or y.max() >= n_classes:
        raise ValueError(
            f"y must hold integer labels 0 to {n_classes - 1}; got {y.dtype}, "
            f"{y.min()} to {y.max()}"
        )
    if isinstance(activations, str) or len(activations) != len(params):
        raise ValueError(f"activations must name each of {len(params)} layers; got {activations!r}")
    sizes = [layer.W.shape for layer in params]
    if start is not None and [layer.W.shape for layer in start] != sizes:
        raise ValueError(
            f"start must be the network before its first step, with W of {sizes}; "
            f"got {[layer.W.shape for layer in start]}"
        )


def ask(looks, exam):
    """Give the first thing that one of these questions finds, or None."""
    return next(filter(None, (look(exam) for look in looks)), None)


def is_sound(record):
    """Are the loss and all parameters finite?"""
    return math.isfinite(record.loss) and is_finite(record.params)


def long_enough(exam):
    """Are there enough steps to expect something of them?"""
    return exam.history[-1].step >= FEW_STEPS


def few_steps(exam):
    """Say the number of steps in words."""
    n = exam.history[-1].step
    return f"after {n} step" if n == 1 else f"after {n} steps"


def bias_shapes(exam):
    """Is each bias a column, one number a unit?"""
    for l, (W, b) in enumerate(exam.history[-1].params, start=1):
        if b.shape != (len(W), 1):
            text = f"b{l} has become {b.shape} instead of {(len(W), 1)}"
            if b.ndim == 2 and 1 not in b.shape:
                return f"{text}: a column minus a row is a whole matrix, by broadcasting"
            return f"{text}, a column with one number a unit"
    return None


def labels(exam):
    """Is there more than one class?"""
    found = np.unique(exam.y)
    if len(found) == 1:
        return f"every label is {found[0]}: there is nothing to tell apart, and 100 % means nothing"
    return None


def input_size(exam):
    """Are the inputs of a size that start weights and learning rates are made for?"""
    size, largest = float(np.linalg.norm(exam.X)) / math.sqrt(exam.X.size), exam.X.max()
    if not math.isfinite(size):
        return "the inputs hold NaN or infinity: look where they come from (a division by 0?)"
    if size <= LARGE_INPUT:
        return None
    remedy = "divide by 255" if 200 < largest <= 255 else "scale them to a size of about 1"
    return f"the inputs are unscaled, up to {largest:.0f} (root mean square {size:.0f}): {remedy}"


def first_loss(exam):
    """Does it begin where guessing begins, near ln(classes)?"""
    first, chance, m = exam.first, exam.chance, exam.y.size
    low, high = (factor * chance for factor in FIRST_LOSS)
    firsts = [record.loss for record in exam.history[:FEW]]
    tells = f"the first loss is {first:.2f}, guessing has ln {len(exam.P)} = {chance:.2f}"
    if max(firsts) < low and exam.history[0].step == 1:
        return f"{tells}: these start parameters have been trained before"
    if min(firsts) < high:
        return None
    if abs(first - chance - math.log(m)) < 1:
        return f"{tells}; it fits ln {len(exam.P) * m:,}, one softmax shared by all {m:,} samples"
    if low < first / m < high:
        return f"{tells}; divided by m = {m:,} it would fit: this loss is a sum, not a mean"
    return (
        f"{tells}: sure of itself and wrong, the start weights are too large, or this loss holds "
        "a penalty"
    )


def long_step(exam):
    """Was the first step short against the weights?"""
    if exam.start is None or exam.history[0].step != 1:
        return None
    ratio, m = step_ratio(exam.start, exam.history[0].params), exam.y.size
    if not ratio > LONG_STEP:
        return None
    text = f"the first step was {ratio:.0f} times as long as the weights"
    if 1e-3 < ratio / m < 0.1:
        return (
            f"{text}; divided by m = {m:,} it would be usual: the 1/m is missing, or the learning "
            "rate is far too large"
        )
    return f"{text}: the learning rate is far too large"


def step_ratio(before, after):
    """Find the largest ‖change of W‖ / ‖W‖ of the layers that are not 0; NaN if all are."""
    ratios = [
        float(np.linalg.norm(new.W - old.W) / np.linalg.norm(old.W))
        for old, new in zip(before, after, strict=True)
        if old.W.any()
    ]
    return max(ratios, default=math.nan)


def twins(exam):
    """Do the hidden units differ?"""
    for l, (W, _) in enumerate(exam.history[-1].params[:-1], start=1):
        if len(W) > 1 and np.allclose(W, W[0], rtol=1e-5, atol=1e-7):
            return f"all units of layer {l} are the same: they began alike; draw them at random"
    return None


def moved_labels(exam):
    """Is the answer the label plus or minus some number?"""
    n = len(exam.P)
    moves = np.bincount((exam.P.argmax(axis=0) - exam.y) % n, minlength=n) / exam.y.size
    move = int(moves.argmax())
    if move == 0 or moves[move] <= OFFSET or n == 2 or not long_enough(exam):
        return None
    words = f"plus {move}" if move <= n // 2 else f"minus {n - move}"
    return f"{100 * moves[move]:.0f} % of the answers are the label {words}: the rows are shifted"


def uphill(exam):
    """Do the first few steps go down the loss of these samples?"""
    if exam.start is None or exam.history[0].step != 1:
        return None
    Zs, As = forward(exam.start, exam.X, exam.activations)
    Y = one_hot(exam.y, len(exam.P), exam.X.dtype)
    grads = backward(exam.start, Zs, As, Y, exam.activations)
    after = exam.history[:FEW][-1].params
    pairs = zip(exam.start, after, grads, strict=True)
    down, slope = map(
        np.concatenate, zip(*[((a.W - b.W).ravel(), g.W.ravel()) for a, b, g in pairs])
    )
    cosine = down @ slope / max(float(np.linalg.norm(down) * np.linalg.norm(slope)), 1e-30)
    if cosine >= UPHILL:
        return None
    return (
        f"the first steps go uphill (cosine {cosine:.2f} with the way down), and the loss went "
        f"from {exam.first:.2f} to {exam.last:.2f}: a sign is wrong"
    )


def rising(exam):
    """Does the loss rise?"""
    if exam.last > 1.2 * exam.first and min(exam.last, exam.now) > exam.chance:
        return (
            f"the loss rises, from {exam.first:.2f} to {exam.last:.2f}: uphill (a sign), or steps "
            "that are too long"
        )
    return None


def dead_units(exam):
    """Do the ReLUs ever let anything through?"""
    Z = [Z for Z, name in zip(exam.Zs, exam.activations) if name == "relu"]
    dead, n = sum(int((z <= 0).all(axis=1).sum()) for z in Z), sum(len(z) for z in Z)
    if n == 0 or dead <= DEAD * n:
        return None
    return (
        f"{dead} of {n} hidden ReLUs are 0 for every sample and can no longer learn: a step was "
        "far too long, or the start biases far too low"
    )


def saturated_units(exam):
    """Do sigmoid and tanh work where they have a slope?"""
    sums = [(np.abs(Z) > FLAT[name]) for Z, name in zip(exam.Zs, exam.activations) if name in FLAT]
    share = np.mean([flat.mean() for flat in sums]) if sums else 0
    if share <= SATURATED:
        return None
    return (
        f"{100 * share:.0f} % of the hidden values are saturated, on the flat part of their "
        "curve: too large weights or inputs"
    )


def no_learning(exam):
    """Has it learned anything, and if not, did it move?"""
    if exam.last < NO_LEARNING * exam.chance or len(exam.history) < 2 or not long_enough(exam):
        return None
    if (exam.P.argmax(axis=0) == exam.y).mean() > GUESSED / len(exam.P):
        return None
    moved = step_ratio(exam.start or exam.history[0].params, exam.history[-1].params)
    n = exam.history[-1].step
    text = f"after {n} steps the loss is {exam.last:.2f}, hardly below guessing"
    if math.isnan(moved):  # a start at 0 has no length to compare with
        return f"{text}: steps too short, or labels that do not belong to these images"
    if moved < MOVED or exam.history[-1].epoch == 1:  # not all samples were seen
        return f"{text}; the weights have moved by {100 * moved:.1f} %: steps too short, or too few"
    return f"{text}, though it moves: the labels may not belong to these images"


def same_answer(exam):
    """Does it give different answers?"""
    counts = np.bincount(exam.P.argmax(axis=0), minlength=len(exam.P)) / exam.y.size
    top = int(counts.argmax())
    if counts[top] <= SAME_ANSWER or (exam.y == top).mean() > SAME_ANSWER / 2:
        return None
    return f"it answers {top} to {100 * counts[top]:.0f} % of the samples"


BEFORE = (bias_shapes, labels, input_size)  # these need no forward pass
LOOKS = (
    first_loss,
    long_step,
    twins,
    moved_labels,
    uphill,
    rising,
    dead_units,
    saturated_units,
    no_learning,
    same_answer,
)


def second_opinion(start, first, X, y, lr, activations=("relu", "softmax")):
    """Repeat the first step of plain full-batch descent, and say how the one taken differs.

    Parameters
    ----------
    start : list of Layer
        The parameters before the first step.
    first : list of Layer
        Those after it.
    X, y : ndarray, shapes (n_0, m) and (m,)
        All samples of that step, and their labels.
    lr : float
        The learning rate.
    activations : tuple of str, default ("relu", "softmax")

    Returns
    -------
    str
        One sentence, without a period.
    """
    with np.errstate(all="ignore"):
        Zs, As = forward(start, X, activations)
        grads = backward(start, Zs, As, one_hot(y, len(As[-1]), X.dtype), activations)
    taken, right = {}, {}
    for l, (old, new, grad) in enumerate(zip(start, first, grads, strict=True), start=1):
        for field in ("W", "b"):
            shape, before = getattr(new, field).shape, getattr(old, field).shape
            if shape != before:
                return f"the first step has changed the shape of {field}{l}: {shape}, not {before}"
            taken[f"{field}{l}"] = getattr(old, field) - getattr(new, field)
            right[f"{field}{l}"] = lr * getattr(grad, field)
    wrong = {name: relative_error(taken[name], right[name]) for name in taken}
    wrong = {name: error for name, error in wrong.items() if not error < SAME_STEP}
    if not wrong:
        return "the first step is the learning rate times the gradient, as it should be"
    factor = float((taken["W1"] * right["W1"]).sum() / max((right["W1"] ** 2).sum(), 1e-30))
    if all(relative_error(taken[name], factor * right[name]) < SAME_STEP for name in taken):
        return f"the first step is {factor:,.4g} times what it should be, in every array"
    told = ", ".join(f"{name} {error:.2f}" for name, error in wrong.items())
    return f"the first step is not that of the gradient (relative errors: {told})"
