"""A page from before the modules moved says so, in one sentence; a typo is no old page."""

import re
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from lessons import ROOT

from nnlib.lesson import page
from nnlib.system.failures import RUN
from nnlib.system.old_pages import OldPageError

# every import of nnlib in the lessons as they were before, after the number of the lesson
LINES = (ROOT / "tests" / "old_pages.txt").read_text(encoding="utf-8").splitlines()
OLD = [
    line for line in LINES if re.search(r"nnlib\.(aug|doc|pre|vault)|checks\.(res|pat|doc)", line)
]
SENTENCE = (
    f"This page is older than the library: `{RUN} class update {{}}` brings the new one "
    "with what you wrote."
)


@pytest.mark.parametrize("line", LINES)
def test_each_import_of_an_old_page_works_or_says_how_old_it_is(line):
    try:
        exec(line[3:], {})
    except OldPageError as error:
        assert str(error) == SENTENCE.format("NN")  # no cell of it was run here
    else:
        assert line not in OLD


@pytest.fixture
def shell(monkeypatch):
    """A fresh IPython, as a kernel has it."""
    shell = InteractiveShell(colors="nocolor")
    monkeypatch.setitem(sys.modules, "__main__", shell.user_module)
    return shell


def said(shell, capsys, source):
    """What a cell prints, errors included."""
    shell.run_cell(source, store_history=True)
    return capsys.readouterr().out


@pytest.mark.parametrize("line", OLD)
def test_a_set_up_cell_says_only_that(shell, capsys, line):
    number, code = line[:2], line[3:]
    cell = f'import numpy as np\n\n{code}\nfrom nnlib.lesson import start\n\nstart("{number}")'
    assert said(shell, capsys, cell) == SENTENCE.format(number) + "\n"


def test_a_later_cell_knows_the_number(shell, capsys):
    said(shell, capsys, 'start = print\nstart("09")')
    page.explain_errors(shell, "09")
    for code in ("from nnlib.vault import Vault", "import nnlib.doctor"):
        assert said(shell, capsys, code) == SENTENCE.format("09") + "\n"
    assert said(shell, capsys, "from nnlib.data import load_mnist") == ""


@pytest.mark.parametrize(
    "code",
    [
        "from nnlib.dta.augmentation import shift",
        "from nnlib.data.augmentation import shfit",
        "from nnlib.augmentatoin import shift",
        "from nnlib.checks import chekc",
        "import nnlib.vaults",
        "from vault import Vault",
        "import checks.doctor",
    ],
)
def test_a_typo_is_not_called_old(code):
    with pytest.raises(ImportError) as caught:
        exec(code, {})
    assert not isinstance(caught.value, OldPageError)
    assert re.search("No module named|cannot import name", str(caught.value))


def test_outside_a_notebook_it_is_an_ordinary_import_error():
    command = [sys.executable, "-c", "import nnlib.doctor"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1 and SENTENCE.format("NN") in done.stderr
