"""The full set by one command: python -m nnlib.data download [--to FOLDER]."""

import argparse
import sys

from nnlib.system.errors import DownloadError
from nnlib.system.failures import RUN
from nnlib.system.processes import print_any_sign

NO_POOCH = f"the package pooch is needed for that: pip install pooch, or use `{RUN} lab`"


def main():
    """Do what the command line asks for, and say in one sentence how it went."""
    print_any_sign()
    parser = argparse.ArgumentParser(prog="python -m nnlib.data")
    parser.add_argument("what", choices=["download"], help="fetch the full MNIST set, 12 MB, once")
    parser.add_argument("--to", metavar="FOLDER", help="default: NNLIB_DATA's folder, or a cache")
    to = parser.parse_args().to
    try:
        from nnlib.data.download import download

        folder = download(to)
    except ModuleNotFoundError:
        sys.exit(f"Sorry, {NO_POOCH}.")
    except DownloadError as error:
        sys.exit(f"\nSorry, {error}.")
    except KeyboardInterrupt:
        print("\nInterrupted; what is whole stays: the same command goes on.", file=sys.stderr)
        sys.exit(130)
    named = ", once NNLIB_DATA names that folder" if to else ""
    print(f'The four files are in {folder}. Next: load_mnist("full"){named}.')


if __name__ == "__main__":
    main()
