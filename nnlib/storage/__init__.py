"""Networks go into a file and come out of it: arrays and a few words, and nothing that could run.

>>> params, activations, description = load_network("data/trained.npz")
>>> save_network("old.npz", *load_legacy_pickle("old.pkl"))  # from now on without a pickle
"""

from nnlib.storage.legacy_pickle import load_legacy_pickle
from nnlib.storage.npz import load_network, save_network

__all__ = ["load_legacy_pickle", "load_network", "save_network"]
