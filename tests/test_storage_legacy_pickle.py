"""Old .pkl files give their arrays, and nothing that they ask for is ever done."""

import base64
import bz2
import codecs
import copyreg
import gzip
import importlib
import io
import lzma
import pickle
import re
import struct
import sys
import time
import zipfile
import zlib

import numpy as np
import pytest
from rough import mutated, nothing_lost, refused

from nnlib.storage import load_legacy_pickle, load_network, save_network
from nnlib.system.errors import ModelFileError

rng = np.random.default_rng(0)
W1, B1 = rng.normal(size=(5, 6)), rng.normal(size=(5, 1))
W2, B2 = rng.normal(size=(3, 5)), rng.normal(size=(3, 1))
ARRAYS = (W1, B1, W2, B2)
DICT = dict(zip(("w1", "b1", "w2", "b2"), ARRAYS))


def read(tmp_path, data, **how):
    path = tmp_path / "old.pkl"
    path.write_bytes(data)
    with nothing_lost(tmp_path):
        return load_legacy_pickle(path, **how)


def assert_same(saved, arrays, dtype=np.float64):
    for new, old in zip([a for layer in saved.params for a in layer], arrays, strict=True):
        assert new.dtype == dtype and new.flags.writeable
        np.testing.assert_array_equal(new, np.asarray(old).astype(dtype))


# ---- good files ----


def as_numpy_1(data):
    """The pickle as NumPy 1 would have written it: without the _ in numpy._core."""
    for name in (b"numpy._core.multiarray", b"numpy._core.numeric"):
        short = name.replace(b"_core", b"core")
        data = data.replace(b"c" + name, b"c" + short)
        data = data.replace(bytes((0x8C, len(name))) + name, bytes((0x8C, len(short))) + short)
    if data[:1] == b"\x80" and data[1] >= 4 and data[2] == 0x95:
        data = data[:3] + struct.pack("<Q", len(data) - 11) + data[11:]
    return data


@pytest.mark.parametrize("numpy", [1, 2])
@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("order", "CFS")
@pytest.mark.parametrize("dtype", ["<f4", "<f8", ">f4", ">f8"])
def test_every_protocol_of_both_numpys_is_read(tmp_path, numpy, protocol, order, dtype):
    arrays = [np.array(a, dtype, order="C" if order == "S" else order) for a in ARRAYS]
    if order == "S":  # with gaps between the rows
        arrays[0] = np.repeat(np.repeat(arrays[0], 2, axis=0), 3, axis=1)[::2, ::3]
    names = ("W1 b1 W2 b2", "w1 b1 w2 b2", "W1 B1 W2 B2")[protocol % 3].split()
    named = dict(zip(names, arrays))
    for held in (tuple(arrays), arrays, named, dict(sorted(named.items()))):
        data = pickle.dumps(held, protocol)
        if numpy == 1:
            data = as_numpy_1(data)
            assert b"_core" not in data
        assert_same(read(tmp_path, data), arrays, np.dtype(dtype).newbyteorder("="))


