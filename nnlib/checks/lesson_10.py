"""Lesson 10, Look inside and keep it: its equations and exercises."""

import pathlib
import shutil
import tempfile
import zipfile

import numpy as np

from nnlib.activations import relu
from nnlib.checks.registry import NotWritten, equation, exercise
from nnlib.gradient_check import numerical_gradient
from nnlib.losses import cross_entropy, one_hot
from nnlib.network import Layer, forward, init_params
from nnlib.optimizers import SGD
from nnlib.training import train

SIZES, BLANK = [9, 5, 4], [2, 7]  # of the small network in the equations; pixels without ink


def small_problem(rng, m=6):
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
    params, X, _ = small_problem(rng)
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
    params, X, y = small_problem(rng)
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
    params, X, y = small_problem(rng)
    return trained(params, X, y)[0].W[:, BLANK], params[0].W[:, BLANK]


@equation("10.5", "result", "what training adds to a weight image is a weighted sum of digits")
def a_sum_of_digits(rng):
    """What twenty steps added, against its projection on the space of the four pictures."""
    params, X, y = small_problem(rng, m=4)
    added = trained(params, X, y)[0].W - params[0].W
    Q, _ = np.linalg.qr(X)  # (9, 4): axes of the space that the pictures span
    return added, added @ Q @ Q.T


@equation("10.6", "result", "pixels and the columns of W shuffled alike: the same weighted sums")
def shuffled_pixels(rng):
    """With a permutation matrix, and without."""
    params, X, _ = small_problem(rng)
    shuffle = np.eye(SIZES[0])[rng.permutation(SIZES[0])]
    return params[0].W @ X, (params[0].W @ shuffle.T) @ (shuffle @ X)


@equation("10.7", "result", "hidden units in another order: the same network")
def shuffled_units(rng):
    """Rows of W1 and b1 and columns of W2 in another order, against the network as it was."""
    params, X, _ = small_problem(rng)
    (W1, b1), (W2, b2) = params
    order = rng.permutation(len(W1))
    return logits(params, X), logits([Layer(W1[order], b1[order]), Layer(W2[:, order], b2)], X)


@equation("10.8", "result", "a unit with c times its weights, passed on by a c-th: the same")
def scaled_unit(rng):
    """With relu, for a c of each unit."""
    params, X, _ = small_problem(rng)
    (W1, b1), (W2, _) = params
    c = rng.uniform(0.2, 5, (len(W1), 1))
    return W2 @ relu(W1 @ X + b1), (W2 / c.T) @ relu((c * W1) @ X + c * b1)


@exercise(
    "10-1",
    praise="Bit for bit, plain arrays, nothing that could run.",
    hints=(
        "np.savez(path, W1=W1, b1=b1, …) writes named arrays; for any number of layers, make a "
        "dict of names first and write np.savez(path, **arrays).",
        'arrays |= {f"W{l}": W, f"b{l}": b} for each layer l. For loading: with np.load(path, '
        'allow_pickle=False) as file, then file["W1"], file["b1"] …; len(file.files) // 2 layers.',
        'return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in range(1, n + 1)], inside the '
        "with, and change nothing: no ravel, no astype.",
    ),
)
def judge_round_trip(answer):
    """Save here, load there; then form, order, shapes, types, bits."""
    save, load = answer() if callable(answer) else answer
    if save is None or load is None:
        raise NotWritten
    rng = np.random.default_rng(10)
    layers = init_params([7, 6, 5, 4], rng, "uniform")
    with tempfile.TemporaryDirectory() as folder:
        path, moved = pathlib.Path(folder) / "net.npz", pathlib.Path(folder) / "moved.npz"
        save(path, [Layer(W.copy(), b.copy()) for W, b in layers])
        if not path.exists():
            return judge_missing(load, path)
        mistake = judge_file(path)
        if mistake:
            return mistake
        shutil.move(path, moved)  # so that nothing but the file can be remembered
        loaded = load(moved)
    if loaded is None:
        raise NotWritten
    if not isinstance(loaded, list | tuple):
        return f"load should return a list of Layer(W, b); it returns a {type(loaded).__name__}"
    return judge_loaded(layers, [tuple(layer) for layer in loaded])


