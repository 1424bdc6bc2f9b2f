"""How a patient is examined: train with the broken part, check its gradient, run its unit test.

Nothing that is said of a patient is written down by hand: it comes from these functions, or from
the recorded runs (data/records/clinic.csv, made by benchmarks/makers/clinic.py).  Lesson 14.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nnlib.activations import relu
from nnlib.clinic.doctor import HEALTHY
from nnlib.clinic.patients import PATIENTS, code, failure
from nnlib.gradient_check import numerical_gradient, relative_error
from nnlib.network import Layer
from nnlib.training import Record, minibatches

if TYPE_CHECKING:  # who has such tables has loaded it
    from pandas import DataFrame

SIZES = (784, 10, 10)  # both layers of ten units, as in published tutorials
LR = 0.1
N_STEPS = 300
BLIND = 1e-6  # a gradient check below it finds nothing; right code gives 1e-9 and less
FINE = 3  # percentage points of test accuracy that nobody would miss
CHANCE = 20  # percent: a network that reads digits no better than this has learned nothing


def as_table(X, y):
    """Write digits as the rows of a CSV file: a label, then the pixels as bytes.

    Parameters
    ----------
    X : ndarray, shape (784, m)
        Pixels, 0…1.
    y : ndarray of int, shape (m,)

    Returns
    -------
    ndarray of uint8, shape (m, 785)
    """
    return np.column_stack([y, np.rint(255 * X.T)]).astype(np.uint8)


def admit(parts, table, seed, dtype=np.float32):
    """Read and shuffle digits with these parts.

    Parameters
    ----------
    parts : Parts
    table : ndarray of uint8, shape (m, 1 + n_pixels)
        As `as_table` makes it.
    seed : int
    dtype : dtype, default float32

    Returns
    -------
    X, y : ndarrays, shapes (n_pixels, m) and (m,)
    """
    return parts.shuffle(*parts.read(table, dtype), np.random.default_rng([seed, 1]))


def begin(parts, seed, sizes=SIZES, dtype=np.float32):
    """Draw the start parameters with these parts.

    Parameters
    ----------
    parts : Parts
    seed : int
    sizes : tuple of int, default (784, 10, 10)
    dtype : dtype, default float32

    Returns
    -------
    list of Layer
    """
    rng = np.random.default_rng([seed, 2])
    drawn = [parts.start(n_out, n_in, rng) for n_in, n_out in zip(sizes, sizes[1:])]
    return [Layer(W.astype(dtype), b.astype(dtype)) for W, b in drawn]


def forward_with(parts, params, X):
    """Compute the sums and the activations of the hidden layer, and the probabilities."""
    (W1, b1), (W2, b2) = params
    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    return Z1, A1, parts.softmax(W2 @ A1 + b2)


def clipped_loss(P, Y):
    """Average -log(probability of the right class), from P and Y (n_classes, m)."""
    p = (P * Y).sum(axis=0)
    return -np.log(np.maximum(p, np.finfo(p.dtype).tiny)).mean()  # 0 becomes the smallest normal


def gradient_with(parts, params, X, Y):
    """Compute the loss, and the gradient as these parts have it."""
    Z1, A1, P = forward_with(parts, params, X)
    dZ2 = parts.error_at_output(P, Y)
    dZ1 = parts.hidden_error(params[1].W, dZ2, Z1)
    grads = [Layer(*parts.layer_gradient(dZ, A)) for dZ, A in ((dZ1, X), (dZ2, A1))]
    return clipped_loss(P, Y), grads


def train_with(parts, params, X, y, seed, n_steps=N_STEPS, batch_size=None, lr=LR):
    """Train with these parts, whatever becomes of the loss.

    Parameters
    ----------
    parts : Parts
    params : list of Layer
        Where training begins.
    X, y : ndarrays, shapes (n_pixels, m) and (m,)
    seed : int
        Deals the batches.
    n_steps : int, default 300
    batch_size : int, optional
        All samples by default.
    lr : float, default 0.1

    Yields
    ------
    Record
        One after each step; its loss is that before the step.
    """
    rng, made = np.random.default_rng([seed, 3]), 0
    while made < n_steps:
        for batch in minibatches(y.size, batch_size, rng)[: n_steps - made]:
            with np.errstate(all="ignore"):  # a clinic must stand the sight of NaN
                Y = parts.encode(y[batch], len(params[-1].W), X.dtype)
                loss, grads = gradient_with(parts, params, X[:, batch], Y)
                params = parts.step(params, grads, lr)
            made += 1
            yield Record(made, 1 + (made - 1) * (batch_size or y.size) // y.size, loss, params)


def predict_with(parts, params, X):
    """Name the class of the largest probability for each column of X."""
    with np.errstate(all="ignore"):
        return forward_with(parts, params, X)[-1].argmax(axis=0)


class Case(NamedTuple):
    """A run as the training doctor sees it."""

    X: np.ndarray
    y: np.ndarray
    start: list[Layer]  # before the first step
    history: list[Record]
    stopped: str  # the error that ended it; empty if none did


def history_of(name, table, seed=0, n_steps=N_STEPS, cured=False, watch=None):
    """Train with a patient, sick or cured, on the rows of a table.

    Parameters
    ----------
    name : str
        A key of `PATIENTS`.
    table : ndarray of uint8, shape (m, 785)
        As `as_table` makes it.
    seed : int, default 0
    n_steps : int, default 300
    cured : bool, default False
    watch : function of a Record, optional
        Called after each step, for a patient may change what it gave out before.

    Returns
    -------
    Case
    """
    patient = PATIENTS[name]
    parts = patient.parts(cured)
    X, y = admit(parts, table, seed)
    start, history, stopped = begin(parts, seed), [], ""
    options = dict(n_steps=n_steps, batch_size=patient.batch_size)
    for _ in range(patient.runs_before):
        for _ in train_with(parts, start, X, y, seed, **options):
            pass
    start_as_drawn = [Layer(W.copy(), b.copy()) for W, b in start]
    try:
        for record in train_with(parts, start, X, y, seed, **options):
            history.append(record)
            if watch:
                watch(record)
    except ValueError as error:
        stopped = f"{type(error).__name__}: {str(error).strip()}"
    return Case(X, y, start_as_drawn, history, stopped)


class Errors(NamedTuple):
    """What a gradient check finds: relative errors by name, shapes that differ, or why it ends."""

    sizes: tuple[int, ...]
    errors: dict[str, float]
    shapes: list[str]
    stopped: str

    @property
    def largest(self):
        """The largest relative error; infinite if the check could not be made."""
        return max(self.errors.values(), default=math.inf)


def gradient_errors(name, sizes=(6, 5, 4), m=7, cured=False):
    """Check a patient's gradient against central differences of its own loss, in float64.

    Parameters
    ----------
    name : str
        A key of `PATIENTS`.
    sizes : tuple of int, default (6, 5, 4)
    m : int, default 7
        Samples.
    cured : bool, default False

    Returns
    -------
    Errors
    """
    parts = PATIENTS[name].parts(cured)
    params, X, Y = small_case(parts, sizes, m)
    try:
        _, grads = gradient_with(parts, params, X, Y)
    except ValueError as error:
        return Errors(sizes, {}, [], str(error).strip())
    errors, shapes = {}, []
    for l, field in ((0, "W"), (0, "b"), (1, "W"), (1, "b")):
        right = measured_gradient(parts, params, X, Y, l, field)
        given = np.asarray(getattr(grads[l], field))
        of = f"{field}{l + 1}"
        if given.shape != right.shape:
            shapes.append(f"d{of} has shape {given.shape} instead of {right.shape}")
        given = given.reshape(right.shape) if given.size == right.size else given
        errors[of] = relative_error(given + 0 * right, right)
    return Errors(sizes, errors, shapes, "")


def small_case(parts, sizes, m):
    """Draw parameters and digits for a gradient check, as these parts read them: params, X, Y."""
    rng = np.random.default_rng(0)
    labels = np.arange(m) % sizes[-1]
    table = np.column_stack([labels, rng.integers(0, 256, (m, sizes[0]))])
    X, y = admit(parts, table, 0, np.float64)
    Y = parts.encode(y, sizes[-1], np.float64)
    params = [Layer(W, rng.normal(size=b.shape)) for W, b in begin(parts, 0, sizes, np.float64)]
    return params, X, Y


def measured_gradient(parts, params, X, Y, l, field):
    """Measure the derivative of the loss by W or b of layer l, counted from 0."""

    def loss_at(array):
        changed = [*params[:l], params[l]._replace(**{field: array}), *params[l + 1 :]]
        return clipped_loss(forward_with(parts, changed, X)[-1], Y)

    return numerical_gradient(loss_at, getattr(params[l], field))


class Records(NamedTuple):
    """The recorded runs: three tables of benchmarks/makers/clinic.py."""

    curves: DataFrame  # data/records/clinic.csv
    words: DataFrame  # data/records/clinic_words.csv
    tuning: DataFrame  # data/records/clinic_tuning.csv


def curve(records, name, column, run="sick"):
    """Look up one recorded column of a patient's runs.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.
    column : {"loss", "train", "test"}
    run : {"sick", "cured"}

    Returns
    -------
    steps, values : ndarrays, shapes (n,) and (n, n_seeds)
        NaN where there are none.
    """
    rows = records.curves[(records.curves["patient"] == name) & (records.curves["run"] == run)]
    table = rows.pivot(index="step", columns="seed", values=column)
    return table.index.to_numpy(), table.to_numpy(dtype=float)


def curves(records, name):
    """Look up the losses and the test accuracies of a patient's runs.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.

    Returns
    -------
    losses, accuracies : dict
        What `curve` gives, under "sick" and "cured"; accuracies in percent.
    """
    runs = ("cured", "sick")
    loss = {run: curve(records, name, "loss", run) for run in runs}
    shares = {run: curve(records, name, "test", run) for run in runs}
    return loss, {run: (steps, 100 * values) for run, (steps, values) in shares.items()}


def ends(records, name, run="sick"):
    """Look up the test accuracy after the last step, in percent, one for each seed."""
    return 100 * curve(records, name, "test", run)[1][-1]


def told(records, name, column, seed=0):
    """Look up what was written down of a sick run.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.
    column : {"steps", "stopped", "doctor", "second"}
        Its steps, the error that ended it, what the doctor said of it and of its first step.
    seed : int, default 0

    Returns
    -------
    int or str
        An empty text if there is nothing.
    """
    words = records.words
    rows = words[(words["patient"] == name) & (words["run"] == "sick") & (words["seed"] == seed)]
    value = rows[column].iloc[0]
    return "" if value != value else value  # pandas reads an empty text as NaN


def accuracy_says(records, name):
    """Say what someone would think who looks at the accuracy alone.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.

    Returns
    -------
    str
    """
    if told(records, name, "stopped"):
        steps = [told(records, name, "steps", seed) for seed in range(3)]
        return f"none: training stops with an error after {', '.join(map(str, steps))} steps"
    if PATIENTS[name].part == "choose":
        reported, fresh = 100 * records.tuning[["sick", "sick_fresh"]].iloc[-1]
        return f"reported {reported:.1f} %, on fresh digits {fresh:.1f} %: nobody would notice"
    sick, cured = ends(records, name), ends(records, name, "cured")
    if np.isnan(sick).all():
        return "none: a batch of ten fits these parameters, the test digits do not"
    numbers = f"test {decimals(sick)} %, cured {decimals(cured)} %"
    if (sick > cured + FINE).all():
        return f"{numbers}: too good to be true"
    if (sick > cured - FINE).all():
        return f"{numbers}: nobody would notice"
    n_alarms = int((sick < CHANCE).sum())
    if n_alarms == len(sick):
        return f"{numbers}: an alarm"
    if n_alarms:
        return f"{numbers}: an alarm in {n_alarms} of {len(sick)} runs"
    return f"{numbers}: it learns, and seems a weak network"


def decimals(numbers):
    """Write numbers with one decimal, in a row; a single one if they agree."""
    texts = list(dict.fromkeys(f"{number:.1f}" for number in numbers))
    return ", ".join(texts)


def accuracy_sees(records, name):
    """Tell whether accuracy would alarm anyone who has no cured run to compare with."""
    says = accuracy_says(records, name)
    return "nobody" not in says and "weak" not in says


def gradient_says(name):
    """Say what a gradient check finds, with sizes 6-5-4, and 6-4-4 if it stops with those."""
    found = gradient_errors(name)
    if found.stopped:
        equal = gradient_errors(name, sizes=(6, 4, 4))
        return f"sizes 6-5-4: {found.stopped}; sizes 6-4-4: {errors_in_words(equal)}"
    return errors_in_words(found)


def errors_in_words(found):
    """Say the relative errors of a check, and what is wrong with the shapes."""
    errors = "errors " + ", ".join(f"{of} {error:.2f}" for of, error in found.errors.items())
    if found.shapes:
        if found.largest < BLIND:
            return f"the values are right, every error is below 1e-6, but {found.shapes[0]}"
        return f"{errors}; and {found.shapes[0]}"
    return "nothing, every error is below 1e-6" if found.largest < BLIND else errors


def gradient_sees(name):
    """Tell whether a gradient check finds an error, a wrong shape, or cannot be made."""
    found = gradient_errors(name)
    return bool(found.shapes) or found.largest >= BLIND


def unit_test_says(name):
    """Name the unit test that catches a patient, and what it finds."""
    patient = PATIENTS[name]
    return f"{patient.test.__name__} fails: {failure(patient.test, patient.broken)}"


def doctor_sees(records, name):
    """Tell whether the training doctor finds anything in the run of seed 0.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.

    Returns
    -------
    bool
    """
    return not told(records, name, "doctor").startswith(HEALTHY)


def seen_by(records, name):
    """Tell which examinations find a patient.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.

    Returns
    -------
    dict of bool
        Under "accuracy", "gradient check", "unit test" and "doctor".
    """
    patient = PATIENTS[name]
    return {
        "accuracy": accuracy_sees(records, name),
        "gradient check": gradient_sees(name),
        "unit test": failure(patient.test, patient.broken) is not None,
        "doctor": doctor_sees(records, name),
    }


def report(records, name):
    """Collect everything that is said of a patient before the cure: {heading: sentence}."""
    return {
        "accuracy": accuracy_says(records, name),
        "gradient check": gradient_says(name),
        "unit test": unit_test_says(name),
        "doctor": told(records, name, "doctor"),
    }


def case_sheet(records, name, cure=True):
    """Write the broken function, all findings, and the cure if wanted.

    Parameters
    ----------
    records : Records
    name : str
        A key of `PATIENTS`.
    cure : bool, default True

    Returns
    -------
    str
        To be printed.
    """
    patient = PATIENTS[name]
    findings = report(records, name) | ({"why": patient.why} if cure else {})
    lines = [code(patient.broken, docstring=False), ""]
    lines += [line(f"{what}:", says) for what, says in findings.items()]
    if cure:
        lines += ["", "cured:", code(patient.cure, docstring=False)]
    return "\n".join(lines)


def line(what, says, width=16):
    """Write a heading and a sentence, which may run on in further lines under itself.

    Parameters
    ----------
    what, says : str
    width : int, default 16
        Characters of the heading.

    Returns
    -------
    str
        Lines of at most 100 characters.
    """
    return textwrap.fill(f"{what:{width}}{says}", 100, subsequent_indent=width * " ")
