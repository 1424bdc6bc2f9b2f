"""Answers to the exercises of lesson 17, as learners give them: (id, answer, what is said)."""


def sums(axis="(0, 2, 3)", makes="[:, None]", by=" / len(dZ)"):
    return f"return dZ.sum(axis={axis}){makes}{by}"


def as_rows(turned=".transpose(1, 0, 2, 3)", adds="sum", by=" / len(dZ)"):
    """An answer that lays dZ out like the patches first."""
    return (
        f"rows = dZ{turned}.reshape(dZ.shape[1], -1)\nreturn rows.{adds}(axis=1, keepdims=True){by}"
    )


BY_LOOPS = """
m, f, rows, columns = dZ.shape
db = np.zeros((f, 1))
for j in range(m):
    for k in range(f):
        db[k] += dZ[j, k].sum() / m
return db
"""

ROWS = [
    ("17-1", sums(), "✓ 17-1 is right. One number a filter"),
    ("17-1", sums(makes=".reshape(-1, 1)", by=" / dZ.shape[0]"), "✓ 17-1 is right"),
    ("17-1", as_rows(), "✓ 17-1 is right"),
    ("17-1", BY_LOOPS, "✓ 17-1 is right"),
    ("17-1", "return dZ.mean(axis=0).sum(axis=(1, 2))[:, None]", "✓ 17-1 is right"),
    ("17-1", f"db = {sums()[7:]}\nreturn db.tolist()", "hand back an array, the next lessons"),
    ("17-1", as_rows(adds="mean", by=""), "but the sum over the places: do not divide by their"),
    ("17-1", sums(by=""), "db belongs to the mean loss: divide by m"),
    ("17-1", sums(makes=""), "the shape is not: db is a column, (filters, 1)"),
    ("17-1", sums("0", ""), "used at every place: add the slopes of all its places"),
    ("17-1", sums("0", "", ""), "used at every place: add the slopes of all its places"),
    ("17-1", sums("(1, 2, 3)"), "a filter is the second axis of dZ"),
    ("17-1", as_rows(turned=""), "reshape without transpose puts several filters into one row"),
    ("17-1", sums("1", "", " / dZ.shape[1]"), "db has shape (3, 2, 6); it should be (4, 1)"),
    ("17-1", "return dZ.sum() / len(dZ)", "db is a single number; it should have shape (4, 1)"),
    ("17-1", sums(makes="[None]"), "db is (1, 4), transposed"),
    ("17-1", sums(by=" / dZ.shape[1]"), "you divide by 4 in one case and by 2 in another"),
    ("17-1", sums(by=" / -len(dZ)"), "db has the wrong sign"),
    ("17-1", "dZ /= len(dZ)\n" + sums(by=""), "your code changes dZ, which it was given"),
    ("17-1", sums()[7:], "your code returned None for m = 3: is a return missing"),
]
