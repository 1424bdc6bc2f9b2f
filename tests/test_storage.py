"""Networks in and out of files: bit for bit, checked at the door, and the old file is safe."""

import gzip
import io
import pickle
import struct
import sys
import warnings
import zipfile

import numpy as np
import pytest
from lessons import ROOT
from rough import mutated, nothing_lost, refused

from nnlib.data import load_mnist
from nnlib.metrics import accuracy
from nnlib.network import Layer, init_params, predict
from nnlib.storage import load_network, npz, save_network
from nnlib.system.errors import ModelFileError

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


@pytest.mark.parametrize("name", ["~nosuchuser/a.npz", "a\0b.npz", "", "."])
def test_what_cannot_be_there_is_not_there(tmp_path, name):
    with pytest.raises(FileNotFoundError) as caught:
        load_network(name if name[:1] == "~" else f"{tmp_path}/{name}")
    assert caught.value.errno is None and str(tmp_path) not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is just not there")
def test_a_name_that_no_system_takes_is_refused(tmp_path):
    with nothing_lost(tmp_path), pytest.raises(FileNotFoundError, match=f"no file {'x' * 60} in"):
        load_network(tmp_path / ("x" * 300 + ".npz"))


def test_a_folder_that_may_not_be_looked_into(path, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied", str(path))

    with (
        refused(ModelFileError, path.parent, "b.npz: Permission denied"),
        monkeypatch.context() as m,
    ):
        m.setattr(npz, "not_there", forbidden)
        load_network(path.with_name("b.npz"))


@pytest.mark.skipif(sys.platform == "win32", reason="cannot have such a name there")
@pytest.mark.parametrize("name", ["a\nb\nc\nd\ne\nf.npz", "\x1b[2J.npz", "x" * 250 + ".npz"])
def test_a_strange_name_stays_on_one_short_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    shown = name[:60].replace("\n", "\\n").replace("\x1b", "\\x1b")
    with refused(ModelFileError, tmp_path, f"{shown}: it is empty"):
        load_network(tmp_path / name)


# ---- bad files ----


def cut(data, share=0.5):
    return data[: int(len(data) * share)]


def flipped(data, mark, behind):
    """One bit of the data, at some distance behind a mark, the other way round."""
    place = data.index(mark) + behind
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def zipped(members, how=zipfile.ZIP_STORED, comment=b""):
    """A zip archive with these members, as (name, bytes), whatever they are."""
    whole = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(whole, "w", how) as archive:
        warnings.simplefilter("ignore")  # a name that is there twice
        archive.comment = comment
        for name, data in members:
            archive.writestr(name, data)
    return whole.getvalue()


def npy(array, allow=False):
    whole = io.BytesIO()
    np.lib.format.write_array(whole, np.asanyarray(array), version=(1, 0), allow_pickle=allow)
    return whole.getvalue()


def header(shape, descr="<f4", **more):
    """The header of a .npy file, saying whatever it likes."""
    text = str({"descr": descr, "fortran_order": False, "shape": shape, **more}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) + 1) + text + b"\n"


GOOD = {
    "version": np.array(1),
    "description": np.array("words"),
    "activations": np.array(["relu", "softmax"]),
    "W1": np.full((5, 6), 0.5, np.float32),
    "b1": np.full((5, 1), 0.1, np.float32),
    "W2": np.full((3, 5), 0.2, np.float32),
    "b2": np.full((3, 1), 0.3, np.float32),
}


def members(**changes):
    """The good members, with some of them changed (bytes are taken as they are) or left out."""
    held = {name: array for name, array in (GOOD | changes).items() if array is not None}
    return [(f"{n}.npy", a if isinstance(a, bytes) else npy(a, True)) for n, a in held.items()]


def ours(**changes):
    return zipped(members(**changes))


def encrypted(data):
    """The flag that says so, set in both places."""
    for mark, behind in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data = flipped(data, mark, behind)
    return data


