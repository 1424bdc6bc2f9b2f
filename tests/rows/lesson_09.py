"""Answers to the exercises of lesson 09, as learners give them: (id, answer, what is said)."""

RECALL = "return np.array([(predicted[y == k] == k).mean() for k in range(10)])"
BY_LOOP = """shares = []
for k in range(10):
    n_read = sum(1 for p, true in zip(predicted, y) if p == true == k)
    shares.append(n_read / sum(true == k for true in y))
return shares"""
BY_COUNTS = "np.bincount(y[predicted == y], minlength=10) / np.bincount(y, minlength=10)"
BOTH = "return np.array([((predicted == k) & (y == k)).sum() / (y == k).sum() for k in range(10)])"

COINS = """n = b + c
tail = sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n
return min(1, 2 * tail)"""
FROM_ABOVE = "return min(1, 2 * sum(math.comb(b + c, k) for k in range(max(b, c), b + c + 1)) * "
FROM_ABOVE += "0.5 ** (b + c))"


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


ROWS = [
    ("09-1", RECALL, "✓ 09-1 is right"),
    ("09-1", BOTH, "✓ 09-1 is right"),
    ("09-1", "return " + BY_COUNTS, "✓ 09-1 is right"),
    ("09-1", f"return ({BY_COUNTS}).round(4)", "✓ 09-1 is right"),
    ("09-1", BY_LOOP, "✓ 09-1 is right. Of each class, how much was read: one accuracy became ten"),
    ("09-1", BY_LOOP, "hand back an array, the next lessons calculate with it"),
    ("09-1", but(RECALL, ("[y == k] == k", "[y == k].mean() == k)"), (").mean()", "")), "compare"),
    ("09-1", but(BOTH, ("/ (y == k)", "/ (predicted == k)")), "that is precision; divide by how"),
    ("09-1", but(BOTH, (".sum() / (y == k).sum()", ".mean()")), "you divide by the number of all"),
    ("09-1", but(BOTH, (" / (y == k).sum()", "")), "these are counts, not shares"),
    ("09-1", but(BOTH, ("/", "//")), "all your shares are whole numbers; // cuts off"),
    ("09-1", but(RECALL, ("== k).mean()", "!= k).mean()")), "these are the shares that were misse"),
    ("09-1", f"return 100 * {BY_COUNTS}", "these are percent; a share is at most 1"),
    ("09-1", "return (predicted == y).mean()", "this is the accuracy, one share for all; ten are"),
    ("09-1", but(RECALL, ("range(10)", "range(1, 11)")), "the classes are counted from 0"),
    ("09-1", but(RECALL, ("range(10)", "range(9)")), "the result has shape (9,); it should be (10"),
    ("09-1", f"return ({BY_COUNTS}).round(2)", "nearly: if yours are rounded, keep four digits"),
    ("09-1", f"return ({BY_COUNTS}).round(1)", "entries of the result are wrong; farthest off is"),
    ("09-1", "predicted[predicted != y] = -1\n" + RECALL, "your code changes predicted, which it"),
    ("09-1", but(RECALL, ("(predicted[y == k] == k).mean()", "k")), "farthest off is the result[9"),
    ("09-1", but(RECALL, ("return ", "print(")) + ")", "your code returned None for predicted of"),
    ("09-2", COINS, "✓ 09-2 is right"),
    ("09-2", FROM_ABOVE, "✓ 09-2 is right"),
    ("09-2", but(COINS, ("2 * tail)", "2 * round(tail, 6))")), "✓ 09-2 is right"),
    ("09-2", but(COINS, ("min(1, 2 * tail)", "round(min(1, 2 * tail), 4)")), "✓ 09-2 is right"),
    ("09-2", but(COINS, ("min(1, 2 * tail)", "np.array([min(1, 2 * tail)])")), "hand back a numb"),
    ("09-2", "if b + c < 1:\n    raise ValueError('no coins')\n" + COINS, "✓ 09-2 is right"),
    ("09-2", but(COINS, ("min(1, 2 * tail)", "round(min(1, 2 * tail), 3)")), "nearly: if yours ar"),
    ("09-2", but(COINS, ("2 * tail", "tail")), "that is one side only; nobody knew beforehand who"),
    ("09-2", but(COINS, ("2 * tail", "tail")), "(b = 20, c = 10: 0.09874 is right, yours is 0.049"),
    ("09-2", but(COINS, (" + 1)", ")")), "the case that was found is missing: k goes from 0 to"),
    ("09-2", but(COINS, ("range(", "range(1, ")), "k = 0 counts, too: it is the most one-sided"),
    ("09-2", but(COINS, ("min(b, c) +", "max(b, c) +")), "you get 1 each time: does k sto"),
    ("09-2", but(COINS, ("min(b, c) +", "max(b, c) +"), ("min(1, 2 * tail)", "2 * tail")), "up to"),
    ("09-2", but(COINS, ("min(b, c) +", "b +")), "k runs up to the larger of b and c; it stops at"),
    ("09-2", but(COINS, ("min(b, c) +", "c +")), "k runs up to the larger of b and c; it stops at"),
    ("09-2", but(COINS, ("min(1, 2 * tail)", "2 * tail")), "a probability above 1: at b = c both"),
    ("09-2", but(COINS, ("min(1,", "max(1,")), "max(1, …) gives 1 at least; p is 1 at most"),
    ("09-2", but(COINS, (" / 2**n", "")), "and is the sum divided by 2**n?"),
    ("09-2", "return 1", "you get 1 each time: does k stop at min(b, c), and is the"),
    ("09-2", but(COINS, ("2**n", "(2 ^ n)")), "2 ^ n is no power in Python; that is 2**n (b = 20"),
    ("09-2", but(COINS, ("2 * tail)", "2 * tail) < 0.05")), "you answer whether p is below 0.05"),
    ("09-2", but(COINS, ("/ 2**n", "// 2**n")), "or does // cut off what is behind the point? (b"),
    ("09-2", but(COINS, ("sum", "2 * sum"), ("/ 2**n", "// 2**n"), ("2 * tail", "tail")), "// cut"),
    ("09-2", but(COINS, ("n = b + c", "n = 1000")), "are all digits of the test your coins? Only"),
    ("09-2", but(COINS, ("n = b + c", "n = 10_000")), "are all digits of the test your coins? Onl"),
    ("09-2", "return 2 * math.comb(b + c, c) / 2 ** (b + c)", "the chance of this very case; the"),
    ("09-2", "return math.comb(b + c, c) / 2 ** (b + c)", "the chance of this very case; the more"),
    ("09-2", "return math.erfc(abs(b - c) / math.sqrt(2 * (b + c)))", "the bell curve's approxima"),
    ("09-2", "return 0.3", "p should be 0.09874 for b = 20, c = 10; yours is 0.3"),
    ("09-2", but(COINS, ("min(1, 2 * tail)", "100 * min(1, 2 * tail)")), "p is 100 times the righ"),
    ("09-2", but(COINS, ("return min(1, 2 * tail)", "if tail < 0.5:\n    return 2 * tail")), "lac"),
    ("09-2", but(COINS, ("return min(1, 2 * tail)", "print(tail)")), "for b = 20, c = 10 and prin"),
    ("09-2", 0.0987, "hand over p_value itself, without brackets: the check calls it"),
]
