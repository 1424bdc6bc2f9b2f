"""The recorded networks of filters: complete, chosen as said, repeatable, resumable to the bit."""

import csv
import os
import subprocess
import sys

import numpy as np
import pytest
from lessons import ROOT

from benchmarks.makers import convolution, record
from benchmarks.makers.convolution import (
    FINALS,
    SMALL,
    TRIALS,
    Run,
    main,
    settings,
    train,
    whole_record,
)
from benchmarks.makers.frame import RECORDS
from nnlib.convolution import Convolution
from nnlib.data import load_mnist

needs_full = pytest.mark.skipif("NNLIB_DATA" not in os.environ, reason="needs the full set")
TINY = Run("sample", (Convolution(2, 5, stride=3), Convolution(10, 8)), 3, "Momentum", 0.05)
PLAIN = TINY._replace(deformed=0)
COLUMNS = {
    "convolution": ["run", "epoch", "train_loss", "test_error", "seconds"],
    "convolution_trials": [*Run._fields, "train_loss", "validation_error", "seconds"],
    "convolution_mistakes": ["digit", "label", "read", "probability", "pixels"],
}


@pytest.fixture(autouse=True)
def large_batches(monkeypatch):
    """Ten batches an epoch of the sample; a test set that nobody has opened."""
    monkeypatch.setattr(convolution, "BATCH", 400)
    convolution.parts.cache_clear()
    yield
    convolution.parts.cache_clear()


@pytest.fixture
def written(monkeypatch):
    """What would have been written as records: {name: rows}."""
    records = {}
    monkeypatch.setattr(convolution, "write", records.__setitem__)
    return records


def stored(name):
    """The rows of a record."""
    path = RECORDS / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of(name):
    """The rows of one network that was trained on all digits."""
    return [row for row in stored("convolution") if row["run"] == name]


def as_tried(run):
    """The trials with the settings of a network that was trained on all digits."""
    return [t for t in TRIALS if t._replace(digits="full", epochs=run.epochs) == run]


def without_time(rows):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]


def same_bits(params, others):
    pairs = zip(params, others, strict=True)
    return all((A == B).all() for layer, other in pairs for A, B in zip(layer, other, strict=True))


@pytest.mark.parametrize("name", COLUMNS)
def test_the_records_have_their_columns_and_are_small(name):
    assert list(stored(name)[0]) == COLUMNS[name]
    assert (RECORDS / f"{name}.csv").stat().st_size < 500_000


def test_every_trial_is_there_in_order():
    table = stored("convolution_trials")
    expected = [{k: str(v) for k, v in settings(run).items()} for run in TRIALS]
    assert [{k: row[k] for k in Run._fields} for row in table] == expected
    assert len(set(TRIALS)) == len(TRIALS)
    for row in table:
        assert 0 < float(row["validation_error"]) < 0.1
        assert float(row["train_loss"]) > 0 and float(row["seconds"]) > 0


def test_the_networks_of_the_record_are_those_that_the_maker_says():
    assert list(dict.fromkeys(row["run"] for row in stored("convolution"))) == list(FINALS)
    assert "deformed" in FINALS and SMALL in [run.plan for run in FINALS.values()]


@pytest.mark.parametrize("name", FINALS)
def test_what_was_trained_on_all_digits_had_been_tried(name):
    assert FINALS[name].digits == "full" and as_tried(FINALS[name])


def test_the_deformed_one_was_the_best_of_the_trials_on_validation_digits():
    errors = [float(row["validation_error"]) for row in stored("convolution_trials")]
    best = [trial for trial, error in zip(TRIALS, errors, strict=True) if error == min(errors)]
    assert set(best) & set(as_tried(FINALS["deformed"]))


@pytest.mark.parametrize("name", FINALS)
def test_every_epoch_is_there_and_the_test_set_was_seen_once(name):
    rows = rows_of(name)
    assert [int(row["epoch"]) for row in rows] == list(range(1, FINALS[name].epochs + 1))
    assert [bool(row["test_error"]) for row in rows] == [False] * (len(rows) - 1) + [True]
    assert 0 < float(rows[-1]["test_error"]) < 0.1
    assert 0 < float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    assert 0 < sum(float(row["seconds"]) for row in rows) < 2 * 3600


