"""Sixteen patients: each is ill, is cured, and is found by what the table says finds it."""

import inspect

import numpy as np
import pandas as pd
import pytest
from lessons import ROOT

from nnlib.clinic import examine as clinic
from nnlib.clinic.patients import PATIENTS, Parts, code, failure, leaves_its_arguments_alone
from nnlib.data import load_mnist, split_stratified
from nnlib.metrics import accuracy
from nnlib.network import Layer
from nnlib.optimizers import SGD
from nnlib.training import train

FILES = ("clinic", "clinic_words", "clinic_tuning")
RECORDS = clinic.Records(*(pd.read_csv(ROOT / "data" / "records" / f"{f}.csv") for f in FILES))
every_patient = pytest.mark.parametrize("name", PATIENTS)

FINDINGS = {  # what accuracy says (end of the sentence), and what the gradient check finds
    "scalar bias gradient": ("nobody would notice", {"b1", "b2"}),
    "softmax over everything": ("an alarm", {"W1", "b1", "W2", "b2"}),
    "wrong sign": ("an alarm", {"W1", "b1", "W2", "b2"}),
    "no 1/m": ("an alarm", {"W1", "b1", "W2", "b2"}),
    "exp overflow": ("an alarm in 1 of 3 runs", set()),
    "raw pixels": ("an alarm", set()),
    "equal widths": ("seems a weak network", {"it stops"}),
    "row for a column": ("the test digits do not", {"shapes"}),
    "one-hot from y.max()": ("after 6, 1, 58 steps", set()),
    "one-hot off by one": ("an alarm", set()),
    "shuffled apart": ("an alarm", set()),
    "changed in place": ("nobody would notice", set()),
    "no ReLU derivative": ("seems a weak network", {"W1", "b1"}),
    "tuned on the test set": ("nobody would notice", set()),
    "zero start": ("an alarm", set()),
    "labels scaled too": ("too good to be true", set()),
}


@pytest.fixture(scope="module")
def table():
    """500 training digits as rows."""
    return clinic.as_table(*split_stratified(load_mnist()[0], 50)[1])


def test_the_table_is_whole():
    assert list(FINDINGS) == list(PATIENTS)
    assert len(PATIENTS) >= 14
    assert all(len(name) <= 23 for name in PATIENTS)


@every_patient
def test_the_unit_test_fails_on_the_patient_and_passes_on_the_cure(name):
    patient = PATIENTS[name]
    found = failure(patient.test, patient.broken)
    assert found and any(letter.isdigit() for letter in found), found
    assert failure(patient.test, patient.cure) is None
    assert found in clinic.unit_test_says(name)
    assert patient.test.__name__ in clinic.unit_test_says(name)


@every_patient
def test_the_patient_has_the_form_of_the_healthy_part(name):
    patient = PATIENTS[name]
    names = [list(inspect.signature(f).parameters) for f in (patient.broken, patient.cure)]
    assert names[0] == names[1]
    for function in (patient.broken, patient.test):
        assert function.__doc__ and len(code(function).splitlines()) <= 12
    assert '"""' not in code(patient.broken, docstring=False)
    assert patient.parts(cured=True) == Parts(**patient.others)


@every_patient
def test_the_gradient_check_finds_what_the_table_says(name):
    found, expected = clinic.gradient_errors(name), FINDINGS[name][1]
    wrong = {of for of, error in found.errors.items() if error >= clinic.BLIND}
    wrong |= {"it stops"} if found.stopped else set()
    if name == "row for a column":
        assert found.shapes and not wrong
        wrong = {"shapes"}
    assert wrong == expected
    assert clinic.gradient_sees(name) is bool(expected)
    says = clinic.gradient_says(name)
    assert says.startswith("nothing, every error is below 1e-6") is (not expected)
    right = "the values are right, every error is below 1e-6, but db1 has shape (5,) instead of"
    assert says.startswith(right) is (expected == {"shapes"})


