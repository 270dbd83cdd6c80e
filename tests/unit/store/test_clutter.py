"""What is no file of candidates is known by its key and size."""

import pytest

from jobchange.store.clutter import clutter


@pytest.mark.parametrize(
    ("key", "size", "what"),
    [
        ("raw/march/", 0, "a folder's marker"),
        ("raw/march_$folder$", 0, "a folder's marker"),
        ("raw/march/_SUCCESS", 0, "a job's marker"),
        ("raw/_committed_123", 0, "a job's marker"),
        ("raw/.keep", 0, "a hidden file"),
        ("raw/.DS_Store", 6148, "a hidden file"),
        ("raw/._candidates.csv", 120, "a hidden file"),
        ("raw/~$candidates.xlsx", 165, "an Office program's lock"),
        ("raw/Thumbs.db", 9000, "a system's file"),
        ("raw/march/desktop.ini", 80, "a system's file"),
    ],
)
def test_what_programs_leave_beside_files_is_clutter(key: str, size: int, what: str) -> None:
    assert clutter(key, size) == what


@pytest.mark.parametrize(
    ("key", "size"),
    [
        *(("raw/a.csv", 0), ("raw/_a.csv", 10), ("raw/.hidden/a.csv", 10), ("raw/~a.csv", 10), ("raw/_x/a.csv", 0)),
        *(("raw/candidates", 0), ("raw/thumbs.db.csv", 10)),
    ],
)
def test_anything_else_is_a_file(key: str, size: int) -> None:
    assert clutter(key, size) is None
