"""What pip, venv and the system write when they fail becomes one sentence that says what to do."""

import pytest
from lessons import ROOT

from nnlib.system.failures import explain

NO_NAME = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after "
    "connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection "
    "object at 0x7f>: Failed to establish a new connection: [Errno -2] Name or service not "
    "known')': /simple/anyio/\n"
)
NO_VERSION = (
    "ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: "
    "{})\nERROR: No matching distribution found for anyio==4.16.0\n"
)
BAD_HASH = (
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated "
    "the package versions, please update the hashes. Otherwise, examine the package contents "
    "carefully; someone may have tampered with them.\n"
    "    anyio==4.16.0 from file:///anyio-4.16.0-py3-none-any.whl (from -r locks/lab.lock "
    "(line 1)):\n        Expected sha256 59bb\n             Got        c66a\n"
)
NO_SPACE = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
)
NO_VENV = (
    "The virtual environment was not created successfully because ensurepip is not\navailable.  On "
    "Debian/Ubuntu systems, you need to install the python3-venv\npackage\n"
)
NO_ACCESS = (
    "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'\n"
)
ON_A_STICK = "$ python -m pip install --no-index --find-links wheels -r locks/lab.lock\n"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (NO_NAME + NO_VERSION.format("none"), "needs a network connection"),
        (NO_VERSION.format("none"), "needs a network connection"),
        (ON_A_STICK + NO_VERSION.format("none"), "wheels/ lacks anyio==4.16.0 for this computer"),
        (ON_A_STICK + NO_SPACE, "disk is full"),
        (NO_VERSION.format("1.0, 2.0"), "asks for anyio==4.16.0, which"),
        (BAD_HASH, "download of anyio==4.16.0 is not what the lock expects"),
        (NO_NAME + BAD_HASH, "download of anyio==4.16.0 is not what the lock expects"),
        (NO_SPACE, "disk is full"),
        (NO_NAME + NO_SPACE, "disk is full"),
        (NO_VENV, "apt install python3-venv"),
        ("/usr/bin/python3: No module named venv\n", "apt install python3-venv"),
        (NO_ACCESS, "cannot be written"),
        ("ERROR: [WinError 5] Access is denied: 'C:\\x'", "cannot be written"),
        ("HINT: ... does not have Windows Long Path support enabled", "too long"),
        ("Error: [WinError 206] The filename or extension is too long: 'C:\\x'", "path of this"),
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')", "PIP_CERT"),
        ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "needs a network connection"),
        ("ERROR: something new\nsome hint", "«ERROR: something new»"),
        ("", "run the same command again"),
    ],
)
def test_each_failure_has_its_sentence(output, words):
    text = explain(output)
    assert words in text and "run the same command again" in text
    assert text.endswith(".") and "\n" not in text and "{" not in text


def test_no_advice_says_how_a_command_begins_on_one_system_only():
    advice = [path for path in (ROOT / "nnlib").rglob("*.py") if path.name != "failures.py"]
    assert not [path.name for path in advice if "python3 run" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("output", [NO_NAME, "ERROR: something new"])
def test_what_to_run_again_may_be_named(output):
    said = explain(output, again="`python3 run.py prepare demo`")
    assert said.endswith("run `python3 run.py prepare demo`.")
