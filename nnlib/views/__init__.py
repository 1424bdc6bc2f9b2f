"""Numbers that a picture or a widget shows and no lesson derives: arrays in, arrays out."""