@every_patient
def test_the_cured_gradient_is_right_with_sizes_that_all_differ(name):
    found = clinic.gradient_errors(name, cured=True)
    assert found.largest < 1e-8 and not found.shapes and not found.stopped


@pytest.mark.parametrize("m", [5, 7, 20])
def test_the_errors_have_their_fingerprints(m):
    missing = clinic.gradient_errors("no 1/m", m=m).errors
    assert list(missing.values()) == pytest.approx([(m - 1) / (m + 1)] * 4)
    flipped = clinic.gradient_errors("wrong sign", m=m).errors
    assert list(flipped.values()) == pytest.approx([1] * 4)
    scalar = clinic.gradient_errors("scalar bias gradient", m=m).errors
    assert scalar["b2"] == pytest.approx(1) and 0.1 < scalar["b1"] < 0.99
    equal = clinic.gradient_errors("equal widths", sizes=(6, 4, 4), m=m).errors
    assert equal["W1"] > 0.01 and equal["W2"] < 1e-8


def test_with_ten_classes_the_check_would_stop_at_one_hot_from_y_max():
    assert clinic.gradient_errors("one-hot from y.max()", sizes=(6, 5, 10), m=7).stopped


def test_a_step_that_changes_b_only_is_caught():
    def step(params, grads, lr):
        for (_, b), (_, db) in zip(params, grads, strict=True):
            b -= lr * db
        return [Layer(W - lr * dW, b) for (W, b), (dW, _) in zip(params, grads, strict=True)]

    assert failure(leaves_its_arguments_alone, step) == "b was 1, and is 0.5 after the step"


@every_patient
def test_accuracy_says_what_the_table_says(name):
    says, end = clinic.accuracy_says(RECORDS, name), FINDINGS[name][0]
    assert says.endswith(end)
    unseen = ("nobody would notice", "seems a weak network")
    assert clinic.accuracy_sees(RECORDS, name) is not end.endswith(unseen)


def test_who_sees_whom():
    seen = {name: clinic.seen_by(RECORDS, name) for name in PATIENTS}
    kinds = {(s["accuracy"], s["gradient check"]) for s in seen.values()}
    assert len(kinds) == 4  # both, each alone, neither
    assert all(s["unit test"] for s in seen.values())
    unseen = [n for n, s in seen.items() if not s["doctor"]]
    assert unseen == [
        "scalar bias gradient",
        "equal widths",
        "one-hot from y.max()",
        "no ReLU derivative",
        "tuned on the test set",
    ]
    missed = {what: sum(not s[what] for s in seen.values()) for what in seen["no 1/m"]}
    assert missed == {"accuracy": 5, "gradient check": 9, "unit test": 0, "doctor": 5}
    neither = [n for n, s in seen.items() if not s["accuracy"] and not s["gradient check"]]
    assert neither == ["changed in place", "tuned on the test set"]


@every_patient
def test_a_case_sheet_holds_code_findings_and_cure(name):
    patient = PATIENTS[name]
    sheet, hidden = (clinic.case_sheet(RECORDS, name, cure) for cure in (True, False))
    one_line = " ".join(sheet.split())
    for says in clinic.report(RECORDS, name).values():
        assert " ".join(says.split()) in one_line
    assert code(patient.broken, docstring=False) in hidden
    assert code(patient.cure, docstring=False) in sheet
    assert code(patient.cure, docstring=False) not in hidden
    assert max(map(len, sheet.splitlines())) <= 100


def test_a_table_gives_the_digits_back():
    digits = load_mnist()[1]
    X, y = Parts().read(clinic.as_table(*digits))
    np.testing.assert_array_equal(X, digits.X)
    np.testing.assert_array_equal(y, digits.y)
    assert X.dtype == np.float32 and X.strides[0] < X.strides[1]  # a column is contiguous


