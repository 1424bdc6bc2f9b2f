"""Pictures: data in, an Axes or a Figure out; nothing is computed and nothing shown here.

Call `plt.show()` after one of them. Every figure carries a sentence for those who cannot see it.
"""

from nnlib.plots.derivative import plot_collapse, plot_columns, plot_jacobian, plot_pulls
from nnlib.plots.digits import (
    plot_class_counts,
    plot_digit,
    plot_digits,
    plot_maps,
    plot_pixel_values,
)
from nnlib.plots.gradients import (
    plot_backward_flow,
    plot_error_against_step,
    plot_paper_network,
    plot_slopes,
    plot_tangent,
)
from nnlib.plots.network import plot_activations, plot_network, plot_product
from nnlib.plots.probabilities import plot_loss_of_probability, plot_probabilities
from nnlib.plots.reading import plot_hidden, plot_pipeline, plot_reading, reading_in_words
from nnlib.plots.scores import plot_runs, plot_scores
from nnlib.plots.style import describe, use_style
from nnlib.plots.training import plot_losses, plot_steps_needed, plot_unit_strip

__all__ = [
    "describe",
    "plot_activations",
    "plot_backward_flow",
    "plot_class_counts",
    "plot_collapse",
    "plot_columns",
    "plot_digit",
    "plot_digits",
    "plot_error_against_step",
    "plot_hidden",
    "plot_jacobian",
    "plot_loss_of_probability",
    "plot_losses",
    "plot_maps",
    "plot_network",
    "plot_paper_network",
    "plot_pipeline",
    "plot_pixel_values",
    "plot_probabilities",
    "plot_product",
    "plot_pulls",
    "plot_reading",
    "plot_runs",
    "plot_scores",
    "plot_slopes",
    "plot_steps_needed",
    "plot_tangent",
    "plot_unit_strip",
    "reading_in_words",
    "use_style",
]
