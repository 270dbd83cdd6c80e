"""Where things are in the lake bucket, declared once.

The template's lifecycle rules and permissions, and what an erasure looks through, are tested against `PREFIXES`.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Prefix:
    """A folder of the bucket: what is in it, whether that may be about candidates, and whether it ends after LakeDays
    or, where there are any, after `days` (if it doesn't end, `kept` says why)."""

    name: str
    holds: str
    personal: bool
    expires: bool
    days: int | None = None
    kept: str = ""


RAW = "raw/"
GOOD = "good/"
BAD = "bad/"
REPORTS = "reports/"
IDS = "ids/"
REDACTED = "redacted/"
SCORED = "scored/"
QUERIES = "queries/"
TRAINING = "training/"
MODELS = "models/"

PREFIXES = (
    Prefix(RAW, "files as they were dropped", personal=True, expires=True),
    Prefix(GOOD, "the good rows of each file, in parts", personal=True, expires=True),
    Prefix(BAD, "the bad rows of each file, with their reasons", personal=True, expires=True),
    Prefix(REPORTS, "a report on each file, with examples", personal=True, expires=True),
    Prefix(IDS, "the index of whose rows each file holds", personal=True, expires=True),
    Prefix(REDACTED, "what erasures have left of dropped files", personal=True, expires=True),
    Prefix(SCORED, "each file's good rows with their probabilities", personal=True, expires=True),
    Prefix(QUERIES, "what Athena answered to queries", personal=True, expires=True, days=1),
    Prefix(
        TRAINING,
        "labelled candidates to train on",
        personal=True,
        expires=False,
        kept="An operator put it there to train on, for as long as there are models to train.",
    ),
    Prefix(MODELS, "model versions", personal=False, expires=False, kept="A version must stay explainable."),
)
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
    return f"{GOOD}{file_id}/part-{index:05}.csv"


def manifest_key(file_id: str) -> str:
    """What parts a file has; written after all of them."""
    return f"{GOOD}{file_id}/manifest.json"


def good_prefix(file_id: str) -> str:
    return f"{GOOD}{file_id}/"


def bad_key(file_id: str, name: str) -> str:
    """A file's bad rows, always plain CSV; with an empty name, the folder."""
    plain = name.removesuffix(".gz")
    return f"{BAD}{file_id}/{plain if plain.endswith('.csv') or not plain else plain + '.csv'}"


def report_key(file_id: str) -> str:
    """A file's report."""
    return f"{REPORTS}{file_id}.html"


def model_key(version: str, file: str) -> str:
    """One file of a model version."""
    return f"{MODELS}{version}/{file}"


def index_key(file_id: str, number: int) -> str:
    """One run of the index of whose rows a file holds."""
    return f"{index_prefix(file_id)}{number:05}.bin"


def index_prefix(file_id: str) -> str:
    return f"{IDS}{file_id}/"


def redacted_key(file_id: str) -> str:
    """What is left of a dropped file after an erasure. Puts under this prefix notify no queue, unlike those under
    raw/."""
    return f"{REDACTED}{file_id}.csv"


def scored_part_key(day: str, file_id: str, first_row: int) -> str:
    """The scored rows of one batch. `day` is that of the predictions; keys are in the order of the rows."""
    return f"{scored_prefix(day, file_id)}part-{first_row:010}.csv.gz"


def scored_prefix(day: str, file_id: str) -> str:
    return f"{SCORED}{day}/{file_id}/"


def ranking_key(file_id: str, name: str) -> str:
    """What is made of all scored rows of a file; with an empty name, the folder. It is beside the days, so that who
    reads those meets each row once."""
    return f"{SCORED}files/{file_id}/{name}"
