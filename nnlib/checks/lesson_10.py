"""Lesson 10, Look inside and keep it: its equations and exercises."""

import pathlib
import shutil
import tempfile
import zipfile

import numpy as np

from nnlib.activations import relu
from nnlib.checks.answers import Answer, NotWritten
from nnlib.checks.engine import Task
from nnlib.checks.registry import equation, exercise
from nnlib.checks.values import in_places_of, is_sequence, leaves, numbers
from nnlib.checks.words import kind_of, say
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import train

SIZES, BLANK = [9, 5, 4], [2, 7]  # of the small network in the equations; pixels without ink


def partly_blank_problem(rng, m=6):
    """A small network with biases that are not zero, in float64, and m samples for it."""
    params = init_params(SIZES, rng, "uniform", np.float64)
    X = rng.random((SIZES[0], m))
    X[BLANK] = 0
    return params, X, rng.integers(0, SIZES[-1], m)


def trained(params, X, y):
    """The network after twenty steps."""
    return list(train(params, X, y, SGD(0.3), 20))[-1].params


def logits(params, X):
    """The last weighted sums."""
    return forward(params, X)[0][-1]


@equation("10.1", "result", "the logits are what each hidden unit passes on, added up")
def units_pass_on(rng):
    """Unit by unit and class by class, in loops, against the matrix product."""
    params, X, _ = partly_blank_problem(rng)
    (_, _), (W2, b2) = params
    A1 = forward(params, X)[1][1]
    total = np.zeros((len(W2), X.shape[1]))
    for k in range(len(A1)):
        for c in range(len(W2)):
            total[c] += W2[c, k] * A1[k]
    return logits(params, X), total + b2


@equation("10.2", "definition", "the correlation of neighboring weights")
def neighbors(rng):
    """The image 1 2 / 3 4 has four pairs, (1,2), (3,4), (1,3), (2,4): 2.25 / 2.75 by hand."""
    weights, grid = np.array([1.0, 2.0, 3.0, 4.0]), np.arange(4).reshape(2, 2)
    first = np.r_[grid[:, :-1].ravel(), grid[:-1].ravel()]  # the pairs, as in the lesson
    second = np.r_[grid[:, 1:].ravel(), grid[1:].ravel()]
    w, v = weights[first] - weights[first].mean(), weights[second] - weights[second].mean()
    by_formula = (w * v).sum() / np.sqrt((w**2).sum() * (v**2).sum())
    by_numpy = np.corrcoef(weights[first], weights[second])[0, 1]
    return [by_formula, by_numpy], [2.25 / 2.75] * 2


@equation("10.3", "result", "the slope of a first-layer weight is a sum over the digits' pixels")
def slope_by_pixels(rng):
    """Central differences of the mean loss, against the sum with dZ; zero for blank pixels."""
    params, X, y = partly_blank_problem(rng)
    (W1, b1), last = params

    def loss(vector):
        return cross_entropy(logits([Layer(vector.reshape(W1.shape), b1), last], X), y)

    Zs, As = forward(params, X)
    dZ2 = As[-1] - one_hot(y, SIZES[-1], X.dtype)
    dZ1 = (last.W.T @ dZ2) * (Zs[0] > 0)
    by_pixels = sum(np.outer(dZ1[:, j], X[:, j]) for j in range(y.size)) / y.size
    return numerical_gradient(loss, W1.ravel()).reshape(W1.shape), by_pixels


@equation("10.4", "result", "the weights of a pixel without ink keep their start values")
def blank_pixels_stay(rng):
    """After twenty steps, against before."""
    params, X, y = partly_blank_problem(rng)
    return trained(params, X, y)[0].W[:, BLANK], params[0].W[:, BLANK]


@equation("10.5", "result", "what training adds to a weight image is a weighted sum of digits")
def a_sum_of_digits(rng):
    """What twenty steps added, against its projection on the space of the four pictures."""
    params, X, y = partly_blank_problem(rng, m=4)
    added = trained(params, X, y)[0].W - params[0].W
    Q, _ = np.linalg.qr(X)  # (9, 4): axes of the space that the pictures span
    return added, added @ Q @ Q.T


@equation("10.6", "result", "pixels and the columns of W shuffled alike: the same weighted sums")
def shuffled_pixels(rng):
    """With a permutation matrix, and without."""
    params, X, _ = partly_blank_problem(rng)
    shuffle = np.eye(SIZES[0])[rng.permutation(SIZES[0])]
    return params[0].W @ X, (params[0].W @ shuffle.T) @ (shuffle @ X)


@equation("10.7", "result", "hidden units in another order: the same network")
def shuffled_units(rng):
    """Rows of W1 and b1 and columns of W2 in another order, against the network as it was."""
    params, X, _ = partly_blank_problem(rng)
    (W1, b1), (W2, b2) = params
    order = rng.permutation(len(W1))
    return logits(params, X), logits([Layer(W1[order], b1[order]), Layer(W2[:, order], b2)], X)


