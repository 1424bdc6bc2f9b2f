"""Sweeps: every combination, the same numbers from any number of workers, and resumable."""

import csv
import math
import os
import signal
import subprocess
import sys
import time

import joblib
import numpy as np
import pytest
from lessons import ROOT

from nnlib.data import load_mnist
from nnlib.network import multiply_adds
from nnlib.sweep import choosing_split, grid, sweep, train_once

CALLS = []


def squares(a, seed=0):
    """Two rows, and a note that it was called."""
    CALLS.append((a, seed))
    noise = np.random.default_rng(seed).random()
    return [{"k": k, "value": a**k + noise, "kind": "x,y"} for k in (1, 2)]


def fails_at_three(a):
    if a == 3:
        raise KeyError("no three")
    return {"twice": 2 * a}


@pytest.fixture(autouse=True)
def forget_calls():
    CALLS.clear()


@pytest.fixture
def settings():
    return grid(a=[2, 3, 5], seed=[0, 1])


@pytest.fixture
def file(tmp_path):
    return tmp_path / "record.csv"


def quiet(*args, **options):
    return sweep(*args, progress=False, **options)


def test_a_grid_is_every_combination_in_order():
    assert grid(a=[1, 2], b=["x", "y"]) == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
    assert grid(a=[], b=[1]) == [] and grid() == [{}]


def test_rows_come_with_their_settings_in_order(settings):
    rows = quiet(squares, settings)
    assert [(row["a"], row["seed"], row["k"]) for row in rows] == [
        (a, seed, k) for a in (2, 3, 5) for seed in (0, 1) for k in (1, 2)
    ]
    assert rows[3]["value"] == 2**2 + np.random.default_rng(1).random()
    assert quiet(squares, []) == []


def test_a_setting_that_occurs_twice_is_run_once():
    rows = quiet(squares, [{"a": 2}, {"a": 2}])
    assert len(rows) == 4 and rows[:2] == rows[2:] and CALLS == [(2, 0)]


def test_one_and_two_workers_agree_to_the_bit():
    settings = grid(hidden=[3, 7], lr=[0.1, 1.0], batch_size=[50, None], epochs=[2], seed=[1])
    alone = quiet(train_once, settings)
    assert len(alone) == 16
    assert quiet(train_once, settings, n_jobs=2) == alone
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert quiet(train_once, settings) == alone


