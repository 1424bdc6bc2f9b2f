"""What formulas need of the font STIX Two Math (SIL Open Font License 1.1), for pages to read.

Without a font for mathematics, which tablets rarely have, a browser cannot let brackets grow.
The package ziamath brings the whole font.
"""

import functools
import io
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

PRIMES = (0x2032, 0x2033, 0x2034)
SIGNS = (
    "20-7E,A0-F7,2C6,2DC,300-308,30C,332,391-3D6,2009-2016,2026,2032-2034,2061-2064,210E,2113,2115,"
    "211D,2190-2194,21A6,21D0-21D4,2200-2223,2225-229A,22A4,22A5,22C5,22EE-22F1,2308-230B,23DE,"
    "23DF,27E8,27E9,1D400-1D419,1D434-1D467,1D5A0-1D5B9,1D6E2-1D71B,1D7CE,1D7CF"
)


@functools.cache
def formula_font():
    """Return the part of the font that covers SIGNS, primes as they are drawn in superscripts.

    Returns
    -------
    bytes
        A file of type WOFF.
    """
    (package,) = find_spec("ziamath").submodule_search_locations
    font = TTFont(Path(package, "fonts", "STIXTwoMath-Regular.ttf"))
    primes = {sign: f"{font.getBestCmap()[sign]}.ssty" for sign in PRIMES}
    for table in font["cmap"].tables:
        table.cmap |= {sign: name for sign, name in primes.items() if sign in table.cmap}
    subsetter = Subsetter(Options(layout_features=[], hinting=False, name_IDs=["*"]))
    subsetter.populate(unicodes=parse_unicodes(SIGNS))
    subsetter.subset(font)
    font.flavor = "woff"
    file = io.BytesIO()
    font.save(file, reorderTables=None)
    return file.getvalue()
