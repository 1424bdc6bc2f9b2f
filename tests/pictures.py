"""What tests of pictures read off an Axes."""


def texts(ax):
    """The texts written inside an Axes, in order."""
    return [text.get_text() for text in ax.texts]
