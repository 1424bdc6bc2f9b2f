"""Pictures: a painter draws data into Axes and returns the sentence that describes it.

Lessons use what `__all__` lists. A plot takes its data, a title, and an Axes (or a Figure) to draw
into; it returns what it drew into and computes no more than the extremes that its sentence tells.
It shows nothing: call `plt.show()`. Every figure carries a sentence for those who cannot see it.

Who draws more finds `painter` (the frame of every plot), `style` (what colors mean), `axes` (what
many lay out alike), `inside` (panels that a widget changes in place: `change_…`), and `live`
(no Axes but SVG as text and images as bytes, for a loop that shows twenty a second). Names with an
underscore are for their file alone. Numbers and words come from `nnlib.views`.
"""

from nnlib.plots.calibration import plot_refusing, plot_reliability
from nnlib.plots.clinic import plot_patient, plot_wall, plot_who_sees
from nnlib.plots.deep import plot_chain, plot_chunks, plot_layer_bars
from nnlib.plots.deep_panels import plot_bar_panels, plot_chains
from nnlib.plots.deforming import plot_elastic_steps, plot_field
from nnlib.plots.derivative import plot_collapse, plot_columns, plot_jacobian, plot_pulls
from nnlib.plots.digits import (
    plot_class_counts,
    plot_digit,
    plot_digits,
    plot_maps,
    plot_pixel_values,
)
from nnlib.plots.frameworks import plot_graph, plot_same
from nnlib.plots.gradients import (
    plot_backward_flow,
    plot_error_against_step,
    plot_paper_network,
    plot_slopes,
    plot_tangent,
)
from nnlib.plots.inside import plot_recalls
from nnlib.plots.judging import (
    plot_choice,
    plot_confusion,
    plot_intervals,
    plot_learning_curves,
    plot_read_as,
)
from nnlib.plots.knobs import plot_replay, plot_settings
from nnlib.plots.ladder import plot_ladder, plot_sizes
from nnlib.plots.network import plot_activations, plot_network, plot_product
from nnlib.plots.optimizing import plot_level_race, plot_race, plot_rates, plot_valley
from nnlib.plots.planted import plot_planted
from nnlib.plots.probabilities import plot_loss_of_probability, plot_probabilities
from nnlib.plots.reading import plot_hidden, plot_pipeline, plot_reading, reading_in_words
from nnlib.plots.scores import plot_runs, plot_scores
from nnlib.plots.style import describe, use_style
from nnlib.plots.training import plot_losses, plot_steps_needed, plot_unit_strip
from nnlib.plots.units import plot_unit_stories, plot_units, plot_worth

__all__ = [
    "describe",
    "plot_activations",
    "plot_backward_flow",
    "plot_bar_panels",
    "plot_chain",
    "plot_chains",
    "plot_choice",
    "plot_chunks",
    "plot_class_counts",
    "plot_collapse",
    "plot_columns",
    "plot_confusion",
    "plot_digit",
    "plot_digits",
    "plot_elastic_steps",
    "plot_error_against_step",
    "plot_field",
    "plot_graph",
    "plot_hidden",
    "plot_intervals",
    "plot_jacobian",
    "plot_ladder",
    "plot_layer_bars",
    "plot_learning_curves",
    "plot_level_race",
    "plot_loss_of_probability",
    "plot_losses",
    "plot_maps",
    "plot_network",
    "plot_paper_network",
    "plot_patient",
    "plot_pipeline",
    "plot_pixel_values",
    "plot_planted",
    "plot_probabilities",
    "plot_product",
    "plot_pulls",
    "plot_race",
    "plot_rates",
    "plot_read_as",
    "plot_reading",
    "plot_recalls",
    "plot_refusing",
    "plot_reliability",
    "plot_replay",
    "plot_runs",
    "plot_same",
    "plot_scores",
    "plot_settings",
    "plot_sizes",
    "plot_slopes",
    "plot_steps_needed",
    "plot_tangent",
    "plot_unit_stories",
    "plot_unit_strip",
    "plot_units",
    "plot_valley",
    "plot_wall",
    "plot_who_sees",
    "plot_worth",
    "reading_in_words",
    "use_style",
]
