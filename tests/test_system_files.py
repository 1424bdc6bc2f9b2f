"""A file is recognized by its first bytes, and replaced whole or not at all."""

import os
import pathlib
import time

import pytest
from rough import nothing_lost

from nnlib.system import files
from nnlib.system.files import is_portable, not_there, replacing, what_it_is


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"PK\x03\x04....", "a zip archive"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        (b"\x80\x04\x95", "a pickle"),
        (b"\x93NUMPY\x01", "a single NumPy array (.npy)"),
        (b"  \n<!DOCTYPE html>", "a web page"),
        (b"<svg xmlns", "a drawing of lines (SVG)"),
        (b"\x00\x00\x00\x18ftypheic", "a picture (HEIC)"),
        (b"\x00\x00\x00\x18ftypmp42", "a video"),
        (b"\x89PNG\r\n", "a picture (PNG)"),
        (b"\x00\x00\x00\x1cftypavif", "a picture (AVIF)"),
        (b"RIFF....WEBPVP8 ", "a picture (WebP)"),
        (b"BM6....", "a picture (BMP)"),
        (b'<?xml version="1.0"?><svg', "an XML file, perhaps a drawing of lines (SVG)"),
        (b"PK\x03\x04" + bytes(26) + b"net/data.pkl", "a PyTorch file (.pt)"),
        (b"PK\x03\x04" + bytes(26) + b"metadata.json", "a Keras file (.keras)"),
        (b"\xd8\x01" + bytes(6) + b'{"W1":', "a safetensors file"),
        (b"PK\x05\x06" + bytes(18), "an empty zip archive"),
        (b"7z\xbc\xaf\x27\x1c", "an archive of 7-Zip (.7z)"),
        (b"Rar!\x1a\x07\x00", "an archive of RAR (.rar)"),
        (b"BZh91AY&SY", "packed with bzip2 (.bz2)"),
        (b"\xfd7zXZ\x00\x00", "packed with xz (.xz)"),
        (b"]\x00\x00\x80\x00", "packed with LZMA (.lzma)"),
        (b"\x28\xb5\x2f\xfd\x04", "packed with Zstandard (.zst)"),
        (b"\x04\x22\x4d\x18\x64", "packed with LZ4 (.lz4)"),
        (b"x\x9c\xed\xc1", "packed with zlib, as joblib does"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer, not the file itself"),
        (b"PAR1\x15\x04", "a Parquet file (.parquet)"),
        (b"ARROW1\x00\x00", "an Arrow file (.feather)"),
        (b"MATLAB 5.0 MAT-file", "a MATLAB file (.mat)"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an Excel workbook of old (.xls)"),
        (b"{\\rtf1\\ansi", "a text document (.rtf)"),
        (b'{"label":', "a JSON file (.json)"),
        (b'[{"label":', "a JSON file (.json)"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "an Excel workbook (.xlsx)"),
        (b"PK\x03\x04" + bytes(26) + b"docProps/app.xml", "an Excel workbook (.xlsx)"),
        (b"PK\x03\x04" + bytes(26) + b"_rels/.rels", "an Excel workbook (.xlsx)"),
        (
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "a LibreOffice table (.ods)",
        ),
        (b"train.csv" + bytes(248) + b"ustar\x0000", "a tar archive"),
        (b"label,pixel0", None),
        (b"version,label", None),
        (b"xyz,label", None),
        (b"{label", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(start, words):
    assert what_it_is(start) == words


@pytest.mark.parametrize("name", ["a", "netz ä (1).npz", "数" * 60, "comb.csv", "console"])
def test_names_that_every_system_takes(name):
    assert is_portable(name)


@pytest.mark.parametrize(
    "name",
    [
        *["", ".", "..", ".a", "a.", "a ", "a/b", "a\\b", "a:b", "a\n", "a" * 61],
        *["NUL.txt", "nul", "com1.x", "COM².x", "con .x", "conin$.x"],
    ],
)
def test_names_that_some_system_refuses(name):
    assert not is_portable(name)


def test_a_missing_file_names_those_that_are_alike(tmp_path):
    (tmp_path / "train.csv").write_text("1")
    sentence = not_there(tmp_path / "trian.csv")
    assert "no file trian.csv" in sentence and "did you mean train.csv?" in sentence
    assert str(tmp_path) not in sentence
    assert "look at its name" in not_there(tmp_path / "nothing" / "zzz.bin")


def test_a_file_is_replaced(tmp_path):
    path = tmp_path / "netz ä [1].bin"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("error", [OSError(28, "full"), KeyboardInterrupt(), ValueError("x")])
@pytest.mark.parametrize("where", ["write", "check", "fsync", "replace"])
def test_the_old_file_survives(tmp_path, monkeypatch, where, error):
    def fail(*_):
        raise error

    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    if where in ("fsync", "replace"):
        monkeypatch.setattr(files.os, where, fail)
    with nothing_lost(tmp_path), pytest.raises(type(error)):
        with replacing(path, fail if where == "check" else None) as file:
            file.write(b"new")
            if where == "write":
                fail()


def test_the_check_sees_the_whole_draft(tmp_path):
    seen = []
    with replacing(tmp_path / "a.bin", lambda draft: seen.append(draft.read_bytes())) as file:
        file.write(b"all of it")
    assert seen == [b"all of it"]


def test_drafts_that_a_crash_left_are_swept(tmp_path):
    old, young = tmp_path / ".a.bin.12.part", tmp_path / ".a.bin.34.part"
    other = tmp_path / ".b.bin.12.part"
    for path in (old, young, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (time.time() - 2 * files.OLD,) * 2)
    with replacing(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert sorted(os.listdir(tmp_path)) == [".a.bin.34.part", ".b.bin.12.part", "a.bin"]


def test_a_reader_that_is_in_the_way_is_waited_for(tmp_path, monkeypatch):
    """Windows refuses to replace a file that somebody reads."""
    refusals, replace = [PermissionError(), PermissionError()], os.replace

    def busy(*paths):
        if refusals:
            raise refusals.pop()
        replace(*paths)

    monkeypatch.setattr(files.os, "replace", busy)
    monkeypatch.setattr(files.time, "sleep", lambda _: None)
    with replacing(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert (tmp_path / "a.bin").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o640])
def test_who_may_read_the_old_file_may_read_the_new_one(tmp_path, mode):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(mode)
    with replacing(path) as file:
        file.write(b"new")
    assert path.stat().st_mode & 0o777 == mode and path.read_bytes() == b"new"


def test_a_draft_that_another_program_holds_does_not_hide_what_went_wrong(tmp_path, monkeypatch):
    def held(path, missing_ok=False):
        raise PermissionError(13, "it is used by another process", str(path))

    monkeypatch.setattr(pathlib.Path, "unlink", held)  # as Windows answers while a scanner reads
    with pytest.raises(ValueError, match="the real reason"), replacing(tmp_path / "a.bin"):
        raise ValueError("the real reason")


def test_no_draft_stays_beside_a_file_that_is_write_protected(tmp_path, monkeypatch):
    path, unlink = tmp_path / "a.bin", pathlib.Path.unlink
    path.write_bytes(b"old")
    path.chmod(0o444)

    def refuse(*_):
        raise PermissionError(13, "Access is denied")

    def as_in_windows(path, missing_ok=False):
        return unlink(path, missing_ok) if path.stat().st_mode & 0o200 else refuse()

    monkeypatch.setattr(pathlib.Path, "unlink", as_in_windows)
    monkeypatch.setattr(files.os, "replace", refuse)
    monkeypatch.setattr(files.time, "sleep", lambda _: None)
    with pytest.raises(PermissionError), replacing(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["a.bin"]


def test_a_draft_that_cannot_be_swept_is_left(tmp_path):
    left = tmp_path / ".a.bin.12.part"
    left.mkdir()  # as good as a file of somebody else
    os.utime(left, (time.time() - 2 * files.OLD,) * 2)
    with replacing(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert sorted(os.listdir(tmp_path)) == [left.name, "a.bin"]
