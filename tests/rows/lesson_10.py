"""Answers to the exercises of lesson 10, as learners give them: (id, answer, what is said)."""

import numpy as np

from nnlib.network import Layer

SEEN = {"files": 0}


def stub(*given):
    return None


def save(path, params):
    arrays = {}
    for l, (W, b) in enumerate(params, start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    np.savez(path, **arrays)


def load(path):
    with np.load(path, allow_pickle=False) as file:
        n = len(file.files) // 2
        return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in range(1, n + 1)]


def loads(change):
    """A `load` that makes something else of the layers."""
    return lambda path: change(load(path))


def saves(change):
    """A `save` that makes something else of the layers."""
    return lambda path, params: save(path, change(params))


def save_in_a_row(path, params):
    np.savez_compressed(path, *[array for layer in params for array in layer])


def load_in_a_row(path):
    with np.load(path) as file:
        arrays = [file[f"arr_{place}"] for place in range(len(file.files))]
    return list(zip(arrays[::2], arrays[1::2]))


def load_sorted(path):
    """The names in alphabetical order: W1, W10, W11, W2 …, then b1 …"""
    with np.load(path) as file:
        arrays = [file[name] for name in sorted(file.files)]
    n = len(arrays) // 2
    return [Layer(W, b) for W, b in zip(arrays[:n], arrays[n:])]


def load_biases_first(path):
    return [Layer(b, W) for W, b in load(path)]


def save_three(path, params):
    (W1, b1), (W2, b2), (W3, b3) = params
    np.savez(path, W1=W1, b1=b1, W2=W2, b2=b2, W3=W3, b3=b3)


def load_three(path):
    with np.load(path) as file:
        return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in (1, 2, 3)]


def load_late(path):
    with np.load(path) as file:
        n = len(file.files) // 2
    return [Layer(file[f"W{l}"], file[f"b{l}"]) for l in range(1, n + 1)]


def load_without_return(path):
    [array for layer in load(path) for array in layer]


def save_objects(path, params):
    pairs = np.empty(len(params), dtype=object)
    pairs[:] = params
    np.savez(path, params=pairs)


def load_objects(path):
    with np.load(path, allow_pickle=True) as file:
        return list(file["params"])


def save_list(path, params):
    np.savez(path, params)


def save_each(path, params):
    np.savez(path, *params)


def save_one_array(path, params):
    np.save(path, params[0].W)


def save_text(path, params):
    path.write_text(str(params))


def save_emptied(path, params):
    save(path, params)
    params.clear()


def save_rounded(path, params):
    save(path, params)
    for W, _ in params:
        W[:] = 0


def save_and_count(path, params):
    SEEN["files"] += 1
    save(path, params)


def save_where_it_is_remembered(path, params):
    save(path, params)
    save.kept = params


def misfit(fits):
    """An answer to 10-2 that finds the first layer whose b does not fit, by this condition."""
    return f"""n_in = params[0].W.shape[1]
for l, (W, b) in enumerate(params, start=1):
    if W.shape[1] != n_in or not ({fits}):
        return l
    n_in = W.shape[0]
return 0"""