def test_the_healthy_loop_is_that_of_the_library(table):
    parts = Parts()
    X, y = clinic.admit(parts, table, 0, np.float64)
    start = clinic.begin(parts, 0, dtype=np.float64)
    ours = list(clinic.train_with(parts, start, X, y, 0, n_steps=5))
    theirs = list(train(start, X, y, SGD(clinic.LR), epochs=5))
    for a, b in zip(ours, theirs, strict=True):
        assert a.loss == pytest.approx(b.loss, rel=1e-12) and a[:2] == b[:2]
        for one, other in zip(a.params, b.params, strict=True):
            np.testing.assert_allclose(one.W, other.W, rtol=1e-10)
            np.testing.assert_allclose(one.b, other.b, rtol=1e-10, atol=1e-14)


def test_mini_batches_end_after_the_steps_that_were_asked_for(table):
    parts = Parts()
    X, y = clinic.admit(parts, table, 0)
    records = list(clinic.train_with(parts, clinic.begin(parts, 0), X, y, 0, 20, batch_size=32))
    assert [record.step for record in records] == list(range(1, 21))
    assert records[0].epoch == 1 and records[-1].epoch == 2  # 500 digits are 16 batches


def test_only_one_patient_changes_its_start(table):
    for name, patient in PATIENTS.items():
        parts = patient.parts()
        start, kept = clinic.begin(parts, 0), clinic.begin(parts, 0)
        X, y = clinic.admit(parts, table, 0)
        list(clinic.train_with(parts, start, X, y, 0, 1, 100))
        same = all(np.array_equal(a.W, b.W) for a, b in zip(start, kept, strict=True))
        assert same is (name != "changed in place"), name


def test_a_sleeping_patient_trains_like_the_cured(table):
    X, y = clinic.admit(Parts(), table, 0)
    ends = []
    for softmax in (PATIENTS["exp overflow"].broken, PATIENTS["exp overflow"].cure):
        parts = Parts(softmax=softmax)
        *_, last = clinic.train_with(parts, clinic.begin(parts, 0), X, y, 0, 30)
        ends.append(last.loss)
    assert ends[0] == pytest.approx(ends[1], rel=1e-4)


def test_a_sum_is_healthy_with_a_rate_m_times_smaller(table):
    ends = []
    for cured, lr in ((False, 0.1 / 500), (True, 0.1)):
        parts = PATIENTS["no 1/m"].parts(cured)
        X, y = clinic.admit(parts, table, 0)
        *_, last = clinic.train_with(parts, clinic.begin(parts, 0), X, y, 0, 30, lr=lr)
        ends.append(last.loss)
    assert ends[0] == pytest.approx(ends[1], rel=1e-3)


def test_what_stops_a_run_is_told(table):
    case = clinic.history_of("one-hot from y.max()", table, n_steps=300)
    assert case.stopped.startswith("ValueError: operands could not be broadcast")
    assert 0 < len(case.history) < 300
    assert clinic.history_of("no 1/m", table, n_steps=2).stopped == ""


def test_every_step_is_watched(table):
    steps = []
    case = clinic.history_of("wrong sign", table, n_steps=4, watch=lambda r: steps.append(r.step))
    assert steps == [1, 2, 3, 4] == [record.step for record in case.history]


def test_the_loss_counts_a_zero_as_the_smallest_number_and_keeps_nan():
    Y = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    P = np.array([[0.0, 0.5], [1.0, 0.5]], dtype=np.float32)
    assert clinic.clipped_loss(P, Y) == pytest.approx((87.3365 + np.log(2)) / 2, rel=1e-5)
    assert np.isnan(clinic.clipped_loss(P * np.nan, Y))


def test_predictions_are_those_of_the_parts(table):
    parts = Parts()
    X, y = clinic.admit(parts, table, 0)
    *_, last = clinic.train_with(parts, clinic.begin(parts, 0), X, y, 0, 100)
    assert accuracy(clinic.predict_with(parts, last.params, X), y) > 0.6