@pytest.mark.slow
def test_a_dask_cluster_brings_the_same_numbers():
    distributed = pytest.importorskip("distributed")
    settings = grid(hidden=[3, 7], lr=[0.1, 1.0], epochs=[2])
    local = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        distributed.LocalCluster(**local, host="127.0.0.1", dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        with joblib.parallel_config(backend="dask"):
            rows = quiet(train_once, settings)
        workers = client.run(lambda: "nnlib.sweep" in sys.modules)
    assert rows == quiet(train_once, settings)
    assert len(workers) == 2 and any(workers.values())  # it was they who worked


def test_each_run_has_one_thread():
    def threads():
        from threadpoolctl import threadpool_info

        found = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
        return {"most": max(found)}

    assert quiet(lambda a: threads(), grid(a=[1, 2, 3]), n_jobs=2)[0]["most"] == 1


def test_the_bar_is_on_stderr_or_absent(settings, capsys):
    sweep(squares, settings)
    shown = capsys.readouterr()
    assert "6/6" in shown.err and shown.out == ""
    quiet(squares, settings)
    shown = capsys.readouterr()
    assert shown.err == shown.out == ""


def test_a_record_holds_every_run_and_is_read_back_to_the_bit(settings, file):
    rows = quiet(squares, settings, record=file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "a,seed,left,k,value,kind" and len(lines) == 13
    assert lines[1].startswith("2,0,1,1,2.6") and lines[2].startswith("2,0,0,2,4.6")
    CALLS.clear()
    assert quiet(squares, settings, record=file) == rows and CALLS == []
    assert file.read_text(encoding="utf-8").splitlines() == lines


def test_more_settings_are_added_to_a_record(settings, file):
    quiet(squares, settings[:4], record=file)
    CALLS.clear()
    assert quiet(squares, settings, record=file) == quiet(squares, settings)
    assert CALLS[:2] == [(5, 0), (5, 1)]
    assert len(quiet(squares, settings[:1], record=file)) == 2  # a part of it is enough


def test_whatever_was_torn_off_is_run_again(settings, file):
    """Cut the file after every single byte: the sweep always ends with the same rows and file."""
    settings = settings[:3]
    rows, whole = quiet(squares, settings, record=file), file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        CALLS.clear()
        assert quiet(squares, settings, record=file) == rows
        assert file.read_bytes() == whole
        lines = whole[:length].splitlines(keepends=True)
        n_finished = sum(b",0,2," in line and line.endswith(b"\n") for line in lines)
        assert len(CALLS) == 3 - n_finished


def test_a_first_line_cut_within_a_letter_is_begun_anew(file):
    def run(größe):
        return {"twice": 2 * größe}

    settings = [{"größe": 1}, {"größe": 2}]
    rows, whole = quiet(run, settings, record=file), file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert quiet(run, settings, record=file) == rows and file.read_bytes() == whole


def moved(lines, order):
    """The first line, then the others in this order (1 is the one after the first)."""
    return [lines[0], *(lines[place] for place in order)]


def changed(number, old, new):
    """A change of one line, counted from 1."""
    return lambda lines: [
        line.replace(old, new) if place == number else line for place, line in enumerate(lines, 1)
    ]


DAMAGE = {  # what happened to a record of six runs of two rows, and which line says so first
    "a line cut short": (lambda lines: [*lines[:4], b"2,1,0\n", *lines[5:]], 5),
    "a blank line": (changed(4, b"\n", b"\n\n"), 5),
    "a quote left open": (changed(6, b'"x,y"', b'"x'), 6),
    "a byte that is not UTF-8": (changed(6, b"x,y", b"x\xff"), 6),
    "a byte of the first line": (changed(1, b"kind", b"kin\xe4"), 1),
    "a cell too many": (changed(3, b"\n", b",1\n"), 3),
    "left is no number": (changed(2, b",1,1,", b",x,1,"), 2),
    "left is another number": (changed(2, b",1,1,", b",2,1,"), 3),
    "the setting of one row": (changed(3, b"2,0,0,", b"7,0,0,"), 3),
    "sorted by k": (lambda lines: moved(lines, [1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12]), 3),
    "rows of a run turned round": (lambda lines: moved(lines, [2, 1, *range(3, 13)]), 3),
    "rows of the last run turned round": (lambda lines: moved(lines, [*range(1, 11), 12, 11]), 13),
    "the last row of a run is gone": (lambda lines: lines[:2] + lines[3:], 3),
    "a run stands there twice": (lambda lines: lines + lines[1:3], 14),
    "line ends of another system": (
        lambda lines: [*lines[:3], *(x[:-1] + b"\r" for x in lines[3:])],
        4,
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_record_is_refused_with_its_line_and_left_alone(settings, file, what):
    quiet(squares, settings, record=file)
    change, number = DAMAGE[what]
    lines = file.read_bytes().splitlines(keepends=True)
    damaged = b"".join(change(lines))
    assert damaged != b"".join(lines)
    file.write_bytes(damaged)
    CALLS.clear()
    with pytest.raises(
        ValueError, match=rf"^line {number} of record\.csv is damaged .*not changed"
    ):
        quiet(squares, settings, record=file)
    assert file.read_bytes() == damaged and CALLS == []


def test_line_ends_of_windows_are_read(settings, file):
    rows = quiet(squares, settings[:2], record=file)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    CALLS.clear()
    assert quiet(squares, settings[:2], record=file) == rows and CALLS == []


def test_a_missing_folder_is_said_before_the_first_run(settings, tmp_path):
    with pytest.raises(ValueError, match=r"record\.csv has no folder: make 'later' before"):
        quiet(squares, settings, record=tmp_path / "later" / "record.csv")
    assert CALLS == []


def test_values_keep_their_kind(file):
    def run(a):
        return {"whole": 3, "part": 0.1, "nan": math.nan, "none": None, "yes": True, "w": "ä b"}

    fresh, kept = quiet(run, [{"a": None}], record=file), quiet(run, [{"a": None}], record=file)
    for (row,) in (fresh, kept):
        assert row["a"] is None and row["whole"] == 3 and isinstance(row["whole"], int)
        assert row["part"] == 0.1 and math.isnan(row["nan"]) and row["none"] is None
        assert row["yes"] is True and row["w"] == "ä b"


@pytest.mark.parametrize(
    "text",
    [
        "a,b,left,k,value,kind\n1,2,0,1,1.5,x\n",
        "seed,a,left,k,value,kind\n",
        "something else entirely",
        "label,pixel0\n5,0\n",
        "\n",
        "a,seed,left,k\n".encode("utf-16"),
    ],
)
def test_another_file_is_refused_and_left_alone(settings, file, text):
    content = text if isinstance(text, bytes) else text.encode()
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"record\.csv begins with .* 'a,seed,left'; name another"):
        quiet(squares, settings, record=file)
    assert file.read_bytes() == content and CALLS == []


def test_a_run_with_other_columns_is_refused(settings, file):
    quiet(squares, settings[:1], record=file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match=r"has the columns .*'kind'\], this run gives .*'other'\]"):
        quiet(lambda a, seed: {"other": 1}, settings, record=file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failing_run_names_its_setting_and_what_was_finished_stays(file, n_jobs):
    settings = grid(a=[1, 2, 3, 4])
    words = r"the run with a=3 failed: KeyError: 'no three'"
    with pytest.raises(RuntimeError, match=words) as caught:
        quiet(fails_at_three, settings, n_jobs=n_jobs, record=file)
    assert "fails_at_three" in caught.value.__notes__[0]
    with file.open(encoding="utf-8") as lines:
        kept = {int(row["a"]): int(row["twice"]) for row in csv.DictReader(lines)}
    assert {1: 2, 2: 4}.items() <= kept.items() and 3 not in kept


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "returned no rows"),
        ([{"x": 1}, {"y": 1}], "different columns"),
        ({"a": 1}, "'a' is the name of a setting"),
        ({"left": 1}, "'left' is the name"),
        ({"x": "two\nlines"}, "numbers and words"),
    ],
)
def test_rows_that_fit_no_table_are_refused(rows, words):
    with pytest.raises(RuntimeError, match=words):
        quiet(lambda a: rows, [{"a": 1}])


def test_arrays_are_neither_settings_nor_results():
    long = np.zeros(2000)
    with pytest.raises(ValueError, match="numbers and words, not an array"):
        quiet(lambda a: {"sum": a.sum()}, [{"a": long}, {"a": long + (np.arange(2000) == 1000)}])
    with pytest.raises(RuntimeError, match=r"a=1 failed.* not an array"):
        quiet(lambda a: {"sum": long}, [{"a": 1}])
    assert quiet(lambda a: {"sum": long.sum()}, [{"a": np.float32(1)}]) == [{"a": 1, "sum": 0}]


@pytest.mark.parametrize("settings", [{"a": [1]}, [[{"a": 1}]], ["a"], [7]])
def test_settings_are_a_list_of_dicts(settings):
    with pytest.raises(ValueError, match="settings is a list of dicts, as grid makes them"):
        quiet(squares, settings)


@pytest.mark.parametrize("value", [3, "he", None])
def test_a_grid_wants_lists(value):
    with pytest.raises(ValueError, match=r"a list of values: start=\["):
        grid(lr=[1], start=value)


def test_settings_need_the_same_names():
    with pytest.raises(ValueError, match=r"all settings need the names \['a'\]; one has \['b'\]"):
        quiet(squares, [{"a": 1}, {"b": 1}])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is for POSIX")
def test_a_sweep_that_was_killed_goes_on(tmp_path, file):
    (tmp_path / "slowly.py").write_text(
        "import pathlib, sys, time\n"
        "from nnlib.sweep import grid, sweep\n"
        "def run(a):\n"
        "    time.sleep(0.2)\n"
        "    return [{'k': k, 'value': a / 7 + k} for k in range(3)]\n"
        "def rows(**options):\n"
        "    return sweep(run, grid(a=range(12)), record='record.csv', progress=False, **options)\n"
        "if __name__ == '__main__': rows(n_jobs=2)\n",
        encoding="utf-8",
    )
    python = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}}
    killed = subprocess.Popen([sys.executable, "slowly.py"], start_new_session=True, **python)
    until = time.monotonic() + 60
    while not (file.exists() and file.read_bytes().count(b"\n") > 6):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    n_kept = file.read_text(encoding="utf-8").count("\n")
    assert n_kept < 37
    program = "import slowly; r = slowly.rows(); print([(x['a'], x['k'], x['value']) for x in r])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, **python)
    assert done.stdout.strip() == str([(a, k, a / 7 + k) for a in range(12) for k in range(3)])
    assert file.read_text(encoding="utf-8").count("\n") == 37