@pytest.mark.parametrize("name", [name for name, run in FINALS.items() if run.plan == SMALL])
def test_the_small_network_reaches_its_goal(name):
    assert float(rows_of(name)[-1]["test_error"]) <= 0.012


def test_the_mistakes_are_as_many_as_the_error_says():
    table = stored("convolution_mistakes")
    assert len(table) == round(10_000 * float(rows_of("deformed")[-1]["test_error"]))
    numbers = [int(row["digit"]) for row in table]
    assert numbers == sorted(set(numbers)) and set(numbers) <= set(range(10_000))
    for row in table:
        assert row["label"] != row["read"] and {row["label"], row["read"]} <= set("0123456789")
        assert 0.1 <= float(row["probability"]) <= 1
        assert len(bytes.fromhex(row["pixels"])) == 784


@needs_full
def test_the_mistakes_are_digits_of_the_test_set():
    table, (_, (X, y)) = stored("convolution_mistakes"), load_mnist("full")
    for row in table:
        j = int(row["digit"])
        assert int(row["label"]) == y[j]
        pixels = np.frombuffer(bytes.fromhex(row["pixels"]), np.uint8)
        np.testing.assert_array_equal(pixels, np.round(255 * X[:, j]))


@needs_full
@pytest.mark.slow
@pytest.mark.parametrize("name", FINALS)
def test_the_first_epoch_on_the_full_set_agrees_with_the_record(name, monkeypatch):
    monkeypatch.setattr(convolution, "BATCH", 100)
    (row,) = train(FINALS[name], epochs=1)[1]
    known = float(rows_of(name)[0]["train_loss"])
    assert float(row["train_loss"]) == pytest.approx(known, rel=0.02)


@pytest.mark.parametrize("run", [PLAIN, TINY, PLAIN._replace(optimizer="Adam", lr=0.003)])
def test_a_run_goes_on_where_it_was_and_ends_with_the_same_bits(run, tmp_path):
    params, rows = train(run)
    train(run, folder=tmp_path, epochs=1)
    train(run, folder=tmp_path, epochs=2)
    resumed, all_rows = train(run, folder=tmp_path)
    assert same_bits(params, resumed)
    assert without_time(rows) == without_time(all_rows)
    assert train(run, folder=tmp_path)[1] == all_rows  # finished: nothing is run again


def test_the_learning_rate_falls_along_one_cosine(tmp_path, monkeypatch):
    asked = []

    def decay(lr, step, n_steps):
        asked.append((lr, step, n_steps))
        return lr

    monkeypatch.setattr(convolution, "cosine_decay", decay)
    train(PLAIN, folder=tmp_path, epochs=1)
    train(PLAIN, folder=tmp_path)
    assert asked == [(0.05, step, 30) for step in range(30)]


def test_ctrl_c_in_the_middle_of_an_epoch_loses_that_epoch_only(tmp_path, monkeypatch):
    params, _ = train(PLAIN)
    step, calls = convolution.image_step, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 16:  # ten batches an epoch: the sixth of the second
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(convolution, "image_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(PLAIN, folder=tmp_path)
    resumed, rows = train(PLAIN, folder=tmp_path)
    assert same_bits(params, resumed) and len(rows) == 3
    assert len(calls) == 16 + 2 * 10


def test_another_setting_or_seed_has_a_file_of_its_own(tmp_path):
    wider = PLAIN._replace(plan=(Convolution(3, 5, stride=3), Convolution(10, 8)))
    for run, seed in ((PLAIN, 0), (PLAIN, 1), (TINY, 0), (wider, 0)):
        train(run, seed, tmp_path, epochs=1)
    assert len(list(tmp_path.iterdir())) == 4
    assert len({convolution.file_of(run, 0, tmp_path) for run in TRIALS}) == len(TRIALS)


def test_deformed_digits_are_trained_with_and_never_judged(monkeypatch):
    def none(X, rng, **strengths):
        assert strengths == {k: v / (1 if k == "sigma" else 2) for k, v in convolution.MILD.items()}
        return np.zeros_like(X)

    monkeypatch.setattr(convolution, "deform", none)
    params, (row,) = train(TINY._replace(deformed=0.5), epochs=1)
    assert float(row["train_loss"]) == pytest.approx(np.log(10), rel=0.02)  # blank pages
    assert 0 < convolution.error(TINY, params, load_mnist()[1]) < 1


@needs_full
def test_choices_are_made_on_the_last_ten_thousand_training_digits():
    digits, validation, _ = convolution.parts("choosing")
    (X, y), _ = load_mnist("full")
    assert np.array_equal(digits.X, X[:, :50_000]) and np.array_equal(digits.y, y[:50_000])
    assert np.array_equal(validation.X, X[:, 50_000:]) and np.array_equal(validation.y, y[50_000:])
    digits, validation, _ = convolution.parts("full")
    assert digits.y.size == 60_000 and validation is None


def test_training_and_trying_need_no_test_set(tmp_path, monkeypatch):
    digits, _ = load_mnist()
    monkeypatch.setattr(convolution, "load_mnist", lambda part: (digits, None))
    monkeypatch.setattr(convolution, "TRIALS", (PLAIN,))
    monkeypatch.setattr(convolution, "FINALS", {"deformed": PLAIN})
    main(["--trials", "--folder", str(tmp_path)])
    main(["--train", "deformed", "--folder", str(tmp_path)])
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]


