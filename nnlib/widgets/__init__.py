"""Screens: sliders, buttons and a pad, thin over pure functions; one function makes each.

Every one returns a Frame: show it by naming it at the end of a cell. The names in `__all__` are
for lessons, all else in this room is inside work.
"""

from nnlib.widgets.attack import attack_desk
from nnlib.widgets.clinic import patient_picker
from nnlib.widgets.confusion import confusion_explorer
from nnlib.widgets.deform import deformation_lab
from nnlib.widgets.derivative import derivative_stepper
from nnlib.widgets.digits import digit_browser
from nnlib.widgets.filters import filter_lab
from nnlib.widgets.frame import presenter_mode
from nnlib.widgets.gradients import gradient_microscope
from nnlib.widgets.heat_map import heat_map
from nnlib.widgets.lab import training_lab
from nnlib.widgets.ladder import ladder_toggles
from nnlib.widgets.network import shape_ledger
from nnlib.widgets.neurons import neuron_lab
from nnlib.widgets.pad import drawing_pad, edit_a_digit
from nnlib.widgets.race import optimizer_race
from nnlib.widgets.saturation import saturation_lab
from nnlib.widgets.scrubber import scrubber, snapshots
from nnlib.widgets.softmax import softmax_desk
from nnlib.widgets.templates import template_editor

__all__ = [
    "attack_desk",
    "confusion_explorer",
    "deformation_lab",
    "derivative_stepper",
    "digit_browser",
    "drawing_pad",
    "edit_a_digit",
    "filter_lab",
    "gradient_microscope",
    "heat_map",
    "ladder_toggles",
    "neuron_lab",
    "optimizer_race",
    "patient_picker",
    "presenter_mode",
    "saturation_lab",
    "scrubber",
    "shape_ledger",
    "snapshots",
    "softmax_desk",
    "template_editor",
    "training_lab",
]