# What Python 3.11 with NumPy 1.26.4 and Python 2.7 with NumPy 1.16.6 wrote (packed, in base 85)
REAL = {
    "NumPy 1.26, protocol 0": (
        "c-oCp%Wi`(5WLTqa4GWIh6Jf<xN^y%2Tqlu;7}AP0gJ#Pw|q+fq`%f(Kut-Nv`Dshy^on49Jsna`g7=-"
        "whWK`q1$iUc6-LAEnQQey0&*6yh1SMq27&gPY5!F&TF`hYj&kOp{&J#Hwf|q-"
        "XcG2yM0aY5huoY^$R|id?s8h4Ky;tSEMkt-"
        "*sot9f*VZyJdqjl;TB_X1J6r*BRu`9E`ADud^q@u!If8D5Rhg4sX5U@9}<l`F*$g>7+C7GV?xGOk#mb#v_@F"
        "5>Z5<s93S;TOvXwlWWZ>+FWOsp|nNCGd&<ZC-"
        "4ccqY+Yzq<ZMQyoF3gNTWE#&=pe4rJf+^|2j=#+}9#a`Nx})n6ZL7Sn&-"
        "pvzUm9Tqc=oVbxz++$F}(jYe=QDqDG0)}r7&Lihz2mcA<"
    ),
    "NumPy 1.26, protocol 2": (
        "c-l>l%T59@7==57B34E5u6VzWHxd(<MrQ3KEV`N<Vak}2z`z+g3wCTA;4OR;6JAVPiWC3EX`A-"
        "@dWN>cqomUtRCqTIE1je*Ta7qw3}`(Lc{l3IIN_3lm{&Avnp;>N`Gn2uyxR<UpN5g%P~?1z5E5X)&#SfFkge"
        "z$iz)I9OCuB*mL1RXY%iCB&Xr9$=qYl=w-"
        "xd6g4M}*gf)hu;~Cp4)@!xe`;VGgctm0&n24NTCVw*>zNxGd;#T!R$5$04p}yW^*pk=|1QD~+J3=+tW!N)Kt"
        "Q7mAsBP4!W`gNA4m5noP?k8#;A0J+Fq|6LPH`rRV+EJ8D#V>Pa9x~h#|6Ws#8u|F){Yy7+pK_N3Kaf1aHr9G"
        "h6jnqK;o(L3kj}ucK"
    ),
    "NumPy 1.26, protocol 5": (
        "c-m`VoyyF}00tU8LV2aR1(kZq`9-OEKxS%DX7ZFC?)bE#{M@9{w6xTsDU+vYOp{<h1`T#V!k&S_0f-"
        "xbc!B+t9#*h9Ksu$QvLF?xsfQ`eWJ+g8`;?$58s5x3j5bsJ{QSKB0|A)uW+<7G<jv&G+%~0$(RoS<P+10(#x"
        "xFuEg-}9Ps!i}Dq?J#lEDj8B7ou+1_y{692_7@nLy^bVKWb`7|pzrDS7~E?Mwd"
    ),
    "Python 2, pickle, protocol 0": (
        "c-nnYOK*cP48Hr1z-"
        "7n|Z)qA_xo{ZQN)u3uDy=lif>i$fY@jNAY==aN?eCSi?J%D7<h5thd8hH)9&2Oj3BF9%o`)Z6#@2#HaF;n4_"
        "Df$AxCMgM3M!{@K>K_S;8TZOm!5(`N)fEUy`6LiItI6L4gmuaU_6gnoidDAf&rED&MhJ+%d&VQn3u?qf~G*^"
        "f!zi1^-Az#Tga}5JloD}E;VMNCO#>Ere_cRH5Y}@&y7gj#kW-Am=fsO@w1^jrQM}D2!ATigb)0R7Jj9eU-"
        ">tFCB<Onr+));w3o^9oMlxgMA4&cyvimbo8HIr@sC(fvhv|Gg1?1#AG}||Uzxx"
    ),
    "Python 2, cPickle, protocol 0": (
        "c-n=JJr9B~5Qg{rBkdw7U&>&FwF`r+B!==86M?3d1pd9JU_b#KF6s52zW0=-"
        "bz8~aNE?+KReRIdM5&~Qi^|iczH8N{8l(wy;GoWixwL?C209{wfIdqbTco%J+y*_uneJr{(g7Ng!XbbU5JK8"
        "T(uRl}34~$DcP6|F^8{xM2XV*PdU@<LzwqCOz@Ia-CSg7riW2S0FX{axjasD(%jF-"
        "baVLtctizOLjalZ;kD&6ZaS&{+@c!#ARy?z`@c?d;geC"
    ),
    "Python 2, protocol 2": (
        "c-"
        "lRUyH3L}7=>+zOEI@{FW17BDH9{2nX#0?l4sPUK}Mo!k8y@<SxD(y@FqMOxH05N=U@Ks=&M<n73FkZMcK^c("
        "X@QCuVZ7z6@NB)HY?t(DKpDKJjIKN|AGqg0j6k*V1YG>^-"
        "xg3M9^U451rU*o^xy}_HvJ&Ac8KiCBZ`xDEffyBuSorT-qau#ZJ0Z1Jb5`bZ10J>{`2ijj(I6mujM0@xFG}z"
        "QlpI(guf`FICU4>Teub9C!4|iawP%^E7KP(EL;Ny^F-&5yv>Uxad}wtJRgnb?3PGceE=EEpAhbyXY6EW?3W"
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_files_that_older_versions_wrote_are_read(tmp_path, name):
    data = zlib.decompress(base64.b85decode(REAL[name]))
    w1, b1 = np.arange(6).reshape(2, 3) / 4, [[0.5], [-1]]
    w2, b2 = np.arange(4).reshape(2, 2), [[0], [2]]
    saved = read(tmp_path, data)
    assert_same(saved, (w1, b1, w2, b2), np.float32)
    save_network(tmp_path / "new.npz", *saved)
    assert_same(load_network(tmp_path / "new.npz"), (w1, b1, w2, b2), np.float32)


def test_whole_numbers_flat_and_single_biases_are_understood(tmp_path):
    whole = (W1 * 10).astype(np.int64)
    for bias in (0.5, np.float64(0.5), np.array(0.5), np.array([[0.5]])):
        saved = read(tmp_path, pickle.dumps((whole, B1.ravel(), W2, bias)))
        assert_same(saved, (whole, B1, W2, np.full((3, 1), 0.5)))
    saved = read(tmp_path, pickle.dumps((W1.astype("f4"), 1, W2.astype(np.uint8), 2)))
    assert {array.dtype for layer in saved.params for array in layer} == {np.dtype(np.float64)}


def test_it_says_what_it_assumed(tmp_path):
    saved = read(tmp_path, pickle.dumps(ARRAYS))
    assert saved.activations == ("relu", "softmax")
    assert "activations assumed: ('relu', 'softmax')" in saved.description
    saved = read(tmp_path, pickle.dumps(ARRAYS), activations=["sigmoid"] * 2)
    assert saved.activations == ("sigmoid", "sigmoid")


# ---- bad and hostile files; each would make the file MARKER ----

MARKER = "I was here"


class Asks:
    """Asks for a call when it is unpickled."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Late:
    """Sets the state of the result with what would open the marker."""

    def __reduce__(self):
        return list, (), Asks(open, MARKER, "w")


def text(word):
    return b"\x8c" + bytes((len(word),)) + word.encode()


def named(module, name, *arguments):
    """A protocol 4 pickle that calls a function by its name, with text arguments."""
    call = b"(" + b"".join(map(text, arguments)) + b"tR"
    return b"\x80\x04" + text(module) + text(name) + b"\x93" + call + b"."


OPEN = b"cio\nopen\n(V" + MARKER.encode() + b"\nVw\ntR"  # the call itself, protocol 0
GOOD = pickle.dumps(ARRAYS, 4)


def array_of(state):
    """A pickle of one array whose state was tampered with."""
    head = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
    return b"(" + head + state + b"bI1\nI1\nI1\nt."


DTYPE = b"cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"


def shaped(*shape, body=8):
    sizes = b"".join(b"I%d\n" % n for n in shape)
    return array_of(b"(I1\n(" + sizes + b"t" + DTYPE + b"I00\nS'" + b"x" * body + b"'\nt")


def typed(dtype):
    return pickle.dumps((np.zeros((2, 2), dtype), 0, W2, 0), 2)


def pickled_archive():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(ARRAYS))
    return whole.getvalue()


def npz():
    whole = io.BytesIO()
    np.savez(whole, w1=W1, b1=B1)
    return whole.getvalue()


def doubled(atom, n):
    """An atom in a tuple twice, and that in a tuple twice …: 2**n atoms in 7 n bytes."""
    steps = [b"h%ch%c\x86q%c" % (i, i, i + 1) for i in range(n)]
    return atom + b"q\0" + b"".join(steps)


HUGE = b"L0x" + b"f" * 8_000_000 + b"L\n"  # a number of 32 million bits
NEVER = "which a saved network never needs. It was not opened"
BAD = {
    "open, protocol 0": (b"(" + OPEN + b"t.", f"to run io.open, {NEVER}"),
    "open, protocol 2": (pickle.dumps(Asks(open, MARKER, "w"), 2), f"io.open, {NEVER}"),
    "open, protocol 5": (pickle.dumps(Asks(open, MARKER, "w"), 5), f"io.open, {NEVER}"),
    "between good arrays": (pickle.dumps((W1, B1, Asks(open, MARKER, "w"), B2)), "io.open"),
    "as a state": (pickle.dumps((W1, B1, Late(), B2)), "builtins.list"),
    "array of objects": (
        pickle.dumps((np.array([Asks(open, MARKER, "w")]), B1, W2, B2)),
        "io.open",
    ),
    "array of None": (pickle.dumps((np.array([None]), B1, W2, B2)), "type '|O8"),
    "eval": (named("builtins", "eval", f"open({MARKER!r}, 'w')"), "builtins.eval"),
    "os.system": (named("os", "system", f"touch '{MARKER}'"), "os.system"),
    "dotted name": (named("numpy", "core.multiarray.scalar.__class__", "x"), "scalar.__class__"),
    "dotted, to open": (named("numpy.core.numeric", "builtins.open", MARKER, "w"), "builtins.open"),
    "name split elsewhere": (named("numpy.core", "multiarray._reconstruct", MARKER), "no tuple"),
    "runstring": (named("numpy.testing", "runstring", f"open({MARKER!r}, 'w')"), "runstring"),
    "f2py": (named("numpy.f2py.diagnose", "run_command", "true"), "run_command"),
    "numpy.load": (named("numpy", "load", MARKER), "numpy.load"),
    "numpy.fromfile": (named("numpy", "fromfile", MARKER), "numpy.fromfile"),
    "numpy.memmap": (named("numpy", "memmap", MARKER, "uint8", "w+"), "numpy.memmap"),
    "ndarray.tofile": (named("numpy", "ndarray.tofile", MARKER), "numpy.ndarray.tofile"),
    "codecs.open": (named("_codecs", "open", MARKER, "w"), "_codecs.open"),
    "encode alone": (named("_codecs", "encode", "6162", "hex"), "no tuple"),
    "a module of ours": (named("nnlib.storage", "save_network", MARKER), "save_network"),
    "a new module": (named("this", "s"), "this.s"),
    "a web page as a name": (named("<img src=x>\n\n\n\n\n\n", "x" * 200), "<img src=x>"),
    "EXT1": (b"\x80\x02\x82\x01V" + MARKER.encode() + b"\n\x85R.", "instruction"),
    "EXT2": (b"\x80\x02\x83\x01\x00V" + MARKER.encode() + b"\n\x85R.", "instruction"),
    "EXT4": (b"\x80\x02\x84\x01\x00\x00\x00V" + MARKER.encode() + b"\n\x85R.", "instruction"),
    "INST": (b"(V" + MARKER.encode() + b"\nVw\niio\nopen\n.", "instruction"),
    "OBJ": (b"(cio\nopen\nV" + MARKER.encode() + b"\nVw\no.", "io.open"),
    "OBJ of a good name": (b"(cnumpy\nndarray\no.", "instruction"),
    "NEWOBJ": (b"\x80\x02cnumpy\nndarray\n)\x81.", "instruction"),
    "NEWOBJ_EX": (b"\x80\x04cnumpy\nndarray\n)}\x92.", "instruction"),
    "PERSID": (b"Pmarker\n.", "instruction"),
    "BINPERSID": (b"Vmarker\nQ.", "instruction"),
    "NEXT_BUFFER": (b"\x80\x05\x97.", "instruction"),
    "set": (b"\x80\x04\x8f.", "instruction"),
    "an unknown instruction": (b"\x80\x04\xff.", "instruction"),
    "LONG4 of 2 GB": (b"\x80\x02\x8b\xff\xff\xff\x7f1.", "instruction"),
    "LONG4 below 0": (b"\x80\x02\x8b\xff\xff\xff\xff1.", "instruction"),
    "memo at 2^31": (b"\x80\x02Nr\xff\xff\xff\x7f.", "no tuple"),
    "bytes of 1 TB": (b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b"x.", "damaged"),
    "bytearray of 1 TB": (b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"x.", "damaged"),
    "bytes of 2^63": (b"\x80\x04\x8e" + b"\xff" * 8 + b"x.", "damaged"),
    "a frame of 1 TB": (b"\x80\x04\x95" + struct.pack("<Q", 2**40) + OPEN + b".", "io.open"),
    "across a frame": (b"\x80\x04\x95" + struct.pack("<Q", 2) + OPEN + b".", "io.open"),
    "a frame in bytes": (b"\x80\x04C\x02\x95\x00" + OPEN + b".", "io.open"),
    "shape bomb": (shaped(2**40, 2**40), "impossible shape"),
    "shape too small": (shaped(1, 1, body=16), "damaged (ValueError)"),
    "shape below 0": (shaped(-1, -1), "impossible shape"),
    "shape of lists": (
        array_of(b"(I1\n((lI9\naI99999999\nt" + DTYPE + b"I00\nS'x'\nt"),
        "impossible shape",
    ),
    "state of an array is text": (array_of(b"S'x'\n"), "damaged"),
    "state for a name": (b"cnumpy\nndarray\n(dV__class__\nI1\nsb.", "no tuple"),
    "state for a list": (b"(l(dV__class__\nI1\nsb.", "damaged"),
    "a call of text": (b"Vopen\n(tR.", "damaged"),
    "100,000 nested lists": (b"]" * 100_000 + b"a" * 99_999 + b".", "more instructions"),
    "100,000 nested tuples": (b")" + b"\x85" * 100_000 + b".", "more instructions"),
    "a nested tuple as a key": (b"})" + b"\x85" * 2900 + b"Ns.", "no tuple"),
    "2**60 in a key": (b"(" + doubled(b"I1\n", 60) + b"l}h\x3cI1\ns.", "no tuple"),
    "2**60 in keys": (b"(" + doubled(b"I1\n", 60) + b"l}(h\x3cI1\nu.", "no tuple"),
    "2**60 in a dict": (b"(" + doubled(b"I1\n", 60) + b"l(h\x3cI1\nd.", "no tuple"),
    "a huge number as a key": (b"}" + HUGE + b"q\0I1\ns" + b"h\0I1\ns" * 1400 + b".", "no tuple"),
    "one long key": (
        b"}Vw1\nI1\nsV" + b"x" * 9_000_000 + b"\nq\0I1\ns" + b"h\0I1\ns" * 1400 + b".",
        "no tuple",
    ),
    "2**60 in a type": (
        array_of(
            b"(I1\n(I1\ntcnumpy\ndtype\n(" + doubled(b"I1\n", 60) + b"tR(I3\nh\x3ctbI00\nS'x'\nt"
        ),
        "damaged (TypeError)",
    ),
    "a type of many lines": (typed("f8").replace(b"f8", b"\n\n"), "type '<\\n\\n'"),
    "huge numbers in a shape": (
        array_of(b"(I1\n(" + HUGE + b"q\0" + b"h\0" * 39 + b"t" + DTYPE + b"I00\nS'x'\nt"),
        "impossible shape",
    ),
    "a huge number in a shape": (
        array_of(b"(I1\n(" + HUGE + b"I1\nt" + DTYPE + b"I00\nS'x'\nt"),
        "impossible shape",
    ),
    "60 MB of a name": (b"c" + b"\1" * 60_000_000 + b"\nx\n.", "run \\x01\\x01"),
    "5,900 numbers": (b"(" + b"\x88" * 5_900 + b"t.", "no tuple"),
    "billion laughs": (b"(lp0\n" + b"(g0\ng0\nlp0\n" * 200 + b".", "no tuple"),
    "a list in itself": (b"]q\x00h\x00a.", "no tuple"),
    "one array 28 times": (
        pickle.dumps([np.zeros((1000, 1000), np.uint8)] * 28, 4),
        "too many numbers",
    ),
    "two in one file": (GOOD + GOOD, "goes on behind its end"),
    "bytes behind the end": (GOOD + b"x", "goes on behind its end"),
    "cut": (GOOD[:-20], "damaged"),
    "cut by one byte": (GOOD[:-1], "damaged"),
    "nothing": (b"", "damaged"),
    "matrix": (named("numpy.matrixlib.defmatrix", "matrix"), "matrix"),
    "masked array": (pickle.dumps((np.ma.array(W1), B1, W2, B2)), "numpy.ma"),
    "polynomial": (pickle.dumps(np.poly1d([1, 2])), "poly1d"),
    "structured": (typed([("x", "f8")]), "type '|V8"),
    "dates": (typed("M8[s]"), "type '<M8"),
    "text": (typed("U3"), "type '<U3"),
    "complex": (typed("c16"), "type '<c16"),
    "half": (typed("f2"), "type '<f2"),
    "scikit-learn": (named("sklearn.neural_network", "MLPClassifier"), "sklearn"),
    "PyTorch": (named("torch._utils", "_rebuild_tensor_v2"), "torch._utils"),
    "joblib": (named("joblib.numpy_pickle", "NumpyArrayWrapper"), "joblib"),
    "__class__ as a key": (pickle.dumps({"__class__": W1, "b1": B1}), "no tuple"),
    "a word": (pickle.dumps("w1"), "no tuple"),
    "one number": (pickle.dumps(3), "no tuple"),
    "three arrays": (pickle.dumps(ARRAYS[:3]), "no tuple"),
    "pairs": (pickle.dumps(((W1, B1), (W2, B2))), "no tuple, list or dict of the arrays w1, b1"),
    "None at the end": (pickle.dumps((*ARRAYS, 1, None)), "no tuple"),
    "a dict with lr": (pickle.dumps(DICT | {"lr": 0.1}), "w1, b1, w2, b2 … and nothing else"),
    "a dict with lr and epochs": (pickle.dumps(DICT | {"lr": 0.1, "epochs": 5}), "nothing else"),
    "a dict with W1 and w1": (pickle.dumps(DICT | {"W1": W1}), "nothing else"),
    "a dict with w1 and W1 alone": (pickle.dumps({"w1": W1, "W1": W1}), "nothing else"),
    "a dict without b2": (pickle.dumps({"w1": W1, "b1": B1, "w2": W2}), "no tuple"),
    "a dict with 14 layers and lr": (
        pickle.dumps({f"{k}{l}": 1.0 for l in range(1, 15) for k in "wb"} | {"lr": 1, "m": 1}),
        "no tuple",
    ),
    "a dict of numbers": (pickle.dumps({1: W1, 2: B1}), "layer 1: W ()"),
    "no array": (pickle.dumps(()), "1 to 14 layers"),
    "layers swapped": (pickle.dumps((W2, B2, W1, B1)), "layer 2: W (5, 6)"),
    "w1, w2, b1, b2": (pickle.dumps((W1, W2, B1, B2)), "layer 1: W (5, 6) and b (15, 1)"),
    "not a number": (pickle.dumps((W1 * np.nan, B1, W2, B2)), "not finite"),
    "a web page": (b"<!DOCTYPE html><title>Sign in</title>", "it is a web page, no pickle"),
    "a PyTorch file": (pickled_archive(), "it is a PyTorch file (.pt), no pickle"),
    "an .npz file": (npz(), "it is a zip archive, no pickle. Use load_network"),
    "gzip": (gzip.compress(GOOD), "it is packed with gzip, no pickle. Unpack it first"),
    "gzip of a hostile one": (gzip.compress(pickle.dumps(Asks(open, MARKER, "w"))), "Unpack it"),
    "bz2": (bz2.compress(GOOD), "it is packed with bzip2 (.bz2), no pickle. Unpack it first"),
    "xz": (lzma.compress(GOOD), "it is packed with xz (.xz), no pickle. Unpack it first"),
    "zlib, level 1": (zlib.compress(GOOD, 1), "it is packed with zlib, as joblib does"),
    "zlib, level 6": (zlib.compress(GOOD, 6), "it is packed with zlib, as joblib does"),
    "zlib, level 9": (zlib.compress(GOOD, 9), "it is packed with zlib, as joblib does"),
    "zlib, level 3": (zlib.compress(GOOD, 3), "it is packed with zlib, as joblib does"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(60), "Zstandard (.zst), no pickle. Unpack it first"),
    "lz4": (b"\x04\x22\x4d\x18" + bytes(60), "LZ4 (.lz4), no pickle. Unpack it first"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(60), "an archive of 7-Zip (.7z), no pickle. Unpack it"),
    "tar": (bytes(257) + b"ustar\0" + bytes(300), "a tar archive, no pickle. Unpack it first"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(60), "an HDF5 file (.h5), no pickle"),
    "npy": (b"\x93NUMPY\x01\0" + bytes(60), "a single NumPy array (.npy), no pickle"),
    "git-lfs": (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    "JSON": (b'{"w1": [[1]]}', "a JSON file (.json), no pickle"),
}


@pytest.fixture
def warm_extensions():
    """The registry behind EXT1, filled so that no name is looked up."""
    copyreg.add_extension("io", "open", 1)
    copyreg._extension_cache[1] = open
    yield
    copyreg._extension_cache.pop(1, None)
    copyreg.remove_extension("io", "open", 1)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_pickle_is_refused_and_nothing_is_run(tmp_path, monkeypatch, warm_extensions, name):
    data, fragment = BAD[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.pkl").write_bytes(data)
    (tmp_path / "good.pkl").write_bytes(GOOD)
    modules, begin = set(sys.modules), time.process_time()
    with refused(ModelFileError, tmp_path, "old.pkl", fragment):
        load_legacy_pickle(tmp_path / "old.pkl")
    assert time.process_time() - begin < 1
    assert set(sys.modules) == modules
    assert not (tmp_path / MARKER).exists()
    assert_same(load_legacy_pickle(tmp_path / "good.pkl"), ARRAYS)


def test_the_hostile_files_would_do_it_elsewhere(tmp_path, monkeypatch, warm_extensions):
    """The marker appears when Python itself reads these files: the cases above are real."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "open, protocol 0",
        "open, protocol 5",
        "between good arrays",
        "eval",
        "INST",
        "OBJ",
    ):
        pickle.loads(BAD[name][0])
        assert (tmp_path / MARKER).exists(), name
        (tmp_path / MARKER).unlink()


def test_a_huge_or_missing_file_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"no file none\.pkl"):
        load_legacy_pickle(tmp_path / "none.pkl")
    with open(tmp_path / "huge.pkl", "wb") as file:
        file.truncate(64_000_001)
    with refused(ModelFileError, tmp_path, "huge.pkl", "more than 64,000,000 bytes"):
        load_legacy_pickle(tmp_path / "huge.pkl")


