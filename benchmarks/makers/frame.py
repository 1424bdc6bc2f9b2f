"""What all makers of records share: options, one thread, and a record that is written whole."""

import argparse
import pathlib
import sys

import pandas as pd

from nnlib.system.files import replacing
from nnlib.system.threads import one_blas_thread

RECORDS = pathlib.Path(__file__).resolve().parents[2] / "data" / "records"


def read_options(doc, arguments=None, *flags):
    """Read the options of a maker, and keep to one thread from now on."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    for flag in flags:
        parser.add_argument(flag, action="store_true")
    one_blas_thread()
    return parser.parse_args(arguments)


def write(name, rows, **how):
    """Write a record, a table or a list of dicts; the old one stays until the new one is whole."""
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, dtype=object)
    with replacing(RECORDS / name) as file:
        file.write(table.to_csv(index=False, lineterminator="\n", **how).encode("utf-8"))


def run_maker(main):
    """Run a maker that keeps finished epochs; Ctrl-C or missing digits end it in one sentence."""
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; finished epochs are kept: start again to go on")
    except FileNotFoundError as error:
        sys.exit(str(error))