WHOLE = ours()
F4 = np.float32
BAD = {
    "cut in half": (cut(WHOLE), "damaged (BadZipFile)"),
    "cut by one byte": (WHOLE[:-1], "damaged (BadZipFile)"),
    "without its first bytes": (WHOLE[30:], "something unknown"),
    "a flipped bit": (flipped(WHOLE, b"W2.npy", 140), "damaged (BadZipFile)"),
    "a flipped bit in a header": (flipped(WHOLE, b"W2.npy", 30), "damaged (BadZipFile)"),
    "nothing": (b"", "it is empty, no .npz file"),
    "our file in a zip archive": (zipped([("net.npz", WHOLE)]), "'net.npz' lies inside it. Unpack"),
    "an archive of nothing": (zipped([]), "no .npz file"),
    "a web page": (b"<!DOCTYPE html><p>Sign in", "it is a web page, no .npz file"),
    "a .npy file": (npy(np.ones(3)), "a single NumPy array (.npy), no .npz file"),
    "a pickle": (pickle.dumps((1, 2)), "it is a pickle, no .npz file, and nothing in it was run"),
    "a PyTorch file": (
        zipped([("net/data.pkl", b"x"), ("net/data/0", b"x")]),
        "PyTorch file (.pt)",
    ),
    "a Keras file": (
        zipped([("metadata.json", b"{}"), ("model.weights.h5", b"x")]),
        "a Keras file",
    ),
    "an HDF5 file": (b"\x89HDF\r\n\x1a\n" + bytes(90), "an HDF5 file (.h5), no .npz file"),
    "a safetensors file": (
        struct.pack("<Q", 60)
        + b'{"W1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
        + bytes(9),
        "a safetensors file, no .npz file",
    ),
    "packed with gzip": (gzip.compress(WHOLE), "packed with gzip, no .npz file"),
    "text": (b"0.1,0.2\n", "something unknown, no .npz file"),
    "another archive": (zipped([("letter.txt", b"Dear reader")]), "damaged (ValueError)"),
    "one of other arrays": (
        zipped([("arr_0.npy", npy(np.ones(3)))]),
        "version is missing; it holds ['arr_0']",
    ),
    "an array of objects": (ours(b2=np.array([[{}]])), "'b2' holds Python objects, no numbers"),
    "8 PiB in a header": (ours(W1=header((2**50,))), "'W1' says (1125899906842624,) of float32"),
    "2^66 in a header": (ours(W1=header((2**33, 2**33))), "has 0 bytes"),
    "a shape below 0": (ours(W1=header((-1, -2)) + bytes(8)), "says (-1, -2) of float32"),
    "a shape that is no number": (ours(W1=header(("a",))), "damaged (ValueError)"),
    "a header too long": (ours(W1=header((5, 6), more="x" * 2000) + bytes(120)), "damaged"),
    "a header of blanks": (
        ours(
            W1=npy(GOOD["W1"])[:8]
            + b"\xdc\x05"
            + npy(GOOD["W1"])[10:127].ljust(1499)
            + b"\n"
            + GOOD["W1"].tobytes()
        ),
        "damaged (ValueError)",
    ),
    "a header of brackets": (ours(W1=b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535), "damaged"),
    "a newer .npy": (
        ours(W1=npy(GOOD["W1"]).replace(b"Y\x01", b"Y\x02")),
        "'W1' is no plain array",
    ),
    "one byte too many": (ours(W1=npy(GOOD["W1"]) + b"x"), "but has 121 bytes"),
    "one byte too few": (ours(W1=npy(GOOD["W1"])[:-1]), "but has 119 bytes"),
    "800 MB": (zipped(members(W1=bytes(65_000_000)), zipfile.ZIP_DEFLATED), "at most 64,000,000"),
    "bzip2": (zipped(members(), zipfile.ZIP_BZIP2), "'version' is packed in an unusual way"),
    "LZMA": (zipped(members(), zipfile.ZIP_LZMA), "'version' is packed in an unusual way"),
    "encrypted": (encrypted(WHOLE), "damaged (RuntimeError)"),
    "a path as a name": (zipped([*members(), ("../evil.npy", npy(1))]), "holds ['../evil', 'W1', "),
    "an unknown array": (ours(evil=np.ones(3)), "'description', 'evil', 'version']"),
    "a name of many lines": (zipped([*members(), ("\n" * 9 + "<b>.npy", npy(1))]), "\\n<b>"),
    "a name twice": (zipped([*members(), ("W1.npy", npy(GOOD["W1"]))]), "two arrays of one name"),
    "40 arrays": (zipped([(f"W{i}.npy", npy(1)) for i in range(40)]), "40 arrays; at most 31"),
    "no W1": (ours(W1=None), "W1 is missing"),
    "no W2": (ours(W2=None), "W2 is missing"),
    "no b2": (ours(b2=None), "b2 is missing"),
    "no version": (ours(version=None), "version is missing"),
    "no activations": (ours(activations=None), "activations is missing"),
    "no description": (ours(description=None), "description is missing"),
    "layers only": (zipped(members()[3:]), "version is missing"),
    "W3 too many": (ours(W3=np.ones((2, 3), F4)), "b3 is missing"),
    "a layer too many": (
        ours(W3=np.ones((2, 3), F4), b3=np.ones((2, 1), F4)),
        "3 layers need as many activations; got 2",
    ),
    "an activation too many": (ours(activations=["relu"] * 3), "2 layers need as many"),
    "no activation at all": (ours(activations=np.array([], "U4")), "as many activations; got 0"),
    "an unknown activation": (ours(activations=["relu", "gelu"]), "no activation 'gelu'"),
    "activations as one word": (ours(activations=np.array("relu")), "as many activations; got 4"),
    "activations as numbers": (ours(activations=np.array([1, 2])), "there is no activation 1"),
    "a description of numbers": (ours(description=np.array(3)), "description is no text"),
    "two descriptions": (ours(description=np.array(["a", "b"])), "description is no text"),
    "a long description": (ours(description=np.array("a" * 10_001)), "too long"),
    "a newer version": (
        ours(version=np.array(2)),
        "it has format 2; take a newer nnlib",
    ),
    "a version in words": (ours(version=np.array("one")), "format 'one'; take"),
    "a version of 200 lines": (ours(version=np.array("\n" * 200)), "format '\\n\\n"),
    "a version for the screen": (ours(version=np.array("\x1b[2J")), "format '\\x1b[2J'"),
    "a version of 15 million letters": (ours(version=np.array("\1" * 15_000_000)), "too long"),
    "True as a version": (ours(version=np.array(True)), "format True; take"),
    "1.0 as a version": (ours(version=np.array(1.0)), "format 1.0; take"),
    "1+0j as a version": (ours(version=np.array(1 + 0j)), "format (1+0j); take"),
    "a list as a version": (ours(version=np.array([[1]])), "format [[1]]; take"),
    "60 million activations": (
        zipped(members(activations=np.zeros((1, 60_000_000), np.uint8)), zipfile.ZIP_DEFLATED),
        "too long",
    ),
    "a description that steers the screen": (ours(description=np.array("\x1b[2J")), "is no text"),
    "a description written backwards": (ours(description=np.array("\u202exe.txt")), "is no text"),
    "layers swapped": (
        ours(W1=GOOD["W2"], b1=GOOD["b2"], W2=GOOD["W1"], b2=GOOD["b1"]),
        "layer 2: W (5, 6) and b (5, 1) do not fit",
    ),
    "W2 of another network": (ours(W2=np.ones((3, 7), F4)), "layer 2: W (3, 7)"),
    "b flat": (ours(b1=np.ones(5, F4)), "b (5,)"),
    "W flat": (ours(W1=np.ones(5, F4)), "W (5,)"),
    "W a number": (ours(W1=np.ones((), F4)), "W ()"),
    "no inputs": (ours(W1=np.ones((5, 0), F4)), "W (5, 0)"),
    "half precision": (ours(W1=GOOD["W1"].astype("f2")), "all float64: float16 and float32"),
    "big-endian": (
        ours(W1=GOOD["W1"].astype(">f4"), b1=GOOD["b1"].astype(">f4")),
        ">f4 and >f4",
    ),
    "complex": (ours(W1=GOOD["W1"].astype("c8")), "complex64"),
    "whole numbers": (ours(W1=np.ones((5, 6), int)), "int64 and float32"),
    "two types": (
        ours(b2=np.ones((3, 1))),
        "layer 2 is not all float32 or all float64: float32 and float64",
    ),
    "structured": (ours(W1=np.zeros((5, 6), [("x", "f4")])), "[('x', '<f4')]"),
    "not a number": (ours(W2=np.full((3, 5), np.nan, F4)), "layer 2 holds a number that is not"),
    "infinite": (ours(b1=np.full((5, 1), np.inf, F4)), "layer 1 holds a number that is not finite"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words(path, name):
    data, fragment = BAD[name]
    bad = path.with_name("bad.npz")
    bad.write_bytes(data)
    modules = set(sys.modules)
    with refused(ModelFileError, path.parent, "bad.npz: ", fragment):
        load_network(bad)
    assert set(sys.modules) - modules <= {"bz2", "_bz2", "lzma", "_lzma"}
    assert load_network(path).activations == NAMES  # the next correct call works


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_a_repacked_file_is_read(tmp_path, how, comment):
    (tmp_path / "a.npz").write_bytes(zipped(members(), how, comment))
    saved = load_network(tmp_path / "a.npz")
    np.testing.assert_array_equal(saved.params[1].W, GOOD["W2"])
    assert saved.params[1].W.flags.writeable


def test_a_folder_a_huge_and_a_forbidden_file_are_refused(path, monkeypatch):
    with pytest.raises(FileNotFoundError):
        load_network(path.parent)
    huge = path.with_name("huge.npz")
    with open(huge, "wb") as file:
        file.truncate(64_000_001)
    with refused(ModelFileError, path.parent, "huge.npz: it has more than 64,000,000 bytes"):
        load_network(huge)

    def forbidden(path):
        raise PermissionError(13, "Permission denied", str(path))

    fragment = "netz ä.npz: Permission denied. Take a good copy"
    with refused(ModelFileError, path.parent, fragment), monkeypatch.context() as patch:
        patch.setattr(npz.pathlib.Path, "read_bytes", forbidden)
        load_network(path)


@pytest.mark.slow
def test_mutated_files_are_refused_or_hold_the_same_network(tmp_path):
    rng, path, n_read = np.random.default_rng(0), tmp_path / "a.npz", 0
    packed = zipped(members(), zipfile.ZIP_DEFLATED)
    for i in range(600):
        path.write_bytes(mutated((WHOLE, packed)[i % 2], rng))
        with nothing_lost(tmp_path):
            try:
                saved = load_network(path)
            except ModelFileError as error:
                assert str(error).startswith("a.npz: ") and len(str(error)) < 500
            else:
                n_read += 1
                for l, (W, b) in enumerate(saved.params, start=1):
                    np.testing.assert_array_equal(W, GOOD[f"W{l}"])
                    np.testing.assert_array_equal(b, GOOD[f"b{l}"])
    assert 5 < n_read < 200  # dates and rights in the archive mean nothing


# ---- what is saved ----


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"params": []}, "1 to 14 layers; got 0"),
        ({"params": None}, "expected a list of Layer(W, b)"),
        ({"params": [np.eye(2)] * 3 + [np.eye(3)]}, "expected a list of Layer(W, b)"),
        ({"params": [([[1, 2], [3]], [[0]])] * 3}, "expected a list of Layer(W, b)"),
        ({"params": [({}, None)] * 3}, "layer 1: W () and b () do not fit"),
        ({"activations": None}, "expected a list of Layer(W, b), and as many activations"),
        ({"activations": [[], {}, "x" * 10**6]}, "layer 1: there is no activation '[]'"),
        ({"activations": ["x" * 10**6] * 3}, "layer 1: there is no activation 'xxx"),
        ({"params": [Layer(np.eye(2), np.ones((2, 1)))] * 15}, "1 to 14 layers; got 15"),
        ({"activations": NAMES[1:]}, "3 layers need as many activations; got 2"),
        ({"activations": ["relu", "gelu", "tanh"]}, "layer 2: there is no activation 'gelu'"),
        ({"description": None}, "description is no text"),
        ({"description": "a" * 10_001}, "too long"),
        ({"description": "cut off here \0"}, "description is no text"),
    ],
)
def test_what_cannot_be_loaded_is_not_saved(path, params, change, says):
    network = {"params": params, "activations": NAMES, "description": ""} | change
    with refused(ModelFileError, path.parent, says):
        save_network(path, **network)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (lambda W, b: (W * np.nan, b), "layer 3 holds a number that is not finite"),
        (lambda W, b: (np.ma.array(W, mask=W > 0), b), "layer 3 holds a number that is not finite"),
        (lambda W, b: (np.ma.array(W, int, mask=W > 0), b), "expected a list of Layer(W, b)"),
        (lambda W, b: (W, b.ravel()), "layer 3: W (3, 4) and b (3,) do not fit"),
        (lambda W, b: (W.T, b), "layer 3: W (4, 3)"),
        (lambda W, b: (W.astype("f2"), b.astype("f2")), "float16 and float16"),
        (lambda W, b: (W.astype(object), b), "object and float32"),
        (lambda W, b: (W, b.astype("f8")), "float32 and float64"),
    ],
)
def test_a_bad_layer_is_not_saved(path, params, layer, says):
    with refused(ModelFileError, path.parent, says):
        save_network(path, [*params[:2], layer(*params[2])], NAMES, "")


