"""The drawing pad and edit-a-digit: pictures and words follow what is drawn and moved."""

import html
import io
import itertools
import json
import re
import subprocess

import numpy as np
import pytest
from lessons import ROOT
from PIL import Image

from nnlib.data import load_mnist
from nnlib.data.pictures import MOST_BYTES, read_picture
from nnlib.data.preprocessing import PAD, as_mnist, draw
from nnlib.network import forward, init_params
from nnlib.storage import load_network
from nnlib.widgets.pad import Pad, Upload, drawing_pad, edit_a_digit, edited

pytestmark = pytest.mark.slow  # hundreds of pictures

SEVEN = draw([[(30, 25), (105, 25), (60, 115)]])


@pytest.fixture(scope="module")
def params():
    return load_network(ROOT / "data" / "trained.npz").params


@pytest.fixture(scope="module")
def digits():
    return load_mnist()[1]


def as_bytes(ink):
    return np.rint(255 * ink).astype(np.uint8).tobytes()


def words(frame):
    return html.unescape(frame.words.value)


def from_browser(pad, data):
    """Hand the pad bytes in the form in which the browser's message arrives."""
    pad.set_state({"value": memoryview(data)})


# ---- the pad ----


def test_the_pad_begins_empty(params):
    frame = drawing_pad(params)
    assert words(frame) == "The pad is empty. Draw a digit, anywhere on it, small or large."
    strip, bars, hidden = frame.parts["canvas"].figure.axes
    assert len(strip.images) == 1 and not bars.patches
    assert not np.asarray(hidden.images[0].get_array()).any()
    assert bytes(frame.parts["canvas"].value).startswith(b"\x89PNG")


def test_what_the_browser_sends_is_read(params):
    frame = drawing_pad(params)
    from_browser(frame.parts["pad"], as_bytes(SEVEN))
    strip, bars, hidden = frame.parts["canvas"].figure.axes
    ink = np.rint(255 * SEVEN) / 255
    steps = as_mnist(ink)
    for image, picture in zip(strip.images, [ink, *steps], strict=True):
        np.testing.assert_allclose(image.get_array(), picture, atol=1e-6)
    _, (_, A, P) = forward(params, steps.x[:, None])
    np.testing.assert_allclose([bar.get_height() for bar in bars.patches], P[:, 0], atol=1e-5)
    shown = np.asarray(hidden.images[0].get_array()).ravel()
    np.testing.assert_allclose(shown, A[:, 0], rtol=1e-4, atol=1e-5)
    active = (A > 0).sum()
    assert words(frame) == f"It reads a 7 (over 99 %); {active} of 64 hidden units are active."


def test_a_cleared_pad_is_empty_again_and_darkness_keeps_its_meaning(params):
    frame = drawing_pad(params)
    pad, canvas = frame.parts["pad"], frame.parts["canvas"]
    from_browser(pad, as_bytes(SEVEN))
    limit = canvas.figure.axes[2].images[0].get_clim()[1]
    from_browser(pad, bytes(PAD * PAD))
    assert "empty" in words(frame) and canvas.figure.axes[2].images[0].get_clim()[1] == limit
    from_browser(pad, as_bytes(0.2 * SEVEN))
    assert canvas.figure.axes[2].images[0].get_clim()[1] >= limit


@pytest.mark.parametrize(
    ("digit", "strokes"),
    [
        (1, [[(70, 20), (66, 115)]]),
        (4, [[(50, 25), (42, 75), (100, 75)], [(85, 30), (82, 118)]]),
        (2, [[(38, 42), (48, 26), (78, 22), (96, 42), (74, 80), (34, 116), (112, 114)]]),
    ],
)
@pytest.mark.parametrize("width", [4, 12, 18])
def test_plain_drawings_are_read(params, digit, strokes, width):
    frame = drawing_pad(params)
    from_browser(frame.parts["pad"], as_bytes(draw(strokes, width)))
    assert words(frame).startswith(f"It reads a {digit} ")


