"""Subject access: everything that is held about a candidate, page by page, to be handed to them.

It is looked up where an erasure looks (`lookup`), so that both find the same. A page goes on until its time or size is
used up; its cursor says where the next one begins. What is found is about the candidate alone, but for two kinds of
entries that nobody can be sure of, and which an operator has to look at first: a row with `certain` false, whose number
is damaged or whose line can't be split, and a file or dataset with `mentions`, which was rejected as a whole and has
the number somewhere.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from jobchange.contract import BY_NAME, IDENTIFIER, Issue
from jobchange.errors import ModelRefused, NotFound
from jobchange.privacy import erasure_requests, lookup
from jobchange.quality import stored_rows
from jobchange.quality.findings import Findings
from jobchange.quality.identifiers import Rows
from jobchange.reading.rejected import Rejected
from jobchange.registry.threshold import threshold_at
from jobchange.scoring.explain import Contribution, Explanation, background, explain
from jobchange.store import (
    cursors,
    file_listings,
    files,
    lake,
    outcomes,
    predictions,
    scored_files,
    scoring_state,
    source_objects,
    suppression_list,
)
from jobchange.store.files import File, Status
from jobchange.store.lake_layout import TRAINING, bad_key, good_prefix, index_prefix, part_key, redacted_key, report_key
from jobchange.store.predictions import Prediction

SECTIONS = ("predictions", "outcomes", "training", "files")
PATIENCE_SECONDS = 12.0
"""After this no further entry is begun: a gateway gives up after 29 seconds."""
MOST_CHARACTERS = 500_000
"""Of a page: a function's answer has 6 MB, in which a character of a text may take ten bytes."""
MOST_ROWS = 200
"""Rows of one file or dataset that are shown."""
_MOST_TEXT = 2_000
"""Characters of a row's text that are shown."""
_NO_DIFFERENCE = 0.0005
"""In probability: what is 0.0 points for a reader."""

Entry = dict[str, Any]


def page(enrollee_id: int, cursor: str | None = None) -> dict[str, Any]:
    """What is held about a candidate: the state of their erasure, and a page of all entries by section; `next_cursor`
    is where the next page begins, None after the last one. `waiting` counts files of this page that are being validated
    and can only be searched afterwards. Raises BadRequest for a cursor of another query."""
    query = ["subject access", enrollee_id]
    section, place = cursors.decode(query, cursor, SECTIONS.__contains__, lambda _: True) if cursor else ("", "")
    search = _Search(enrollee_id)
    found: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
    next_cursor = None
    deadline, characters = time.monotonic() + PATIENCE_SECONDS, 0
    for name, entry, here in search.after(section or SECTIONS[0], place):
        if entry is not None:
            found[name].append(entry)
            characters += len(json.dumps(entry))
        if characters >= MOST_CHARACTERS or time.monotonic() >= deadline:
            next_cursor = cursors.encode(query, [name, here])
            break
    return {
        IDENTIFIER: enrollee_id,
        "erasure": _erasure(enrollee_id),
        **found,
        "waiting": search.waiting,
        "next_cursor": next_cursor,
    }


def everything(enrollee_id: int) -> dict[str, Any]:
    """All pages as one."""
    held = page(enrollee_id)
    while held["next_cursor"]:
        following = page(enrollee_id, held["next_cursor"])
        held = (
            following
            | {name: held[name] + following[name] for name in SECTIONS}
            | {"waiting": held["waiting"] + following["waiting"]}
        )
    return held


def _erasure(enrollee_id: int) -> dict[str, Any] | None:
    """The receipt of the candidate's erasure, if somebody asked for one."""
    suppressed = suppression_list.load()
    return erasure_requests.receipt(suppressed.hash(enrollee_id)) if enrollee_id in suppressed else None