def test_a_network_that_is_too_large_is_not_saved(path):
    W = np.zeros((2000, 4001))
    with refused(ModelFileError, path.parent, "the network takes more than 64,000,000 bytes"):
        save_network(path, [Layer(W, W[:, :1])], ["relu"], "")


def test_activations_one_after_the_other_are_saved(path, params):
    save_network(path, params, (name for name in NAMES), "lines,\n\tand 98\xa0%\r\n")
    assert load_network(path).activations == NAMES
    assert load_network(path).description == "lines,\n\tand 98\xa0%\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_save_follows_a_link(path, params):
    folder = path.parent / "elsewhere"
    folder.mkdir()
    (folder / "target.npz").write_bytes(path.read_bytes())
    link = path.with_name("link.npz")
    link.symlink_to(folder / "target.npz")
    save_network(link, params, NAMES, "through a link")
    assert link.is_symlink()
    assert load_network(folder / "target.npz").description == "through a link"
    assert [left.name for left in folder.iterdir()] == ["target.npz"]
    nowhere, circle = path.with_name("nowhere.npz"), path.with_name("circle.npz")
    nowhere.symlink_to(path.parent / "missing" / "a.npz")
    with pytest.raises(ModelFileError, match=r"^nowhere\.npz was not saved \(No such file"):
        save_network(nowhere, params, NAMES, "")
    circle.symlink_to(circle)
    save_network(circle, params, NAMES, "a link to itself is replaced")
    assert load_network(circle).description == "a link to itself is replaced"


