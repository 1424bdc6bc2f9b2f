"""What maintainers run: execute lessons, write the map of the sources, write the locks.

python docs/maintain.py execute [03 ...]   run lessons top to bottom and store their outputs
python docs/maintain.py minutes            how long each sitting takes, reading with work
python docs/maintain.py minutes 03 [...]   and how long each section of these lessons
python docs/maintain.py map                docs/sources.md from the tags in the lessons, covered.csv
python docs/maintain.py pictures           each lesson's first picture, small, for README.md
python docs/maintain.py lock               all lock files (needs uv: pip install uv)
"""

import base64
import csv
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys

import nbformat
from nbclient import NotebookClient
from PIL import Image

from nnlib.system.cells import has_tag
from nnlib.system.files import replacing, write_whole
from nnlib.system.pages import WIDGET_VIEW
from nnlib.system.processes import print_any_sign

ROOT = pathlib.Path(__file__).resolve().parents[1]
LESSONS = ROOT / "notebooks"
KEPT_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python", "nbconvert_exporter": "python"},
}
PLAIN = {"NNLIB_PLAIN_FIGURES": "1"}  # figures as PNG alone, their descriptions as metadata


def execute(path):
    """Run one lesson from top to bottom and store its outputs, without anything volatile."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    options = {"timeout": 120, "kernel_name": "python3", "coalesce_streams": True}
    NotebookClient(notebook, resources=where, **options).execute(env={**os.environ, **PLAIN})
    notebook.metadata = nbformat.from_dict(KEPT_METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict(kept_cell_metadata(cell.metadata))
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    nbformat.validate(notebook)
    write(path, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write(path, text):
    """Put a text in the place of a file, whole or not at all."""
    write_whole(path, text.encode("utf-8"))


def kept_cell_metadata(metadata):
    """Of a cell's metadata: its tags, and whether its input is folded."""
    return {key: metadata[key] for key in ("tags", "jupyter") if metadata.get(key)}


def execute_lessons(numbers):
    """Execute the lessons with these numbers, or all."""
    for path in sorted(LESSONS.glob("*.ipynb")):
        if not numbers or path.name[:2] in numbers:
            execute(path)
            print(f"executed {path.name}")


def minutes_of(cell):
    """Estimate how many minutes a learner spends on a cell, reading with work."""
    if has_tag(cell, "teacher", "solution") or cell.source.startswith("**License.**"):
        return 0
    if has_tag(cell, "exercise"):
        return 8 if re.search(r"^(def|class) ", cell.source, re.MULTILINE) else 4
    if cell.cell_type == "code":
        return 3 if has_tag(cell, "widget") else 1 / 2
    n_questions = cell.source.count("<summary>Answer</summary>") if has_tag(cell, "recall") else 0
    return words_of(cell.source) / 200 + cell.source.count(r"\tag{") + n_questions


def words_of(text):
    """Count the words of Markdown, without formulas, code, folded answers and links' targets."""
    folded = r"<details>.*?</details>|```.*?```"
    other = r"\$\$.*?\$\$|\$[^$\n]+\$|<[^>]+>|\]\([^)]*\)"
    return len(re.findall(r"[\w’'\-]+", re.sub(f"{folded}|{other}", " ", text, flags=re.DOTALL)))


def sittings(cells):
    """Estimate the minutes of each sitting of a lesson; a cell tagged "sitting" ends one."""
    found = [0]
    for cell in cells:
        found[-1] += minutes_of(cell)
        if has_tag(cell, "sitting"):
            found.append(0)
    return found


def pieces(cell):
    """A cell of text cut before each heading in it; any other cell as it is."""
    if cell.cell_type == "code" or not minutes_of(cell):
        return [cell]
    texts = re.split(r"^(?=#{1,3} )", cell.source, flags=re.MULTILINE)
    return [nbformat.from_dict({**cell, "source": text}) for text in texts if text.strip()]


def sections(cells):
    """Estimate the minutes of each section of a lesson, {heading: minutes}.

    An exercise is a section, "Exercise 03-1", up to its solution; what follows it belongs again
    to the section that it interrupts.
    """
    found, section, here = {}, "", ""
    for cell in cells:
        for piece in pieces(cell):
            heading = re.match(r"#{1,3} (Exercise \S+(?=:)|.*)", piece.source)
            if heading and piece.cell_type == "markdown" and minutes_of(piece):
                here = heading[1]
                section = section if here.startswith("Exercise ") else here
            found[here] = found.get(here, 0) + minutes_of(piece)
        if has_tag(cell, "solution"):
            here = section
    return found


