"""`make impact`: the tables of Local Law 144, from a scored file and from categories that are kept elsewhere."""

import csv
from pathlib import Path
from typing import Any

import pytest

from infra import CommandError
from infra.commands import impact


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.fixture
def scored(tmp_path: Path) -> str:
    """Of 200 men 100 are called and of 200 women 40; of 40 it isn't known."""
    genders = ["Male"] * 200 + ["Female"] * 200 + [""] * 40
    called = [*range(100), *range(200, 240)]
    rows = [
        {
            "rank": number + 1,
            "enrollee_id": number,
            "gender": gender,
            "probability": 0.6 if number in called else 0.1 + number / 10_000,
            "will_change": str(number in called).lower(),
        }
        for number, gender in enumerate(genders)
    ]
    return write(tmp_path / "x.scored.csv", rows)


def lines(printed: str) -> dict[str, str]:
    return {line.split("  ")[0]: " ".join(line.split()) for line in printed.splitlines() if "  " in line}


def test_the_table_by_sex_is_what_anybody_counts(scored: str, capsys: pytest.CaptureFixture[str]) -> None:
    impact.main([scored])

    printed = capsys.readouterr().out
    found = lines(printed)
    assert found["Female"].startswith("Female 200 40 20.0% 0.40 (0.30 to 0.55) below four fifths")
    assert found["Male"].startswith("Male 200 100 50.0% 1 compared with")
    assert "40 candidates for whom this isn't known are left out." in printed
    assert "By sex and" not in printed


def test_categories_are_joined_by_number_and_crossed_with_sex(
    tmp_path: Path, scored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = [{"enrollee_id": number, "race": "A" if number % 4 else "B"} for number in range(400)]
    before = sorted(tmp_path.iterdir())

    impact.main([scored, "--categories", write(tmp_path / "sides.csv", sides)])

    printed = capsys.readouterr().out
    found = lines(printed)
    assert "By race" in printed
    assert found["A"].startswith("A 300 105 35.0%")
    assert found["Female, B"].startswith("Female, B 50 10 20.0% 0.40")
    assert found["Male, A"].startswith("Male, A 150 75 50.0%")
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "sides.csv"])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"number": 1, "race": "A"}], "has no column enrollee_id"),
        ([{"enrollee_id": 1, "race": "A"}, {"enrollee_id": 1, "race": "B"}], "twice"),
        ([{"enrollee_id": "x", "race": "A"}], "isn't a candidate's number"),
    ],
)
def test_categories_that_cannot_be_joined_are_refused(
    tmp_path: Path, scored: str, rows: list[dict[str, Any]], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        impact.main([scored, "--categories", write(tmp_path / "sides.csv", rows)])


def test_a_file_that_is_not_scored_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no column probability, will_change"):
        impact.main([write(tmp_path / "x.csv", [{"enrollee_id": 1, "gender": "Male"}])])
