"""Every column of the candidates' file.

This is the only declaration. The pandera schema, the pydantic request model, the encoder, the form on the page, the
fault injector, the sample generator, the histogram bins and the report's wording are all derived from it.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from jobchange.contract.column import Column, Kind

VERSION = "2"
"""Raised by hand with every change of meaning. File records, manifests and models' profiles carry it."""

CITIES: Mapping[str, float] = MappingProxyType(
    {
        row["city"]: float(row["city_development_index"])
        for row in csv.DictReader(Path(__file__).with_name("cities.csv").read_text(encoding="utf-8").splitlines())
    }
)
"""Reference data: each known city with its development index (the United Nations' scale, 0 to 1)."""

CITY_INDEX_TOLERANCE = 0.0005
"""The reference keeps three decimals; a file's index further from it than half of the last one is `inconsistent`."""


def _october_1949() -> Iterator[str]:
    """How spreadsheets write 10/49, having read it as a month: in some languages, as a day, and as a day's number."""
    for month in ("Oct", "Okt", "oct", "okt", "oct.", "Okt.", "okt.", "ott", "out", "paź", "окт"):
        yield from (f"{month}-49", f"49-{month}", f"{month} 49", f"{month}/49", f"{month} 1949", f"{month}-1949")
    for year in ("1949", "2049"):
        yield from (f"{year}-10-01", f"{year}-10-01 00:00:00", f"{year}-10-01T00:00:00", f"{year}-10", f"10/{year}")
        yield from (f"01.10.{year}", f"1.10.{year}", f"01/10/{year}", f"1/10/{year}", f"10/01/{year}", f"10/1/{year}")
        yield from (f"01-10-{year}", f"1-10-{year}", f"10-01-{year}", f"10-1-{year}", f"October {year}")
    yield "18172"


