"""Lesson 14, Visit the bug clinic: its equations and exercises."""

import numpy as np

from nnlib.activations import relu, softmax
from nnlib.checks.engine import Task
from nnlib.checks.lesson_01 import ONE_HOT, READ
from nnlib.checks.registry import equation, exercise
from nnlib.checks.values import fitted
from nnlib.checks.words import kind_of
from nnlib.clinic.doctor import step_ratio
from nnlib.clinic.patients import PATIENTS, hidden_error, layer_gradient, step, step_in_place
from nnlib.gradient_check import relative_error
from nnlib.losses import one_hot
from nnlib.network import Layer


@equation("14.1", "result", "the error of a gradient that is c times the right one")
def error_of_a_multiple(rng):
    """Relative errors of multiples of a random gradient, against the formula."""
    n, factors = rng.normal(size=(4, 3)), np.array([7.0, 0.5, -1.0, 4000.0, 0.0])
    return [relative_error(c * n, n) for c in factors], np.abs(factors - 1) / (np.abs(factors) + 1)


@equation("14.2", "result", "columns of probabilities and of one-hot labels have the same sum")
def columns_have_the_same_sum(rng):
    """Softmax of random scores and one-hot of random labels, summed over the classes."""
    P = softmax(rng.normal(size=(10, 7)))
    return P.sum(axis=0), one_hot(rng.integers(0, 10, 7), dtype=np.float64).sum(axis=0)


@equation("14.3", "definition", "how long a step is, against the weights")
def ratio_by_hand(rng):
    """W = (3, 4), of length 5, and dW = (6, 8), of length 10; with rate 0.1 the ratio is 0.2."""
    b = np.zeros((1, 1))
    before, grads = [Layer(np.array([[3.0, 4.0]]), b)], [Layer(np.array([[6.0, 8.0]]), b)]
    return [step_ratio(before, step(before, grads, 0.1))], [0.2]


def widths():
    """W, dZ, Z with equal widths, where nothing stops, then 3 units before 2."""
    rng, cases = np.random.default_rng(5), {}
    sizes = {"equal widths": (4, 4, 6), "3 units before 2": (2, 3, 5)}
    for name, (n_out, n, m) in sizes.items():
        shapes = (n_out, n), (n_out, m), (n, m)
        cases[name] = tuple(rng.normal(size=shape) for shape in shapes)
    return cases


exercise(
    "14-2",
    "my_hidden_error(W, dZ, Z)",
    Task(
        right=hidden_error,
        cases=widths,
        names=("the hidden dZ",),
        samples=lambda W, dZ, Z: Z.shape[1],
        sizes="; the check uses 4 units before 4, then 3 before 2",
        with_error=True,
        slips={
            "the slopes are multiplied before W.T, on the wrong layer's rows; it runs only if both "
            "layers have the same width": PATIENTS["equal widths"].broken,
            "the ReLU is missing on the way back: units that were off get a gradient": (
                PATIENTS["no ReLU derivative"].broken
            ),
            "you multiply by Z, or by relu(Z); what belongs there is the slope, 1 or 0": (
                lambda W, dZ, Z: (W.T @ dZ) * relu(Z),
                lambda W, dZ, Z: (W.T @ dZ) * Z,
            ),
            "the gate is the wrong way round: the slope is 1 where Z > 0": (
                lambda W, dZ, Z: (W.T @ dZ) * (Z <= 0)
            ),
            "W is not transposed; with unequal widths it does not even run": (
                lambda W, dZ, Z: (W @ dZ) * (Z > 0)
            ),
            "> comes after * in Python: the comparison needs brackets of its own, (Z > 0)": (
                lambda W, dZ, Z: W.T @ dZ * Z > 0
            ),
        },
    ),
    praise="Bracketed by the widths: first through W, then through this layer's own slopes.",
    hints=(
        "two things happen on the way back: through the weights, then through the ReLU. In this "
        "order.",
        "W.T @ dZ has a row for each hidden unit; the slopes of Z have one, too.",
        "W.T @ dZ in brackets, then times what is 1 where Z > 0 and 0 elsewhere, in brackets, too.",
    ),
)


exercise(
    "14-3",
    "my_one_hot(y, n_classes)",
    ONE_HOT,
    praise="Ten rows for any batch, and the 1 where the label says.",
    hints=(
        "how many rows? As many as there are classes in the problem, whatever this batch holds.",
        "label 5 belongs into row 5: Python counts rows from 0, and so do the labels.",
        "Y = np.zeros((n_classes, y.size)), then a 1 into each of the places (y[j], j).",
    ),
)


def layers_and_gradients():
    """Parameters, gradients and a rate: two layers, then three."""
    rng, cases = np.random.default_rng(6), []
    for sizes, lr in (((4, 3, 2), 0.3), ((3, 5, 2, 4), 0.7)):
        both = (
            [
                Layer(rng.normal(size=(n_out, n)), rng.normal(size=(n_out, 1)))
                for n, n_out in zip(sizes, sizes[1:])
            ]
            for _ in range(2)
        )
        cases.append((*both, lr))
    return cases


