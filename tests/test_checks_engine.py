"""The engine of all exercises, on toy exercises: each of its sentences, where it is so."""

import linecache
import re

import numpy as np
import pandas as pd
import pytest
from exercises import IDS, answers, slips
from lessons import fresh_shell, run

from nnlib.checks import registry, verdict, words
from nnlib.checks.engine import Task
from nnlib.network import Layer


def learner(source, name="f", **names):
    """What a cell with this code makes, in a notebook of its own."""
    cell = f"<toy {hash(source):x}>"
    linecache.cache[cell] = len(source), None, source.splitlines(keepends=True), cell
    space = {"np": np, **names}
    exec(compile(source, cell, "exec"), space)
    return space[name]


def columns(*sizes):
    """Arrays (2, m) of numbers, for several m."""
    return [(np.random.default_rng(m).normal(size=(2, m)),) for m in sizes]


def pair_sum(make, a, b):
    """Use a class: two objects, crosswise."""
    one, other = make(), make()
    one.add(a), other.add(b)
    return one.total(), other.total()


class Counter:
    """The right class."""

    def __init__(self):
        self.sum = 0

    def add(self, x):
        self.sum = self.sum + x
        return self.sum

    def total(self):
        return self.sum


JUDGED = {"too few": "{n} of {all} are few; take more"}


def judge_by_code(answer):
    """A judge of another kind: how often 1 comes among all numbers below n."""
    n = sum(answer(k, when=f" for k = {k}") == 1 for k in range(5))
    return None if n >= 3 else JUDGED["too few"].format(n=n, all=5)


def judge_a_value(handed):
    """A judge of what is no function."""
    first, _ = handed
    return registry.Answer(first, "first(x)")([1])


TOYS = {
    "mean": (
        "f(A)",
        Task(
            right=lambda A: A.mean(axis=1, keepdims=True),
            cases=lambda: columns(3, 5),
            names=("the mean",),
            samples=lambda A: A.shape[1],
            sizes="; two rows",
        ),
    ),
    "two": (
        "f(A, k)",
        Task(
            right=lambda A, k: (A + k, A.sum(axis=0)),
            cases=lambda: [(A, k) for (A,), k in zip(columns(3, 4), (1, 2))],
            names=("B", "s"),
            slips={"the sums are those of B": lambda A, k: (A + k, (A + k).sum(axis=0))},
            with_error=True,
        ),
    ),
    "number": (
        "f(n)",
        Task(
            right=lambda n: n**2,
            cases=lambda: [(3,), (5,)],
            names=("the square",),
            symptoms={
                "a square is not negative": (lambda x, _: x < 0, lambda n: -1),
                "a square is whole": (lambda x, _: x % 1 and f"{x % 1:g} is left", lambda n: 0.5),
            },
        ),
    ),
    "square": (
        "f(A)",
        Task(
            right=lambda A: 2 * A,
            cases=lambda: [(np.arange(4.0).reshape(2, 2),), (np.ones((3, 2)),)],
            names=("B",),
        ),
    ),
    "labels": (
        "f(x)",
        Task(right=np.sort, cases=lambda: [(np.array([3, 1]),), (np.arange(9) % 4,)], names=("y",)),
    ),
    "layers": (
        "f(params)",
        Task(
            right=lambda params: [Layer(2 * W, b) for W, b in params],
            cases=lambda: [([Layer(np.ones((2, 3)), np.ones((2, 1)))] * n,) for n in (1, 2)],
        ),
    ),
    "secret": ("f()", Task(right=lambda: 42, cases=lambda: [()], names=("it",), is_secret=True)),
    "class": (
        "Counter()",
        Task(
            right=Counter,
            cases=lambda: [(1, 2), (5, 3)],
            names=("the first", "the second"),
            use=pair_sum,
            letters=("a", "b"),
        ),
    ),
    "root": (
        "f(n)",
        Task(
            right=lambda n: np.array([1.0, n]),
            cases=lambda: {"n of 1": (1,), "n of 2": (2,)},
            names=("r",),
            accepts=lambda r, n: r[0] * r[1] == n,
        ),
    ),
    "judged": ("f(k)", judge_by_code),
    "value": ("both", judge_a_value),
    "broken check": ("f(n)", Task(right=lambda n: 1 / 0, cases=lambda: [(1,), (2,)], names=("x",))),
}


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    """The toy exercises, entered under their names."""
    for id, (form, task) in TOYS.items():
        entry = registry.Exercise(form, task, "Good.", ("a", "b", "c"), "", {})
        monkeypatch.setitem(registry.EXERCISES, id, entry)