COLUMNS: tuple[Column, ...] = (
    Column(
        name="enrollee_id",
        kind=Kind.INTEGER,
        label="Candidate number",
        help="The number that identifies the candidate in your records. A file must not repeat it.",
        group="Candidate",
        minimum=1,
        maximum=2_147_483_647,
    ),
    Column(
        name="city",
        kind=Kind.NOMINAL,
        label="City",
        help="The code of the city where the candidate lives.",
        group="Candidate",
        levels=tuple(CITIES),
    ),
    Column(
        name="city_development_index",
        kind=Kind.NUMBER,
        label="City development index",
        help="How developed the city is, from 0 (least) to 1 (most). It follows from the city.",
        group="Candidate",
        minimum=0,
        maximum=1,
        feature=True,
        edges=(0.6, 0.63, 0.7, 0.75, 0.8, 0.85, 0.9, 0.915, 0.925),
    ),
    Column(
        name="gender",
        kind=Kind.NOMINAL,
        label="Gender",
        help="Kept for fairness checks only; the model never sees it.",
        group="Candidate",
        levels=("Female", "Male", "Other"),
        nullable=True,
    ),
    Column(
        name="relevent_experience",
        kind=Kind.NOMINAL,
        label="Relevant experience",
        help="Whether the candidate has worked in this field before.",
        group="Work",
        levels=("No relevent experience", "Has relevent experience"),
        labels=MappingProxyType(
            {
                "No relevent experience": "No relevant experience",
                "Has relevent experience": "Relevant experience",
            }
        ),
        aliases=("relevant_experience",),
        feature=True,
        repairs=MappingProxyType(
            {
                "No relevant experience": "No relevent experience",
                "Has relevant experience": "Has relevent experience",
            }
        ),
    ),
    Column(
        name="enrolled_university",
        kind=Kind.NOMINAL,
        label="University enrolment",
        help="The kind of university course the candidate is enrolled in now, if any.",
        group="Education",
        levels=("no_enrollment", "Part time course", "Full time course"),
        labels=MappingProxyType(
            {
                "no_enrollment": "Not enrolled",
                "Part time course": "Part-time course",
                "Full time course": "Full-time course",
            }
        ),
        nullable=True,
        feature=True,
    ),
    Column(
        name="education_level",
        kind=Kind.ORDINAL,
        label="Education level",
        help="The highest level of education the candidate has completed.",
        group="Education",
        levels=("Primary School", "High School", "Graduate", "Masters", "Phd"),
        labels=MappingProxyType(
            {
                "Primary School": "Primary school",
                "High School": "High school",
                "Masters": "Master's",
                "Phd": "PhD",
            }
        ),
        nullable=True,
        feature=True,
    ),
    Column(
        name="major_discipline",
        kind=Kind.NOMINAL,
        label="Major discipline",
        help="The main subject of the candidate's studies. Leave empty below university.",
        group="Education",
        levels=("STEM", "Humanities", "Business Degree", "Arts", "Other", "No Major"),
        labels=MappingProxyType({"Business Degree": "Business degree", "No Major": "No major"}),
        nullable=True,
        feature=True,
    ),
    Column(
        name="experience",
        kind=Kind.ORDINAL,
        label="Years of experience",
        help="Total years of work.",
        group="Work",
        levels=("<1", *(str(years) for years in range(1, 21)), ">20"),
        labels=MappingProxyType({"<1": "Less than 1", ">20": "More than 20"}),
        nullable=True,
        feature=True,
        groups=(
            ("<1", "1"),
            ("2", "3"),
            ("4", "5"),
            ("6", "7"),
            ("8", "9", "10"),
            ("11", "12", "13"),
            ("14", "15", "16"),
            ("17", "18", "19", "20"),
            (">20",),
        ),
    ),
    Column(
        name="company_size",
        kind=Kind.ORDINAL,
        label="Company size",
        help="How many people the candidate's current employer has. Leave empty when not employed or not known.",
        group="Work",
        levels=("<10", "10/49", "50-99", "100-500", "500-999", "1000-4999", "5000-9999", "10000+"),
        labels=MappingProxyType(
            {
                "<10": "Under 10",
                "10/49": "10–49",
                "50-99": "50–99",
                "100-500": "100–500",
                "500-999": "500–999",
                "1000-4999": "1,000–4,999",
                "5000-9999": "5,000–9,999",
                "10000+": "10,000 or more",
            }
        ),
        nullable=True,
        feature=True,
        repairs=MappingProxyType(
            {"10-49": "10/49", "10000": "10000+", "100-499": "100-500"} | dict.fromkeys(_october_1949(), "10/49")
        ),
    ),
    Column(
        name="company_type",
        kind=Kind.NOMINAL,
        label="Company type",
        help="What kind of employer the candidate works for now. Leave empty when not employed or not known.",
        group="Work",
        levels=("Pvt Ltd", "Funded Startup", "Early Stage Startup", "Public Sector", "NGO", "Other"),
        labels=MappingProxyType(
            {
                "Pvt Ltd": "Private limited",
                "Funded Startup": "Funded start-up",
                "Early Stage Startup": "Early-stage start-up",
                "Public Sector": "Public sector",
            }
        ),
        nullable=True,
        feature=True,
    ),
    Column(
        name="last_new_job",
        kind=Kind.ORDINAL,
        label="Years since last job change",
        help="Years between the previous job and the current one.",
        group="Work",
        levels=("never", "1", "2", "3", "4", ">4"),
        labels=MappingProxyType({"never": "Never", ">4": "More than 4"}),
        nullable=True,
        feature=True,
    ),
    Column(
        name="training_hours",
        kind=Kind.INTEGER,
        label="Training hours",
        help="Hours of training the candidate has completed with us.",
        group="Education",
        minimum=1,
        maximum=1000,
        feature=True,
        edges=(12, 20, 28, 38, 48, 59, 79, 102, 147),
    ),
    Column(
        name="target",
        kind=Kind.INTEGER,
        label="Looking for a job change",
        help="What is known to have happened: 1 when the candidate was looking for a job, 0 when not. For training.",
        group="Label",
        minimum=0,
        maximum=1,
        nullable=True,
        required=False,
    ),
)

BY_NAME: Mapping[str, Column] = MappingProxyType({column.name: column for column in COLUMNS})
NAMES: tuple[str, ...] = tuple(BY_NAME)
FEATURES: tuple[Column, ...] = tuple(column for column in COLUMNS if column.feature)
IDENTIFIER = "enrollee_id"
LABEL = "target"
PROTECTED = "gender"
"""By which people must not be treated differently; no model sees it, and all are compared by it."""
STORED: tuple[Column, ...] = tuple(column for column in COLUMNS if column.name not in (IDENTIFIER, LABEL))
"""What is kept with a prediction: the features, and what stays for audit and fairness slices."""

GROUPED = ("gender", "education_level", "experience")
"""By which a model is compared among groups: gender is protected, and age is not known, but shows in these two."""

MISSING_SPELLINGS = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a"})
"""Lower-case texts that mean "no value"."""


def fingerprint() -> str:
    """A hash of what the encoder depends on: the features, their order, kinds and levels (16 hex digits)."""
    declared = repr([(column.name, column.kind.value, column.levels) for column in FEATURES])
    return hashlib.sha256(declared.encode()).hexdigest()[:16]
