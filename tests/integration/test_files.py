import pytest

from jobchange import times
from jobchange.errors import BadRequest, NotFound
from jobchange.settings import settings
from jobchange.store import claims, contents, file_listings, files, scoring_state
from jobchange.store.files import Status
from jobchange.store.source_objects import SourceObject
from jobchange.store.tables import FileRow
from tests.support.charges import recorded
from tests.support.file_records import an_upload, claimed, finish

pytestmark = pytest.mark.usefixtures("aws")

LATER = "2999-01-01T00:00:00.000Z"


def test_the_first_claim_pins_the_time_and_the_model() -> None:
    first = claimed(an_upload(), champion="m1")
    second = claimed(an_upload(uploaded_at="2026-11-05T10:00:00.000Z"), champion="m2")

    assert second.claimed_at == first.claimed_at
    assert second.uploaded_at == first.uploaded_at
    assert files.get("f1").model_version == "m1"


def test_only_the_latest_claim_can_finish_a_file() -> None:
    first, second = claimed(an_upload()), claimed(an_upload())

    assert finish(first) is False
    assert files.get("f1").status == "VALIDATING"
    assert finish(second) is True
    assert files.get("f1").status == "VALIDATED"


def test_the_findings_of_a_file_expire_with_what_was_dropped() -> None:
    upload = an_upload()
    finish(claimed(upload))

    detail = FileRow.get("f1", files.DETAIL)
    assert detail.expires == times.epoch(upload.uploaded_at) + settings().lake_days * 86_400


def test_a_finished_file_is_not_claimed_again() -> None:
    finish(claimed(an_upload()))

    assert claims.claim(an_upload(), champion="m1", challenger=None) is None


def test_a_file_is_pending_from_its_validation_until_all_its_parts_are_scored_and_ranked() -> None:
    claim = claimed(an_upload())
    assert list(scoring_state.pending()) == []

    finish(claim, parts=2)
    assert list(scoring_state.pending()) == ["f1"]
    assert scoring_state.complete_part("f1", 0, 3) is False
    assert scoring_state.complete_part("f1", 0, 3) is False
    assert scoring_state.complete_part("f1", 1, 2) is True
    assert list(scoring_state.pending()) == ["f1"]
    scoring_state.complete("f1")

    assert list(scoring_state.pending()) == []
    file = files.get("f1")
    assert (file.status, file.scored) == ("SCORED", 5)
    assert file.predicted_at


def test_a_part_said_to_be_scored_after_the_file_is_complete_changes_nothing() -> None:
    finish(claimed(an_upload()), parts=1)
    scoring_state.complete_part("f1", 0, 5)
    scoring_state.complete("f1")
    before = files.get("f1")

    assert scoring_state.complete_part("f1", 0, 5) is True
    scoring_state.complete("f1")
    assert files.get("f1") == before


def test_a_rejected_file_or_one_without_good_rows_is_never_pending() -> None:
    finish(claimed(an_upload("f1")), parts=0, status=Status.REJECTED)
    finish(claimed(an_upload("f2")), parts=0)

    assert list(scoring_state.pending()) == []
    assert [files.get(file_id).status for file_id in ("f1", "f2")] == ["REJECTED", "SCORED"]


def test_a_lease_keeps_others_out_until_it_ends() -> None:
    finish(claimed(an_upload()))

    work = scoring_state.lease("f1", until=LATER, champion="m9")
    assert work is not None
    assert (work.parts, work.parts_done, work.model_version) == (2, frozenset(), "m1")
    assert scoring_state.lease("f1", until=LATER, champion="m9") is None


def test_a_lease_that_has_ended_is_taken_over_with_what_is_left_to_do() -> None:
    finish(claimed(an_upload()))
    scoring_state.lease("f1", until="2020-01-01T00:00:00.000Z", champion="m1")
    scoring_state.complete_part("f1", 1, 2)

    work = scoring_state.lease("f1", until=LATER, champion="m1")
    assert work is not None
    assert work.parts_done == {1}


def test_a_file_validated_without_a_model_gets_the_one_of_the_first_lease() -> None:
    finish(claimed(an_upload(), champion=None))

    work = scoring_state.lease("f1", until="2020-01-01T00:00:00.000Z", champion="m3")
    assert work is not None
    assert work.model_version == "m3"
    again = scoring_state.lease("f1", until=LATER, champion="m4")
    assert again is not None
    assert again.model_version == "m3"


def test_the_first_file_with_a_content_owns_it() -> None:
    assert contents.claim("abc", "f1") == "f1"
    assert contents.claim("abc", "f1") == "f1"
    assert contents.claim("abc", "f2") == "f1"


def test_pages_go_through_all_files_newest_first_even_where_instants_are_equal() -> None:
    instants = ["2026-11-03T00:00:00.000Z"] * 3 + ["2026-11-01T00:00:00.000Z", "2024-12-31T23:59:59.999Z"] * 2
    for number, instant in enumerate(instants):
        finish(claimed(an_upload(f"f{number}", instant)))

    seen, cursor = [], None
    for _ in range(10):
        page, cursor = file_listings.list_newest(limit=2, cursor=cursor)
        seen += [(file.uploaded_at, file.file_id) for file in page]
        if cursor is None:
            break

    assert seen == sorted(((at, f"f{n}") for n, at in enumerate(instants)), reverse=True)


def test_a_listing_of_all_time_asks_for_few_years_whatever_range_is_given() -> None:
    for number, year in enumerate((2024, 2026)):
        finish(claimed(an_upload(f"f{number}", f"{year}-03-01T00:00:00.000Z")))

    with recorded() as charges:
        page, cursor = file_listings.list_newest(limit=50, start="0001-01-01T00:00:00.000Z", end=LATER)

    assert [file.file_id for file in page] == ["f1", "f0"]
    assert cursor is None
    assert charges["dynamodb reads"] <= 10


def test_a_range_that_ends_before_it_starts_is_empty_and_not_asked_for() -> None:
    finish(claimed(an_upload()))

    with recorded() as charges:
        found = file_listings.list_newest(limit=50, start="2026-12-01T00:00:00.000Z", end="2026-02-01T00:00:00.000Z")

    assert found == ([], None)
    assert charges["dynamodb reads"] == 0


def test_a_cursor_that_was_never_given_is_refused() -> None:
    for cursor in ("x", "WyJ4Il0", "", "🦊", "e30"):
        if cursor:
            with pytest.raises(BadRequest):
                file_listings.list_newest(limit=2, cursor=cursor)


def test_an_unknown_file_is_not_found() -> None:
    with pytest.raises(NotFound):
        files.get("nope")


def test_a_name_is_printable_and_bounded() -> None:
    upload = SourceObject(
        file_id="f", bucket="b", key='raw/u/a"\r\n' + "x" * 300 + ".csv", version_id=None, size=0, uploaded_at=""
    )

    assert len(upload.name) == 120
    assert upload.name.endswith(".csv")
    assert upload.name.isprintable()