MEAN = "✓ mean is right. Good."
SAID = [  # id, code, the whole line
    ("mean", "return A.mean(axis=1, keepdims=True)", MEAN),
    ("mean", "return np.float32(A).mean(axis=1, keepdims=True)", MEAN),
    ("mean", "return np.float16(A).mean(axis=1, keepdims=True)", MEAN),
    (
        "mean",
        "return pd.DataFrame(A).mean(axis=1).to_frame()",
        MEAN + " Yours is a DataFrame of shape (2, 1); hand back an array, the next lessons "
        "calculate with it.",
    ),
    (
        "mean",
        "return np.array([[sum(row) / len(row)] for row in A], dtype=object)",
        MEAN,
    ),
    ("mean", "return None", '○ mean is not written yet. A first hint: hint("mean")'),
    ("mean", "pass", '○ mean is not written yet. A first hint: hint("mean")'),
    (
        "mean",
        "A -= 0.0\nreturn A.mean(axis=1, keepdims=True) if A.base is None else 1",
        MEAN,  # to the bit what it was
    ),
    (
        "mean",
        "A += 1\nreturn A.mean(axis=1, keepdims=True) - 1",
        "✗ mean: your code changes A, which it was given: -=, *= and A[…] = … write into the "
        "caller's own; give what you compute a name of its own",
    ),
    (
        "mean",
        "return A.mean(axis=1)",
        "✗ mean: the mean has shape (2,); it should be a column, (2, 1): keepdims=True",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True).T",
        "✗ mean: the mean is (1, 2), transposed: it should be (2, 1), .T",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True).T + 1",
        "✗ mean: the mean has shape (1, 2); it should be (2, 1): which side are the samples?",
    ),
    (
        "mean",
        "return A.mean()",
        "✗ mean: the mean is a single number; it should have shape (2, 1): along which axis is the "
        "sum?",
    ),
    ("mean", "return A", "✗ mean: the mean has shape (2, 3); it should be (2, 1)"),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True),",
        "✗ mean: you return a tuple with one thing in it, which is right; take away the comma at "
        "the end of the return",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True), A",
        "✗ mean: return one array: the mean; yours is a tuple of 2",
    ),
    (
        "mean",
        "return f",
        "✗ mean: return one array: the mean; yours is a function: is it called, with its brackets?",
    ),
    ("mean", "return {1: 2}", "✗ mean: return one array: the mean; yours is a dict"),
    ("mean", "return [[1], [2, 3]]", "✗ mean: return one array: the mean; yours is a list of 2"),
    (
        "mean",
        "return A.sum(axis=1, keepdims=True)",
        "✗ mean: the mean is 3 times too large: divide by m, which is 3 here",
    ),
    (
        "mean",
        "return A.sum(axis=1, keepdims=True) / A.shape[1] ** 2",
        "✗ mean: the mean is 3 times too small: there is one division by m too many, which is 3 "
        "here",
    ),
    (
        "mean",
        "return A.sum(axis=1, keepdims=True) / 3",
        "✗ mean: in the mean you divide by 3, but m is 3 in one case and 5 in another: take it "
        "from what you are given",
    ),
    (
        "mean",
        "return A.sum(axis=1, keepdims=True) / (A.shape[1] + 1)",
        "✗ mean: in the mean you divide by 4 in one case and by 6 in another, but m is 3 and 5",
    ),
    ("mean", "return -A.mean(axis=1, keepdims=True)", "✗ mean: the mean has the wrong sign"),
    (
        "mean",
        "return 2 * A.mean(axis=1, keepdims=True)",
        "✗ mean: the mean is twice as large as right",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True) / 2",
        "✗ mean: the mean is half as large as right",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True) / 7",
        "✗ mean: the mean is 0.143 times the right value",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True) / (A.shape[1] == 3)",
        "✗ mean: right for m = 3, but not for m = 5: the mean holds inf in 2 of 2 places",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True) * (A.shape[1] == 3 and 2 or 1 / 0)",
        "✗ mean: 2 of 2 entries of the mean are wrong; farthest off is the mean[1, 0]: it should",
    ),
    (
        "mean",
        "return A.mean(axis=1, keepdims=True) * (2 if A.shape[1] == 3 else 3)",
        "✗ mean: 2 of 2 entries of the mean are wrong; farthest off is the mean[1, 0]: it should",
    ),
    (
        "mean",
        "return np.full((2, 1), np.nan)",
        "✗ mean: the mean holds NaN in 2 of 2 places",
    ),
    (
        "mean",
        "if A.shape[1] == 3:\n    return A.mean(axis=1, keepdims=True)",
        "✗ mean: your code returned a value for m = 3, but None for m = 5: does one of its "
        "branches lack its return?",
    ),
    (
        "mean",
        "A.mean(axis=1)",
        "✗ mean: your code returned None for m = 3: is a return missing, or has it nothing behind "
        "it?",
    ),
    (
        "mean",
        "print(A.mean(axis=1), flush=True)",
        "✗ mean: your code returned None for m = 3 and printed instead: print only shows a value, "
        "return hands it back",
    ),
    (
        "two",
        "return A + k, A.sum(axis=0) + 1e-5",
        "✗ two: 3 of 3 entries of s are wrong; farthest off is s[0]: it should be 1.4731, yours is "
        "1.4732 (relative error 2.6e-06) (B is right)",
    ),
    (
        "two",
        "return A, A.sum(axis=0)",
        "✗ two: 6 of 6 entries of B are wrong; farthest off is B[",
    ),
    ("two", "return A.sum(axis=0), A + k", "✗ two: the right things in another order: return B, s"),
    ("two", "return A + k", "✗ two: return two arrays: B, s; yours is an array of shape (2, 3)"),
    ("two", "return A + k, None", "✗ two: s is still None"),
    ("two", "return A + k, 'x'", "✗ two: s should hold numbers; yours is the text 'x'"),
    ("two", "return A + k, A + k", "✗ two: s has shape (2, 3); it should be (3,)"),
    (
        "two",
        "return A - k, (A + k).sum(axis=0)",
        "✗ two: the sums are those of B (relative error 0.",
    ),
    ("number", "return n * n", "✓ number is right. Good."),
    (
        "number",
        "return [n * n]",
        "✓ number is right. Good. Yours is a list of 1; hand back a number, the next lessons "
        "calculate with it.",
    ),
    ("number", "return -n", "✗ number: a square is not negative (n = 3: 9 is right, yours is -3)"),
    ("number", "return n + 0.5", "✗ number: a square is whole (0.5 is left)"),
    ("number", "return 2 * n", "✗ number: the square should be 9 for n = 3; yours is 6"),
    (
        "number",
        "return 9",
        "✗ number: right for n = 3, but not for n = 5: the square should be 25; yours is 9",
    ),
    (
        "number",
        "return np.array([[1], [2, 3]])",
        "✗ number: your code stopped in line 2, “return np.array([[1], [2, 3]])”: arrays of "
        "different shapes do not make one array; keep them in a list, or give each a name of its "
        "own",
    ),
    (
        "number",
        "return None.open",
        "✗ number: your code stopped in line 2, “return None.open”: the file is closed where its "
        "with ends; read from it inside",
    ),
    ("number", "return True", "✗ number: the square should be 9 for n = 3; yours is 1"),
    ("number", "return [1, 2]", "✗ number: return one number: the square; yours is a list of 2"),
    (
        "number",
        "return n * n if n == 3 else 1 / 0",
        "✗ number: right for n = 3, but not for n = 5: your code stopped in line 2, “return n * n "
        "if n == 3 else 1 / 0”: ZeroDivisionError: division by zero",
    ),
    (
        "labels",
        "return np.sort(x).astype(float)",
        "✗ labels: y should hold whole numbers; yours are float64",
    ),
    ("layers", "return [(2 * W, b) for W, b in params]", "✓ layers is right. Good."),
    (
        "layers",
        "return True",
        "✗ layers: return a list of layers, one Layer(W, b); yours is True",
    ),
    (
        "layers",
        "return 3",
        "✗ layers: return a list of layers, one Layer(W, b); yours is the number 3",
    ),
    (
        "layers",
        "return np.ones((1, 2))",
        "✗ layers: return a list of layers, one Layer(W, b); yours is an array of shape (1, 2)",
    ),
    (
        "layers",
        "return [(3 * W, b) for W, b in params]",
        "✗ layers: W1 is 1.5 times the right value",
    ),
    (
        "layers",
        "return [(2 * W, b * (l < 1)) for l, (W, b) in enumerate(params)]",
        "✗ layers: 2 of 2 entries of b2 are wrong; farthest off is b2[0, 0]: it should be 1, yours "
        "is 0 (W1, b1 and W2 are right)",
    ),
    (
        "layers",
        "return [(2 * W, b * (1 + l)) for l, (W, b) in enumerate(params)]",
        "✗ layers: b2 is twice as large as right",
    ),
    ("secret", "return 42", "✓ secret is right. Good."),
    ("secret", "return 41", "✗ secret: your it = 41 is not right; go through its line once more"),
    ("root", "return np.array([n, 1.0])", "✓ root is right. Good."),
    (
        "root",
        "return np.array([1.0, 1.0])",
        "✗ root: right for n of 1, but not for n of 2: 1 of 2 entries of r are wrong; farthest off "
        "is r[1]: it should be 2, yours is 1",
    ),
    (
        "broken check",
        "return 1",
        "? broken check: the check itself stopped, which is our mistake "
        "and not yours (ZeroDivisionError: division by zero); go on, and compare with the solution "
        "below",
    ),
]


