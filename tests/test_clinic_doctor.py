"""The training doctor: one fitting sentence for each patient, and none for the healthy."""

import copy
import itertools
import math
import re

import numpy as np
import pandas as pd
import pytest
from lessons import ROOT

from nnlib.clinic import examine as clinic
from nnlib.clinic.doctor import BEFORE, HEALTHY, LOOKS, diagnose, second_opinion, step_ratio
from nnlib.clinic.patients import PATIENTS
from nnlib.data import load_mnist, split_stratified
from nnlib.network import Layer, init_params
from nnlib.optimizers import SGD, Adam, Momentum, RMSProp
from nnlib.training import Record, train

DIGITS = split_stratified(load_mnist()[0], 100)[1]  # 1,000 of the 4,000: enough, and quick
WORDS = pd.read_csv(ROOT / "data" / "records" / "clinic_words.csv").fillna("")

SENTENCES = {  # what the doctor says, sick, after 120 steps
    "scalar bias gradient": "looks healthy$",
    "softmax over everything": r"it fits ln \d0,000, one softmax shared by all \d,000 samples$",
    "wrong sign": r"the first steps go uphill \(cosine -0.\d\d .* a sign is wrong$",
    "no 1/m": r"divided by m = \d,000 it would be usual: the 1/m is missing, or the learning rate",
    "exp overflow": "^NaN or infinite from step 1 on: exp has overflowed",
    "raw pixels": "unscaled, up to 255 .*: divide by 255$",
    "equal widths": "looks healthy$",
    "row for a column": r"^b1 has become \(10, 10\) instead of \(10, 1\)",
    "one-hot from y.max()": r"looks healthy so far, after \d+ steps?$",
    "one-hot off by one": "% of the answers are the label minus 1",
    "shuffled apart": "hardly below guessing, though it moves: the labels may not belong",
    "changed in place": "the first loss is .*: these start parameters have been trained before$",
    "no ReLU derivative": "looks healthy$",
    "tuned on the test set": "looks healthy$",
    "zero start": "all units of layer 1 are the same",
    "labels scaled too": "^every label is 0",
}
SECOND = {  # what it says of the first step
    "scalar bias gradient": r"errors: b1 0.\d\d, b2 1.00\)$",
    "softmax over everything": "not that of the gradient",
    "wrong sign": "^the first step is -1 times what it should be, in every array$",
    "no 1/m": "^the first step is 1,000 times what it should be, in every array$",
    "equal widths": r"errors: W1 0.\d\d, b1 0.\d\d\)$",
    "no ReLU derivative": r"errors: W1 0.\d\d, b1 0.\d\d\)$",
    "one-hot off by one": "not that of the gradient",
}
RUNS = [  # sizes, activations, start, optimizer, batch size, epochs, every, type
    ([784, 10, 10], ("relu", "softmax"), "he", SGD(0.1), None, 80, 1, np.float32),
    ([784, 32, 10], ("relu", "softmax"), "he", SGD(0.5), None, 60, 1, np.float64),
    ([784, 20, 10], ("tanh", "softmax"), "xavier", SGD(0.3), 32, 2, 1, np.float32),
    ([784, 20, 10], ("sigmoid", "softmax"), "xavier", SGD(0.5), None, 120, 1, np.float64),
    ([784, 10], ("softmax",), "he", SGD(0.5), 32, 2, 1, np.float64),
    ([784, 100, 10], ("relu", "softmax"), "he", Adam(0.001), 32, 3, None, np.float32),
    ([784, 10, 10], ("relu", "softmax"), "uniform", SGD(0.1), None, 200, 1, np.float32),
    ([784, 20, 10, 10], ("sigmoid", "sigmoid", "softmax"), "xavier", Adam(0.01), 32, 3, 1,
     np.float32),
    ([784, 50, 20, 10], ("relu", "tanh", "softmax"), "he", Momentum(0.01), 32, 2, 1, np.float64),
    ([784, 32, 10], ("relu", "softmax"), "he", RMSProp(0.001), 32, 2, 1, np.float32),
    ([784, 60, 10], ("tanh", "softmax"), "xavier", Adam(0.01), 32, 3, 1, np.float32),
]  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return clinic.as_table(*DIGITS)


