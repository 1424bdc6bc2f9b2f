"""How long the lessons take in a browser, against here; what a visit costs; how live it feels.

    python -m benchmarks.site SITE [--lessons 02 14] [--write]

SITE is a folder that `run.py site --offline` built. Each lesson runs in chromium cell by cell, and
here in a kernel, one thread each. Seconds are of a shared machine: read the ratios. `--write` puts
the cells above ten seconds into docs/site/slow_cells.csv, from which a page says so beside them.
It drives the system's chromium as the tests do, so it needs the packages of `run.py test`.
"""

import argparse
import contextlib
import csv
import datetime
import functools
import gzip
import http.server
import pathlib
import statistics
import sys
import tempfile
import threading
import time

import nbformat
from nbclient import NotebookClient

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lessons import PATHS  # noqa: E402
from lite import DESKTOP, OPTIONS, PANEL, RUN_CELL, codes, compared, open_page  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

SLOW = 10  # seconds
WATCH = """(selector) => {
  window.changes = [];
  const note = () => window.changes.push(performance.now());
  const all = { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] };
  new MutationObserver(note).observe(document.querySelector(selector), all);
}"""
FIRST_CHANGE = "() => window.changes.length && window.changes[0] - window.moved"


class Counting(http.server.SimpleHTTPRequestHandler):
    """A static server that adds up what it sends, as a host would pack it with gzip."""

    sent = 0
    lock = threading.Lock()

    def log_request(self, code="-", size="-"):
        """Add a file that was sent; one that the browser still had costs nothing."""
        path = pathlib.Path(self.translate_path(self.path))
        size = packed_size(path) if code == 200 and path.is_file() else 0
        with Counting.lock:
            Counting.sent += size

    def log_message(self, *arguments):
        """Say nothing else."""


@functools.cache
def packed_size(path):
    """The bytes of a file under gzip, or as it is if that is less."""
    data = path.read_bytes()
    return min(len(data), len(gzip.compress(data, 6)))