def test_choosing_digits_come_from_the_training_set_alone():
    train, validation = choosing_split()
    assert set(np.bincount(train.y)) == {320} and set(np.bincount(validation.y)) == {80}
    known = {image.tobytes() for image in load_mnist()[0].X.T}
    assert {image.tobytes() for image in np.hstack([train.X, validation.X]).T} == known
    assert train.X[:, 0].flags["C_CONTIGUOUS"] and train.X.dtype == np.float32


def test_a_run_is_its_seeds_and_learns():
    rows = train_once(hidden=16, lr=0.3, epochs=3, seed=4)
    assert rows == train_once(hidden=16, lr=0.3, epochs=3, seed=4)
    assert rows != train_once(hidden=16, lr=0.3, epochs=3, seed=5)
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert rows[0]["train_loss"] > rows[2]["train_loss"]
    assert rows[2]["validation_accuracy"] > 0.8


def test_a_run_that_diverges_ends_with_nan(monkeypatch):
    monkeypatch.setattr("nnlib.sweep.knobs.SGD", lambda lr: Exploding())
    (row,) = train_once(hidden=4, lr=1e9, epochs=3)
    assert row["epoch"] == 1 and math.isnan(row["train_loss"])
    assert 0 <= row["validation_accuracy"] <= 0.3


class Exploding:
    lr = 1e9

    def step(self, params, grads):
        return [type(layer)(layer.W * np.float32(np.inf), layer.b) for layer in params]


@pytest.mark.parametrize("settings", [{"hidden": 0}, {"epochs": 0}])
def test_silly_settings_are_refused(settings):
    with pytest.raises(ValueError, match="at least 1"):
        train_once(**settings)


def test_multiply_adds_of_small_runs():
    assert multiply_adds(1, 1, None, m=1) == 1598 + 805
    assert multiply_adds(2, 3, 2, m=5) == 3 * (5 * 3196 + 3 * 1600)
    assert multiply_adds(2, 3, 5, m=5) == multiply_adds(2, 3, None, m=5)