class _Search:
    """Looks for one candidate; `waiting` counts the files that were being validated."""

    def __init__(self, enrollee_id: int) -> None:
        self.id = enrollee_id
        self.waiting = 0

    def after(self, section: str, place: str) -> Iterator[tuple[str, Entry | None, str]]:
        """All entries from a place in a section on, each with its section and the place from which to go on after it;
        None where something was searched and held nothing."""
        readers = dict(zip(SECTIONS, (self._predictions, self._outcomes, self._training, self._files), strict=True))
        for name in SECTIONS[SECTIONS.index(section) :]:
            for entry, here in readers[name](place):
                yield name, entry, here
            place = ""

    def _predictions(self, after: str) -> Iterator[tuple[Entry, str]]:
        for each in predictions.iter_of_candidate(self.id, after):
            yield _prediction(each), each.key.sort

    def _outcomes(self, after: str) -> Iterator[tuple[Entry, str]]:
        for each in outcomes.of_candidate(self.id):
            if each.observed_at > after:
                yield {name: value for name, value in asdict(each).items() if name != IDENTIFIER}, each.observed_at

    def _training(self, after: str) -> Iterator[tuple[Entry | None, str]]:
        for key in lake.keys(TRAINING):
            if key > after:
                yield self._dataset(key), key

    def _files(self, cursor: str) -> Iterator[tuple[Entry | None, str]]:
        for file_id, here in file_listings.iter_file_ids(cursor or None):
            yield self._file(file_id), here

    def _dataset(self, key: str) -> Entry | None:
        try:
            found = list(stored_rows.of_candidate(lookup.open_object(key), self.id))
        except Rejected:
            return _dataset(key, 0, [], mentions=True) if lookup.mentions(lookup.open_object(key), self.id) else None
        rows = [
            {
                "values": each.cells or None,
                "text": None if each.cells else each.text[:_MOST_TEXT],
                "certain": stored_rows.is_number_of(self.id, each.cells.get(IDENTIFIER, "")),
            }
            for each in found[:MOST_ROWS]
        ]
        return _dataset(key, len(found), rows, mentions=False) if found else None

    def _file(self, file_id: str) -> Entry | None:
        file = files.summary(file_id)
        if file.status is Status.VALIDATING:
            self.waiting += 1
            return None
        runs = lookup.index_runs(file_id, self.id)
        rows = lookup.rows_of(runs)
        rejected = file.status is Status.REJECTED
        mentions = not rows and rejected and lookup.dropped_mentions(file_id, self.id)
        if not rows and not mentions:
            return None
        source, redacted = source_objects.original(file_id)
        objects = [redacted_key(source.file_id) if redacted else source.key, *(key for key, _ in runs)]
        shown: list[Entry] = []
        if rejected:
            # What was written before the rejection has been deleted, and is kept for a while as old versions.
            objects += [good_prefix(file_id), bad_key(file_id, ""), index_prefix(file_id)]
        else:
            good, parts = _good(file_id, rows.good[:MOST_ROWS])
            bad, quarantine = self._bad(file, rows.bad, MOST_ROWS - len(good))
            shown = good + bad
            objects += [*parts, *quarantine, *_scored(file_id, rows.good), *_report(file_id, rows)]
        return {
            "file_id": file_id,
            "name": file.name,
            "uploaded_at": file.uploaded_at,
            "status": file.status.value,
            "duplicate_of": file.duplicate_of,
            "mentions": mentions,
            "found": len(rows.good) + len(rows.bad),
            "rows": shown,
            "objects": objects,
        }

    def _bad(self, file: File, rows: Sequence[int], most: int) -> tuple[list[Entry], list[str]]:
        """At most so many of some bad rows of a file, and the object they are in, unless it has been deleted."""
        key = bad_key(file.file_id, file.name)
        if not rows or not lake.exists(key):
            return [], []
        shown = [
            {
                "row": each.row,
                "values": None,
                "text": each.text[:_MOST_TEXT],
                "reasons": [_reason(label) for label in each.labels],
                "certain": stored_rows.is_number_of(self.id, each.identifier),
            }
            for each in stored_rows.bad(lookup.open_object(key), rows[:most])
        ]
        return shown, [key]


def _good(file_id: str, rows: Sequence[int]) -> tuple[list[Entry], list[str]]:
    """Some good rows of a file, and the objects they are in, unless those have been deleted."""
    keys = [part_key(file_id, part) for part in lookup.parts_with(file_id, rows)]
    shown: list[Entry] = [
        {"row": number, "values": values, "text": None, "reasons": [], "certain": True}
        for key in keys
        for number, values in stored_rows.good(lake.get(key), rows)
    ]
    return shown, keys


def _scored(file_id: str, rows: Sequence[int]) -> list[str]:
    return scored_files.objects_with(file_id, scoring_state.get(file_id).day, rows) if rows else []


def _report(file_id: str, rows: Rows) -> list[str]:
    """The report, if it quotes one of the rows; so do the findings that are kept in the file's record."""
    detail = files.get(file_id).findings
    findings = Findings.from_dict(detail).findings if detail else ()
    quoted = {example.row for finding in findings for example in finding.examples}
    return [report_key(file_id)] if quoted.intersection(rows.good + rows.bad) else []


def _reason(label: str) -> str:
    """What a label of a bad row says, in words."""
    code, _, rest = label.partition("(")
    column = rest.removesuffix(")")
    sentence = Issue.of(code).sentence
    return f"{BY_NAME[column].label if column in BY_NAME else column}: {sentence}" if column else sentence


def _dataset(key: str, found: int, rows: list[Entry], *, mentions: bool) -> Entry:
    return {"object": key, "mentions": mentions, "found": found, "rows": rows}


def _prediction(prediction: Prediction) -> Entry:
    """A prediction, and what led from it to its verdict."""
    return {
        "id": prediction.id,
        "created_at": prediction.created_at,
        "source": prediction.source,
        "file_id": prediction.file_id,
        "row": prediction.row,
        "features": dict(prediction.features),
        "model_version": prediction.model_version,
        "probability": prediction.probability,
        "threshold": _threshold(prediction),
        "will_change": prediction.will_change,
        "explanation": _explanation(prediction),
        "challenger_version": prediction.challenger_version,
        "challenger_probability": prediction.challenger_probability,
        "challenger_will_change": prediction.challenger_will_change,
    }


def _threshold(prediction: Prediction) -> float | None:
    """What the probability had to reach then; None where the version's files aren't there any more."""
    try:
        return threshold_at(prediction.model_version, prediction.created_at)
    except (ModelRefused, NotFound):
        return None


def _explanation(prediction: Prediction) -> list[str] | None:
    """Why a prediction is as it is; None where the version that made it can't say any more."""
    try:
        return in_words(explain(prediction.features, background(prediction.model_version)), prediction.probability)
    except (ModelRefused, ValueError):
        # Without its files, or of another contract.
        return None


def in_words(explanation: Explanation, probability: float) -> list[str]:
    """An explanation in sentences: from the average candidate's chance, by what each value adds or takes, to the
    candidate's own."""
    return [
        f"The average candidate's chance of looking for a job is {_percent(explanation.average)}.",
        *(_effect(each) for each in explanation.contributions),
        f"This makes {_percent(probability)}.",
    ]


def _effect(contribution: Contribution) -> str:
    label = BY_NAME[contribution.feature].label
    value = contribution.value
    said = "not known" if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)
    points = abs(contribution.points)
    if points < _NO_DIFFERENCE:
        return f"{label} {said} makes no difference."
    return f"{label} {said} {'raises' if contribution.points > 0 else 'lowers'} it by {100 * points:.1f} points."


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f}%"