@pytest.mark.parametrize("name", PATIENTS)
def test_each_patient_gets_a_sentence_that_fits(table, name):
    if name == "shuffled apart":  # 1,000 labels are soon learned by heart
        table = clinic.as_table(*load_mnist()[0])
    case = clinic.history_of(name, table, n_steps=120)
    said = diagnose(case.history, case.X, case.y, start=case.start)
    assert re.search(SENTENCES[name], said), said
    assert "\n" not in said and not said.endswith(".") and len(said) < 180
    recorded = WORDS[(WORDS["patient"] == name) & (WORDS["run"] == "sick") & (WORDS["seed"] == 0)]
    assert re.search(SENTENCES[name], recorded["doctor"].item())


def test_few_shuffled_labels_are_learned_by_heart_and_fool_the_doctor(table):
    case = clinic.history_of("shuffled apart", table[::2], n_steps=300)
    assert diagnose(case.history, case.X, case.y, start=case.start) == HEALTHY


def test_cured_patients_look_healthy():
    cured = WORDS[(WORDS["run"] == "cured") & (WORDS["patient"] != "exp overflow")]
    assert set(cured["doctor"]) == {HEALTHY} and len(cured) == 3 * (len(PATIENTS) - 1)
    ill = WORDS[(WORDS["run"] == "cured") & (WORDS["patient"] == "exp overflow")]
    assert all("start weights are too large" in said for said in ill["doctor"])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run[0]} {type(run[3]).__name__}")
def test_the_healthy_look_healthy(run, seed):
    sizes, activations, start, optimizer, batch_size, epochs, every, dtype = run
    optimizer = type(optimizer)(optimizer.lr)  # its memory belongs to one network
    rng = np.random.default_rng(seed)
    X, y = DIGITS.X.astype(dtype), DIGITS.y
    params = init_params(sizes, rng, start, dtype)
    options = dict(activations=activations)
    history = list(train(params, X, y, optimizer, epochs, batch_size, rng, every, **options))
    assert diagnose(history, X, y, activations, start=params) == HEALTHY
    assert diagnose(history, X, y, activations) == HEALTHY
    if every == 1:
        assert 0.0015 < step_ratio(params, history[0].params) < 0.3  # as lesson 14 says


@pytest.mark.parametrize("lr", [0.003, 0.001, 0.0001])
def test_slow_is_not_called_ill_data(lr):
    params = init_params([784, 10, 10], np.random.default_rng(0))
    history = list(train(params, *DIGITS, SGD(lr), 60, every=1))
    for start in (params, None):
        assert diagnose(history, *DIGITS, start=start).endswith("steps too short, or too few")


def run_of(sizes, optimizer, batch_size, n_steps, seed, digits=DIGITS, start="he", hidden="relu"):
    """The history, the activations and the start of a healthy run, of these many steps."""
    rng = np.random.default_rng(seed)
    zero = start == "zero"
    params = init_params(sizes, rng, "he" if zero else start)
    params = [Layer(0 * W, b) for W, b in params] if zero else params
    activations = (hidden,) * (len(sizes) - 2) + ("softmax",)
    options = dict(rng=rng, every=1, activations=activations)
    records = train(params, *digits, optimizer, n_steps, batch_size, **options)
    return list(itertools.islice(records, n_steps)), activations, params


def said_of(*args, digits=DIGITS, **options):
    history, activations, start = run_of(*args, digits=digits, **options)
    return diagnose(history, *digits, activations, start)


