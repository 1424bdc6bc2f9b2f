"""What the browser edition's tests compare by: a planted difference in a cell is found."""

import base64
import copy

import nbformat
import pytest
from lite import differences

PNG = base64.b64encode(b"\x89PNG\r\n and more").decode()
v4 = nbformat.v4
STORED = v4.new_code_cell(
    outputs=[
        v4.new_output("stream", name="stdout", text="accuracy: 0.986\n<A at 0x7f0123456789>\n"),
        v4.new_output("execute_result", {"text/plain": "array([1, 2])"}),
        v4.new_output(
            "display_data",
            {"image/png": PNG, "text/plain": "<Figure size 700x300 with 1 Axes>"},
            metadata={"image/png": {"alt": "A curve."}},
        ),
        v4.new_output("error", ename="ValueError", evalue="expected"),
    ]
)


def changed(place, change):
    """The cell from JSON as a page holds it, with one of its outputs changed."""
    cell = copy.deepcopy(STORED)
    change(cell.outputs[place])
    return dict(cell)


SAME = {
    "nothing": (0, lambda out: None),
    "a figure as HTML, too": (
        2,
        lambda out: out.data.update({"text/html": f'<img alt="A curve." src="{PNG}">'}),
    ),
    "an address of memory": (0, lambda out: out.update(text=out.text.replace("0x7f01", "0x12ab"))),
    "how the browser's kernel writes an error": (
        3,
        lambda out: out.update(ename="<class 'ValueError'>"),
    ),
}
OTHER = {
    "a number": (0, lambda out: out.update(text=out.text.replace("986", "987")), "printed: "),
    "a line less": (0, lambda out: out.update(text="accuracy: 0.986\n"), "printed: "),
    "a stream": (0, lambda out: out.update(name="stderr"), "warned: "),
    "a value": (1, lambda out: out.data.update({"text/plain": "array([1, 3])"}), "values: "),
    "an error": (3, lambda out: out.update(ename="TypeError"), "errors: "),
    "a figure as bytes": (
        2,
        lambda out: out.data.update({"image/png": {"0": 137, "1": 80}}),
        "pictures: +not text but",
    ),
    "no picture": (2, lambda out: out.data.update({"image/png": "aGVsbG8gd29ybGQh"}), "pictures: "),
    "an alt text that is shown": (
        2,
        lambda out: out.data.update({"text/html": '<img alt="A line." src="">'}),
        "alt texts: ",
    ),
    "an alt text": (2, lambda out: out.metadata["image/png"].update(alt="A line."), "alt texts: "),
}


@pytest.mark.parametrize("name", SAME)
def test_what_may_differ_is_not_told(name):
    assert differences(STORED, changed(*SAME[name])) == []


@pytest.mark.parametrize("name", OTHER)
def test_a_difference_is_told(name):
    place, change, told = OTHER[name]
    assert any(line.startswith(told) for line in differences(STORED, changed(place, change)))