def test_lists_and_14_layers_are_saved(path):
    save_network(path, [([[1.0, 2.0]], [[3.0]])] + [([[1.0]], [[0.0]])] * 13, ["tanh"] * 14, "")
    assert load_network(path).params[0].W.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    "name",
    [
        *[
            "",
            ".",
            "..",
            "a",
            "a.npy",
            ".npz",
            "a:b.npz",
            "a?.npz",
            "a*.npz",
            "a<b>.npz",
            'a"b.npz',
        ],
        *["CON.npz", "nul.npz", "com1.npz", "lpt9.x.npz", "a\\b.npz", "a|b.npz", "a\n.npz"],
        *["a\0.npz", "\ud800.npz", "a.npz.", "a.npz ", "folder.npz", "a" * 57 + ".npz"],
        "ä" * 300 + ".npz",
    ],
)
def test_bad_names_are_refused(path, params, name):
    (path.parent / "folder.npz").mkdir()
    with refused(ModelFileError, path.parent, "take up to 60 letters"):
        save_network(f"{path.parent}/{name}", params, NAMES, "")


@pytest.mark.parametrize("name", ["a" * 56 + ".npz", "数" * 56 + ".npz", "ä b(1).NPZ", "comb.npz"])
def test_good_names_are_taken(path, params, name):
    save_network(path.with_name(name), params, NAMES, "")
    assert len(load_network(path.with_name(name)).params) == 3


def test_a_missing_folder_is_named(path, params):
    with refused(ModelFileError, path.parent, "there is no folder 'models' for a.npz"):
        save_network(path.parent / "models" / "a.npz", params, NAMES, "")


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