@pytest.mark.parametrize("data", [b"\xff", b"\xff" * (PAD * PAD + 1)])
def test_a_wrong_number_of_bytes_becomes_a_sentence_and_the_next_event_works(params, data):
    frame = drawing_pad(params)
    from_browser(frame.parts["pad"], data)
    assert "That did not work: ValueError" in words(frame)
    from_browser(frame.parts["pad"], as_bytes(SEVEN))
    assert words(frame).startswith("It reads a 7")


def test_one_hidden_unit_and_many(rng):
    for n in (1, 3, 100):
        frame = drawing_pad(init_params([784, n, 10], rng))
        from_browser(frame.parts["pad"], as_bytes(SEVEN))
        assert f"of {n} hidden units" in words(frame)


def test_both_ends_of_the_pad(params):
    frame = drawing_pad(params)
    for ink in (np.ones((PAD, PAD)), np.eye(PAD), np.eye(PAD) * (np.arange(PAD) == 3)):
        from_browser(frame.parts["pad"], as_bytes(ink))
        assert words(frame).startswith("It reads a")


# ---- an uploaded picture ----


def file_of(ink, kind="PNG"):
    """The bytes of a picture: this ink on white paper."""
    file = io.BytesIO()
    Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(file, kind)
    return file.getvalue()


ONE = draw([[(70, 20), (66, 115)]])


def upload(frame, data, name="seven.png", at=0):
    """Hand the frame a file in the form in which the browser's message arrives."""
    content = {"method": "custom", "content": {"name": name, "at": at}}
    message = {"content": {"data": content}, "buffers": [memoryview(data)]}
    frame.parts["upload"]._handle_msg(message)


def test_the_end_of_a_stroke_that_arrives_after_the_file_does_not_take_it_away(params):
    """JupyterLab holds back the state of a busy pad, but no file."""
    frame = drawing_pad(params)
    upload(frame, file_of(SEVEN), at=2000)
    frame.parts["pad"].set_state({"value": memoryview(as_bytes(ONE)), "drawn_at": 1999})
    assert words(frame).startswith("In seven.png it reads a 7 ")
    later = draw([[(30, 25), (105, 25), (60, 115)]])
    frame.parts["pad"].set_state({"value": memoryview(as_bytes(later)), "drawn_at": 2001})
    assert words(frame).startswith("It reads a 7 ")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_uploaded_picture_goes_the_way_of_a_drawing(params, kind):
    frame = drawing_pad(params)
    data = file_of(SEVEN, kind)
    upload(frame, data)
    assert words(frame).startswith("In seven.png it reads a 7 (over 99 %); ")
    assert words(frame).endswith(" of 64 hidden units are active.")
    strip, bars, hidden = frame.parts["canvas"].figure.axes
    ink = read_picture(data)
    for image, picture in zip(strip.images, [ink, *as_mnist(ink)], strict=True):
        np.testing.assert_allclose(image.get_array(), picture, atol=1e-6)
    assert np.argmax([bar.get_height() for bar in bars.patches]) == 7
    assert np.asarray(hidden.images[0].get_array()).any()
    assert frame.parts["canvas"].alt == words(frame)
    assert strip.texts[0].get_text() == "uploaded"
    from_browser(frame.parts["pad"], as_bytes(ONE))
    assert frame.parts["canvas"].figure.axes[0].texts[0].get_text() == "drawn"


def test_drawing_again_returns_to_the_pad_and_the_same_file_comes_back(params):
    frame = drawing_pad(params)
    for _ in range(2):
        upload(frame, file_of(SEVEN))
        assert words(frame).startswith("In seven.png it reads a 7 ")
        upload(frame, file_of(SEVEN))
        assert words(frame).startswith("In seven.png it reads a 7 ")
        from_browser(frame.parts["pad"], as_bytes(ONE))
        assert words(frame).startswith("It reads a 1 ")
        upload(frame, file_of(SEVEN))
        assert words(frame).startswith("In seven.png it reads a 7 ")
        from_browser(frame.parts["pad"], bytes(PAD * PAD))
        assert "empty" in words(frame)