def toy_answer(id, code):
    """An answer to a toy exercise, from the lines of its body."""
    return learner(f"def {TOYS[id][0]}:\n    " + code.replace("\n", "\n    "), pd=pd)


@pytest.mark.parametrize(("id", "code", "line"), SAID)
def test_the_line_for_an_answer(id, code, line):
    said = verdict(id, toy_answer(id, code))
    assert said == line or (len(line) < len(said) and said.startswith(line))


CLASS = """
class Counter:
    def __init__(self):
        self.sum = 0

    def add(self, x):
        self.sum += x
        return self.sum

    def total(self):
        return self.sum
"""


LAST_LINES = "return self.sum\n\n    def total(self):\n        return self.sum"
CLASSES = [
    ("", "", "✓ class is right. Good."),
    (LAST_LINES, LAST_LINES.replace("return self", "self"), "✗ class: the first is still None"),
    (
        "self.sum += x",
        "Counter.n = getattr(Counter, 'n', 0) + x; self.sum = Counter.n",
        "✗ class: the second should be 2 for a = 1, b = 2; yours is 3 (the first is right)",
    ),
    (
        "self.sum += x",
        "self.summ += x",
        "✗ class: your code stopped in line 7, “self.summ += x”: a Counter has no summ",
    ),
    (
        "(self):\n        return self.sum",
        "(self):\n        return np.ones(3)",
        "✗ class: the first has shape (3,); it should be a single number",
    ),
    ("def total", "def totals", "✗ class: your code stopped: a Counter has no total"),
    ("(self, x)", "(self, x, y)", "✗ class: your code stopped: TypeError: Counter.add() missi"),
]