@contextlib.contextmanager
def counted(site):
    """Serve a site from a thread of this process; yield its address."""
    handler = functools.partial(Counting, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def seconds_here(path):
    """The seconds of each code cell of a lesson in a kernel of this computer: {id: seconds}."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {cell.id: duration(cell.metadata.execution) for cell in cells}


def duration(times):
    """The seconds between the beginning and the end of a cell's execution."""
    begun, ended = (
        datetime.datetime.fromisoformat(times[f"iopub.status.{state}"])
        for state in ("busy", "idle")
    )
    return (ended - begun).total_seconds()


def seconds_there(page, name):
    """The same in a page that is open in the browser."""
    seconds = {}
    for id in codes(name):
        begun = time.perf_counter()
        page.evaluate(RUN_CELL, id)
        seconds[id] = time.perf_counter() - begun
    return seconds


def measure_lesson(context, address, path):
    """Print the row of a lesson; return its slow cells: [(lesson, cell, seconds)]."""
    here = seconds_here(path)
    page = open_page(context, address, path.stem)
    there = seconds_there(page, path.stem)
    changed = compared(page, codes(path.stem))
    page.close()
    places = {cell.id: n for n, cell in enumerate(nbformat.read(path, as_version=4).cells)}
    heaviest = sorted(there, key=there.get, reverse=True)[:3]
    said = ", ".join(f"{places[id]}: {there[id]:.1f}" for id in heaviest)
    alike = "=" if not changed else f"differs in {', '.join(changed)}"
    total, native = sum(there.values()), sum(here.values())
    times = f"{total:6.1f} | {native:5.1f} | {total / native:4.1f}"
    print(f"{path.stem[:2]} | {times} | {alike} | {said}", flush=True)
    return [(path.stem[:2], places[id], there[id]) for id in heaviest if there[id] > SLOW]


def measure_visits(chromium, address):
    """Print what the first visits and a second one send, and when the first cell is done."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for what, name, home in [
            ("first visit", "03_forward_pass", one),
            ("second visit", "03_forward_pass", one),
            ("first with pandas", "01_meet_the_data", other),
        ]:
            Counting.sent, begun = 0, time.perf_counter()
            browser = chromium.launch_persistent_context(home, viewport=DESKTOP, **OPTIONS)
            page = open_page(browser, address, name)
            page.evaluate(RUN_CELL, next(iter(codes(name))))
            seconds = time.perf_counter() - begun
            print(f"{what:18} {Counting.sent / 1e6:5.1f} MB, first cell after {seconds:.1f} s")
            browser.close()


def mark(page, question):
    """Give a frame a class of its own, and return the selector of its picture."""
    frame = page.locator(f"{PANEL} .nn-frame:has(.nn-question:has-text('{question}'))").first
    frame.scroll_into_view_if_needed()
    frame.evaluate("node => node.classList.add('marked')")
    return ".nn-frame.marked .nn-picture"


def measure_lab(context, address):
    """Print how many pictures a second the training lab shows."""
    page = open_page(context, address, "07_training")
    stored = codes("07_training")
    wanted = [id for id, cell in stored.items() if "training_lab(" in cell.source]
    for id in [next(iter(stored)), *wanted]:
        page.evaluate(RUN_CELL, id)
    page.evaluate(WATCH, mark(page, "hidden units?"))
    page.locator('.nn-frame.marked button:has-text("train")').click()
    page.wait_for_timeout(1000)
    page.evaluate("() => { window.changes = []; }")
    page.wait_for_timeout(6000)
    moments = page.evaluate("() => window.changes")
    pictures = 1 + sum(b - a > 12 for a, b in zip(moments, moments[1:]))
    print(f"the lab, “to watch”: {pictures / 6:.1f} pictures a second")
    page.close()


def measure_slider(context, address):
    """Print how long after a move of the mouse a slider's picture changes."""
    page = open_page(context, address, "00_see_it_work")
    for id, cell in codes("00_see_it_work").items():
        page.evaluate(RUN_CELL, id)
        if "edit_a_digit(" in cell.source:
            break
    page.evaluate(WATCH, mark(page, "fool it"))
    slider = '.nn-frame.marked .widget-hslider:has(label:text-is("move right")) .noUi-handle'
    waits = [moved(page, page.locator(slider), by) for by in (12, -12) * 5]
    print(f"a slider of lesson 00: {statistics.median(waits):.0f} ms to its picture")
    page.close()


def moved(page, handle, by):
    """Drag a handle by some pixels; return the milliseconds until the picture changes."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(400)
    page.evaluate("() => { window.changes = []; window.moved = performance.now(); }")
    page.mouse.move(x + by, y)
    wait = page.wait_for_function(FIRST_CHANGE).json_value()
    page.mouse.up()
    page.wait_for_timeout(300)
    return wait


def write_slow(rows):
    """Write the slow cells to the file that goes onto the site."""
    path = ROOT / "docs" / "site" / "slow_cells.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["lesson", "cell", "seconds"])
        writer.writerows((lesson, cell, round(seconds)) for lesson, cell, seconds in rows)


def main():
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("--lessons", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    chosen = [path for path in PATHS if not options.lessons or path.stem[:2] in options.lessons]
    with counted(options.site) as address, sync_playwright() as playwright:
        measure_visits(playwright.chromium, address)
        browser = playwright.chromium.launch(**OPTIONS)
        context = browser.new_context(viewport=DESKTOP)
        measure_lab(context, address)
        measure_slider(context, address)
        print("lesson | there, s | here, s | ratio | text, pictures, alt | heaviest cells, s")
        slow = [row for path in chosen for row in measure_lesson(context, address, path)]
        browser.close()
    if options.write:
        write_slow(slow)


if __name__ == "__main__":
    main()