@pytest.mark.slow
def test_mutated_pickles_are_refused_or_give_a_network(tmp_path):
    rng = np.random.default_rng(1)
    small = tuple(array[:2, :2] for array in (W1, B1, W2[:, :2], B2))
    path, n_read = tmp_path / "old.pkl", 0
    codecs.lookup("raw_unicode_escape")  # Python loads its own codec for old texts
    modules = set(sys.modules)
    for i in range(600):
        path.write_bytes(mutated(pickle.dumps(small, i % 6), rng, longest=20))
        with nothing_lost(tmp_path):
            try:
                saved = load_legacy_pickle(path)
            except ModelFileError as error:
                assert str(error).startswith("old.pkl: ") and len(str(error)) < 500
            else:
                n_read += 1
                assert [W.shape for W, _ in saved.params] == [(2, 2)] * 2
                assert all(np.isfinite(array).all() for layer in saved.params for array in layer)
    assert set(sys.modules) == modules
    assert 10 < n_read < 300  # bytes of a number, or of a memo that nobody needs


@pytest.mark.parametrize("pack", [gzip, bz2, lzma])
def test_the_advice_for_a_packed_pickle_leads_to_its_arrays(tmp_path, pack):
    packed, plain = tmp_path / "model.pkl.gz", tmp_path / "model.pkl"
    packed.write_bytes(pack.compress(pickle.dumps(ARRAYS)))
    with refused(ModelFileError, tmp_path, "model.pkl.gz", "Unpack it first"):
        load_legacy_pickle(packed)
    plain.write_bytes(pack.open(packed).read())
    assert_same(load_legacy_pickle(plain), ARRAYS)


def test_a_refusal_names_this_door(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps((np.zeros((3, 2)), np.zeros((3, 1)))))
    with pytest.raises(ModelFileError) as refusal:
        load_network(path)
    room, door = re.search(r"use (\S+)\.(\w+)\.", str(refusal.value)).groups()
    load = getattr(importlib.import_module(room), door)
    assert load(path, ("softmax",)).params[0].W.shape == (3, 2)