@pytest.mark.parametrize(("old", "new", "line"), CLASSES)
def test_a_class_is_tried_with_two_objects_crosswise(old, new, line):
    assert verdict("class", learner(CLASS.replace(old, new), "Counter")).startswith(line)


def test_a_class_of_which_nothing_is_written_yet():
    empty = "class Counter:\n    def add(self, x):\n        return None\n    total = add"
    assert verdict("class", learner(empty, "Counter")).startswith("○ class is not written yet")


@pytest.mark.parametrize("handed", [7, "text", np.ones(3), Counter(), {}, (1, 2)])
def test_a_finished_value_is_told_to_come_without_brackets(handed):
    line = "✗ mean: hand over f itself, without brackets: the check calls it"
    assert verdict("mean", handed) == line


def test_other_arguments_are_told():
    line = "✗ two: f is called as f(A, k); leave the names in its first line as they were"
    assert verdict("two", lambda A: (A, A)) == line
    assert verdict("two", lambda A, k, m: (A, A)) == line


def test_what_is_no_function_of_python_but_can_be_called_is_tried():
    assert verdict("number", np.square) == "✓ number is right. Good."
    assert verdict("number", np.negative).startswith("✗ number: a square is not negative")
    assert verdict("number", np.ones(3).take).startswith("✗ number: your code stopped: IndexError")
    assert verdict("secret", Counter().total).startswith("✗ secret: your it = 0 is not right")
    assert verdict("number", len).startswith("✗ number: your code stopped: TypeError: object of")


GLOBAL = (
    "✗ mean: your code changes {0}, which belongs to the lesson and not to your function; give "
)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("X[1] -= 1", "X"),
        ("helper()", "X"),
        ("rows.append(3)", "rows"),
        ("seen['a'] += 1", "seen"),
        ("seen.update(b=2)", "seen"),
        ("global n\n    n += 1", "n"),
        ("(lambda: rows.pop())()", "rows"),
    ],
)
def test_data_of_the_lesson_that_an_answer_changes_are_told(line, name):
    source = (
        "def helper():\n    X[0] = 7\n\ndef f(A):\n    {}\n    return A.mean(axis=1, keepdims=True)"
    )
    data = {"X": np.ones(3), "rows": [1, 2, [np.ones(2)]] * 9, "seen": {"a": 1}, "n": 3}
    said = verdict("mean", learner(source.format(line), **data))
    assert said.startswith(GLOBAL.format(name)), said


