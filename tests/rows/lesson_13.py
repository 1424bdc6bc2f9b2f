"""Answers to the exercises of lesson 13, as learners give them: (id, answer, what is said)."""

STEP = """new = momentum * velocity + dW
W = W - lr * new
return W, new
"""
ADAM = """theta = m = s = np.zeros_like(gradients[0])
t = 0
for g in gradients:
    t = t + 1
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat = m / (1 - 0.9**t)
    s_hat = s / (1 - 0.999**t)
    theta = theta - lr * m_hat / (np.sqrt(s_hat) + 1e-8)
return theta
"""
IN_PLACE = """theta, m, s = (np.zeros_like(gradients[0]) for _ in range(3))
for t, g in enumerate(gradients, start=1):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g**2
    theta -= lr * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
return theta
"""


def but(text, *changes):
    """A solution with some of its code replaced: (old, new), …"""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def step(*changes):
    return but(STEP, *changes)


def adam(*changes):
    return but(ADAM, *changes)


ROWS = [
    ("13-1", STEP, "✓ 13-1 is right. A velocity that fades and grows, and a step along it."),
    (
        "13-1",
        step(("W, new\n", "[W.tolist(), new.tolist()]\n")),
        "hand back an array, the next les",
    ),
    ("13-1", step(("= W - lr", "= np.float32(W) - lr")), "✓ 13-1 is right"),
    (
        "13-1",
        step(("W = W - lr * new", "W -= lr * new")),
        "your code changes W, which it was given",
    ),
    (
        "13-1",
        "velocity *= momentum\nvelocity += dW\nreturn W - lr * velocity, velocity",
        "changes v",
    ),
    ("13-1", step(("+ dW", "+ (1 - momentum) * dW")), "your velocity is an average, the gradient"),
    ("13-1", step(("lr * new", "lr * velocity")), "the step uses the old velocity; W moves wi"),
    ("13-1", step(("+ dW", "- lr * dW"), ("- lr * new", "+ new")), "your velocity points downhill"),
    (
        "13-1",
        step(("+ dW", "- dW"), ("- lr", "+ lr")),
        "your velocity points downhill and W is add",
    ),
    (
        "13-1",
        step(("+ dW", "+ lr * dW"), ("lr * new", "new")),
        "your velocity holds lr * dW: a comm",
    ),
    ("13-1", step(("momentum *", "0.9 *")), "you calculate with 0.9; momentum is an argument"),
    (
        "13-1",
        step(("momentum * ", "")),
        "the old velocity does not fade; it is multiplied by moment",
    ),
    (
        "13-1",
        step(("velocity + dW", "(velocity + dW)")),
        "momentum belongs to the old velocity alo",
    ),
    ("13-1", step(("momentum * velocity + ", "")), "this is a step of plain descent"),
    ("13-1", step(("lr * new", "lr * dW")), "the velocity is right, but W does not follow it"),
    ("13-1", step(("W - lr", "W + lr")), "the velocity is right, but you walk uphill: W - lr * ve"),
    (
        "13-1",
        step(("lr * new", "0.05 * new")),
        "the step is lr times it, with the lr that is given",
    ),
    ("13-1", step(("lr * new", "new")), "the step is lr times it, with the lr that is given"),
    ("13-1", step(("W, new\n", "new, W\n")), "in another order: return the new W, the new velocit"),
    ("13-1", step(("W, new\n", "W\n")), "return two arrays: the new W, the new velocity; yours is"),
    (
        "13-1",
        step(("velocity + dW", "velocity + dW + 1")),
        "entries of the new W are wrong; farthes",
    ),
    (
        "13-1",
        step(("* new", "@ new")),
        "your code stopped in line 3, “W = W - lr @ new”: two shapes d",
    ),
    ("13-2", ADAM, "✓ 13-2 is right. The first step is almost exactly lr long"),
    ("13-2", IN_PLACE, "✓ 13-2 is right"),
    (
        "13-2",
        adam(("return theta", "return theta.tolist()")),
        "hand back an array, the next lesson",
    ),
    ("13-2", adam(("return theta", "return np.float32(theta)")), "✓ 13-2 is right"),
    (
        "13-2",
        but(IN_PLACE, ("+ 1e-8", "+ 1e-7")),
        "3 of 3 entries of theta are wrong; farthest off",
    ),
    (
        "13-2",
        adam(("g**2", "g")),
        "the root of a negative number is NaN: s holds g, not its square",
    ),
    (
        "13-2",
        adam(
            ("0.9 * m + 0.1", "0.999 * m + 0.001"),
            ("0.999 * s + 0.001", "0.9 * s + 0.1"),
            ("0.9**t", "0.x**t"),
            ("0.999**t", "0.9**t"),
            ("0.x", "0.999"),
        ),
        "are swapped: 0",
    ),
    (
        "13-2",
        adam(("9**t", "9")),
        "you divide by 1 - β at every step; it is",
    ),
    ("13-2", adam(("9**t", "9")), "you divide by 1 - β at every step; it is 1 - β**t, and t grows"),
    ("13-2", adam(("    t = t + 1\n", "    t = 1\n")), "you divide by 1 - β at every step; it is"),
    (
        "13-2",
        adam(("m_hat", "m"), ("s_hat", "s")),
        "the corrected means are kept as m and s, and c",
    ),
    (
        "13-2",
        adam((" / (1 - 0.9**t)", ""), (" / (1 - 0.999**t)", "")),
        "no correction: m and s sta",
    ),
    ("13-2", adam((" / (1 - 0.999**t)", "")), "only the mean is corrected; the mean square starts"),
    (
        "13-2",
        adam((" / (1 - 0.9**t)", "")),
        "only the mean square is corrected; divide the mean by",
    ),
    (
        "13-2",
        adam(("(s_hat) + 1e-8", "(s_hat + 1e-8)")),
        "ε stands inside your root. For large gra",
    ),
    (
        "13-2",
        adam((" + 1e-8", "")),
        "ε is missing: np.sqrt(s_hat) + 1e-8; without it a gradient of",
    ),
    ("13-2", adam(("np.sqrt(s_hat)", "s_hat")), "you divide by the mean square itself, not by its"),
    (
        "13-2",
        adam(("t = 0", "t = -1")),
        "every entry is NaN: does t start at 1? With t = 0 the corr",
    ),
    (
        "13-2",
        but(IN_PLACE, ("theta, m, s =", "theta, m, _ ="), (")\nfor", ")\ns = m\nfor")),
        "one array under",
    ),
    ("13-2", adam(("theta - lr", "theta + lr")), "you walk uphill: the step is subtracted"),
    (
        "13-2",
        adam(("theta - lr", "-lr")),
        "thirty gradients lead where one does: does return stand",
    ),
    (
        "13-2",
        adam(("\nreturn theta", "\n    return theta")),
        "thirty gradients lead where one does:",
    ),
    (
        "13-2",
        adam(("    t = t + 1\n", "    t, m, s = 1, 0, 0\n")),
        "m and s begin at 0 once, before",
    ),
    ("13-2", adam(("gradients[0])", "gradients)")), "theta has shape (1, 3); it should be (3,)"),
    ("13-2", adam(("theta = m", "m")), "theta is used before it has a value in this function"),
    (
        "13-2",
        adam(("return theta", "return theta, m, s")),
        "return one array: theta; yours is a tup",
    ),
    ("13-2", adam(("return theta", "print(theta)")), "for one small gradient and printed instead"),
    (
        "13-2",
        "for g in gradients:\n    g *= 2\nreturn gradients",
        "your code changes gradients, wh",
    ),
]
