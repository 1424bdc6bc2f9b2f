"""Pages as they really come in: {file: (bytes, what the row of marks.csv must say)}.

What must say is {column: fragment}; "remarks" for files that are no pages.
"""

import io
import sys
import zipfile

from exercises import exercise_cells
from handed_pages import answered, as_bytes, cell, learners_copy, replaced

RIGHT = exercise_cells("01-1")[1]
CHECK = 'check("01-1", my_one_hot)\n'


def page(source, above=(), below=()):
    """A page of lesson 01 whose 01-1 is this text, with cells put above and below it."""
    notebook = replaced("01", "01-1", source)
    place = next(i for i, c in enumerate(notebook["cells"]) if c["source"] == source)
    cells = notebook["cells"]
    cells[place:place] = [cell(text) for text in above]
    cells += [cell(text) for text in below]
    return as_bytes(notebook)


def body(*lines):
    """A page whose my_one_hot does these lines first, then the right thing."""
    first = "".join(f"    {line}\n" for line in lines)
    head, _, rest = RIGHT.partition("\n")
    return page(f"{head}\n{first}{rest}\n\n{CHECK}")


def without(notebook, keep):
    """A page with those cells alone for which `keep` says so."""
    return as_bytes(notebook | {"cells": [c for c in notebook["cells"] if keep(c)]})


def without_tags(notebook):
    """A page whose cells have lost their tags, as other editors save it."""
    for one in notebook["cells"]:
        one["metadata"] = {}
    return as_bytes(notebook)


def of_2014(notebook):
    """The page in the format of 2014, nbformat 3."""
    cells = [
        {"cell_type": "code", "input": c["source"], "language": "python", "outputs": []}
        if c["cell_type"] == "code"
        else c
        for c in notebook["cells"]
    ]
    return as_bytes({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]})


