"""Networks in and out of files: bit for bit, checked at the door, and the old file is safe."""

import numpy as np
import pytest
from lessons import ROOT

from nnlib.data import load_mnist
from nnlib.metrics import accuracy
from nnlib.network import Layer, init_params, predict
from nnlib.storage import load_network, save_network

NAMES = ("relu", "tanh", "softmax")
TRAINED = ROOT / "data" / "trained.npz"


@pytest.fixture
def params(rng):
    params = init_params([6, 5, 4, 3], rng)
    return [Layer(W, b + np.float32(0.1)) for W, b in params]


@pytest.fixture
def path(tmp_path, params):
    """A file that holds a network."""
    path = tmp_path / "netz ä.npz"
    save_network(path, params, NAMES, "three layers, größer: 98 %")
    return path


def arrays(path):
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_round_trip_is_bit_equal(tmp_path, params, dtype):
    params = [Layer(W.astype(dtype), b.astype(dtype)) for W, b in params]
    save_network(tmp_path / "a.npz", params, NAMES, "words, größer")
    saved = load_network(str(tmp_path / "a.npz"))
    assert saved.activations == NAMES and saved.description == "words, größer"
    for layer, again in zip(params, saved.params, strict=True):
        for old, new in zip(layer, again, strict=True):
            assert old.dtype == new.dtype and old.tobytes() == new.tobytes()


def test_same_network_same_bytes(path, params):
    before = path.read_bytes()
    save_network(path, params, NAMES, "three layers, größer: 98 %")
    assert path.read_bytes() == before


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file none\.npz"):
        load_network(tmp_path / "none.npz")


def cut(data):
    return data[: len(data) // 2]


def one_bit(data):
    place = data.index(b"W2.npy") + 200
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("spoil", [cut, one_bit, lambda data: b"", lambda data: b"<html>"])
def test_a_damaged_file_is_refused(path, spoil):
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ValueError, match=r"netz ä\.npz is damaged, or no \.npz file"):
        load_network(path)


def test_objects_and_single_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "objects.npz", W1=np.array([{}], dtype=object))
    np.save(tmp_path / "single.npy", np.ones(3))
    for name in ("objects.npz", "single.npy"):
        with pytest.raises(ValueError, match="plain arrays"):
            load_network(tmp_path / name)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"W2": np.full((4, 5), np.nan, np.float32)}, "layer 2 holds a number that is not finite"),
        ({"b1": np.full((5, 1), np.inf, np.float32)}, "layer 1 holds a number that is not finite"),
        ({"W2": np.ones((4, 6), np.float32)}, r"layer 2: W \(4, 6\)"),
        ({"b2": np.ones(4, np.float32)}, r"b \(4,\)"),
        ({"W1": np.ones(5, np.float32)}, r"W \(5,\)"),
        ({"W1": np.ones((5, 6), int)}, "floating-point"),
        ({"b3": np.ones((3, 1), np.float64)}, "of one type"),
        ({"version": 2}, "has version 2"),
        ({"activations": ["relu", "gelu", "softmax"]}, "no activation 'gelu'"),
        ({"activations": ["relu"] * 4}, "no network of this library: 'W4"),
        ({"activations": []}, "at least one layer"),
        ({"version": "one"}, "no network of this library"),
        ({"W1": None}, "no network of this library: 'W1"),
    ],
)
def test_what_is_no_network_is_refused_in_one_sentence(path, change, says):
    contents = {k: v for k, v in (arrays(path) | change).items() if v is not None}
    np.savez(path, **contents)
    with pytest.raises(ValueError, match=says) as error:
        load_network(path)
    assert "\n" not in str(error.value)


def test_nothing_bad_is_written(path, params):
    before = path.read_bytes()
    broken = [*params[:2], Layer(np.full_like(params[2].W, np.nan), params[2].b)]
    with pytest.raises(ValueError, match="layer 3"):
        save_network(path, broken, NAMES, "")
    with pytest.raises(ValueError, match="3 layers need as many activations; got 2"):
        save_network(path, params, NAMES[1:], "")
    assert path.read_bytes() == before


def test_the_old_file_survives_a_failed_save(path, params, monkeypatch):
    def full_disk(file, **contents):
        file.write(b"half of it")
        raise OSError("No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="No space"):
        save_network(path, params, NAMES, "")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


# ---- the network that travels with the lessons ----


def test_trained_network_is_small_and_says_what_it_is():
    assert TRAINED.stat().st_size < 300_000
    params, activations, description = load_network(TRAINED)
    assert [W.shape for W, _ in params] == [(64, 784), (10, 64)]
    assert activations == ("relu", "softmax")
    assert "784-64-10" in description and "98.67 % of the 10,000 test digits" in description
    card = (TRAINED.parent / "README.md").read_text(encoding="utf-8")
    assert f"{TRAINED.stat().st_size:,} bytes" in card and "98.67 %" in card


def test_trained_network_reads_what_it_has_not_seen():
    params, activations, _ = load_network(TRAINED)
    _, test = load_mnist()
    assert accuracy(predict(params, test.X, activations), test.y) == pytest.approx(0.986, abs=0.002)


def test_trained_network_reads_the_test_file_as_it_says(full_test_set):
    params, activations, _ = load_network(TRAINED)
    share = accuracy(predict(params, full_test_set.X, activations), full_test_set.y)
    assert share == pytest.approx(0.9867, abs=0.0003)


@pytest.fixture
def full_test_set():
    try:
        return load_mnist("full")[1]
    except FileNotFoundError:
        pytest.skip("NNLIB_DATA names no folder")
