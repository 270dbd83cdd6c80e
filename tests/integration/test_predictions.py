"""Predictions in and out of the table: exactly once, newest first, whatever happens in between."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pynamodb.connection.base import Connection
from pynamodb.exceptions import VerboseClientError

from jobchange import times
from jobchange.errors import BadRequest, NotFound
from jobchange.store import cursors, prediction_keys, prediction_listings, predictions, segments, withdrawals
from jobchange.store.prediction_keys import SOURCES, PredictionKey, Source
from jobchange.store.predictions import Prediction
from jobchange.store.tables import PredictionRow, StatRow

pytestmark = pytest.mark.usefixtures("aws")

FILE = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2

Between = Callable[[Callable[..., Any]], None]


def prediction(
    row: int,
    *,
    source: Source = "scheduled",
    at: str = "2026-01-31T09:30:00.125Z",
    origin: str = FILE,
    enrollee_id: int | None = None,
    probability: float = 0.25,
) -> Prediction:
    return Prediction(
        key=PredictionKey(source=source, created_at=at, origin=origin, row=row),
        enrollee_id=enrollee_id,
        features={"city": "city_1", "city_development_index": 0.847, "gender": None, "training_hours": 36},
        probability=probability,
        will_change=probability >= 0.5,
        model_version="20260101T000000Z-1a2b3c4d",
    )


def everything(limit: int = 1000, **query: Any) -> list[Prediction]:
    """All pages of a query; by default of all sources and times."""
    query = {"start": "2000-01-01T00:00:00.000Z", "end": None, "sources": SOURCES} | query
    found: list[Prediction] = []
    cursor = None
    while True:
        page, cursor = prediction_listings.list_newest(limit=limit, cursor=cursor, **query)
        assert len(page) <= limit
        found += page
        if cursor is None:
            return found
        assert len(page) == limit


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Puts something between pynamodb and AWS: a function of (the real call, operation, arguments)."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    real = Connection._make_api_call

    def install(stand_in: Callable[..., Any]) -> None:
        monkeypatch.setattr(
            Connection, "_make_api_call", lambda self, *call: stand_in(lambda *changed: real(self, *changed), *call)
        )

    return install


def test_what_is_saved_is_found_by_its_id_and_equal() -> None:
    saved = [
        prediction(1, enrollee_id=7, probability=0.1234567890123456),
        prediction(2, source="api", probability=1e-7),
        prediction(2**32 - 1, probability=1.0),
    ]

    predictions.save(saved)

    assert [predictions.get(each.id) for each in saved] == saved
    assert predictions.get(saved[0].id).file_id == FILE
    assert (predictions.get(saved[1].id).file_id, predictions.get(saved[1].id).row) == (None, None)


def test_an_id_that_is_none_or_stands_for_nothing_is_not_found() -> None:
    for id_ in ("", "x", "../x", prediction(1).id):
        with pytest.raises(NotFound):
            predictions.get(id_)


def test_a_repeat_overwrites_itself() -> None:
    saved = [prediction(row) for row in range(60)]

    predictions.save(saved)
    predictions.save(saved[30:] + saved[:40])

    assert everything() == saved
    assert PredictionRow.count() == 60


def test_nothing_to_save_is_nothing_saved() -> None:
    predictions.save([])

    assert everything() == []


def test_the_features_of_a_stored_prediction_stay_under_a_kilobyte_with_everything_else() -> None:
    item = predictions._item(prediction(2**31, enrollee_id=2**31 - 1, probability=0.1234567890123456))

    assert sum(len(name) + len(str(value)) for name, value in item.items()) < 1024


def test_predictions_expire_with_their_retention() -> None:
    predictions.save([prediction(1)])

    (row,) = PredictionRow.scan()
    assert row.expires == times.epoch("2027-01-31T09:30:00.125Z")


def test_a_file_is_listed_in_the_order_of_its_rows_and_files_newest_first() -> None:
    old = [prediction(row, at="2026-01-30T00:00:00.000Z", origin=OTHER) for row in range(40)]
    new = [prediction(row, at="2026-02-01T00:00:00.000Z") for row in range(40)]
    predictions.save(old + new)

    assert everything(limit=7) == new + old


def test_a_range_includes_its_start_and_excludes_its_end() -> None:
    ticks = [f"2026-01-31T00:00:00.{ms:03}Z" for ms in range(5)]
    predictions.save([prediction(1, at=at, source="api") for at in ticks])

    found = everything(start=ticks[1], end=ticks[3])

    assert [each.created_at for each in found] == [ticks[2], ticks[1]]
    assert everything(start=ticks[3], end=ticks[3]) == []
    assert everything(start=ticks[3], end=ticks[1]) == []


def test_only_the_sources_asked_for_are_listed() -> None:
    predictions.save([prediction(1, source=source) for source in SOURCES])

    for source in SOURCES:
        assert [each.source for each in everything(sources=[source])] == [source]


def test_without_a_range_the_last_seven_days_are_listed() -> None:
    now = datetime.now(UTC)
    inside, outside = (prediction(1, at=times.text(now - timedelta(days=days)), source="api") for days in (6.9, 7.1))
    predictions.save([inside, outside])

    assert everything(start=None) == [inside]
    assert everything(start=None, end=times.text(now - timedelta(days=7))) == [outside]


def test_a_page_reads_what_has_data_and_little_more_than_it_shows(between: Between) -> None:
    days = ["2025-11-05", "2026-01-31"]
    for day, origin in zip(days, (FILE, OTHER), strict=True):
        predictions.save([prediction(row, at=f"{day}T00:00:00.000Z", origin=origin) for row in range(400)])
    queries: list[str] = []
    read = 0

    def watched(call: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
        nonlocal read
        answer = call(operation, arguments)
        queries.append(arguments["TableName"])
        read += answer["ScannedCount"] if arguments["TableName"] != "test-stats_table" else 0
        return answer

    between(watched)
    page, _ = prediction_listings.list_newest(start="2020-01-01T00:00:00.000Z", end=None, sources=SOURCES, limit=100)

    assert len(page) == 100
    assert read <= 102
    assert queries.count("test-stats_table") == len(SOURCES) + 1
    assert len(queries) == len(SOURCES) + 2


def test_a_page_that_begins_within_a_file_reads_its_segments_and_no_more(
    between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_keys, "SEGMENT_ROWS", 10)
    monkeypatch.setattr(prediction_listings, "SEGMENT_ROWS", 10)
    predictions.save([prediction(row) for row in range(200)])
    query: dict[str, Any] = {"start": "2020-01-01T00:00:00.000Z", "end": None, "sources": SOURCES, "limit": 36}
    _, cursor = prediction_listings.list_newest(**query)
    read: list[tuple[int, bool]] = []

    def watched(call: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
        answer = call(operation, arguments)
        if arguments["TableName"] == "test-predictions_table":
            read.append((answer["ScannedCount"], "BETWEEN" in arguments["KeyConditionExpression"]))
        return answer

    between(watched)
    page, _ = prediction_listings.list_newest(**query, cursor=cursor)

    assert [each.row for each in page] == list(range(36, 72))
    # The rest of the segment that the page before ended in, from its last row on, then whole ones.
    assert sorted(read) == [(5, True), *[(10, False)] * 4]


def test_a_page_of_many_small_segments_reads_several_of_them_at_once_and_few_too_many(between: Between) -> None:
    ticks = [f"2026-01-31T{minute // 60:02}:{minute % 60:02}:00.000Z" for minute in range(120)]
    saved = [prediction(1, source="api", at=at) for at in ticks]
    predictions.save(saved)
    queried = 0

    def watched(call: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
        nonlocal queried
        queried += arguments["TableName"] == "test-predictions_table"
        return call(operation, arguments)

    between(watched)
    page, _ = prediction_listings.list_newest(start="2020-01-01T00:00:00.000Z", end=None, sources=["api"], limit=50)

    assert page == saved[:-51:-1]
    assert queried <= 51 + 8


def test_a_segment_holds_a_run_of_a_files_rows_or_a_share_of_a_minute() -> None:
    rows = [prediction(row).key for row in (0, 999, 1000)]
    assert [key.partition for key in rows] == [f"scheduled#{FILE}#0", f"scheduled#{FILE}#0", f"scheduled#{FILE}#1"]
    calls = [prediction(0, source="api", origin=f"{number:016x}").key.partition for number in range(40)]
    assert set(calls) == {f"api#2026-01-31T09:30#{number}" for number in range(prediction_keys.SPREAD)}


def test_a_process_enters_the_segment_of_its_calls_once(between: Between) -> None:
    written: list[str] = []

    def watched(call: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
        if operation == "BatchWriteItem":
            written.extend(arguments["RequestItems"])
        return call(operation, arguments)

    between(watched)
    for origin in ("aa", "ae"):
        predictions.save([prediction(1, source="api", origin=origin)])
    assert written.count("test-stats_table") == 1

    segments.forget()
    predictions.save([prediction(1, source="api", origin="b2")])
    assert written.count("test-stats_table") == 2
    assert len(everything()) == 3


def test_the_predictions_of_a_file_are_listed_in_the_order_of_its_rows() -> None:
    at = "2026-01-31T09:30:00.125Z"
    mine = [prediction(row) for row in (1, 2, 998, 999, 1000, 1001, 5000, 5001)]
    predictions.save([*mine, *(prediction(row, origin=OTHER) for row in (1, 1500))])

    found, cursor = [], None
    while True:
        page, cursor = prediction_listings.list_of_file(FILE, at, limit=3, cursor=cursor)
        found += page
        if cursor is None:
            break

    assert found == mine
    _, cursor = prediction_listings.list_of_file(FILE, at, limit=3)
    with pytest.raises(BadRequest):
        prediction_listings.list_of_file(OTHER, at, limit=3, cursor=cursor)
    assert prediction_listings.list_of_file("ab" * 16, at, limit=3) == ([], None)


def test_what_was_saved_and_not_counted_can_be_discarded() -> None:
    predictions.save([prediction(row, source="api") for row in range(30)])

    predictions.discard([prediction(row, source="api") for row in range(5, 40)])

    assert [each.key.row for each in everything()] == list(range(5))


def test_a_prediction_is_listed_before_it_is_counted() -> None:
    predictions.save([prediction(1)])

    assert StatRow.count("2026-01-31#0") == 0
    assert everything() == [prediction(1)]


def test_a_cursor_is_good_for_its_own_query_only() -> None:
    predictions.save([prediction(row) for row in range(5)])
    query: dict[str, Any] = {"start": "2026-01-01T00:00:00.000Z", "end": None, "sources": ["scheduled"]}
    _, cursor = prediction_listings.list_newest(**query, limit=2)

    assert prediction_listings.list_newest(**query, limit=3, cursor=cursor)[0] == [prediction(row) for row in (2, 3, 4)]
    for other in ({"start": None}, {"end": "2026-03-01T00:00:00.000Z"}, {"sources": ["scheduled", "api"]}):
        with pytest.raises(BadRequest):
            prediction_listings.list_newest(**(query | other), limit=2, cursor=cursor)


@pytest.mark.parametrize(
    "position",
    [
        [],
        ["2026-01-01T00:00:00.000Z"],
        ["2026-01-01T00:00:00.000Z", ""],
        ["2026-01-01T00:00:00.000Z", "2026-01-31T09:30:00.125Z#x"],
        ["2026-01-01T00:00:00.000Z", "zz#" + prediction(1).id],
        ["yesterday", prediction(1).key.sort],
        ["", prediction(1).key.sort],
        ["2026-01-01T00:00:00.000Z", prediction(1).key.sort, "more"],
    ],
)
def test_a_forged_position_is_a_bad_request(position: list[str]) -> None:
    cursor = cursors.encode([None, None, "api"], position)

    with pytest.raises(BadRequest):
        prediction_listings.list_newest(start=None, end=None, sources=["api"], limit=2, cursor=cursor)


def test_a_forged_position_before_the_range_is_an_empty_page() -> None:
    cursor = cursors.encode([None, None, "api"], ["2026-02-01T00:00:00.000Z", prediction(1).key.sort])

    assert prediction_listings.list_newest(start=None, end=None, sources=["api"], limit=2, cursor=cursor) == ([], None)


def test_a_person_is_found_in_all_sources_newest_first() -> None:
    mine = [
        prediction(row, source=source, at=f"2026-01-{20 - row}T00:00:00.000Z", enrollee_id=7)
        for row, source in enumerate(SOURCES)
    ]
    predictions.save([*reversed(mine), prediction(9, enrollee_id=8), prediction(10)])

    assert prediction_listings.list_of_candidate(7, limit=10) == (mine, None)
    page, cursor = prediction_listings.list_of_candidate(7, limit=2)
    assert page == mine[:2]
    assert prediction_listings.list_of_candidate(7, limit=2, cursor=cursor) == (mine[2:], None)
    assert prediction_listings.count_of_candidate(7) == len(mine)
    assert prediction_listings.list_of_candidate(9, limit=10) == ([], None)


def test_unprocessed_and_throttled_batches_are_repeated_until_all_is_written(
    between: Between,
) -> None:
    chance = random.Random(4)

    def hampered(call: Callable[..., Any], operation: str, arguments: dict[str, Any]) -> Any:
        if operation != "BatchWriteItem":
            return call(operation, arguments)
        if chance.random() < 0.3:
            raise throttled(operation)
        kept, refused = {}, {}
        for table, requests in arguments["RequestItems"].items():
            chance.shuffle(requests)
            split = chance.randint(0, len(requests))
            kept[table], refused[table] = requests[:split], requests[split:]
        kept = {table: requests for table, requests in kept.items() if requests}
        if kept:
            call(operation, {**arguments, "RequestItems": kept})
        return {"UnprocessedItems": {table: requests for table, requests in refused.items() if requests}}

    between(hampered)
    saved = [prediction(row) for row in range(300)]
    for _ in range(20):
        try:
            predictions.save(saved)
            break
        except TimeoutError:
            continue

    assert everything() == saved


def test_a_table_that_stays_busy_is_given_up(between: Between) -> None:
    def busy(_: Callable[..., Any], operation: str, __: dict[str, Any]) -> Any:
        raise throttled(operation)

    between(busy)

    with pytest.raises(TimeoutError):
        predictions.save([prediction(1)])


def test_any_other_refusal_is_not_repeated(between: Between) -> None:
    calls = count()

    def broken(_: Callable[..., Any], operation: str, __: dict[str, Any]) -> Any:
        next(calls)
        raise refused(operation, "ValidationException")

    between(broken)

    with pytest.raises(ClientError):
        predictions.save([prediction(1)])
    assert next(calls) == 1


def throttled(operation: str) -> ClientError:
    return refused(operation, "ProvisionedThroughputExceededException")


def refused(operation: str, code: str) -> ClientError:
    about = {"request_id": "", "table_name": ""}
    return VerboseClientError({"Error": {"Code": code, "Message": "no"}}, operation, about)


starts = count()
a_place = st.sampled_from(SOURCES).flatmap(
    lambda source: st.tuples(
        st.just(source),
        st.sampled_from([FILE, OTHER]),
        st.integers(0, 3),  # the day
        st.integers(0, 4),  # the millisecond
        st.integers(0, 9),  # the row
    )
)
some_places = st.lists(a_place, max_size=25, unique=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=some_places,
    later=st.lists(some_places, max_size=4),
    limit=st.integers(1, 8),
    sources=st.sets(st.sampled_from(SOURCES), min_size=1),
    begin=st.integers(-1, 20),
    length=st.integers(1, 25),
)
def test_what_was_there_when_paging_began_is_met_once_and_in_order_whatever_is_written_meanwhile(
    first: list[tuple[Any, ...]],
    later: list[list[tuple[Any, ...]]],
    limit: int,
    sources: set[Source],
    begin: int,
    length: int,
) -> None:
    # Each example has days of its own, so that the table needn't be emptied.
    base = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=10 * next(starts))

    def at(tick: int) -> str:
        return times.text(base + timedelta(days=tick // 5, milliseconds=tick % 5))

    def stored(places: list[tuple[Any, ...]]) -> list[Prediction]:
        made = [
            # All rows of a file are of one instant.
            prediction(row, source=source, origin=f"{5 * day + tick:02}{origin}", at=at(5 * day + tick))
            for source, origin, day, tick, row in places
        ]
        predictions.save(made)
        return made

    def asked_for(each: Prediction) -> bool:
        return each.source in sources and at(begin) <= each.created_at < at(begin + length)

    existing = [each for each in stored(first) if asked_for(each)]
    writes = iter(later)
    met: list[Prediction] = []
    cursor = None
    while True:
        page, cursor = prediction_listings.list_newest(
            start=at(begin), end=at(begin + length), sources=sorted(sources), limit=limit, cursor=cursor
        )
        met += page
        if cursor is None:
            break
        stored(next(writes, []))

    sorts = [each.key.sort for each in met]
    assert sorts == sorted(set(sorts), reverse=True)
    assert all(asked_for(each) for each in met)
    expected = sorted((each.key.sort for each in existing), reverse=True)
    assert [sort for sort in sorts if sort in set(expected)] == expected


def test_all_predictions_of_a_candidate_are_erased_and_nobody_elses() -> None:
    theirs = [
        prediction(row, source=source, at=f"2026-01-{day:02}T09:30:00.125Z", enrollee_id=7)
        for row, (source, day) in enumerate((source, day) for source in SOURCES for day in range(1, 16))
    ]
    others = [prediction(row, at="2026-01-05T09:30:00.125Z", enrollee_id=row) for row in range(100, 140)]
    nameless = prediction(1, source="api")
    predictions.save([*theirs, *others, nameless])

    found = predictions.keys_of_candidate(7)
    assert sum(withdrawals.withdraw(key, batch=None, since=1) for key in found) == len(theirs)

    assert {each.key for each in everything()} == {each.key for each in [*others, nameless]}
    assert prediction_listings.list_of_candidate(7, limit=100) == ([], None)
    assert predictions.keys_of_candidate(7) == []
    assert not any(withdrawals.withdraw(key, batch=None, since=1) for key in found)