def zipped(**members):
    """An archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


ok = answered("01", {"01-1": RIGHT})
is_judged_right = {"01-1": "✓", "01-1 says": "✓ 01-1 is right"}
PAIR = "socket.socketpair = lambda *_: socket.socket().bind(('127.0.0.1', 0))"  # as it makes one
PATCH = "import nnlib.checks.registry as r\n"
MESSY = {
    "no tags.ipynb": (without_tags(answered("01", {"01-1": RIGHT})), is_judged_right),
    "renamed.ipynb": (
        page(f"{RIGHT.replace('my_one_hot', 'one_hot_of_mine')}\n\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "NameError: name 'my_one_hot'"},
    ),
    "asks.ipynb": (
        page(f"name = input('who?')\n{RIGHT}\n\n{CHECK}"),
        {"01-1": "✓", "01-1 says": "input() was answered with nothing"},
    ),
    "asks in vain.ipynb": (
        page(f"n = float(input('n?'))\n{RIGHT}\n\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "input() was answered with nothing"},
    ),
    "waits.ipynb": (
        page(f"import asyncio\nawait asyncio.sleep(0)\n{RIGHT}\n\n{CHECK}"),
        is_judged_right,
    ),
    "waits in Windows.ipynb": (
        page(
            f"import asyncio\nawait asyncio.sleep(blank)\n{RIGHT}\n\n{CHECK}",
            above=[f"import socket\nblank = 0\n{PAIR}"],
        ),
        is_judged_right,
    ),
    "quits.ipynb": (
        page(
            f"{RIGHT.replace('np.zeros', 'blank')}\n\n{CHECK}", above=["exit()", "blank = np.zeros"]
        ),
        is_judged_right,
    ),
    "daemon.ipynb": (
        page(
            "import ctypes, os, time\nif ctypes.CDLL(None).fork() == 0:\n    os.setsid()\n"
            f"    time.sleep(600)\n{RIGHT}\n\n{CHECK}"
        ),
        is_judged_right,
    ),
    "helper above.ipynb": (
        page(
            RIGHT.replace("np.zeros", "blank") + f"\n\n{CHECK}",
            above=["1 / 0", "blank = np.zeros"],
        ),
        is_judged_right,
    ),
    "two cells.ipynb": (page(CHECK, above=[RIGHT]), is_judged_right),
    "stub above.ipynb": (
        page(f"{RIGHT}\n\n{CHECK}", above=[exercise_cells("01-1")[0]]),
        is_judged_right,
    ),
    "stub below.ipynb": (
        page(f"{RIGHT}\n\n{CHECK}", below=[exercise_cells("01-1")[0]]),
        is_judged_right,
    ),
    "syntax.ipynb": (
        page(f"def my_one_hot(y, n_classes=10)\n    return y\n\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "line 1 is no Python"},
    ),
    "deleted.ipynb": (
        without(learners_copy("01"), lambda c: 'check("01-1"' not in "".join(c["source"])),
        {"01-1": "–", "01-2": "○", "01-1 says": "is not on the page"},
    ),
    "no setup.ipynb": (
        without(
            answered("01", {"01-1": RIGHT}), lambda c: 'start("01")' not in "".join(c["source"])
        ),
        is_judged_right,
    ),
    "check lost.ipynb": (
        page(RIGHT),
        {"01-1": "✓", "01-1 says": "its check was not run"},
    ),
    "own check.ipynb": (
        page(f"def check(*given):\n    print('✓ 01-1 is right')\n\n\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "NameError"},
    ),
    "damaged.ipynb": (as_bytes(ok)[:5000], {"remarks": "damaged"}),
    "empty.ipynb": (b"", {"remarks": "the file is empty"}),
    "python.ipynb": (RIGHT.encode(), {"remarks": "it is no notebook but some other text"}),
    "list.ipynb": (b"[1, 2]", {"remarks": "it holds no cells"}),
    "picture.ipynb": (b"\x89PNG\r\n\x1a\n....", {"remarks": "no notebook but a picture (PNG)"}),
    "report.pdf": (b"%PDF-1.4 ...", {"remarks": "no notebook but a PDF document"}),
    "other course.ipynb": (
        as_bytes({"cells": [cell("import os"), cell("# Physics", "markdown")], "metadata": {}}),
        {"remarks": "it holds no exercise of these lessons"},
    ),
    "bom.ipynb": (b"\xef\xbb\xbf" + as_bytes(ok), is_judged_right),
    "cp1252.ipynb": (
        page(f"# größer\n{RIGHT}\n\n{CHECK}").decode().encode("cp1252", "replace"),
        is_judged_right,
    ),
    "merge.ipynb": (b"<<<<<<< HEAD\n" + as_bytes(ok), {"remarks": "it is no notebook"}),
    "tail.ipynb": (as_bytes(ok) + b"}", {"remarks": "the file is damaged"}),
    "other name.ipynb": (
        page(f"from nnlib.checks import check as ask\n{RIGHT}\n\nask{CHECK[5:]}"),
        {"01-1": "✓"},
    ),
    "many.ipynb": (page(CHECK * 50, above=[RIGHT]), is_judged_right),
    "utf16.ipynb": (as_bytes(ok).decode().encode("utf-16"), is_judged_right),
    "old format.ipynb": (of_2014(answered("01", {"01-1": RIGHT})), is_judged_right),
    "exit.ipynb": (
        page(f"import os\nos._exit(0)\n\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "it ended the whole process"},
    ),
    "exit inside.ipynb": (
        body("import os; os._exit(0)"),
        {"01-1": "✗", "01-1 says": "it ended the whole process"},
    ),
    "sys exit.ipynb": (
        body("import sys; sys.exit()"),
        {"01-1": "✗", "01-1 says": "it ends Python"},
    ),
    "crash.ipynb": (
        body("import ctypes; ctypes.string_at(0)"),
        {"01-1": "✗", "01-1 says": "it crashed"},
    ),
    "deep.ipynb": (
        body("return my_one_hot(y, n_classes)"),
        {"01-1": "✗", "01-1 says": "calls itself without end"},
    ),
    "forks.ipynb": (
        body("import os", "for _ in range(200): os.fork()"),
        {"01-1": "✗", "01-1 says": "may not start another program"},
    ),
    "forks unseen.ipynb": (
        body(
            "import ctypes, time",
            "for _ in range(5): ctypes.CDLL(None).fork()",
            "time.sleep(30)",
        ),
        {"01-1": "✗", "01-1 says": "it started more than"},
    ),
    "shell.ipynb": (
        body("import subprocess; subprocess.run(['touch', '/tmp/escaped'])"),
        {"01-1": "✗", "01-1 says": "may not start another program"},
    ),
    "starts in Windows.ipynb": (  # as multiprocessing does there
        body("import sys; sys.audit('_winapi.CreateProcess', None, 'calc.exe', None)"),
        {"01-1": "✗", "01-1 says": "may not start another program"},
    ),
    "writes.ipynb": (
        body("open('../../escaped.txt', 'w').write('x')"),
        {"01-1": "✗", "01-1 says": "may write into its folder only"},
    ),
    "removes.ipynb": (
        body("import shutil, pathlib; shutil.rmtree(pathlib.Path.cwd().parent)"),
        {"01-1": "✗", "01-1 says": "may write into its folder only"},
    ),
    "writes inside.ipynb": (
        body("import os", "os.makedirs('a/b', exist_ok=True)", "open('a/b/c', 'w').write('x')"),
        is_judged_right,
    ),
    "links.ipynb": (
        body("import os; os.symlink('..', 'up'); open('up/escaped', 'w')"),
        {"01-1": "✗", "01-1 says": "may write into its folder only"},
    ),
    "hard link.ipynb": (
        body("import os; os.link(np.__file__, 'mine')"),
        {"01-1": "✗", "01-1 says": "may write into its folder only"},
    ),
    "kills.ipynb": (
        body("import os; os.kill(os.getppid(), 9)"),
        {"01-1": "✗", "01-1 says": "may not start another program"},
    ),
    "closes.ipynb": (
        body("import os; os.closerange(3, 1000)"),
        {"01-1": "✗", "01-1 says": "it ended the whole process"},
    ),
    "interrupts.ipynb": (
        body("raise KeyboardInterrupt"),
        {"01-1": "✗", "01-1 says": "judging it stopped: KeyboardInterrupt"},
    ),
    "long words.ipynb": (
        body("raise ValueError('x' * 10_000_000)"),
        {"01-1": "✗", "01-1 says": "xxx…"},
    ),
    "no words.ipynb": (
        body("class A(Exception):", "    def __str__(self): raise A", "raise A"),
        {"01-1": "✗", "01-1 says": "judging it stopped: A"},
    ),
    "threads.ipynb": (
        body(
            "import threading, time",
            "for _ in range(50):",
            "    threading.Thread(target=time.sleep, args=(60,)).start()",
        ),
        is_judged_right,
    ),
    "large file.ipynb": (
        body("open('large', 'wb').write(bytes(100_000_000))"),
        {"01-1": "✗", "01-1 says": "File too large"},
    ),
    "network.ipynb": (
        body("import urllib.request; urllib.request.urlopen('http://192.0.2.1')"),
        {"01-1": "✗", "01-1 says": "the network"},
    ),
    "memory.ipynb": (
        body("np.ones(250_000_000)"),
        {"01-1": "✗", "01-1 says": "Unable to allocate"},
    ),
    "flood.ipynb": (body("print('x' * 10_000_000)"), is_judged_right),
    "fake line.ipynb": (
        body(
            "import os",
            "for fd in range(3, 60):",
            "    try: os.write(fd, b'x' * 100)",
            "    except OSError: pass",
        ),
        is_judged_right,
    ),
    "patched table.ipynb": (
        page(f"{PATCH}r.EXERCISES['01-1'] = r.EXERCISES['01-3']\nmy_one_hot = 0.5\n{CHECK}"),
        {"01-1": "tampered", "01-1 says": "the page changes the exercise 01-1"},
    ),
    "patched verdict.ipynb": (
        page(f"{PATCH}r.verdict = lambda *_: '✓ 01-1 is right'\n{CHECK}"),
        {"01-1": "✗", "01-1 says": "NameError"},
    ),
    "patched inside.ipynb": (
        body("import nnlib.checks.registry as r", "r.verdict = lambda *_: '✓ 01-1 is right'"),
        {"01-1": "tampered", "01-1 says": "nnlib.checks.registry.verdict"},
    ),
    "other table.ipynb": (
        page(
            f"{PATCH}r.EXERCISES = dict(r.EXERCISES, **{{'01-1': r.EXERCISES['01-3']}})\n"
            f"my_one_hot = 0.5\n{CHECK}"
        ),
        {"01-1": "tampered", "01-1 says": "nnlib.checks.registry.EXERCISES"},
    ),
    "other code.ipynb": (
        page(
            "from nnlib.checks import engine\n"
            f"engine.judge_answer.__code__ = (lambda *_: '').__code__\n{RIGHT}\n\n{CHECK}"
        ),
        {"01-1": "tampered", "01-1 says": "nnlib.checks.engine.judge_answer"},
    ),
    "other method.ipynb": (
        page(
            "from nnlib.checks.answers import Answer\n"
            f"Answer.run = lambda *_: None\n{RIGHT}\n\n{CHECK}"
        ),
        {"01-1": "tampered", "01-1 says": "nnlib.checks.answers.Answer"},
    ),
    "patched numpy.ipynb": (
        page(f"np.array_equal = lambda *_: True\n{RIGHT}\n\n{CHECK}"),
        {"01-1": "tampered", "01-1 says": "numpy.array_equal"},
    ),
    "library.ipynb": (
        page('from nnlib.losses import one_hot\ncheck("01-1", one_hot)'),
        {"01-1": "✓", "01-1 says": "it hands over the library's own one_hot"},
    ),
    "magics.ipynb": (
        page(f"%matplotlib inline\n!ls\n%pip install x\n{RIGHT}\n\n%time {CHECK}"),
        is_judged_right,
    ),
    "listing.ipynb": (page(f"x = !ls\nnp.zeros?\n{RIGHT}\n\n{CHECK}"), is_judged_right),
    "bash.ipynb": (page(f"%%bash\n{CHECK}"), {"01-1": "–", "01-2": "○"}),
    "cell magic.ipynb": (page(f"%%time\n{RIGHT}\n\n{CHECK}"), is_judged_right),
    "long cell.ipynb": (page(f"{RIGHT}\n\n{CHECK}{'#' * 300_000}"), is_judged_right),
    "nested.ipynb": (page(f"{'(' * 5000}\n{CHECK}"), {"01-1": "✗", "01-1 says": "no Python"}),
    "null.ipynb": (page(f"x = '\0'\n{CHECK}"), {"01-1": "✗"}),
    "not zip.zip": (b"PK\x03\x04 damaged", {"remarks": "damaged"}),
    "locked 7z.7z": (b"7z\xbc\xaf...", {"remarks": "archive of 7-Zip"}),
}
OF_LINUX = "daemon forks forks_unseen crash large_file memory".split()  # elsewhere told otherwise
if sys.platform != "linux":
    MESSY = {name: MESSY[name] for name in MESSY if name[:-6].replace(" ", "_") not in OF_LINUX}