def test_the_test_set_is_opened_for_each_network_once_with_a_reason(tmp_path, capsys):
    vault = convolution.parts("sample")[2]
    for name in ("plain", "deformed", "plain"):
        rows, wrong = convolution.tested(name, PLAIN, tmp_path)
    reason = "the error of the network that validation chose"
    assert vault.openings == [f"{reason}, plain", f"{reason}, deformed"]
    assert "opened twice" in capsys.readouterr().out
    assert [row["test_error"] != "" for row in rows] == [False, False, True]
    assert len(wrong) == round(1000 * float(rows[-1]["test_error"])) > 0


def test_all_is_trained_before_the_test_set_is_opened(tmp_path, monkeypatch, written):
    monkeypatch.setattr(convolution, "TRIALS", (PLAIN._replace(lr=0.01), PLAIN))
    monkeypatch.setattr(convolution, "FINALS", {"plain": PLAIN, "deformed": TINY})
    opened = convolution.Vault.open

    def all_trained(vault, reason):
        assert len(convolution.minibatches.calls) == 3 * 3  # three networks: what is tried stays
        return opened(vault, reason)

    monkeypatch.setattr(convolution.Vault, "open", all_trained)
    monkeypatch.setattr(convolution, "minibatches", count_calls(convolution.minibatches))
    whole_record(tmp_path)
    assert {name: list(rows[0]) for name, rows in written.items()} == {
        f"{name}.csv": columns for name, columns in COLUMNS.items()
    }
    assert [row["run"] for row in written["convolution.csv"]] == ["plain"] * 3 + ["deformed"] * 3
    assert len(convolution.minibatches.calls) == 3 * 3


def count_calls(function):
    """The same function, with a list that grows by each call."""

    def counted(*arguments):
        counted.calls.append(1)
        return function(*arguments)

    counted.calls = []
    return counted


def test_the_mistakes_are_what_was_misread_with_its_pixels():
    params, _ = train(PLAIN, epochs=1)
    digits = load_mnist()[1]
    table = convolution.mistakes(PLAIN, params, digits)
    assert len(table) == round(1000 * convolution.error(PLAIN, params, digits))
    for row in table[:20]:
        Z, _ = convolution.forward_images(params, digits.X[:, [row["digit"]]], PLAIN.plan)
        assert row["read"] == Z.argmax() != row["label"] == digits.y[row["digit"]]
        pixels = np.frombuffer(bytes.fromhex(row["pixels"]), np.uint8)
        np.testing.assert_allclose(pixels / 255, digits.X[:, row["digit"]], atol=1e-6)


def test_quick_writes_nothing(monkeypatch, written, capsys):
    monkeypatch.setattr(record, "keep", lambda *_: pytest.fail("it wrote a file"))
    main(["--quick"])
    epoch, loss, *_ = capsys.readouterr().out.split()
    assert epoch == "1" and 0 < float(loss) < np.log(10) and not written


@pytest.mark.parametrize("maker", ["convolution", "record"])
def test_without_the_full_set_the_maker_says_one_sentence(maker, tmp_path):
    nowhere = {name: str(tmp_path) for name in ("NNLIB_DATA", "HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.makers.{maker}", "--folder", tmp_path / "runs"],
        capture_output=True, encoding="utf-8", cwd=ROOT, env=os.environ | nowhere, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "python -m nnlib.data download" in done.stderr
    assert not list(tmp_path.iterdir())