def only(classes, most=None):
    """The digits of some classes; of `most` so many that the others are 40 %."""
    X, y = DIGITS
    keep = np.flatnonzero(np.isin(y, classes))
    if most is not None:
        mine, others = np.flatnonzero(y == most), np.flatnonzero(y != most)
        keep = np.concatenate([mine, others[: len(mine) * 2 // 3]])
    return np.ascontiguousarray(X.T[keep]).T, y[keep]


@pytest.mark.parametrize(
    ("sizes", "optimizer", "batch_size", "n_steps", "options"),
    [
        ([784, 10], SGD(0.5), 32, 96, dict(start="zero")),
        ([784, 32, 10], SGD(0.1), 1, 1000, {}),
        ([784, 32, 10], SGD(0.01), 1, 1000, {}),
        ([784, 10, 10], SGD(0.01), 1, 1000, {}),
        ([784, 32, 10], Adam(0.001), 1, 300, {}),
        ([784, 20, 10, 10], SGD(0.5), None, 120, dict(start="xavier", hidden="sigmoid")),
        ([784, 20, 10, 10], SGD(0.5), 32, 120, dict(start="xavier", hidden="sigmoid")),
        ([784, 20, 10, 10, 10], SGD(0.5), None, 130, dict(start="xavier", hidden="sigmoid")),
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [0, 3, 5])
def test_healthy_runs_that_look_odd_are_not_accused(
    sizes, optimizer, batch_size, n_steps, options, seed
):
    optimizer = type(optimizer)(optimizer.lr)
    said = said_of(sizes, optimizer, batch_size, n_steps, seed, **options)
    assert said == HEALTHY or (sizes == [784, 32, 10] and "ReLUs are 0" in said), said


@pytest.mark.parametrize("seed", range(4, 8))
def test_a_first_pass_is_not_blamed_on_the_labels_or_a_sign(seed):
    said = said_of([784, 10, 10], SGD(0.01), 1, 60, seed)
    assert said == HEALTHY or said.endswith("steps too short, or too few")


@pytest.mark.parametrize("digits", [only([0, 1]), only([], most=3)], ids=["0 and 1", "60 % 3"])
@pytest.mark.parametrize("n_steps", [1, 2, 3])
def test_few_classes_are_not_shifted_rows(digits, n_steps):
    for seed in range(6):
        said = said_of([784, 10, 10], SGD(0.1), 32, n_steps, seed, digits=digits)
        assert "rows are shifted" not in said


def test_two_classes_have_no_neighbor():
    X, y = only([0, 1])
    history, activations, start = run_of([784, 8, 2], SGD(0.1), None, 60, 0, digits=(X, 1 - y))
    assert "rows are shifted" not in diagnose(history, X, y, activations, start)


@pytest.mark.parametrize("lr", [20.0, 50.0, 100.0])
def test_a_far_too_large_rate_is_named_beside_the_missing_m(lr):
    digits = load_mnist()[0]
    history, activations, start = run_of([784, 10, 10], SGD(lr), None, 3, 1, digits=digits)
    said = diagnose(history, *digits, activations, start)
    assert said.endswith("the 1/m is missing, or the learning rate is far too large"), said
    assert second_opinion(start, history[0].params, *digits, lr).endswith("as it should be")


def test_a_start_of_zeros_has_no_length(table):
    zeros = [Layer(np.zeros((3, 3)), np.zeros((3, 1)))]
    assert math.isnan(step_ratio(zeros, layers((W, [0, 0, 0]))))
    mixed = step_ratio(zeros + layers((W, [0, 0, 0])), layers((W, [0, 0, 0]), (2 * W, [0, 0, 0])))
    assert mixed == pytest.approx(1)
    case = clinic.history_of("shuffled apart", table, n_steps=2)
    history, activations, start = run_of(
        [784, 10], SGD(1e-6), None, 60, 0, digits=(case.X, case.y), start="zero"
    )
    said = diagnose(history, case.X, case.y, activations, start)
    assert said.endswith("steps too short, or labels that do not belong to these images")


def test_single_samples_wander_and_are_not_called_uphill():
    for seed in range(4):
        rng = np.random.default_rng(seed)
        params = init_params([784, 32, 10], rng)
        history = list(train(params, *DIGITS, SGD(0.01), 1, 1, rng, 1))
        assert diagnose(history, *DIGITS, start=params) == HEALTHY


def test_the_second_opinion_finds_what_is_wrong_in_a_step(table):
    for name, patient in PATIENTS.items():
        if patient.batch_size is None and patient.runs_before == 0 and name != "exp overflow":
            case = clinic.history_of(name, table, n_steps=1)
            told = second_opinion(case.start, case.history[0].params, case.X, case.y, clinic.LR)
            expected = SECOND.get(name, "^the first step is the learning rate times the gradient")
            assert re.search(expected, told), (name, told)


def small(loss, params=None, step=1):
    """A record of a tiny network that knows nothing."""
    nothing = [Layer(np.eye(3), np.zeros((3, 1))), Layer(np.eye(3), np.zeros((3, 1)))]
    return Record(step, step, loss, params or nothing)


X = np.abs(np.random.default_rng(0).normal(size=(3, 30)))
Y3 = np.arange(30) % 3
W = np.array([[1.0, 0.2, 0.0], [0.0, 1.0, 0.3], [0.1, 0.0, 1.0]])


def layers(*pairs):
    return [Layer(np.array(W, dtype=float), np.reshape(b, (-1, 1))) for W, b in pairs]


GOOD = dict(X=X, y=Y3, activations=("relu", "softmax"), start=None)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (dict(X=X.T), r"X must be \(3, samples\) and y \(samples,\); got \(30, 3\) and \(30,\)"),
        (dict(X=X[:2]), r"got \(2, 30\) and"),
        (dict(y=np.eye(3)[:, Y3]), r"and \(3, 30\)$"),
        (dict(y=Y3[None]), r"and \(1, 30\)$"),
        (dict(y=Y3[:-1]), r"and \(29,\)$"),
        (dict(X=X[:, :0], y=Y3[:0]), "no samples"),
        (dict(y=Y3.astype(float)), "integer labels 0 to 2; got float64, 0.0 to 2.0"),
        (dict(y=Y3 + 1), "integer labels 0 to 2; got int64, 1 to 3"),
        (dict(y=Y3 - 1), "got int64, -1 to 1"),
        (dict(activations=("softmax",)), r"name each of 2 layers; got \('softmax',\)"),
        (dict(activations="softmax"), "name each of 2 layers; got 'softmax'"),
        (dict(start=[Layer(np.eye(3), np.zeros((3, 1)))]), r"got \[\(3, 3\)\]"),
        (dict(start=[Layer(np.ones((3, 2)), np.zeros((3, 1)))] * 2), r"got \[\(3, 2\), \(3, 2\)\]"),
    ],
)
def test_what_does_not_fit_is_refused_at_the_door(bad, words):
    with pytest.raises(ValueError, match=words):
        diagnose([small(1.1)], **GOOD | bad)


def test_lists_will_do():
    assert diagnose([small(1.1)], X.tolist(), Y3.tolist()) == diagnose([small(1.1)], X, Y3)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((3,), r"^b1 has become \(3,\) instead of \(3, 1\), a column with one number a unit$"),
        ((1, 3), r"\(1, 3\) instead of \(3, 1\), a column"),
        ((), r"\(\) instead of \(3, 1\), a column"),
        ((3, 3), r"\(3, 3\) instead of \(3, 1\): a column minus a row is a whole matrix"),
    ],
)
def test_a_bias_of_another_shape_is_described(shape, words):
    params = [Layer(np.eye(3), np.zeros(shape)), Layer(np.eye(3), np.zeros((3, 1)))]
    assert re.search(words, diagnose([small(1.1, params)], X, Y3))