def print_minutes(numbers):
    """Print a line for each lesson (words, code cells, minutes of each sitting), and its sections.

    The sections of the lessons with these numbers alone.
    """
    for path in sorted(LESSONS.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        words = sum(
            words_of(c.source) for c in cells if c.cell_type == "markdown" and minutes_of(c)
        )
        n_code = sum(cell.cell_type == "code" for cell in cells)
        minutes = " + ".join(f"{minutes:.0f}" for minutes in sittings(cells))
        print(f"{path.stem:30} {words:5} words  {n_code:2} code cells  {minutes} minutes")
        for heading, spent in sections(cells).items() if path.name[:2] in numbers else ():
            print(f"{spent:6.1f}  {heading}")


def covered():
    """Which lesson covers which item of the sources: {"S0-03": ["01_meet_the_data"], …}."""
    where = {}
    for path in sorted(LESSONS.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for tag in cell.metadata.get("tags", []):
                if tag.startswith("covers:"):
                    lessons = where.setdefault(tag.removeprefix("covers:"), [])
                    if path.stem not in lessons:
                        lessons.append(path.stem)
    return where


def taught():
    """By which words of a lesson each item is taught: {"S0-03": ["bytes, whole …"], …}."""
    words = {}
    with open(ROOT / "docs" / "covered.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words.setdefault(row["id"], []).append(row["words"])
    return words


def numbers_in(id):
    """The two numbers of an id, to sort by: "S0-33" gives [0, 33]."""
    return [int(number) for number in re.findall(r"\d+", id)]


def source_map():
    """The text of docs/sources.md."""
    planned = (ROOT / "docs" / "planned.txt").read_text(encoding="utf-8").split()
    where, words = covered(), taught()
    ids = sorted({*where, *planned}, key=numbers_in)
    lines = [
        "# Map of the sources",
        "",
        "The series grows from four documents, S0 to S3. Each id is one thing that one says.",
        "Beside it stand some words of the cell that teaches it.",
        "This page is written by `python docs/maintain.py map` from the tags of the cells and from",
        "[covered.csv](covered.csv), which holds the words.",
        "",
        f"{len(where)} of {len(ids)} items stand in a lesson"
        + ("; the rest are planned." if planned else "."),
        "",
        "| item | lesson | by which words |",
        "|---|---|---|",
    ]
    for id in ids:
        links = [f"[{name[:2]}](../notebooks/{name}.ipynb)" for name in where.get(id, [])]
        quoted = [f"`` {text} ``".replace("|", r"\|") for text in words.get(id, [])]
        lines.append(f"| {id} | {', '.join(links) or 'planned'} | {'<br>'.join(quoted)} |")
    return "\n".join(lines) + "\n"


def first_picture(path):
    """The first figure of a lesson, PNG in bytes, and the sentence that stands for it."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                return base64.b64decode(output.data["image/png"]), alt
    raise ValueError(f"{path.name} has no figure; execute it first")


def picture_cell(path):
    """What README.md shows of a lesson: its first picture, described in at most 140 characters."""
    alt = first_picture(path)[1]
    short = alt if len(alt) <= 140 else alt[:139].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    alt = html.escape(short).replace("|", "&#124;")  # a bar would end the cell of the table
    return f'<img src="docs/pictures/{path.name[:2]}.png" width="200" alt="{alt}">'


def with_pictures(readme):
    """The text of README.md, the row of each lesson ending in its picture."""
    for path in sorted(LESSONS.glob("*.ipynb")):
        row = rf"(\| {path.name[:2]} \| \[[^|]*\| [^|]*\|).*"
        readme = re.sub(row, lambda found: f"{found[1]} {picture_cell(path)} |", readme)  # noqa: B023
    return readme


def write_pictures():
    """Write docs/pictures/NN.png, 400 pixels wide at most, and the table in README.md."""
    for path in sorted(LESSONS.glob("*.ipynb")):
        image = Image.open(io.BytesIO(first_picture(path)[0])).convert("RGB")
        image.thumbnail((400, 300))
        with replacing(ROOT / "docs" / "pictures" / f"{path.name[:2]}.png") as file:
            image.quantize(32).save(file, "PNG", optimize=True)
    readme = ROOT / "README.md"
    write(readme, with_pictures(readme.read_text(encoding="utf-8")))


def lock():
    """Write the lock files; the lab's and the demo's take their versions from the one for tests."""
    everywhere = ["--universal", "--python-version", "3.11"]
    project = [*everywhere, "pyproject.toml", "--extra", "build", "--extra", "lab"]
    extras = ["--extra", "test", "--extra", "demo", "--extra", "cluster"]
    write_lock("test", *project, *extras)
    write_lock("lab", *project, "-c", "locks/test.lock")
    write_lock("demo", *project, "--extra", "demo", "-c", "locks/test.lock")
    write_lock("site", *everywhere, "--group", "site")
    pyodide = ["--python-platform", "wasm32-pyodide2024", "--python-version", "3.12"]
    write_lock("browser", *pyodide, "--no-deps", "--only-binary", ":all:", "--group", "browser")


def write_lock(name, *options):
    """Let uv write one lock file: pins and hashes, no address."""
    command = ["uv", "pip", "compile", "--generate-hashes", "--no-header", "-q", *options]
    subprocess.run([*command, "-o", f"locks/{name}.lock"], cwd=ROOT, check=True)


def main(arguments):
    """Do what the first word says; tell the usage otherwise."""
    print_any_sign()
    match arguments:
        case ["execute", *numbers]:
            execute_lessons(numbers)
        case ["minutes", *numbers]:
            print_minutes(numbers)
        case ["map"]:
            write(ROOT / "docs" / "sources.md", source_map())
        case ["pictures"]:
            write_pictures()
        case ["lock"]:
            lock()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
