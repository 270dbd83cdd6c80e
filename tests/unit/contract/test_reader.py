"""One text means one thing in its column, wherever it comes from."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import BY_NAME, COLUMNS, DecimalMark, Issue, read
from jobchange.contract.reader import allowed, read_json, shown, suggestion, visible

POINT, COMMA, UNKNOWN = DecimalMark.POINT, DecimalMark.COMMA, DecimalMark.UNKNOWN
INDEX, HOURS, NUMBER = "city_development_index", "training_hours", "enrollee_id"
by_name = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)


@pytest.mark.parametrize("text", ["", "  ", "NaN", "na", "N/A", "NULL", "None", "\u200b", "\ufeffnull"])
def test_spellings_of_missing_are_read_as_none(text: str) -> None:
    assert read(BY_NAME["gender"], text)[:3] == (None, "", None)
    assert read(BY_NAME["city"], text).issue is Issue.MISSING_VALUE


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("company_size", "Oct-49", "10/49"),
        ("company_size", "Okt 49", "10/49"),
        ("company_size", "1949-10-01 00:00:00", "10/49"),
        ("company_size", "01.10.1949", "10/49"),
        ("company_size", "10/1/1949", "10/49"),
        ("company_size", "18172", "10/49"),
        ("company_size", "18172.0", "10/49"),
        ("company_size", '="10/49"', "10/49"),
        ("company_size", " 10000 ", "10000+"),
        ("experience", "5.0", "5"),
        ("experience", "5,0", "5"),
        ("last_new_job", "1.00", "1"),
        ("gender", '"Male"', "Male"),
        ("gender", "Ma\u00adle", "Male"),
        ("city", "city_103\u200b", "city_103"),
        ("city", "c\0i\0t\0y\0_\x001\x000\x003", "city_103"),
        ("company_type", "Pvt\u00a0Ltd", "Pvt Ltd"),
    ],
)
def test_what_was_meant_is_read_and_noted_as_repaired(name: str, text: str, level: str) -> None:
    repaired = text.strip() not in BY_NAME[name].levels
    assert read(BY_NAME[name], text) == (level, level, None, repaired)


def test_what_is_only_near_is_not_taken_for_a_level_but_named() -> None:
    assert read(BY_NAME["company_size"], "11-49").issue is Issue.UNKNOWN_CATEGORY
    assert read(BY_NAME["experience"], "5.5").issue is Issue.UNKNOWN_CATEGORY
    assert read(BY_NAME["gender"], "male").issue is Issue.UNKNOWN_CATEGORY
    assert suggestion(BY_NAME["gender"], "male") == "Male"
    assert suggestion(BY_NAME["city"], "City 103") == "city_103"
    assert suggestion(BY_NAME["company_size"], "100–500") == "100-500"
    assert suggestion(BY_NAME["education_level"], "Maisters") == "Masters"


def test_no_level_with_other_digits_is_suggested() -> None:
    assert suggestion(BY_NAME["city"], "city_104x") == "city_104"
    assert suggestion(BY_NAME["city"], "city_999") is None
    assert suggestion(BY_NAME["experience"], "21") is None
    assert suggestion(BY_NAME[HOURS], "3 h") is None


@pytest.mark.parametrize(
    ("name", "text", "mark", "value"),
    [
        (NUMBER, "1730.0", POINT, 1730),
        (NUMBER, "1730.0", COMMA, 1730),
        (NUMBER, "12.000", POINT, 12),
        (NUMBER, "12.000", COMMA, 12000),
        (NUMBER, "1.234.567", COMMA, 1234567),
        (NUMBER, "1.234,0", COMMA, 1234),
        (HOURS, "36,0", POINT, 36),
        (HOURS, "36,000", COMMA, 36),
        (HOURS, "1000", UNKNOWN, 1000),
        (INDEX, "0,92", POINT, 0.92),
        (INDEX, "0,92", COMMA, 0.92),
        (INDEX, "0.92", COMMA, 0.92),
        (INDEX, "0,920", UNKNOWN, 0.92),
        (INDEX, ",5", UNKNOWN, 0.5),
        (INDEX, "9e-1", POINT, 0.9),
        ("target", "1,0", POINT, 1),
    ],
)
def test_numbers_are_read_with_the_mark_that_they_are_written_with(
    name: str, text: str, mark: DecimalMark, value: float
) -> None:
    reading = read(BY_NAME[name], text, mark)

    assert (reading.value, reading.issue) == (value, None)
    assert type(reading.value) is (float if name == INDEX else int)


@pytest.mark.parametrize(
    ("name", "text", "mark", "issue"),
    [
        (HOURS, "12.000", COMMA, Issue.OUT_OF_RANGE),
        (HOURS, "12.000", UNKNOWN, Issue.WRONG_TYPE),
        (HOURS, "12,000", POINT, Issue.WRONG_TYPE),
        (HOURS, "12,000", UNKNOWN, Issue.WRONG_TYPE),
        (HOURS, "1,234.5", POINT, Issue.WRONG_TYPE),
        (HOURS, "36,5", COMMA, Issue.WRONG_TYPE),
        (HOURS, "7 h", POINT, Issue.WRONG_TYPE),
        (HOURS, "٣٦", POINT, Issue.WRONG_TYPE),
        (HOURS, "1e3", POINT, Issue.WRONG_TYPE),
        (NUMBER, "0", POINT, Issue.OUT_OF_RANGE),
        (NUMBER, "9" * 50, POINT, Issue.WRONG_TYPE),
        ("experience", "5.000", UNKNOWN, Issue.UNKNOWN_CATEGORY),
        ("experience", "5.000", COMMA, Issue.UNKNOWN_CATEGORY),
    ],
)
def test_what_could_be_another_number_is_refused(name: str, text: str, mark: DecimalMark, issue: Issue) -> None:
    assert read(BY_NAME[name], text, mark).issue is issue


def test_only_what_is_unusual_in_its_file_is_noted_as_repaired() -> None:
    assert not read(BY_NAME[INDEX], "0,92", COMMA).repaired
    assert read(BY_NAME[INDEX], "0,92", POINT).repaired
    assert read(BY_NAME[INDEX], "0.92", COMMA).repaired
    assert read(BY_NAME[NUMBER], "12.000", COMMA).repaired
    assert not read(BY_NAME[NUMBER], "1730.0", POINT).repaired


@by_name
@given(text=st.text(max_size=20), mark=st.sampled_from(DecimalMark))
def test_a_reading_is_a_value_or_an_issue_and_its_own_text_means_the_same(
    column: contract.Column, text: str, mark: DecimalMark
) -> None:
    reading = read(column, text, mark)

    if reading.issue is None:
        assert read(column, reading.text)[:3] == reading[:3]
        assert reading.value is not None or column.nullable
    else:
        assert reading == (None, "", reading.issue, False)


@by_name
@given(data=st.data())
def test_json_gives_the_same_as_text(column: contract.Column, data: st.DataObject) -> None:
    received = data.draw(st.integers() | st.floats() | st.none() | st.text(max_size=12))
    reading = read_json(column, received)

    if isinstance(received, str) and column.numeric:
        assert reading.issue is Issue.WRONG_TYPE
    elif isinstance(received, str):
        assert reading == read(column, received)
    elif received is None:
        assert reading == read(column, "")
    elif math.isfinite(received) and abs(received) < 1e9:
        assert reading[:3:2] == read(column, str(int(received) if received == int(received) else received))[:3:2]
    else:
        assert reading.issue is not None


def test_what_nobody_sees_is_taken_away_or_shown_by_its_code_point() -> None:
    assert visible("\ufeffa\u200bb\0c\u00a0d\te") == "abc d\te"
    assert shown("a\u200bb\0c\u00a0d") == "a⟨U+200B⟩b⟨U+0000⟩c⟨U+00A0⟩d"
    assert shown("Zoë, 日本") == visible("Zoë, 日本") == "Zoë, 日本"


def test_a_long_text_is_read_too() -> None:
    assert read(BY_NAME["gender"], " " * 100 + "Male").value == "Male"


def test_what_is_allowed_is_said_in_words() -> None:
    assert allowed(BY_NAME[HOURS]) == "a whole number from 1 to 1,000"
    assert allowed(BY_NAME["gender"]) == "one of: Female, Male, Other"
    assert allowed(BY_NAME["city"]) == f"one of {len(contract.CITIES)} known values, such as city_1"
