"""What other programs write when they fail, in one sentence each: what was found, what to do."""

import os
import re

RUN = "py run.py" if os.name == "nt" else "python3 run.py"  # what a command begins with
NETWORK = (
    r"NewConnectionError|ConnectTimeoutError|[Rr]ead ?timed ?out|ReadTimeoutError|ProxyError|"
    r"ProtocolError|Connection (broken|refused|reset|aborted)|IncompleteRead|not enough bytes|"
    r"HTTP error|HTTPError|\(from versions: none\)"
)
# what a failed command writes: what that means and what to do; the first that is found decides
FAILURES = {
    r"No space left on device|Errno 28|WinError 112": "The disk is full, and the lessons need "
    "about 0.6 GB: free some space",
    r"DO NOT MATCH THE HASHES(?:.*\n\s+(?P<name>\S+) from)?": "The download of {name} is not what "
    "the lock expects, so it was not installed: run `pip cache purge` or try another network",
    r"ensurepip is not\s+available|No module named '?(venv|ensurepip)": "This Python lacks its "
    "module venv: install it (Debian and Ubuntu: `sudo apt install python3-venv`)",
    r"Long Path|WinError 206": "The path of this folder is too long for Windows: move it to a "
    "short one, C:\\nn",
    r"Permission denied|Read-only file system|Errno (13|30)\b|WinError (5|32)\b": "The project's "
    "folder cannot be written, or another program holds a file in it: close that program, or move "
    "the project to a folder of your own",
    r"CERTIFICATE_VERIFY_FAILED|SSLError": "The package index could not prove who it is, which "
    "happens in school and company networks: ask for their certificate and set PIP_CERT to it",
    r" --no-index (?s:.*)No matching distribution found for (?P<name>\S+)": "The folder wheels/ "
    "lacks {name} for this computer and this Python: move it away, so that the network is asked",
    NETWORK: "The packages could not be fetched, and the first start needs a network connection "
    "(later ones do not): connect this computer",
    r"No matching distribution found for (?P<name>\S+)": "The lock asks for {name}, which the "
    "package index does not offer for this computer: update the project (`git pull`), or use a "
    "64-bit Python 3.11 to 3.14",
}
SAME = "the same command again"


def explain(output, where="", again=SAME):
    """Turn the output of a failed command into one sentence.

    Parameters
    ----------
    output : str
    where : str, default ""
        What stands before the full stop, such as where the whole output is kept.
    again : str, default "the same command again"
        What to run once that is mended.

    Returns
    -------
    str
    """
    for pattern, sentence in FAILURES.items():
        found = re.search(pattern, output)
        if found:
            name = found.groupdict().get("name") or "a package"
            return sentence.replace("{name}", name) + f", then run {again}{where}."
    lines = output.strip().splitlines() or ["no word"]
    error = next((line for line in reversed(lines) if "ERROR" in line), lines[-1]).strip()
    return f"It stopped with «{error}»; nothing is lost: run {again}{where}."