MISFIT = misfit("b.shape == (len(W), 1)")
LOADED_FLAT = "b1 had the shape (6, 1) and came back as (6,)"
ROWS = [
    ("10-1", (save, load), "✓ 10-1 is right"),
    ("10-1", [save, load], "✓ 10-1 is right"),
    ("10-1", (save_in_a_row, load_in_a_row), "✓ 10-1 is right"),
    (
        "10-1",
        save,
        "hand over a pair, both functions without brackets: there_and_back = save, load",
    ),
    ("10-1", (save, load, load), "hand over a pair, both functions without"),
    ("10-1", (save, 7), "hand over load itself, without brackets: the check calls it"),
    ("10-1", (lambda path: path, load), "save is called as save(path, params); leave the names"),
    ("10-1", (save, load_biases_first), "where W1 should be, b1 came back: two arrays are swapped"),
    ("10-1", (save, load_sorted), "where W2 should be, W10 came back: two arrays are swapped"),
    ("10-1", (save, loads(lambda layers: layers[::-1])), "two arrays are swapped"),
    ("10-1", (saves(lambda p: [Layer(W, b.ravel()) for W, b in p]), load), LOADED_FLAT),
    ("10-1", (save_objects, load_objects), "the file holds pickled objects, which only allow_pick"),
    ("10-1", (save_list, load), "“np.savez(path, params)”: arrays of different shapes do not make"),
    ("10-1", (save_each, load), "keep them in a list, or give each a name of its own"),
    ("10-1", (save, load_late), "the file is closed where its with ends; read from it inside"),
    ("10-1", (save_three, load), "“(W1, b1), (W2, b2), (W3, b3) = params”: unpacking: 3 on the le"),
    ("10-1", (save, load_three), "load should return a list of 11 layers, each Layer(W, b); yours"),
    ("10-1", (save, loads(lambda p: [a for layer in p for a in layer])), "a list of 6, the first"),
    ("10-1", (save, loads(lambda p: {"W1": p[0].W})), "each Layer(W, b); yours is a dict"),
    ("10-1", (save, loads(lambda p: [(W, str(b)) for W, b in p])), "b1 should hold numbers; yours"),
    ("10-1", (save, loads(lambda p: [(W, b.astype("f4")) for W, b in p])), "b1 was float64 and ca"),
    ("10-1", (save, loads(lambda p: [(W, b.round(6)) for W, b in p])), "b1 is not the same to the"),
    ("10-1", (save, load_without_return), "your code returned None: is a return missing"),
    ("10-1", (lambda path, p: save(f"{path}.npz", p), load), "save wrote net.npz.npz: the path ha"),
    ("10-1", (save_one_array, load), "np.save, for one array, adds .npy: np.savez takes several"),
    ("10-1", (lambda path, params: [], load), "save wrote no file at the path that it was given"),
    ("10-1", (save_text, load), "the file is no .npz: write it with np.savez"),
    ("10-1", (save_emptied, load), "your code changes params, which it was given"),
    ("10-1", (save_rounded, load), "your code changes params, which it was given"),
    ("10-1", (save_and_count, load), "your code changes SEEN, which belongs to the lesson"),
    ("10-1", (save_where_it_is_remembered, lambda path: save.kept), "list of 3 layers, each"),
    ("10-2", MISFIT, "✓ 10-2 is right"),
    ("10-2", misfit("b.ndim == 2 and b.shape[1] == 1 and len(b) == len(W)"), "✓ 10-2 is right"),
    ("10-2", misfit("b.shape == W[:, :1].shape"), "✓ 10-2 is right"),
    ("10-2", MISFIT.replace("return l", "return np.int64(l)"), "✓ 10-2 is right"),
    ("10-2", misfit("True"), "you look at W alone; b.shape must be (len(W), 1), too"),
    ("10-2", MISFIT.replace("W.shape[1] != n_in or ", ""), "you look at b alone; W.shape[1] must"),
    ("10-2", MISFIT.replace("start=1", "start=0"), "each number is one too small: layers are coun"),
    ("10-2", "return 0 if params[0].W.shape[1] == 784 else 1", "these layers fit (784 pixels are"),
    ("10-2", MISFIT.replace("return l", "return True"), "you say that something is wrong (True is"),
    ("10-2", "return 0", "you find nothing wrong, whatever is wrong (layers 2 and 3 swapped: 2 is"),
    (
        "10-2",
        MISFIT.replace("return 0", "return found").replace("return l", "found = l"),
        "found is used before it has a value",
    ),
    (
        "10-2",
        "found = 0\n" + MISFIT.replace("return 0", "return found").replace("return l", "found = l"),
        "that is the last layer that does not fit; the first is asked for",
    ),
    ("10-2", misfit("b.size == len(W)"), "not for a flat b3, (4,) instead of (4, 1): the number"),
    ("10-2", misfit("len(b) == len(W)"), "should be 3; yours is 0"),
    ("10-2", misfit("len(b) == len(W) and b.shape[1] == 1"), "compare the shape as a whole, b.sh"),
    (
        "10-2",
        MISFIT.replace("    if", "    rows, columns = b.shape\n    if"),
        "a flat b has no second number in its shape",
    ),
    (
        "10-2",
        MISFIT.replace("params, start", "params[:3], start"),
        "right for layers that fit, but not for a number too many in the b4 of four layers: the",
    ),
    (
        "10-2",
        "(W1, b1), (W2, b2), (W3, b3) = params\nreturn 0",
        "not for four layers that fit: your code stopped in line 2",
    ),
    (
        "10-2",
        MISFIT.replace("\nreturn 0", ""),
        "your code returned a value for layers 2 and 3 swapped, but None for layers that fit",
    ),
    ("10-2", "params.pop()\nreturn 0", "your code changes params, which it was given"),
    ("10-2", "return '0'", "return the number of a layer, or 0; yours is the text '0'"),
    ("10-2", "return [Layer]", "return the number of a layer, or 0; yours is a list of 1"),
    ("10-2", 0, "hand over first_misfit itself, without brackets: the check calls it"),
]