BAD_FILES = {
    "nothing": (b"", "is empty"),
    "a film": (b"\0\0\0 ftypisom" + bytes(90), "is a video"),
    "a white page": (file_of(np.zeros((99, 99))), "holds no digit"),
    "too large": (
        file_of(SEVEN).ljust(MOST_BYTES + 1, b"\0"),
        "is too large: more than 10,000,000",
    ),
    "cut off": (file_of(SEVEN)[:-1], "is damaged or cut off"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_refused_file_becomes_a_sentence_beside_what_was_seen_before(params, name):
    data, fragment = BAD_FILES[name]
    frame = drawing_pad(params)
    from_browser(frame.parts["pad"], as_bytes(SEVEN))
    seen = pictures(frame)
    upload(frame, data, "my.png")
    assert f"my.png {fragment}" in words(frame) and "nn-error" in frame.words.value
    assert pictures(frame) == seen and is_past(frame)
    assert frame.parts["canvas"].alt.startswith("Before: It reads a 7 ")
    upload(frame, file_of(ONE), "one.png")
    assert words(frame).startswith("In one.png it reads a 1 ") and not is_past(frame)
    for _ in range(2):
        upload(frame, data, "my.png")
        assert is_past(frame)
        assert frame.parts["canvas"].figure.axes[0].texts[0].get_text() == "uploaded\nbefore"
        assert frame.parts["canvas"].alt.startswith("Before: In one.png it reads a 1 ")
    from_browser(frame.parts["pad"], as_bytes(ONE))
    assert words(frame).startswith("It reads a 1 ") and not is_past(frame)


def pictures(frame):
    """What is drawn in the strip and as hidden units."""
    axes = frame.parts["canvas"].figure.axes
    return [np.asarray(image.get_array()).tolist() for ax in axes for image in ax.images]


def is_past(frame):
    """Whether the reading is called one from before; then, and only then, all of it is pale."""
    axes = frame.parts["canvas"].figure.axes
    drawn = [one for ax in axes for one in [*ax.images, *ax.patches, *ax.texts]]
    pale = {one.get_alpha() == 0.3 for one in drawn}
    past = axes[1].get_title(loc="left") == "before"
    assert pale == {past}
    return past


def test_a_file_refused_first_of_all_leaves_the_pad_empty(params):
    frame = drawing_pad(params)
    empty = bytes(frame.parts["canvas"].value)
    upload(frame, b"", "my.png")
    assert "my.png is empty" in words(frame)
    assert bytes(frame.parts["canvas"].value) == empty


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("../../etc/seven.png", "seven.png"),
        ("C:\\fakepath\\seven.png", "seven.png"),
        ("two\nlines.png", "two lines.png"),
        ("x" * 300 + ".png", "x" * 56 + ".png"),
        ("", "the picture"),
    ],
)
def test_the_name_of_a_file_is_only_ever_shown_as_text(params, name, shown):
    frame = drawing_pad(params)
    for data, expected in [(file_of(SEVEN), f"In {shown} it"), (b"GIF89a", f"{shown} is a pict")]:
        upload(frame, data, name)
        assert expected in words(frame)
        assert "<img" not in frame.words.value and len(frame.words.value) < 300


def test_forty_uploads_in_one_go(params):
    frame = drawing_pad(params)
    for k in range(40):
        upload(frame, file_of(SEVEN if k % 2 else ONE), f"{k}.png")
    assert words(frame).startswith("In 39.png it reads a 7 ")
    assert "value" not in frame.parts["upload"].get_state(), "the file stays in the kernel"


# ---- its JavaScript ----


def test_the_script_asks_nobody_outside_and_agrees_with_python():
    script = (ROOT / "nnlib" / "widgets" / "pad.js").read_text(encoding="utf-8")
    for forbidden in ("http", "import(", "import ", "fetch", "eval(", "innerHTML", "XMLHttp"):
        assert forbidden not in script, forbidden
    assert int(re.search(r"const SENT = (\d+)", script)[1]) == PAD
    style = (ROOT / "nnlib" / "widgets" / "style.css").read_text(encoding="utf-8")
    assert "touch-action: none" in style
    assert Pad().value == bytes(PAD * PAD)


def test_the_button_sends_less_than_the_server_lets_through():
    script = (ROOT / "nnlib" / "widgets" / "upload.js").read_text(encoding="utf-8")
    for forbidden in ("http", "import(", "import ", "fetch", "eval(", "innerHTML", "XMLHttp"):
        assert forbidden not in script, forbidden
    assert 'slice(0, model.get("most") + 1)' in script
    assert Upload().most == MOST_BYTES < 10 * 1024 * 1024 - 100_000  # tornado's limit


