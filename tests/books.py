"""Notebooks as dictionaries: what the tests of pages share."""

import json
import os

import pytest

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, and links need some")


def markdown(text, *tags):
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {"tags": [*tags]}, "source": text}


def code(text, number=None, **data):
    """A code cell; with a number, one that was run."""
    printed = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "4"} | data}
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": number,
        "source": text,
        "outputs": [printed] if number else [],
    }


def read(page):
    return json.loads(page.read_text(encoding="utf-8"))


def write(page, book):
    page.write_text(json.dumps(book), encoding="utf-8")


def change(page, do):
    """Let a function change a page's list of cells."""
    book = read(page)
    do(book["cells"])
    write(page, book)


def sources(page):
    return ["".join(cell["source"]) for cell in read(page)["cells"]]


def names(work):
    return sorted(path.name for path in work.iterdir())