def refilled(params, grads, lr):
    """A step that puts the new layers into the list of the caller."""
    params[:] = step(params, grads, lr)
    return params


exercise(
    "14-4",
    "my_step(params, grads, lr)",
    Task(
        right=step,
        cases=layers_and_gradients,
        slips={
            "you put what is new into the caller's own arrays or list, and return the very list "
            "that you were given; make new layers, in a list of your own": (
                PATIENTS["changed in place"].broken,
                refilled,
            ),
            "a new list, but with the old arrays in it: a copy of a list copies no arrays, and -= "
            "has changed those of the caller": (
                lambda params, grads, lr: step_in_place(list(params), grads, lr)
            ),
            "plus instead of minus: this step goes uphill": (
                lambda params, grads, lr: step(params, grads, -lr)
            ),
            "the weights have not moved": lambda params, grads, lr: list(params),
            "lr is missing: this step is as long as the gradient": (
                lambda params, grads, lr: step(params, grads, 1)
            ),
            "the weights move as they should, the biases do not": (
                lambda params, grads, lr: [
                    Layer(W, b) for (W, _), (_, b) in zip(step(params, grads, lr), params)
                ]
            ),
        },
    ),
    praise="The old parameters are still there: the next run begins where this one began.",
    hints=(
        "W -= … changes the array that the caller holds; W - … makes a new one.",
        "build a new list, with a new Layer for each layer.",
        "return [Layer(W - lr * dW, …) for (W, b), (dW, db) in zip(params, grads)]; biases alike.",
    ),
)


exercise(
    "14-5",
    "my_read(table)",
    READ,
    praise="Pixels in 0…1 as columns, labels untouched.",
    hints=(
        "take the table apart first, and scale only the part that holds pixels.",
        "labels are names: integers, never divided. Pixels: / 255, and .T to make columns.",
        "two things come back: table[:, 0] as it is, and the other columns, turned and scaled.",
    ),
)


ILL = ("scalar bias gradient", "no 1/m", "row for a column")  # the patients with such a part
TEST_SAYS = {
    "kind": "return True or False; yours is {kind}",
    "assert on healthy": "your test stops with assert on the right function, and should return "
    "False",
    "assert": "your test stops with assert on “{name}”; here it should return True instead",
    "never called": "your test never calls the function that it is given; whether it is ill shows "
    "in what it computes",
    "healthy called ill": "your test calls the right function ill",
    "nothing on healthy": "your test returns nothing for the right function; it should return "
    "False",
    "nothing": "your test returns nothing for “{name}”; it should return True",
    "sent home": "your test sends the patient “{name}” home as healthy",
}


def without_name(part, calls):
    """A part that counts its calls, and that its name does not give away."""

    def layer_gradient(dZ, A):
        calls.append(part)
        return part(dZ, A)

    layer_gradient.__qualname__ = "layer_gradient"
    return layer_gradient


def judge_test(answer):
    """The healthy function first, then each patient."""
    calls = []
    outcome = answer.run((without_name(layer_gradient, calls),))
    if isinstance(outcome.error, AssertionError):
        return TEST_SAYS["assert on healthy"]
    if outcome.error:
        return answer.fault(outcome.error)
    mistake = judge_kind(outcome.value, "nothing on healthy")
    if mistake or not calls:
        return mistake or TEST_SAYS["never called"]
    if outcome.value:
        return TEST_SAYS["healthy called ill"]
    ill = {name: answer.run((without_name(PATIENTS[name].broken, calls),)) for name in ILL}
    return next(filter(None, (judge_patient(name, found) for name, found in ill.items())), None)


def judge_kind(value, nothing, **fields):
    """What is wrong with the kind of what a test returned, or None."""
    if value is None:
        return TEST_SAYS[nothing].format(**fields)
    is_yes_or_no = getattr(fitted(value, np.array(True)), "shape", None) == ()
    return None if is_yes_or_no else TEST_SAYS["kind"].format(kind=kind_of(value))


def judge_patient(name, outcome):
    """What is wrong with what a test says of a patient, or None."""
    if isinstance(outcome.error, AssertionError):
        return TEST_SAYS["assert"].format(name=name)
    if outcome.error:
        return None  # a test that stops has found something
    if mistake := judge_kind(outcome.value, "nothing", name=name):
        return mistake
    return None if outcome.value else TEST_SAYS["sent home"].format(name=name)


exercise(
    "14-6",
    "is_ill(layer_gradient)",
    judge_test,
    praise="Three patients are caught, and the healthy one may go home.",
    hints=(
        "choose a dZ and an A for which you know the answer by hand, with more than one sample "
        "and more than one unit.",
        "two comparisons with the right db: its shape, then its values. The values of dW tell of "
        "the 1/m.",
        "dZ = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.0]]), A = ones: db is [[2], [-1/3]], and "
        "each entry of dW in row 0 is 2. Return True if anything differs.",
    ),
    says=TEST_SAYS,
)
