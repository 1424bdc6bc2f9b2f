"""pyproject.toml, environment.yml and the three locks tell the same story."""

import itertools
import pathlib
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from nnlib.system import preparing

ROOT = pathlib.Path(__file__).parents[1]
LOCKS = ["locks/lab.lock", "locks/demo.lock", "locks/test.lock"]  # each contains those before
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SYSTEMS = [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RANGES = {
    "lessons": PROJECT["project"]["dependencies"],
    "lab": PROJECT["project"]["optional-dependencies"]["lab"],
    "test": PROJECT["project"]["optional-dependencies"]["test"],
    "cluster": PROJECT["project"]["optional-dependencies"]["cluster"],
    "demo": PROJECT["project"]["optional-dependencies"]["demo"],
    "build": PROJECT["build-system"]["requires"],
}
IN_LOCK = {
    "locks/lab.lock": ["lessons", "lab", "build"],
    "locks/demo.lock": ["lessons", "lab", "demo", "build"],
    "locks/test.lock": list(RANGES),
}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
IN_CONDA = [name for name in CONDA["dependencies"] if isinstance(name, str)]
each_lock = pytest.mark.parametrize("lock", LOCKS)


def entries(lock):
    """The entries of a lock, as text: the pin, its marker, its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]


def pins(lock):
    """The pins of a lock as requirements."""
    return [Requirement(entry.split("\n")[0].rstrip("\\ ")) for entry in entries(lock)]


def versions(lock, name):
    """The versions that a lock holds of a package: one, or one per marker."""
    wanted = canonicalize_name(name)
    found = [pin for pin in pins(lock) if canonicalize_name(pin.name) == wanted]
    return [str(pin.specifier).removeprefix("==") for pin in found]


@pytest.mark.parametrize("lock", [*LOCKS, "locks/site.lock"])
@pytest.mark.parametrize("text", PROJECT["tool"]["uv"]["constraint-dependencies"])
def test_what_is_held_back_is_in_no_lock(lock, text):
    held = Requirement(text)
    found = versions(lock, held.name)
    assert found and all(held.specifier.contains(version) for version in found)


def cases():
    for lock, groups in IN_LOCK.items():
        for group in groups:
            for text in RANGES[group]:
                yield pytest.param(lock, Requirement(text), id=f"{lock} {text}")


@pytest.mark.parametrize(("lock", "wanted"), [*cases()])
def test_the_range_admits_each_locked_version(lock, wanted):
    locked = versions(lock, wanted.name)
    assert locked, f"{lock} holds no {wanted.name}"
    assert all(version in wanted.specifier for version in locked), f"{wanted}, but locked: {locked}"


@pytest.mark.parametrize("text", IN_CONDA)
def test_conda_admits_what_is_locked_and_names_what_the_project_names(text):
    wanted = Requirement(text)
    if wanted.name in ("python", "pip"):
        return
    known = [Requirement(line).name for line in RANGES["lessons"] + RANGES["lab"] + RANGES["test"]]
    assert wanted.name in known, f"pyproject.toml does not name {wanted.name}"
    assert wanted.specifier, f"{wanted.name} has no range"
    locked = versions("locks/test.lock", wanted.name)
    assert locked and all(version in wanted.specifier for version in locked), locked


def test_conda_and_pyproject_give_the_same_ranges():
    lines = itertools.chain.from_iterable(RANGES.values())
    ours = {Requirement(line).name: Requirement(line) for line in lines}
    theirs = [Requirement(line) for line in IN_CONDA]
    assert all(ours[it.name].specifier == it.specifier for it in theirs if it.name in ours)


def test_conda_installs_what_the_lessons_import_and_nnlib_itself():
    named = {Requirement(line).name for line in IN_CONDA}
    assert {"numpy", "pandas", "matplotlib", "jupyter", "ipywidgets", "nbval", "pip"} <= named
    assert {"pip": ["-e .[lab]"]} in CONDA["dependencies"]
    assert (CONDA["name"], CONDA["channels"]) == ("nnlib", ["conda-forge"])


each_pair = pytest.mark.parametrize("pair", [*itertools.pairwise(LOCKS)])


@each_pair
def test_every_pin_of_a_lock_stands_in_the_next(pair):
    # the systems a pin is meant for may be more there: dask wants psutil everywhere
    small, large = ({(pin.name, str(pin.specifier)) for pin in pins(lock)} for lock in pair)
    assert small - large == set()
    assert large - small  # Voilà; pytest and the others


@each_pair
def test_equal_pins_have_equal_hashes(pair):
    small, large = (
        {
            re.split(r"[ \\]", entry)[0]: re.findall("sha256:[0-9a-f]{64}", entry)
            for entry in entries(lock)
        }
        for lock in pair
    )
    assert [pin for pin in small if small[pin] != large.get(pin)] == []


@each_lock
def test_every_entry_is_pinned_and_has_a_hash(lock):
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==[\w.!+]+[ \\;]", entry), entry.split("\n")[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry.split("\n")[0]


@each_lock
def test_a_lock_holds_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links)", text, re.M)


@each_lock
def test_each_supported_computer_gets_each_package_exactly_once(lock):
    """Two entries of a package have markers that exclude each other, and leave no gap."""
    needed = {Requirement(text).name for group in IN_LOCK[lock] for text in RANGES[group]}
    for python, (platform, name) in itertools.product(PYTHONS, SYSTEMS):
        here = {"python_version": python, "python_full_version": f"{python}.9"}
        here |= {"sys_platform": platform, "os_name": name, "implementation_name": "cpython"}
        meant = [pin.name for pin in pins(lock) if not pin.marker or pin.marker.evaluate(here)]
        assert len(meant) == len(set(meant)), f"twice on {python}, {platform}"
        assert needed <= set(meant), f"missing on {python}, {platform}: {needed - set(meant)}"


def test_the_build_extra_names_what_the_build_needs():
    assert PROJECT["project"]["optional-dependencies"]["build"] == RANGES["build"]


NEWEST = [  # how the project names the newest Python, wherever it does
    r"3\.11, 3\.12[^;:]*? or (3\.\d+)",
    r"3\.11 to (3\.\d+)",
    r"\(3, 11\)[^(]+\((3, \d+)\)",
    r"in (?:3\.\d+ )+(3\.\d+);",
    r"(?:py -|python)(3\.\d+) run\.py",
]
PLACES = ["README.md", "run.py", ".ci/run", "docs/*.md", "docs/site/*.html", "nnlib/**/*.py"]


@pytest.mark.parametrize("pattern", NEWEST)
def test_every_place_that_names_the_pythons_ends_with_the_newest(pattern):
    paths = [path for place in PLACES for path in ROOT.glob(place)]
    found = {
        (path.name, named.replace(", ", "."))
        for path in paths
        for named in re.findall(pattern, path.read_text(encoding="utf-8"), re.DOTALL)
    }
    assert found and {named for _, named in found} == {PYTHONS[-1]}, found


def test_everything_supports_the_same_pythons():
    project = SpecifierSet(PROJECT["project"]["requires-python"])
    conda = next(Requirement(line) for line in IN_CONDA if line.startswith("python "))
    assert [f"3.{n}" for n in range(30) if f"3.{n}" in project] == PYTHONS
    assert conda.specifier == project
    text = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    tested = yaml.safe_load(text)["jobs"]["tests"]["strategy"]["matrix"]["python"]
    assert tested == [PYTHONS[0], PYTHONS[-1]]  # the oldest and the newest


def test_the_project_can_be_cited_as_what_it_is():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)  # CFF 1.2 requires them
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "software")
    assert cited["authors"] == [{"name": "The nnlib authors"}]
    assert "The nnlib authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    said = {name: cited[name] for name in ("version", "license")}
    assert said == {name: PROJECT["project"][name] for name in said}
    title = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert cited["title"] == f"nnlib: {title}"


def test_run_py_installs_the_locks_that_are_there():
    known = {lock for sets in preparing.LOCKS.values() for locks in sets for lock in locks}
    assert known == {f"locks/{path.name}" for path in (ROOT / "locks").glob("*.lock")}
    for command, sets in preparing.LOCKS.items():
        assert sets[0][0] in preparing.MEGABYTES, command
    for n, command in enumerate(["lab", "demo", "test"]):
        assert [lock for (lock,) in preparing.LOCKS[command]] == LOCKS[n:]  # the larger do, too
