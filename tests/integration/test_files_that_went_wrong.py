"""Files as people really send them: the same is read of each in the lake, at once through the API, and in training."""

import gzip
import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from jobchange import contract
from jobchange.access import tokens
from jobchange.errors import Unprocessable
from jobchange.quality.redact import dropped_file
from jobchange.training.dataset import LabelledFile, read
from tests.support.dropped_files import HEADER, drop, file, numbers, row
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws", "champion")

ROWS = [row(number, experience="5", company_size="10/49", target=str(number % 2)) for number in range(1, 13)]
CLEAN = file(*ROWS)


@dataclass(frozen=True)
class Kind:
    """A file that went wrong, and what is right: which rows of it are good, or what the refusal says."""

    data: bytes
    good: tuple[int, ...] = tuple(range(1, 13))
    refused: str = ""


def changed(change: Callable[[str], str]) -> bytes:
    """The clean file with each of its rows changed."""
    return file(*map(change, ROWS))


def german(data: bytes, separator: str = ";") -> bytes:
    return data.replace(b",", separator.encode()).replace(b"0.92", b"0,92")


def packed(data: bytes) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        member = tarfile.TarInfo("candidates.csv")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def marked(first: int, second: int) -> list[str]:
    lines = list(ROWS)
    lines[first] = lines[first].replace(",STEM", ',"STEM')
    lines[second] = lines[second].replace("STEM,", 'STEM",')
    return lines


def without(*names: str) -> bytes:
    kept = [place for place, name in enumerate(contract.NAMES) if name not in names]
    lines = (line.split(",") for line in CLEAN.decode().splitlines())
    return "".join(",".join(cells[place] for place in kept) + "\n" for cells in lines).encode()


APPENDED = file(*ROWS[:10]) + "".join(f"{line}\r\n" for line in ROWS[10:]).encode("utf-16-le")
KINDS = {
    "two stray marks rows apart": Kind(file(*marked(1, 9)), good=(1, 3, 4, 5, 6, 7, 8, 9, 11, 12)),
    "a mark opened and closed in the next row": Kind(file(*marked(1, 2)), good=(1, *range(4, 13))),
    "capitals in names": Kind(
        CLEAN.replace(b"education_level,", b"Education_Level,").replace(b"experience,c", b"Experience,c")
    ),
    "columns missing": Kind(without("education_level", "experience"), refused="lacks “education_level”, “experience”"),
    "float ids": Kind(changed(lambda line: line.replace(",", ".0,", 1))),
    "float levels": Kind(changed(lambda line: line.replace(",5,", ",5.0,"))),
    "grouped thousands beside decimal commas": Kind(
        german(changed(lambda line: line.replace(",", "#", 1).replace("#", ".000,", 1)))
    ),
    "decimal commas in the label": Kind(german(changed(lambda line: line + "#0")).replace(b"#", b",")),
    "tabs, UTF-16 and decimal commas": Kind(german(CLEAN, "\t").decode().encode("utf-16")),
    "a line that names the separator": Kind(b"\xef\xbb\xbfsep=;\r\n" + german(CLEAN)),
    "lone carriage returns and a line feed": Kind(CLEAN.replace(b"\n", b"\r") + b"\n"),
    "each line quoted": Kind(
        b"".join(b'"' + line + b'"\n' for line in CLEAN.splitlines()), refused="each of its lines in quotation marks"
    ),
    "two byte order marks": Kind(b"\xef\xbb\xbf\xef\xbb\xbf" + CLEAN),
    "characters that nobody sees": Kind(changed(lambda line: line.replace("city_103", "city_\u200b103\u00a0"))),
    "appended in UTF-16": Kind(APPENDED),
    "a header that spells relevant right": Kind(CLEAN.replace(b"relevent_exp", b"relevant_exp", 1)),
    "rows of separators": Kind(CLEAN + b"\n".join([b"," * 13] * 40) + b"\n"),
    "the header in the middle": Kind(file(*ROWS[:6], HEADER, *ROWS[6:]), good=(*range(1, 7), *range(8, 14))),
    "totals below": Kind(file(*ROWS, "Total" + "," * 12 + "432,")),
    "titles above": Kind(b"Candidates\n\n" + CLEAN),
    "row names without a header": Kind(file(*(f'"{number}",{line}' for number, line in enumerate(ROWS, 1)))),
    "dates for 10/49": Kind(
        file(
            *(
                line.replace("10/49", text)
                for line, text in zip(
                    ROWS,
                    ["1949-10-01 00:00:00", "1949-10-01", "Okt 49", "01.10.1949", "10/1/1949", "oct-49", "18172"] * 2,
                    strict=False,
                )
            )
        )
    ),
    'a spreadsheet\'s ="…"': Kind(changed(lambda line: line.replace("10/49", '="10/49"'))),
    "blanks before marks": Kind(changed(lambda line: line.replace(",Male,", ', "Male",'))),
    "a gzip and a line end": Kind(gzip.compress(CLEAN) + b"\n"),
    "a gzip of a tar archive": Kind(packed(CLEAN), refused="is a gzip of a tar archive"),
    "rich text": Kind(b"{\\rtf1\\ansi " + CLEAN + b"}", refused="rich text"),
}


@pytest.fixture(scope="module")
def expected() -> list[dict[str, str]]:
    return drop(CLEAN).good_rows


@pytest.mark.parametrize("name", KINDS)
def test_it_is_read_in_one_way_or_refused_for_the_right_reason(name: str) -> None:
    kind = KINDS[name]
    token = tokens.issue("recruiting", "user", "webapp", 1)
    content = "application/gzip" if kind.data.startswith(b"\x1f\x8b") else "text/csv"

    lake = drop(kind.data)
    answer = call("POST", "/predictions/predict", kind.data, token=token, headers={"Content-Type": content})
    if kind.refused:
        assert kind.refused in str(lake.findings.reason).lower()
        assert (answer.status, kind.refused in answer.json["detail"].lower()) == (422, True)
        with pytest.raises(Unprocessable) as caught:
            read([LabelledFile("x.csv", io.BytesIO(kind.data))])
        assert kind.refused in str(caught.value).lower()
        return

    assert lake.findings.reason is None
    assert numbers(lake.good_rows) == list(kind.good)
    scored = answer.json["predictions"]
    assert [each["row"] for each in scored] == list(kind.good)
    trained = read([LabelledFile("x.csv", io.BytesIO(kind.data))])
    for name_ in contract.NAMES:
        assert [each[name_] or None for each in lake.good_rows] == trained.columns[name_]
    same = [name_ for name_ in contract.NAMES if name_ not in (contract.IDENTIFIER, contract.LABEL)]
    clean = drop(CLEAN).good_rows[0]
    assert all([each[name_] for name_ in same] == [clean[name_] for name_ in same] for each in lake.good_rows)
    assert [each["enrollee_id"] for each in scored] == [int(each[contract.IDENTIFIER]) for each in lake.good_rows]


@pytest.mark.parametrize("name", ["two stray marks rows apart", "appended in UTF-16", "the header in the middle"])
def test_an_erased_candidate_is_found_in_every_line(name: str) -> None:
    data, identifier = KINDS[name].data, 11
    written = io.BytesIO()

    dropped_file(io.BytesIO(data), lambda found: found == identifier, written.write)

    left = drop(written.getvalue())
    assert left.findings.total == drop(data).findings.total
    assert identifier not in [int(each[contract.IDENTIFIER]) for each in left.good_rows]
    assert f"\n{identifier},".encode() not in written.getvalue()
    assert f"{identifier},".encode("utf-16-le") not in written.getvalue()
