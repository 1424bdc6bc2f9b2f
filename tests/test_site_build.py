"""The browser edition: its settings agree with its locks, and a bad file is refused; then built."""

import base64
import hashlib
import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import zipfile

import nbformat
import pytest
from lessons import NAMES, ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = ROOT / "docs" / "site"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYODIDE = json.loads((FOLDER / "pyodide.json").read_text(encoding="utf-8"))
OURS = json.loads((FOLDER / "wheels.json").read_text(encoding="utf-8"))
SETTINGS = json.loads((FOLDER / "jupyter-lite.json").read_text(encoding="utf-8"))
KERNELS = {"ipykernel", "piplite", "pyodide-kernel"}  # they come with JupyterLite's kernel
ASKED_BY_THE_KERNEL = {"ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython"}
CDN = "cdn.jsdelivr.net"
pyodide_is_here = pytest.mark.skipif(
    not os.environ.get("NNLIB_PYODIDE"), reason="NNLIB_PYODIDE names no folder"
)


@pytest.fixture
def builder(monkeypatch):
    """The modules of docs/site: build, runtime, library."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    names = ["library", "runtime", "build"]
    modules = {name: importlib.import_module(name) for name in names}
    yield type("Builder", (), modules)
    for name in names:
        del sys.modules[name]


def pins(lock):
    """The pins of a lock: {name: version}."""
    text = (ROOT / "locks" / f"{lock}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.!+]+)", text, re.MULTILINE))


def versions():
    """What the browser gets: {name: version}, Pyodide's own and what lies beside it."""
    theirs = {name: entry["version"] for name, entry in PYODIDE["packages"].items()}
    return theirs | pins("browser")


def sentence(call, *arguments):
    """The one line with which a call gives up."""
    with pytest.raises(SystemExit) as caught:
        call(*arguments)
    text = str(caught.value.code)
    assert text.endswith(".") and "\n" not in text
    return text


# ---- settings, locks and the list of Pyodide's files ----


def test_each_wheel_that_lies_on_the_site_is_described():
    assert {*pins("browser"), *KERNELS, "nnlib"} == set(OURS)


def test_every_package_finds_what_it_depends_on():
    known = {*PYODIDE["packages"], *OURS}
    wanted = [entry["depends"] for entry in [*PYODIDE["packages"].values(), *OURS.values()]]
    assert {canonicalize_name(name) for names in wanted for name in names} <= known


def test_what_the_kernel_asks_for_is_named_so_that_it_loads_at_once():
    options = SETTINGS["jupyter-config-data"]["litePluginSettings"]
    (plugin,) = options.values()
    named = plugin["loadPyodideOptions"]["packages"]
    assert {*named} >= ASKED_BY_THE_KERNEL | {"micropip", "piplite", "nnlib"}
    assert {canonicalize_name(name) for name in named} <= {*PYODIDE["packages"], *OURS}


def test_nnlib_brings_what_it_depends_on_but_loads_pandas_only_when_a_cell_asks():
    needed = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert set(OURS["nnlib"]["depends"]) == needed - {"pandas"}


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_the_browser_has_what_the_project_asks_for(line):
    wanted = Requirement(line)
    assert versions()[wanted.name] in wanted.specifier


def test_what_is_older_there_is_named_where_security_is_spoken_of():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").lower()
    for name in ("matplotlib", "pillow", "joblib"):
        assert f"{name} {versions()[name]}" in text


def test_one_host_is_named_and_no_other():
    files = [*FOLDER.glob("*.js*"), *FOLDER.glob("*.py"), *(ROOT / "locks").glob("*.lock")]
    hosts = {
        (path.name, host)
        for path in files
        for host in re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8"))
        if host != "localhost"
    }
    assert hosts == {("pyodide.json", CDN)}


def test_the_site_lock_holds_what_its_group_asks_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(text)["dependency-groups"]
    for group, lines in groups.items():
        for wanted in map(Requirement, lines):
            assert pins(group)[canonicalize_name(wanted.name)] in wanted.specifier


