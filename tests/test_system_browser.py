"""In a browser some things are different: each is told apart here by setting the one flag."""

import types

import pytest
from tqdm import tqdm

from nnlib.data import load_mnist
from nnlib.system import browser


@pytest.fixture
def in_browser(monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "IN_BROWSER", True)
    monkeypatch.setattr(browser, "shipped", tmp_path.joinpath)
    monkeypatch.setattr(tqdm, "monitor_interval", tqdm.monitor_interval)
    return tmp_path


def test_at_home_nothing_is_settled(monkeypatch):
    monkeypatch.setattr(tqdm, "monitor_interval", 10)
    browser.settle()
    assert tqdm.monitor_interval == 10


def test_in_a_browser_the_compiled_product_is_taken(in_browser, monkeypatch):
    asked = []
    monkeypatch.setattr(browser, "use_kernel", asked.append)
    browser.settle()
    assert asked == [in_browser / "matmul.so"]


def test_in_a_browser_a_progress_bar_starts_no_thread(in_browser):
    browser.settle()
    assert tqdm.monitor_interval == 0


def test_sliders_need_the_extension_but_a_site_has_it_built_in(monkeypatch, tmp_path):
    monkeypatch.setattr(browser.sys, "prefix", str(tmp_path))
    assert not browser.has_widget_manager()
    (tmp_path / "share/jupyter/labextensions/@jupyter-widgets").mkdir(parents=True)
    assert browser.has_widget_manager()
    monkeypatch.setattr(browser.sys, "prefix", "/nowhere")
    monkeypatch.setattr(browser, "IN_BROWSER", True)
    assert browser.has_widget_manager()


class Knows:
    def __init__(self, message):
        self.message = message

    def get_parent(self):
        return self.message


SHELLS = {
    "no shell": (None, {}),
    "IPython in a terminal": (types.SimpleNamespace(), {}),
    "JupyterLab's": (Knows({"header": "shell"}), {"header": "shell"}),
    "a browser's": (
        types.SimpleNamespace(kernel=Knows({"header": "kernel"})),
        {"header": "kernel"},
    ),
}


@pytest.mark.parametrize("name", SHELLS)
def test_the_message_of_a_cell_is_found_where_it_lies(name):
    shell, message = SHELLS[name]
    assert browser.message_of_cell(shell) == message


def test_in_a_browser_the_full_set_is_refused_in_words(in_browser):
    with pytest.raises(FileNotFoundError, match=r"not part of the browser edition; go on with"):
        load_mnist("full")


TABLE = "lesson,cell,seconds\n02,25,12.5\n02,27,11\n14,46,10.2\n"


def test_slow_cells_are_those_of_the_lesson(in_browser):
    (in_browser / "slow_cells.csv").write_text(TABLE, encoding="utf-8")
    assert browser.slow_cells("02") == {25: 12.5, 27: 11.0}
    assert browser.slow_cells("03") == {}


def test_at_home_no_cell_is_slow():
    assert browser.slow_cells("02") == {}
