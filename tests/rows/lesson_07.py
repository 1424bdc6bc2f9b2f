"""Answers to the exercises of lesson 07, as learners give them: (id, answer, what is said)."""

import numpy as np

TRAIN = """Y = one_hot(y)
for _ in range(steps):
    Zs, As = forward(params, X)
    grads = backward(params, Zs, As, Y)
    params = [Layer(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
return params"""
UPDATE = TRAIN.splitlines()[4].strip()
IN_PLACE = """for (W, b), (dW, db) in zip(params, grads):
        W -= lr * dW
        b -= lr * db"""
ONE_BY_ONE = """for l, ((W, b), (dW, db)) in enumerate(zip(params, grads)):
        params[l] = Layer(W - lr * dW, b - lr * db)"""


def but(*changes):
    """The solution of exercise 07-1 with some of its code replaced: (old, new), …"""
    text = TRAIN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


ROWS = [
    ("07-1", TRAIN, "✓ 07-1 is right"),
    (
        "07-1",
        but(("Layer(W - lr * dW, b - lr * db)", "[W - lr * dW, b - lr * db]")),
        "a list has no W",
    ),
    ("07-1", "X = X.astype(float)\n" + TRAIN, "✓ 07-1 is right"),
    ("07-1", "X /= 255\n" + TRAIN, "your code changes X, which it was given"),
    ("07-1", "X[:] = 0\n" + TRAIN, "your code changes X, which it was given"),
    ("07-1", "y[:] = np.sort(y)\n" + TRAIN, "your code changes y, which it was given"),
    ("07-1", but((UPDATE, IN_PLACE)), "your code changes params, which it was given: -=, *= and p"),
    ("07-1", but((UPDATE, ONE_BY_ONE)), "-=, *= and params[…] = … write into the caller's own"),
    ("07-1", "params = list(params)\n" + but((UPDATE, ONE_BY_ONE)), "✓ 07-1 is right"),
    ("07-1", but(("W - lr", "W + lr"), ("b - lr", "b + lr")), "you add the gradient, so the loss"),
    (
        "07-1",
        but(("    params = [", "    new = ["), ("return params", "return new")),
        "many steps give what one step gives: is each step the first again",
    ),
    ("07-1", but(("return params", "    return params")), "or does return stand inside the loop?"),
    ("07-1", but(("    params = [", "    new = [")), "nothing was updated, or not returned"),
    ("07-1", but(("range(steps)", "range(steps + 1)")), "you take one step too many"),
    ("07-1", but(("range(steps)", "range(steps - 1)")), "you take one step too few"),
    ("07-1", but(("range(steps)", "range(1, steps)")), "you take one step too few"),
    ("07-1", but(("range(steps)", "range(100)")), "the number of steps is not the one that is giv"),
    ("07-1", but(("b - lr * db", "b")), "the weights move as they should, the biases do not"),
    ("07-1", but(("W - lr * dW", "W")), "the biases move as they should, the weights do not"),
    ("07-1", but(("lr *", "lr / y.size *")), "backward has divided by m already"),
    ("07-1", "lr = lr / 10\n" + TRAIN, "your step is a multiple of lr times the gradient: lr"),
    ("07-1", but(("lr *", "0.1 *")), "your step has a length of its own; it is lr times the grad"),
    ("07-1", but((" lr *", "")), "your step has a length of its own; it is lr times the gradient"),
    ("07-1", but(("return params", "return grads")), "this is the gradient; what is asked for are"),
    ("07-1", but(("return params", "return As[-1]")), "return the trained parameters, a list of t"),
    ("07-1", but(("return params", "return params[0]")), "return the trained parameters, a list o"),
    ("07-1", but(("return params", "print(params)")), "None for lr = 0.5, steps = 1 and printed"),
    ("07-1", but(("return params", "return")), "None for lr = 0.5, steps = 1: is a return missing"),
    ("07-1", but(("one_hot(y)", "one_hot(y)[:, :9]")), "two shapes do not fit"),
    ("07-1", but(("zip(params, grads)", "grads")), "unpacking: 2 on the left of "),
    (
        "07-1",
        but(("lr * dW", "lr * dW * (steps < 3)")),
        "right for lr = 0.5, steps = 1, but not for lr = 0.5, steps = 12: ",
    ),
    ("07-2", "return 0, np.log(10), 0.1", "✓ 07-2 is right"),
    ("07-2", "return [0, 2.3, 0.1]", "✓ 07-2 is right"),
    ("07-2", "return 0, np.inf, 0.1", "no explosion: the loss leaps up, but comes down again"),
    ("07-2", "return 10, np.nan, 0.1", "no explosion: the loss leaps up, but comes down again"),
    ("07-2", "return 10, 50, 0.1", "nothing comes in but b2? (you say 50)"),
    ("07-2", "return 10, 0.05, 0.99", "with such a loss it would have learned; units that died le"),
    ("07-2", "return 0, 2.1, 0.2", "one answer for all digits has a famous logarithm"),
    ("07-2", "return 10, 2.3, 0.1", "how many units can still answer? (you say 10)"),
    ("07-2", "return 0, 2.3, 10", "units and loss are right; the accuracy is a share, 0…1, of a"),
    ("07-2", "return 0, 2.3", "return three numbers: how many units still answer, the loss, the"),
    ("07-2", "return 0, 2.3, '10 %'", "accuracy should hold numbers; yours is the text '10 %'"),
    ("07-2", "print(0, 2.3, 0.1)", "your code returned None and printed instead"),
    ("07-2", (0, 2.3, 0.1), "hand over at_ten itself, without brackets: the check calls it"),
    ("07-2", np.array([0, 2.3, 0.1]), "hand over at_ten itself, without brackets"),
]
