"""How live the lab feels: pictures a second, Stop, speed with and without pictures, storms.

    python -m benchmarks.interactive [--epochs 100]

Everything runs in this process, in an asyncio loop as in a kernel. Ratios are of runs in turn, the
best of each, on one thread.
"""

import argparse
import asyncio
import time

import numpy as np

from nnlib import widgets
from nnlib.data import SAMPLE, Digits, load_mnist
from nnlib.network import init_params
from nnlib.storage import load_network
from nnlib.system.threads import one_blas_thread
from nnlib.training import train
from nnlib.widgets import lab as labs
from nnlib.widgets.frame import follow, slider
from nnlib.widgets.lab import training_lab


def best(measure, rounds=5):
    """The smallest of several measurements."""
    return min(measure() for _ in range(rounds))


def silent_seconds(lab):
    """The lab's own run, only consumed."""
    run = labs.new_run(lab.settings(), lab.digits.y.size)
    begun = time.perf_counter()
    for _ in labs.records_of(run, lab.digits, labs.SGD(lr=run.settings.lr)):
        pass
    return time.perf_counter() - begun


def live_seconds(lab):
    """The same run with pictures and breaths; also how many pictures there were."""

    async def go():
        begun = time.perf_counter()
        lab.restart()
        await lab.task
        return time.perf_counter() - begun

    return asyncio.run(go())


def first_loss_seconds(lab):
    """From releasing the hidden size to the first loss that is seen."""

    async def go():
        begun = time.perf_counter()
        lab.parts["hidden"].value = lab.parts["hidden"].value % 128 + 1
        while not lab.run.losses:
            await asyncio.sleep(0.0005)
        seconds = time.perf_counter() - begun
        lab.stop()
        return seconds

    return asyncio.run(go())


def stop_seconds(lab):
    """From a click on Stop, in the middle of a run, to the last step."""

    async def go():
        lab.restart()
        await asyncio.sleep(0.2)
        begun = time.perf_counter()
        task = lab.task
        asyncio.get_running_loop().call_soon(lab.stop_button.click)
        await asyncio.wait([task])
        return time.perf_counter() - begun

    return asyncio.run(go())


def stop_of_filters(lab):
    """The same in a run of small filters."""
    lab.parts["filters"].value = True
    seconds = best(lambda: stop_seconds(lab))
    lab.parts["filters"].value = False
    return seconds


def storm_count(lab):
    """How many computations sixty moves of one slider lead to."""
    calls, moved = [], slider("value", 0, 0, 100)

    async def go():
        follow(lab, [moved], lambda: (time.sleep(0.1), calls.append(moved.value)))
        for value in range(1, 61):
            moved.value = value
            await asyncio.sleep(0)
        await asyncio.sleep(1)

    asyncio.run(go())
    return len(calls) - 1, calls[-1]


def others():
    """Each other widget, with the control that is moved."""
    digits, test = load_mnist()
    small = Digits(digits.X[:, :100].astype(float), digits.y[:100])
    rng = np.random.default_rng(0)
    params = init_params([784, 10, 10], rng)
    records = list(train(params, *digits, labs.SGD(0.1), 30))
    doubles = init_params([784, 32, 10], rng, dtype=np.float64)
    saved = load_network(SAMPLE.parent / "trained.npz")
    scores = {"one": (rng.normal(size=10), 3)}
    edit = widgets.edit_a_digit(saved.params, test, saved.activations)
    return {
        "digit browser": (widgets.digit_browser(digits), "which one"),
        "template editor": (widgets.template_editor(doubles[0].W[:10], test), "brush row"),
        "shape ledger": (widgets.shape_ledger(digits), "hidden units"),
        "softmax desk": (widgets.softmax_desk(), "temperature T"),
        "derivative stepper": (widgets.derivative_stepper(scores), "step"),
        "gradient microscope": (widgets.gradient_microscope(doubles, *small), "to unit"),
        "scrubber": (widgets.scrubber(widgets.snapshots(records), test), "digit"),
        "neuron lab": (widgets.neuron_lab(params, test), "hidden unit"),
        "edit a digit": (edit, "turn, degrees"),
        "attack desk": (widgets.attack_desk(saved.params, test, saved.activations), "epsilon"),
        "filter lab": (widgets.filter_lab(test), "which one"),
    }


def controls_in(widget):
    """Every control inside a widget."""
    if hasattr(widget, "description") and hasattr(widget, "min"):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from controls_in(child)


def redraw_seconds(frame, name):
    """From moving a slider to the new picture, in the kernel."""
    control = next(c for c in controls_in(frame) if c.description == name)
    ends = control.min, control.max
    if hasattr(control, "base"):  # a logarithmic slider
        ends = control.base**control.min, control.base**control.max

    def once():
        control.value = ends[0] if control.value != ends[0] else ends[1]
        begun = time.perf_counter()
        control.value = ends[0] if control.value != ends[0] else ends[1]
        return time.perf_counter() - begun

    return best(once, 10)


def print_speeds(lab):
    """Measure and print how much of its speed a run keeps that is watched."""
    print("hidden batch | live / silent speed (>= 70 %) | pictures a second (>= 10)")
    for hidden, batch in [(16, 32), (128, 32), (32, 128), (32, None)]:
        lab.parts["hidden"].value, lab.parts["batch"].value = hidden, batch
        silent = best(lambda: silent_seconds(lab), 3)
        live = best(lambda: live_seconds(lab), 3)
        pictures = len(lab.run.test_steps) / live
        name = batch or "all"
        print(f"{hidden:6} {name!s:>5} | {silent / live:29.0%} | {pictures:.0f}")


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100)
    epochs = parser.parse_args().epochs
    one_blas_thread()
    lab = training_lab(*load_mnist())
    lab.parts["pace"].value = labs.PACES[1][1]
    lab.parts["epochs"].value = epochs
    first, stop = best(lambda: first_loss_seconds(lab)), best(lambda: stop_seconds(lab))
    print(f"first loss after the hidden size is released: {first:.3f} s (< 0.3)")
    print(f"Stop: {stop:.3f} s (< 0.3), small filters: {stop_of_filters(lab):.3f} s")
    print_speeds(lab)
    print("slider to new picture, in the kernel (< 0.1 s)")
    for name, (frame, control) in others().items():
        print(f"  {name:20} {redraw_seconds(frame, control):.3f} s")
    computed, last = storm_count(lab)
    print(f"sixty moves of a slider: {computed} computations (<= 6), the last with value {last}")


if __name__ == "__main__":
    main()