def test_scripts_and_style_travel_with_the_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"nnlib.widgets" = ["*.js", "*.css"]' in text


# ---- edit a digit ----


def test_it_begins_with_the_digit_as_it_is(params, digits):
    frame = edit_a_digit(params, digits)
    before, now, bars = frame.parts["canvas"].figure.axes
    x = digits.X[:, digits.y == 7][:, 0].reshape(28, 28)
    np.testing.assert_array_equal(before.images[0].get_array(), x)
    np.testing.assert_array_equal(now.images[0].get_array(), x)
    heights = [bar.get_height() for bar in bars.patches]
    assert heights[:10] == heights[10:]
    assert words(frame) == (
        "In truth a 7. Before: it reads a 7 (over 99 %). Now: it reads a 7 (over 99 %) ✓"
    )


CONTROLS = ["right", "down", "turn", "thicker", "noise"]


@pytest.mark.parametrize("name", CONTROLS)
def test_both_ends_of_each_slider(params, digits, name):
    frame = edit_a_digit(params, digits)
    control = frame.parts[name]
    x = digits.X[:, digits.y == 7][:, 0]
    for value in (control.min, control.max):
        control.value = value
        expected = edited(x, **{name: value})
        before, now, bars = frame.parts["canvas"].figure.axes
        np.testing.assert_array_equal(before.images[0].get_array().ravel(), x)
        np.testing.assert_array_equal(now.images[0].get_array().ravel(), expected)
        P = forward(params, expected[:, None])[1][-1][:, 0]
        heights = [bar.get_height() for bar in bars.patches][10:]
        np.testing.assert_allclose(heights, P, atol=1e-5)
        digit = P.argmax()
        assert f"Now: it reads {'an' if digit == 8 else 'a'} {digit}" in words(frame)
        assert words(frame).endswith("✓" if digit == 7 else "✗")


def test_all_corners_of_all_controls(params, digits):
    frame = edit_a_digit(params, digits)
    parts = frame.parts
    for k, ends in enumerate(itertools.product(["min", "max"], repeat=len(CONTROLS))):
        if k % 5:  # a fifth of the 32 corners is enough
            continue
        for name, end in zip(CONTROLS, ends, strict=True):
            parts[name].value = getattr(parts[name], end)
        assert words(frame).startswith("In truth a 7."), ends


def test_every_digit_and_the_last_of_each(params, digits):
    frame = edit_a_digit(params, digits)
    for label in range(10):
        frame.parts["digit"].value = str(label)
        for which in (frame.parts["which"].min, frame.parts["which"].max):
            frame.parts["which"].value = which
            x = digits.X[:, digits.y == label][:, which - 1]
            image = frame.parts["canvas"].figure.axes[0].images[0]
            np.testing.assert_array_equal(image.get_array().ravel(), x)
            assert words(frame).startswith(f"In truth {'an' if label == 8 else 'a'} {label}.")


def test_as_it_was(params, digits):
    frame = edit_a_digit(params, digits)
    first = words(frame)
    frame.parts["right"].value, frame.parts["noise"].value = 6, 0.5
    assert words(frame) != first
    frame.parts["reset"].click()
    assert words(frame) == first
    assert all(frame.parts[name].value == 0 for name in CONTROLS)


def test_noise_is_the_same_every_time(digits):
    x = digits.X[:, 0]
    np.testing.assert_array_equal(edited(x, noise=0.3), edited(x, noise=0.3))
    np.testing.assert_array_equal(edited(x), x)


@pytest.mark.parametrize("name", ["pad.js", "upload.js"])
def test_the_script_is_javascript(name):
    """node, if there is one, parses it."""
    script = ROOT / "nnlib" / "widgets" / name
    program = f"import({json.dumps(script.as_uri())}).then(m => console.log(typeof m.default))"
    try:
        done = subprocess.run(["node", "-e", program], capture_output=True, text=True, timeout=60)
    except OSError:
        pytest.skip("no node on this machine")
    assert done.stdout.strip() in ("function", "object"), done.stderr
