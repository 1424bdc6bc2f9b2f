"""Sweeps: every combination, the same numbers from any number of workers, and resumable."""

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
    CALLS.append(a)
    if a == 3:
        raise KeyError("no three")
    return {"twice": 2 * a}


@pytest.fixture(autouse=True)
def forget_calls():
    CALLS.clear()


@pytest.fixture
def settings():
    return grid(a=[2, 3, 5], seed=[0, 1])


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


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failing_run_names_its_setting_and_is_the_last_to_begin(n_jobs):
    settings = grid(a=[3, *range(100, 200)])
    words = r"the run with a=3 failed: KeyError: 'no three'"
    with pytest.raises(RuntimeError, match=words) as caught:
        quiet(fails_at_three, settings, n_jobs=n_jobs)
    assert "fails_at_three" in caught.value.__notes__[0]
    assert n_jobs == 2 or len(CALLS) < 10  # CALLS is of this process


def test_a_kept_run_is_not_run_again(settings, tmp_path):
    kept = joblib.Memory(tmp_path, verbose=0).cache(squares)
    rows = quiet(kept, settings[:4])
    CALLS.clear()
    assert quiet(kept, settings)[:8] == rows == quiet(squares, settings)[:8]
    assert CALLS[:2] == [(5, 0), (5, 1)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "returned no rows"),
        ([{"x": 1}, {"y": 1}], "different columns"),
        ({"a": 1}, "'a' is the name of a setting"),
    ],
)
def test_rows_that_fit_no_table_are_refused(rows, words):
    with pytest.raises(RuntimeError, match=words):
        quiet(lambda a: rows, [{"a": 1}])


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
def test_a_kept_sweep_that_was_killed_goes_on(tmp_path):
    (tmp_path / "slowly.py").write_text(
        "import pathlib, time, joblib\n"
        "from nnlib.sweep import grid, sweep\n"
        "def run(a):\n"
        "    time.sleep(0.2)\n"
        "    with open('begun.txt', 'a') as file: file.write(f'{a}\\n')\n"
        "    return [{'k': k, 'value': a / 7 + k} for k in range(3)]\n"
        "kept = joblib.Memory('runs', verbose=0).cache(run)\n"
        "def rows(): return sweep(kept, grid(a=range(12)), n_jobs=2, progress=False)\n",
        encoding="utf-8",
    )
    begun = tmp_path / "begun.txt"
    python = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}}
    command = [sys.executable, "-c", "import slowly; slowly.rows()"]
    killed = subprocess.Popen(command, start_new_session=True, **python)
    until = time.monotonic() + 60
    while not (begun.exists() and begun.read_bytes().count(b"\n") > 4):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    program = "import slowly; r = slowly.rows(); print([(x['a'], x['k'], x['value']) for x in r])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, **python)
    assert done.stdout.strip() == str([(a, k, a / 7 + k) for a in range(12) for k in range(3)])
    assert len(begun.read_text().split()) <= 12 + 2  # two were under way


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