def test_no_history_and_other_outputs():
    assert diagnose([], X, Y3).startswith("no history")
    with pytest.raises(ValueError, match="end in softmax; got 'sigmoid'"):
        diagnose([small(1.0)], X, Y3, ("relu", "sigmoid"))


@pytest.mark.parametrize(
    ("history", "activations", "words"),
    [
        ([small(math.nan)], ("relu", "softmax"), "NaN or infinite from step 1 on: exp has over"),
        ([small(33.0)], ("relu", "softmax"), "divided by m = 30 it would fit: this loss is a sum"),
        ([small(5.0)], ("relu", "softmax"), "it fits ln 90, one softmax shared by all 30 samples"),
        ([small(12.0)], ("relu", "softmax"), "too large, or this loss holds a penalty"),
        ([small(0.3)], ("relu", "softmax"), "trained before"),
        ([small(1.1), small(3.0, step=9)], ("relu", "softmax"), "the loss rises, from 1.10 to"),
        (
            [small(1.1), small(1.0, layers((W, [-9, -9, 1]), (W, [0, 0, 0])), 60)],
            ("relu", "softmax"),
            "2 of 3 hidden ReLUs are 0 for every sample and can no longer learn: a step was far "
            "too long, or the start biases far too low",
        ),
        (
            [small(1.1), small(1.0, layers((W, [9, 9, -9]), (W, [0, 0, 0])), 60)],
            ("tanh", "softmax"),
            "100 % of the hidden values are saturated",
        ),
        (
            [small(1.1), small(1.1, step=60)],
            ("relu", "softmax"),
            "the weights have moved by 0.0 %: steps too short, or too few",
        ),
        (
            [small(1.1), small(1.0, layers((W, [0, 0, 0]), (W, [9, 0, 0])), 60)],
            ("relu", "softmax"),
            "it answers 0 to 100 % of the samples",
        ),
        (
            [small(1.1), small(1.0, layers((np.ones((3, 3)), [0, 0, 0]), (W, [0, 0, 0])), 60)],
            ("relu", "softmax"),
            "all units of layer 1 are the same",
        ),
        ([small(1.1), small(1.1, step=2)], ("relu", "softmax"), "looks healthy so far, after 2 s"),
        ([small(1.1)], ("relu", "softmax"), "looks healthy so far, after 1 step"),
    ],
)
def test_each_question_has_its_answer(history, activations, words):
    said = diagnose(history, X, Y3, activations)
    assert words in said, said