def test_data_of_the_lesson_that_an_answer_only_reads_may_be_anything():
    source = "def f(A):\n    X, rng, lab, big, table\n    return A.mean(axis=1, keepdims=True)"
    data = {"X": np.ones(3), "rng": np.random.default_rng(), "lab": [lambda: 1, iter("ab")]}
    big = np.broadcast_to(np.float32(1), 10**9)
    assert verdict("mean", learner(source, **data, big=big, table=pd.DataFrame)) == MEAN


def test_what_an_answer_keeps_and_uses_again_is_no_longer_what_it_gave_back():
    source = "def f(A, out=np.empty((2, 1))):\n    out[:, 0] = A.mean(axis=1)\n    return out"
    assert verdict("mean", learner(source)) == MEAN


def test_an_interrupt_gets_through():
    def f(A):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verdict("mean", f)


def test_a_long_line_is_shortened():
    said = verdict("mean", learner(f"def f(A):\n    return A + nothing + {'1 + ' * 40}1"))
    assert "“return A + nothing + 1 + 1" in said and "1 …”: there is no nothing" in said


def test_a_slip_must_do_the_same_in_every_case():
    """One that agrees in a case alone is not the diagnosis."""
    task = Task(
        right=lambda n: n,
        cases=lambda: [(2,), (3,)],
        names=("it",),
        slips={
            "never said": lambda n: 1 // 0,
            "you take the square": lambda n: n * n,
            "you stop": lambda n: 1 // (n - 2),
            "2 at most": lambda n: min(n, 2),
        },
    )
    toy = registry.Exercise("f(n)", task, "", "", "", {})
    registry.EXERCISES["toy"] = toy
    try:
        assert "you take the square" in verdict("toy", lambda n: n**2)
        assert "you take the square" not in verdict("toy", lambda n: 4)
        assert "you stop" in verdict("toy", lambda n: 1 // (n - 2))
        assert "2 at most" in verdict("toy", lambda n: 2)
        assert "2 at most" not in verdict("toy", lambda n: 5 if n == 2 else 2)
        said = verdict("toy", learner("def f(n): return 1 // 0"))
        assert "you stop" not in said and "never said" not in said
    finally:
        del registry.EXERCISES["toy"]


@pytest.fixture
def shell():
    """An IPython, and none afterwards: widgets would take it for that of a page."""
    shell = fresh_shell()
    yield shell
    type(shell).clear_instance()


def test_in_a_notebook_the_learners_own_line_is_shown(shell):
    shell.user_ns["verdict"] = verdict
    run(shell, "import numpy as np\ndef f(A):\n    return None")
    (said, _), _ = run(shell, "print(verdict('mean', f))")
    assert said.startswith("○ mean")
    run(shell, "def f(A):\n    one, two, three = A\n    return one")
    (said, _), _ = run(shell, "print(verdict('mean', f))")
    assert "line 2, “one, two, three = A”: unpacking: 3 on the left of =, but only 2" in said
    run(shell, "X = np.ones(3)\ndef f(A):\n    X[0] = 2\n    return A")
    (said, _), _ = run(shell, "print(verdict('mean', f))")
    assert "your code changes X, which belongs to the lesson" in said


class Heard(dict):
    """A table that remembers what was looked up."""

    def __init__(self, table):
        super().__init__(table)
        self.said = set()

    def __getitem__(self, key):
        self.said.add(key)
        return super().__getitem__(key)


def pattern(template):
    """A sentence with anything in its places."""
    return re.sub(r"\\\{[^}]*\}", ".*", re.escape(template))


@pytest.mark.filterwarnings("ignore")  # of NumPy, about what learners' code does
def test_every_sentence_that_the_checks_hold_is_said(monkeypatch):
    """Of the engine, of the slips of exercises and questions, and of the judges that are code."""
    heard = Heard(words.SAYS)
    monkeypatch.setattr(words, "SAYS", heard)
    for id, code, _ in SAID:
        test_the_line_for_an_answer(id, code, verdict(id, toy_answer(id, code)))
    lines = {id: [verdict(id, answer) for answer in answers(id)] for id in IDS}
    everything = "\n".join(line for said in lines.values() for line in said)
    assert set(heard) == heard.said
    missing = [fault for _, _, fault in words.FAULTS if not re.search(pattern(fault), everything)]
    for id, said in lines.items():
        held = {sentence for sentence, _ in slips(id)} | {*registry.EXERCISES[id].says.values()}
        for sentence in held:
            begun = re.compile(f"✗ {id}: {pattern(sentence)}")
            missing += [] if any(map(begun.match, said)) else [(id, sentence)]
    assert missing == []
