"""How long a class takes to mark: synthetic pages of one lesson, with all limits on.

    python -m benchmarks.marking [--pages 28] [--lesson 01] [--folder FOLDER]

The pages are mixed from solutions, stubs and known wrong answers, the same at each run. Prints the
seconds a page; the two files that a teacher gets stay in the folder.
"""

import argparse
import itertools
import pathlib
import random
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from exercises import IDS, exercise_cells  # noqa: E402
from handed_pages import answered, as_bytes, wrong_texts  # noqa: E402

from nnlib.classroom.__main__ import run_class  # noqa: E402

FIRST = "Anna Ben Chiara Deniz Emil Fatima Goran Hana Ivo Jelena Kofi Lea Mia Noor".split()
LAST = "Abel Brandt".split()


def pages_of_class(number, count):
    """Yield (name, page) for each learner: about half right, the rest wrong in known ways."""
    chance = random.Random(int(number) + 1)
    ids = [id for id in IDS if id.startswith(number)]
    people = (f"{first} {last}" for last in LAST for first in FIRST)
    for name in itertools.islice(itertools.chain(people, map(str, itertools.count(1))), count):
        answers = {}
        for id in ids:
            kind = chance.choices(["right", "wrong", "stub"], [5, 4, 1])[0]
            if kind != "stub":
                answers[id] = exercise_cells(id)[1] if kind == "right" else a_slip(id, chance)
        yield name, answered(number, answers)


def a_slip(id, chance):
    """One of the known wrong answers, a frequent one mostly."""
    texts = wrong_texts(id)
    return chance.choices(texts, [1 / (1 + place) for place in range(len(texts))])[0]


def main():
    """Make the pages, mark them, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=28)
    parser.add_argument("--lesson", default="01")
    parser.add_argument("--folder", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="nnlib-class-"))
    folder.mkdir(parents=True, exist_ok=True)
    for place, (name, notebook) in enumerate(pages_of_class(options.lesson, options.pages)):
        file = f"{name}_{10_000 + place}_assignsubmission_file_{options.lesson}.ipynb"
        (folder / file).write_bytes(as_bytes(notebook))
    begun = time.perf_counter()
    run_class(["mark", str(folder)])
    seconds = time.perf_counter() - begun
    print(f"{options.pages} pages of lesson {options.lesson}: {seconds:.1f} s, ", end="")
    print(f"{seconds / options.pages:.2f} s a page (2 s are promised)")


if __name__ == "__main__":
    main()
