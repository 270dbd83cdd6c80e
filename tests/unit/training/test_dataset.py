"""Labelled rows are read as ingestion reads them; what can't be used is left out and counted."""

import gzip
from io import BytesIO

import pytest

from jobchange import contract
from jobchange.contract.encoder import FEATURES
from jobchange.errors import Unprocessable
from jobchange.store.suppression_list import Suppressed
from jobchange.training.dataset import FileRows, LabelledFile, read
from tests.support.labelled import dataset_of, labelled_file

HEADER = ",".join(contract.NAMES)
GOOD = "8949,city_103,0.92,Male,Has relevent experience,no_enrollment,Graduate,STEM,>20,Oct-49,,1,36,1.0"


def lines(*rows: str, header: str = HEADER) -> list[str]:
    return [header, *rows]


def test_values_are_cleaned_and_repaired() -> None:
    dataset = dataset_of(lines(GOOD, GOOD.replace("8949", "8950").replace("Graduate", " Masters ")))

    assert len(dataset) == 2
    assert dataset.columns["company_size"] == ["10/49", "10/49"]
    assert dataset.columns["company_type"] == [None, None]
    assert dataset.columns["education_level"] == ["Graduate", "Masters"]
    assert dataset.target.tolist() == [1, 1]
    assert dataset.features.shape == (2, len(FEATURES))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.removesuffix("1.0"), "unlabelled"),
        (GOOD.removesuffix("1.0") + "0.5", "broken"),
        (GOOD.removesuffix("1.0") + "2", "broken"),
        (GOOD.replace("0.92", "1.5"), "broken"),
        (GOOD.replace("0.92", ""), "broken"),
        (GOOD.replace("0.92", "high"), "broken"),
        (GOOD.replace("0.92", "nan"), "broken"),
        (GOOD.replace("Graduate", "Genius"), "broken"),
        (GOOD + ",1,1", "broken"),
        (GOOD.removesuffix(",1.0"), "unlabelled"),
        (GOOD.removesuffix(",36,1.0"), "broken"),
        (GOOD.replace("Male", "Female"), "repeated"),
        (GOOD.replace("8949", "8949.0"), "repeated"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_counted(row: str, reason: str) -> None:
    other = GOOD if reason == "repeated" else GOOD.replace("8949", "1")

    dataset = read([labelled_file(lines(other), "a.csv"), labelled_file(lines(row), "b.csv")])

    assert len(dataset) == 1
    assert {name: count for name, count in dataset.left_out.items() if count} == {reason: 1}
    assert dataset.files[0] == FileRows("a.csv", 1, 1, dict.fromkeys(dataset.left_out, 0))
    assert str(dataset.files[1]) == f"b.csv: 0 of 1 rows used (left out: 1 {reason})"


def test_a_candidate_is_repeated_within_a_file_too_however_the_number_is_written() -> None:
    dataset = dataset_of(lines(GOOD, GOOD.replace("8949", "8949.0"), GOOD.replace("8949", "+8949")))

    assert dataset.columns[contract.IDENTIFIER] == ["8949"]
    assert dataset.left_out == {"unlabelled": 0, "broken": 0, "erased": 0, "repeated": 2, "unjoined": 0}


def test_the_same_row_is_known_again_however_it_is_spelled() -> None:
    spelled = GOOD.replace("8949", "8949.0").replace("0.92", "0.920").replace("Oct-49", "10/49").replace("1.0", "1")

    assert dataset_of(lines(GOOD)).fingerprints == dataset_of(lines(spelled)).fingerprints
    assert dataset_of(lines(GOOD)).fingerprints != dataset_of(lines(GOOD.replace("Graduate", "Phd"))).fingerprints


def test_columns_may_come_in_any_order() -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEADER, GOOD)]

    assert dataset_of(lines(turned[1], header=turned[0])).columns == dataset_of(lines(GOOD)).columns


@pytest.mark.parametrize("name", [contract.LABEL, "city", "experience"])
def test_a_file_without_a_needed_column_is_refused_by_name(name: str) -> None:
    with pytest.raises(Unprocessable, match=name):
        dataset_of(lines(GOOD, header=HEADER.replace(name, "other")))


def test_a_file_is_read_whatever_ingestion_would_read() -> None:
    text = (
        "\n".join(lines(GOOD)).replace("education_level", "Education_Level").replace(",", ";").replace("0.92", "0,92")
    )
    content = BytesIO(gzip.compress(b"\xef\xbb\xbfsep=;\r\n" + text.encode()))

    assert read([LabelledFile("x.csv.gz", content)]).columns == dataset_of(lines(GOOD)).columns


def test_what_is_no_file_of_candidates_is_refused_with_its_name() -> None:
    with pytest.raises(Unprocessable, match=r"training/x\.csv is a PDF document"):
        dataset_of(["%PDF-1.7", *lines(GOOD)])


def test_the_hash_tells_one_file_from_another() -> None:
    assert dataset_of(lines(GOOD)).sha256 == dataset_of(lines(GOOD)).sha256 != dataset_of(lines(GOOD, GOOD)).sha256


def test_erased_candidates_are_left_out() -> None:
    salted = Suppressed(b"salt", 1)
    suppressed = Suppressed(b"salt", 1, {salted.hash(8950): 1}, frozenset({salted.bucket(8950)}))

    dataset = read([labelled_file(lines(GOOD, GOOD.replace("8949", "8950")))], suppressed=suppressed)

    assert dataset.columns[contract.IDENTIFIER] == ["8949"]
    assert dataset.left_out["erased"] == 1