@equation("10.8", "result", "a unit with c times its weights, passed on by a c-th: the same")
def scaled_unit(rng):
    """With relu, for a c of each unit."""
    params, X, _ = partly_blank_problem(rng)
    (W1, b1), (W2, _) = params
    c = rng.uniform(0.2, 5, (len(W1), 1))
    return W2 @ relu(W1 @ X + b1), (W2 / c.T) @ relu((c * W1) @ X + c * b1)


def networks_to_store():
    """Three layers in float32, and eleven in float64."""
    sizes = [[7, 6, 5, 4], [3, 4] * 6]
    rng, types = np.random.default_rng(10), (np.float32, np.float64)
    return [init_params(s, rng, "uniform", dtype) for s, dtype in zip(sizes, types)]


FILE_SAYS = {
    "pair": "hand over a pair, both functions without brackets: there_and_back = save, load",
    "second ending": "asked for {path}, save wrote {other}: the path has its .npz already",
    "np.save": "asked for {path}, save wrote {other}; np.save, for one array, adds .npy: np.savez "
    "takes several",
    "no file": "save wrote no file at the path that it was given",
    "no npz": "the file is no .npz: write it with np.savez, which takes several arrays",
    "pickled": "the file holds pickled objects, which only allow_pickle=True would load, and run; "
    "give np.savez each W and b under a name of its own, not a list of layers",
    "layers": "load should return a list of {saved} layers, each Layer(W, b); yours is {kind}",
    "swapped": "where {name} should be, {came} came back: two arrays are swapped",
    "shape": "{name} had the shape {was} and came back as {now}",
    "type": "{name} was {was} and came back as {now}: keep the type",
    "bits": "{name} is not the same to the bit; it is off by up to {gap:.1g}",
}


def judge_round_trip(handed):
    """Save two networks and load both, from files that were moved; both functions are called."""
    if handed is None:
        raise NotWritten
    if not (is_sequence(handed) and len(handed) == 2):
        return FILE_SAYS["pair"]
    save = Answer(handed[0], "save(path, params)")
    load = Answer(handed[1], "load(path)")
    mistake = judge_files(save, load)
    if changed := save.changed_global() or load.changed_global():
        return say("changed global", what=changed)
    return mistake


def judge_files(save, load):
    """Write all files, look at each, then read them under other names."""
    nets = networks_to_store()
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder) / str(i) / "net.npz" for i in range(len(nets))]
        for path, layers in zip(paths, nets):
            path.parent.mkdir()
            if mistake := judge_saving(save, path, layers) or judge_file(path):
                return mistake
        for path, layers in zip(paths, nets):
            moved = shutil.move(path, path.with_name("moved.npz"))  # so that nothing is remembered
            if mistake := judge_loaded(layers, load(pathlib.Path(moved))):
                return mistake
    return None


def judge_saving(save, path, layers):
    """What is wrong with how a network is saved, or None."""
    outcome = save.run((path, layers))
    if outcome.error:
        return save.fault(outcome.error)
    if changed := save.changed(outcome, (path, layers)):
        return say("changed", what=changed)
    others = [other.name for other in path.parent.iterdir()]
    if others and not path.exists():
        key = "second ending" if others == [f"{path.name}.npz"] else "np.save"
        return FILE_SAYS[key].format(path=path.name, other=others[0])
    return None if others else FILE_SAYS["no file"]


def judge_file(path):
    """What is wrong with a saved file, or None."""
    if not zipfile.is_zipfile(path):
        return FILE_SAYS["no npz"]
    try:
        with np.load(path, allow_pickle=False) as file:
            for name in file.files:
                file[name]
    except ValueError:
        return FILE_SAYS["pickled"]
    return None


def judge_loaded(layers, loaded):
    """What is wrong with the layers that came back, or None."""
    parts = in_places_of(layers, loaded)
    if parts is None:
        first = f", the first {kind_of(loaded[0])}" if is_sequence(loaded) and loaded else ""
        return FILE_SAYS["layers"].format(saved=len(layers), kind=kind_of(loaded) + first)
    names = [f"{n}{l}" for l in range(1, len(layers) + 1) for n in "Wb"]
    own = dict(zip([old.tobytes() for old in leaves(layers)], names))
    said = (judge_part(*of, own) for of in zip(names, leaves(layers), parts))
    return next(filter(None, said), None)


def judge_part(name, old, new, own):
    """What is wrong with one array that came back, or None; `own` names those that were saved."""
    if numbers(new) is None:
        return say("part", name=name, kind=kind_of(new))
    new = np.asarray(new)
    if (came := own.get(new.tobytes(), name)) != name:
        return FILE_SAYS["swapped"].format(name=name, came=came)
    if new.shape != old.shape:
        return FILE_SAYS["shape"].format(name=name, was=old.shape, now=new.shape)
    if new.dtype != old.dtype:
        return FILE_SAYS["type"].format(name=name, was=old.dtype, now=new.dtype)
    is_same = new.tobytes() == old.tobytes()
    return None if is_same else FILE_SAYS["bits"].format(name=name, gap=np.abs(new - old).max())