def judge_missing(load, path):
    """What is wrong if there is no file where there should be one."""
    others = [other.name for other in path.parent.iterdir()]
    if others == [f"{path.name}.npz"]:
        return f"asked for {path.name}, save wrote {others[0]}: the path has its .npz already"
    if others:
        return (
            f"asked for {path.name}, save wrote {others[0]}; np.save, for one array, adds .npy: "
            "np.savez takes several"
        )
    try:
        if load(path) is None:
            raise NotWritten
    except OSError:  # load is written, and finds no file
        pass
    return "save wrote no file at the path that it was given"


def judge_file(path):
    """What is wrong with a saved file, or None."""
    if not zipfile.is_zipfile(path):
        return "the file is no .npz: write it with np.savez, which takes several arrays"
    try:
        with np.load(path, allow_pickle=False) as file:
            for name in file.files:
                file[name]
    except ValueError:
        return (
            "the file holds pickled objects, which only allow_pickle=True would load, and run; "
            "give np.savez each W and b under a name of its own, not a list of layers"
        )
    return None


def judge_loaded(layers, loaded):
    """What is wrong with the layers that came back, or None."""
    if [len(layer) for layer in loaded] != [2] * len(layers):
        return f"{len(layers)} layers of W and b were saved; {len(loaded)} entries came back"
    names = {a.tobytes(): f"{n}{l}" for l, pair in enumerate(layers, 1) for n, a in zip("Wb", pair)}
    for l, (pair, again) in enumerate(zip(layers, loaded), start=1):
        for name, old, new in zip("Wb", pair, map(np.asarray, again)):
            came = names.get(new.tobytes(), f"{name}{l}")
            if came != f"{name}{l}":
                return f"where {name}{l} should be, {came} came back: two arrays are swapped"
            if new.shape != old.shape:
                return f"{name}{l} had the shape {old.shape} and came back as {new.shape}"
            if new.dtype != old.dtype:
                return f"{name}{l} was {old.dtype} and came back as {new.dtype}: keep the type"
            if new.tobytes() != old.tobytes():
                gap = np.abs(new - old).max()
                return f"{name}{l} is not the same to the bit; it is off by up to {gap:.1g}"
    return None


@exercise(
    "10-2",
    praise="A wrong file is refused at the door, and the door says which layer.",
    hints=(
        "two things can be wrong with a layer: its W does not take what the layer before gives, "
        "or its b does not match its W.",
        "the first layer may take anything; each next one needs W.shape[1] equal to the number of "
        "rows of the W before. b.shape must be (len(W), 1), exactly.",
        "n_in = params[0].W.shape[1]; for l, (W, b) in enumerate(params, start=1): if "
        "W.shape[1] != n_in or b.shape != (len(W), 1): return l; then n_in = len(W).",
    ),
)
def judge_first_misfit(answer):
    """A sound network, then one broken in each way."""
    rng = np.random.default_rng(11)

    def ask(change=lambda layers: layers):
        return answer(change(init_params([7, 6, 5, 4], rng)))

    sound = ask()
    if not isinstance(sound, int | np.integer):
        return f"return the number of a layer, or 0; yours is the {type(sound).__name__} {sound!r}"
    if sound != 0:
        return f"these layers fit (784 pixels are no must), but you refuse layer {sound}; return 0"
    cases = {
        "layers 2 and 3 were swapped": (2, lambda p: [p[0], p[2], p[1]]),
        "b3 was flat, (4,) instead of (4, 1)": (3, lambda p: [*p[:2], spoiled(p[2], np.ravel)]),
        "b1 was a row, (1, 6) instead of (6, 1)": (
            1,
            lambda p: [spoiled(p[0], np.transpose), *p[1:]],
        ),
        "b2 had a number too few": (2, lambda p: [p[0], spoiled(p[1], lambda b: b[1:]), p[2]]),
        "W3 took one input too many": (3, lambda p: [*p[:2], Layer(np.ones((4, 6)), p[2].b)]),
    }
    found = {}
    for what, (layer, change) in cases.items():
        try:
            found[what] = layer, ask(change)
        except (IndexError, ValueError) as error:
            return (
                f"{what}, and your code stopped with {type(error).__name__}; compare the shape as "
                "a whole: b.shape == (len(W), 1)"
            )
    if all(said == layer - 1 for layer, said in found.values()):
        return "each number is one too small: layers are counted from 1, and 0 means that all fit"
    for what, (layer, said) in found.items():
        if said != layer:
            finding = "found nothing wrong" if said == 0 else f"blamed layer {said}"
            return f"{what}, and you {finding}; layer {layer} is the first that does not fit"
    return None


def spoiled(layer, change):
    """The layer with a changed b."""
    return Layer(layer.W, change(layer.b))