def test_a_first_record_of_a_whole_epoch_may_be_low():
    history = [small(0.3, layers((W, [0, 0, 0]), (W, [0, 0, 0])), step) for step in (100, 200)]
    assert diagnose(history, X, Y3) == HEALTHY


def test_unscaled_input_is_named_with_its_remedy():
    assert diagnose([small(1.1)], 255 * X / X.max(), Y3).endswith("divide by 255")
    assert diagnose([small(1.1)], 1000 * X, Y3).endswith("scale them to a size of about 1")
    said = diagnose([small(math.nan)], 1000 * X, Y3)
    assert said.startswith("NaN or infinite from step 1 on: the inputs are unscaled")


def test_a_long_step_without_the_m_is_a_learning_rate():
    start = small(1.1).params
    moved = [Layer(500 * layer.W, layer.b) for layer in start]
    said = diagnose([small(1.1, moved)], X, Y3, start=start)
    assert said == "the first step was 499 times as long as the weights: the learning rate is " + (
        "far too large"
    )


def test_the_doctor_changes_nothing(table):
    case = clinic.history_of("no 1/m", table, n_steps=3)
    kept = case.X.copy(), case.y.copy(), copy.deepcopy(case.history)
    diagnose(case.history, case.X, case.y, start=case.start)
    np.testing.assert_array_equal(case.X, kept[0])
    np.testing.assert_array_equal(case.y, kept[1])
    for record, old in zip(case.history, kept[2], strict=True):
        for layer, before in zip(record.params, old.params, strict=True):
            np.testing.assert_array_equal(layer.W, before.W)
            np.testing.assert_array_equal(layer.b, before.b)


def test_the_questions_are_questions():
    for look in (*BEFORE, *LOOKS):
        assert look.__doc__.endswith("?")


def test_a_half_step_and_a_true_step():
    rng = np.random.default_rng(3)
    params = init_params([3, 5, 4], rng, "uniform", np.float64)
    (record,) = train(params, X, Y3, SGD(0.2), 1)
    assert second_opinion(params, record.params, X, Y3, 0.2).endswith("as it should be")
    wide = [record.params[0]._replace(b=np.tile(record.params[0].b, 5)), record.params[1]]
    told = second_opinion(params, wide, X, Y3, 0.2)
    assert told == "the first step has changed the shape of b1: (5, 5), not (5, 1)"
    assert second_opinion(params, record.params, X, Y3, 0.4).startswith(
        "the first step is 0.5 times"
    )


def test_nan_in_the_inputs_is_named_as_such():
    X, y = DIGITS.X.copy(), DIGITS.y
    X[3] = np.nan
    start = init_params([784, 10], np.random.default_rng(0))
    said = diagnose([Record(1, 1, math.nan, start)], X, y, ("softmax",), start)
    assert "the inputs hold NaN" in said
