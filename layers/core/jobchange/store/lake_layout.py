"""Where things lie in the lake bucket. Templates, policies and notifications name the same prefixes."""

import re

RAW = "raw/"
TRAINING = "training/"
"""Labelled candidates to train on."""
UPLOAD_ID = "^u[0-9a-f]{27}$"
"""The letter, the milliseconds since 1970 (11 digits) when the upload began, and a random number (16)."""


def upload_key(upload_id: str, name: str) -> str:
    """Where a file goes that comes by form; with an empty name, the folder."""
    return f"{RAW}{upload_id}/{name}"


def upload_id(key: str) -> str | None:
    """The id of the upload that a raw file came by, if it came by form."""
    folder = key.removeprefix(RAW).partition("/")[0]
    return folder if re.match(UPLOAD_ID, folder) else None


def part_key(file_id: str, index: int) -> str:
    """One part of a file's good rows."""
    return f"good/{file_id}/part-{index:05}.csv"


def manifest_key(file_id: str) -> str:
    """What parts a file has; written after all of them."""
    return f"good/{file_id}/manifest.json"


def good_prefix(file_id: str) -> str:
    return f"good/{file_id}/"


def bad_key(file_id: str, name: str) -> str:
    """A file's bad rows, always plain CSV; with an empty name, the folder."""
    plain = name.removesuffix(".gz")
    return f"bad/{file_id}/{plain if plain.endswith('.csv') or not plain else plain + '.csv'}"


def report_key(file_id: str) -> str:
    """A file's report."""
    return f"reports/{file_id}.html"


def model_key(version: str, file: str) -> str:
    """One file of a model version."""
    return f"models/{version}/{file}"


def index_key(file_id: str, number: int) -> str:
    """One run of the index of whose rows a file holds."""
    return f"{index_prefix(file_id)}{number:05}.bin"


def index_prefix(file_id: str) -> str:
    return f"ids/{file_id}/"


def redacted_key(file_id: str) -> str:
    """What is left of a dropped file after an erasure. Nobody listens to puts under this prefix, as the ingest queue
    does to those under raw/."""
    return f"redacted/{file_id}.csv"