exercise(
    "10-1",
    "there_and_back",
    judge_round_trip,
    praise="Bit for bit, plain arrays, nothing that could run.",
    hints=(
        "np.savez(path, W1=W1, b1=b1, …) writes named arrays; for any number of layers, make a "
        "dict of names first and write np.savez(path, **arrays).",
        'arrays |= {f"W{l}": W, f"b{l}": b} for each layer l. For loading: with np.load(path, '
        'allow_pickle=False) as file, then file["W1"], file["b1"] …; len(file.files) // 2 layers.',
        'return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in range(1, n + 1)], inside the '
        "with, and change nothing: no ravel, no astype.",
    ),
    says=FILE_SAYS,
)


def with_b(layer, change):
    """The layer with a changed b."""
    return Layer(layer.W, change(layer.b))


def stacks():
    """Networks that fit, and others that do not, each in one way."""
    p = init_params([7, 6, 5, 4], np.random.default_rng(11))
    deep = init_params([3, 5, 2, 4, 6], np.random.default_rng(12))
    return {
        "layers that fit": (p,),
        "four layers that fit": (deep,),
        "a single layer": (deep[:1],),
        "layers 2 and 3 swapped": ([p[0], p[2], p[1]],),
        "a flat b3, (4,) instead of (4, 1)": ([*p[:2], with_b(p[2], np.ravel)],),
        "a row for b1, (1, 6) instead of (6, 1)": ([with_b(p[0], np.transpose), *p[1:]],),
        "a number too few in b2": ([p[0], with_b(p[1], lambda b: b[1:]), p[2]],),
        "an input too many in W3": ([*p[:2], Layer(np.ones((4, 6)), p[2].b)],),
        "a number too many in the b4 of four layers": (
            [*deep[:3], with_b(deep[3], lambda b: np.ones((7, 1)))],
        ),
    }


def misfits(params, fits_W=lambda W, n_in: W.shape[1] == n_in, fits_b=None):
    """The numbers of all layers that do not fit."""
    inputs = [params[0].W.shape[1], *(len(W) for W, _ in params)]
    fits_b = fits_b or (lambda W, b: b.shape == (len(W), 1))
    layers = enumerate(zip(params, inputs), start=1)
    return [l for l, ((W, b), n_in) in layers if not (fits_W(W, n_in) and fits_b(W, b))]


def first_misfit(params, **slip):
    """The number of the first layer that does not fit; 0 if all do."""
    return next(iter(misfits(params, **slip)), 0)


def with_fits(**slip):
    """The first misfit by another condition."""
    return lambda params: first_misfit(params, **slip)


def fits_when_unpacked(W, b):
    """A look at b that stops at a flat one with a ValueError."""
    n_out, n_columns = b.shape
    return (n_out, n_columns) == (len(W), 1)


exercise(
    "10-2",
    "first_misfit(params)",
    Task(
        right=first_misfit,
        cases=stacks,
        names=("the number",),
        gives="the number of a layer, or 0",
        slips={
            "each number is one too small: layers are counted from 1, and 0 means that all fit": (
                lambda params: max(first_misfit(params) - 1, 0)
            ),
            "these layers fit (784 pixels are no must), but you refuse layer 1": lambda params: 1,
            "you say that something is wrong (True is 1); say in which layer": (
                lambda params: first_misfit(params) > 0
            ),
            "you find nothing wrong, whatever is wrong": lambda params: 0,
            "that is the last layer that does not fit; the first is asked for": (
                lambda params: (misfits(params) or [0])[-1]
            ),
            "you look at W alone; b.shape must be (len(W), 1), too": (
                with_fits(fits_b=lambda W, b: True)
            ),
            "you look at b alone; W.shape[1] must be what the layer before gives, too": (
                with_fits(fits_W=lambda W, n_in: True)
            ),
            "a flat b has no second number in its shape: compare the shape as a whole, b.shape == "
            "(len(W), 1)": (
                with_fits(fits_b=lambda W, b: len(b) == len(W) and b.shape[1] == 1),
                with_fits(fits_b=lambda W, b: b.shape[1] == 1 and len(b) == len(W)),
                with_fits(fits_b=fits_when_unpacked),
            ),
        },
    ),
    praise="A wrong file is refused at the door, and the door says which layer.",
    hints=(
        "two things can be wrong with a layer: its W does not take what the layer before gives, "
        "or its b does not match its W.",
        "the first layer may take anything; each next one needs W.shape[1] equal to the number of "
        "rows of the W before. b.shape must be (len(W), 1), exactly.",
        "begin with n_in = params[0].W.shape[1]; in a loop over enumerate(params, start=1) compare "
        "W.shape[1] and b.shape, and make n_in the len(W) that the next layer must take.",
    ),
)