@pyodide_is_here
def test_the_font_list_is_that_of_the_matplotlib_that_comes():
    fonts = json.loads((FOLDER / "fontlist.json").read_text(encoding="utf-8"))
    wheel = PYODIDE["packages"]["matplotlib"]["file_name"]
    with zipfile.ZipFile(pathlib.Path(os.environ["NNLIB_PYODIDE"], wheel)) as archive:
        manager = archive.read("matplotlib/font_manager.py").decode()
        names = {name.removeprefix("matplotlib/mpl-data/") for name in archive.namelist()}
    assert f"__version__ = {fonts['_version']}\n" in manager
    assert {font["fname"] for font in fonts["ttflist"] + fonts["afmlist"]} <= names


# ---- the builder's pieces ----


def test_a_changed_file_of_pyodide_is_refused(builder, tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_PYODIDE", str(tmp_path))
    name = next(iter(PYODIDE["core"]))
    assert f"{name} cannot be read" in sentence(builder.runtime.copy_pyodide, tmp_path)
    (tmp_path / name).write_bytes(b"something else")
    text = sentence(builder.runtime.copy_pyodide, tmp_path)
    assert name in text and str(tmp_path) in text and "is not the file that was tested" in text


def test_a_computer_without_network_or_folder_is_told_what_to_do(builder, tmp_path, monkeypatch):
    monkeypatch.delenv("NNLIB_PYODIDE", raising=False)  # the tests' guard refuses the network
    text = sentence(builder.runtime.copy_pyodide, tmp_path)
    assert "could not be fetched" in text and "NNLIB_PYODIDE" in text


def test_the_lock_for_the_cdn_gives_addresses_to_what_is_not_ours(builder):
    lock = builder.runtime.lock([{"name": "nnlib", "file_name": "nnlib.whl"}], PYODIDE["address"])
    files = {name: entry["file_name"] for name, entry in lock["packages"].items()}
    assert files.pop("nnlib") == "nnlib.whl"
    assert all(file.startswith(f"https://{CDN}/") for file in files.values())
    assert [*files] == [*PYODIDE["packages"]]


def test_browsers_get_the_hashes_in_their_own_writing(builder):
    core = builder.runtime.core()
    for name, digest in PYODIDE["core"].items():
        algorithm, _, value = core["hashes"][name].partition("-")
        assert algorithm == "sha256" and base64.b64decode(value).hex() == digest


def test_packed_files_are_bytes_whatever_their_inner_name_says(builder, tmp_path):
    listing = tmp_path / "api" / "contents" / "data" / "all.json"
    listing.parent.mkdir(parents=True)
    found = {"digits.csv.gz": "text/csv", "trained.npz": None, "a.csv": "application/excel"}
    files = [{"name": name, "mimetype": type_} for name, type_ in found.items()]
    listing.write_text(json.dumps({"content": files}), encoding="utf-8")
    builder.build.mend_mimetypes(tmp_path)
    content = json.loads(listing.read_text(encoding="utf-8"))["content"]
    types = [file["mimetype"] for file in content]
    assert types == ["application/gzip", "application/octet-stream", "text/csv"]


def test_another_service_worker_is_not_mended_in_silence(builder, tmp_path):
    worker = tmp_path / "service-worker.js"
    worker.write_text("let enableCache=!1;", encoding="utf-8")
    assert "service-worker.js" in sentence(builder.build.mend_worker, worker)
    worker.write_text("".join(builder.build.WORKER), encoding="utf-8")
    builder.build.mend_worker(worker)
    assert worker.read_text(encoding="utf-8") == "".join(builder.build.WORKER.values())


@pytest.fixture
def asked(builder, tmp_path, monkeypatch):
    """The builder, asked for a site in a folder."""
    monkeypatch.setattr(sys, "argv", ["build.py", "--output", str(tmp_path / "_site")])
    return builder.build


def test_the_old_site_stays_until_the_new_one_is_whole(asked, tmp_path, monkeypatch):
    output = tmp_path / "_site"

    def build(draft, options, text="new", error=None):
        for name in ("service-worker.js", "static/pyodide/pyodide-lock.json"):
            (draft / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / "site" / name).write_text(text)
        if error:
            raise error

    monkeypatch.setattr(asked, "build", lambda *arguments: build(*arguments, text="old"))
    asked.main()
    failing = SystemExit("The disk is full.")
    monkeypatch.setattr(asked, "build", lambda *arguments: build(*arguments, error=failing))
    assert sentence(asked.main) == "The disk is full."
    assert (output / "service-worker.js").read_text() == "old"
    monkeypatch.setattr(asked, "build", build)
    asked.main()
    assert (output / "service-worker.js").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["_site"]


@pytest.mark.parametrize("name", ["holiday.jpg", "jupyter-lite.json", "service-worker.js"])
def test_a_folder_of_someone_else_is_never_replaced(asked, tmp_path, name):
    other = tmp_path / "_site" / name
    other.parent.mkdir()
    other.touch()
    assert str(other.parent) in sentence(asked.main)
    assert other.exists()


def test_the_sources_of_the_site_are_no_site(builder):
    assert not builder.build.may_replace(FOLDER)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(asked, monkeypatch):
    def full(draft, options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(asked, "build", full)
    assert "No space left on device" in sentence(asked.main)


# ---- a real site ----


@pytest.mark.slow
def test_each_file_that_the_lock_names_lies_beside_it(site):
    folder = site / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {*packages} == {*PYODIDE["packages"], *OURS}
    for entry in packages.values():
        data = (folder / entry["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], entry["name"]
    for name, digest in PYODIDE["core"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.slow
def test_the_pages_of_the_site_are_those_of_a_learner(site):
    pages = sorted((site / "files" / "notebooks").glob("*.ipynb"))
    assert [page.stem for page in pages] == NAMES
    for page in pages:
        for cell in nbformat.read(page, as_version=4).cells:
            assert not cell.get("outputs") and "teacher" not in cell.metadata.get("tags", [])


@pytest.mark.slow
def test_the_site_holds_what_its_parts_link_to_and_nothing_for_developers(site):
    for name in ["data/digits.csv.gz", "nnlib/backprop.py", "docs/notation.md"]:
        assert (site / "files" / name).read_bytes() == (ROOT / name).read_bytes()
    assert not [*site.rglob("*.map")]
    extensions = {path.parent.name for path in site.glob("extensions/**/package.json")}
    assert extensions >= {"anywidget", "jupyterlab-manager", "pyodide-kernel-extension"}


TWICE = "import pathlib, sys; sys.path[:0] = sys.argv[1:3]; import library; "
TWICE += "library.write_wheel(pathlib.Path(sys.argv[3]))"


@pytest.mark.slow
def test_the_wheel_is_the_same_byte_by_byte_when_it_is_built_again(site, tmp_path):
    (first,) = (site / "static" / "pyodide").glob("nnlib-*.whl")
    venv = pathlib.Path(os.path.abspath(ROOT / (os.environ.get("NNLIB_VENV") or ".venv")))
    tools = venv.with_name(f"{venv.name}-site")
    python = tools / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-c", TWICE, FOLDER, ROOT, tmp_path], check=True, timeout=600)
    (again,) = tmp_path.iterdir()
    assert (again.name, again.read_bytes()) == (first.name, first.read_bytes())
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
    lessons = [name for name in names if name.startswith("nnlib/shipped/notebooks/")]
    assert len(lessons) == len(NAMES) and "matplotlib/fontlist.json" in names
    assert "nnlib/shipped/data/digits.csv.gz" in names and "nnlib/widgets/pad.js" in names
