"""Writes a synthetic data set with the structure of the real one (Kaggle, "HR Analytics: Job Change of Data
Scientists"): its shares, what is missing together with what, and what makes a candidate look for a new job.

    python data/generate.py --rows 1000000 --seed 7 --output build/candidates.csv

Columns, levels, cities and their index come from the contract; only probabilities are declared here. The columns are
drawn one after another, each from shares that depend on the columns before it, and `target` last. The same rows and
seed give the same bytes, and memory doesn't grow with the number of rows.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from jobchange import contract

Codes = NDArray[np.int64]
"""A column of a block: for each row the position of its level in the contract, one past the last where missing."""
Shares = NDArray[np.int64]
"""Shares of the levels in the contract's order, then of a missing value if there can be one. The axes before that are
the conditions that they depend on, a question's answers as no and yes. All lines have the same sum."""
Effects = NDArray[np.float64]
"""What each level adds to the log-odds, where the company's size is missing and where it is known."""

BLOCK = 100_000
"""Rows drawn at once; fixed, because each block has a random stream of its own."""
MAX_ROWS = 500_000_000
"""As many as have candidate numbers within the contract's range."""

# fmt: off
# One in ten thousand.
CITY: Shares = np.array((
    14, 4, 14, 2, 9, 45, 129, 7, 25, 15, 800, 2, 62, 15, 1410, 95, 32, 2, 13, 25, 100, 11, 2, 9, 83, 7, 6, 35, 46, 7,
    6, 9, 59, 67, 7, 73, 14, 7, 7, 54, 5, 103, 3, 59, 91, 225, 9, 23, 139, 10, 146, 54, 159, 26, 17, 16, 4, 8, 4, 2,
    75, 12, 35, 103, 23, 14, 14, 54, 41, 49, 144, 39, 159, 2273, 157, 41, 5, 3, 5, 2, 697, 28, 67, 7, 14, 3, 2, 41,
    15, 5, 48, 2, 5, 5, 22, 306, 63, 3, 1, 14, 28, 21, 15, 33, 4, 53, 34, 27, 7, 11, 26, 49, 441, 67, 43, 2, 5, 1,
    79, 7, 12, 3, 4,
))

# The other shares are per mille.
# By low index.
RELEVANT_EXPERIENCE: Shares = np.array(((272, 728), (318, 682)))
# By low index and relevant experience.
EXPERIENCE: Shares = np.array((
    (
        (49, 60, 114, 126, 108, 95, 64, 53, 35, 43, 35, 22, 14, 11, 20, 21, 11, 6, 6, 9, 3, 92, 3),
        (6, 9, 24, 33, 48, 56, 57, 50, 43, 57, 62, 43, 33, 27, 40, 48, 37, 25, 20, 22, 11, 247, 2),
    ),
    (
        (137, 95, 186, 157, 124, 95, 56, 41, 21, 17, 24, 6, 3, 6, 2, 7, 3, 2, 2, 2, 1, 8, 5),
        (40, 38, 68, 112, 110, 117, 100, 80, 61, 56, 45, 29, 23, 12, 18, 18, 14, 12, 8, 7, 3, 23, 6),
    ),
))
STAGES = (4, 10, 17)  # years of experience at which the second, third and fourth stage of a career begin
# By low index, relevant experience and stage.
ENROLLED_UNIVERSITY: Shares = np.array((
    (
        ((442, 85, 425, 48), (372, 80, 514, 34), (605, 59, 317, 19), (872, 48, 68, 12)),
        ((693, 108, 176, 23), (755, 90, 142, 13), (863, 59, 67, 11), (942, 28, 21, 9)),
    ),
    (
        ((355, 55, 549, 41), (357, 46, 556, 41), (537, 130, 315, 18), (625, 30, 312, 33)),
        ((586, 52, 323, 39), (741, 43, 192, 24), (842, 35, 99, 24), (844, 41, 115, 0)),
    ),
))
FULL_TIME = 2  # the level of a full-time course
# By stage, relevant experience and full-time course.
EDUCATION_LEVEL: Shares = np.array((
    (
        ((110, 242, 431, 106, 4, 107), (13, 336, 564, 61, 0, 26)),
        ((5, 67, 704, 200, 8, 16), (8, 91, 687, 162, 9, 43)),
    ),
    (
        ((82, 213, 438, 168, 27, 72), (10, 308, 565, 101, 5, 11)),
        ((5, 53, 699, 224, 5, 14), (6, 142, 651, 185, 4, 12)),
    ),
    (
        ((12, 60, 544, 298, 72, 14), (0, 186, 518, 281, 10, 5)),
        ((6, 52, 629, 286, 14, 13), (4, 73, 588, 304, 19, 12)),
    ),
    (
        ((6, 32, 524, 248, 171, 19), (26, 26, 256, 590, 102, 0)),
        ((4, 40, 587, 309, 44, 16), (0, 43, 516, 377, 32, 32)),
    ),
))
DEGREE = np.array((0, 0, 1, 1, 1, 0))  # whether a level of education is a degree
# By degree, stage and relevant experience.
LAST_NEW_JOB: Shares = np.array((
    (
        ((631, 242, 48, 14, 2, 6, 57), (147, 600, 133, 13, 7, 40, 60)),
        ((524, 320, 69, 12, 21, 18, 36), (118, 511, 182, 49, 42, 71, 27)),
        ((333, 333, 80, 40, 67, 134, 13), (45, 384, 190, 52, 78, 243, 8)),
        ((172, 173, 138, 30, 30, 438, 19), (99, 236, 150, 56, 43, 382, 34)),
    ),
    (
        ((294, 506, 99, 27, 2, 20, 52), (75, 667, 161, 26, 2, 20, 49)),
        ((229, 465, 120, 45, 44, 65, 32), (59, 527, 191, 65, 68, 74, 16)),
        ((130, 339, 150, 78, 61, 229, 13), (39, 402, 184, 75, 79, 213, 8)),
        ((58, 192, 120, 45, 70, 503, 12), (29, 275, 142, 60, 71, 415, 8)),
    ),
))
LAST_CHANGE = np.array((0, 1, 1, 1, 1, 2, 3))  # never, up to four years ago, before that, unknown
# By low index, relevant experience and last change.
GENDER: Shares = np.array((
    (
        ((49, 637, 16, 298), (87, 637, 22, 254), (79, 701, 16, 204), (9, 160, 1, 830)),
        ((53, 667, 21, 259), (70, 745, 9, 176), (55, 795, 7, 143), (9, 179, 1, 811)),
    ),
    (
        ((41, 571, 4, 384), (70, 528, 4, 398), (59, 557, 2, 382), (18, 167, 0, 815)),
        ((71, 626, 14, 289), (52, 617, 2, 329), (53, 636, 4, 307), (47, 129, 0, 824)),
    ),
))
# By education level: below a degree there is no major discipline.
MAJOR_DISCIPLINE: Shares = np.array((
    (0, 0, 0, 0, 0, 0, 1000),
    (0, 0, 0, 0, 0, 0, 1000),
    (883, 36, 21, 18, 23, 17, 2),
    (888, 51, 20, 10, 23, 7, 1),
    (906, 58, 7, 7, 22, 0, 0),
    (0, 0, 0, 0, 0, 0, 1000),
))
# Whether the company's size is missing or known, by full-time course, never having changed jobs, degree and relevant
# experience.
SIZE_KNOWN: Shares = np.array((
    (
        (((614, 386), (254, 746)), ((361, 639), (170, 830))),
        (((967, 33), (506, 494)), ((638, 362), (243, 757))),
    ),
    (
        (((627, 373), (341, 659)), ((626, 374), (224, 776))),
        (((951, 49), (464, 536)), ((931, 69), (289, 711))),
    ),
))
# By low index, where it is known.
COMPANY_SIZE: Shares = np.array(((99, 104, 230, 197, 67, 108, 44, 151), (98, 143, 250, 182, 65, 66, 35, 161)))
# By company size: mostly missing together with it.
COMPANY_TYPE: Shares = np.array((
    (556, 110, 219, 27, 27, 11, 50),
    (619, 131, 120, 29, 22, 8, 71),
    (698, 126, 35, 38, 25, 6, 72),
    (713, 83, 10, 59, 68, 8, 59),
    (709, 62, 2, 99, 42, 13, 73),
    (765, 0, 0, 124, 55, 11, 45),
    (732, 0, 0, 140, 52, 12, 64),
    (861, 0, 0, 74, 19, 8, 38),
    (68, 1, 1, 22, 4, 1, 903),
))
# Training hours at these quantiles.
QUANTILES = (0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)
TRAINING_HOURS = (1, 3, 7, 11, 19, 27, 37, 47, 58, 78, 101, 146, 188, 302, 337)

ODD_UNTIL = 166  # hours; longer trainings are even
EVENED_FROM, EVENED = 20, 0.3  # of the odd hours from there on, this share is made even

# The log-odds of looking for a new job. Where the city's index is low nothing else matters.
LOW_INDEX = 2  # bins of the index, as the contract divides it, that count as low
LOG_ODDS_LOW_INDEX = 0.36
# Elsewhere they begin with these, where the company's size is missing and where it is known.
LOG_ODDS = np.array((-0.83, -1.73))
INDEX_EFFECT: Effects = np.array((  # of its bins
    (0.0, 0.0, 0.37, 0.41, 0.28, -0.42, -0.6, -0.55, 0.6, -0.84),
    (0.0, 0.0, 0.05, 0.16, 0.02, -0.21, -0.4, -0.42, -0.34, -0.48),
))
UNIVERSITY_EFFECT: Effects = np.array(((0.0, 0.42, 0.25, 0.14), (0.0, 0.12, 0.35, 0.47)))
EDUCATION_EFFECT: Effects = np.array(((-2.37, -1.4, 0.0, -0.32, -1.56, -1.83), (0.01, -0.25, 0.0, -0.09, 0.32, 0.16)))
LAST_NEW_JOB_EFFECT: Effects = np.array((
    (-0.64, 0.0, 0.06, 0.11, -0.11, -0.02, -0.52),
    (0.0, 0.0, 0.22, 0.32, 0.48, 0.2, 0.55),
))
SIZE_EFFECT: Effects = np.array(((0.0,) * 9, (-0.02, 0.27, 0.0, -0.01, 0.07, 0.17, 0.22, 0.14, 0.0)))
TYPE_EFFECT: Effects = np.array((
    (0.0, -0.38, 0.0, 0.8, 0.77, -0.43, 1.21),
    (0.0, -0.19, -0.17, 0.4, 0.03, 0.62, -0.12),
))
EXPERIENCE_EFFECT = -0.025  # of each year
RELEVANT_EXPERIENCE_EFFECT = -0.34
# fmt: on


def generate(rows: int, seed: int, names: Sequence[str] = contract.NAMES) -> Iterator[str]:
    """The data set as CSV text, block by block, with the columns `names`; the header comes with the first block."""
    yield ",".join(names) + "\n"
    for number, start in enumerate(range(0, rows, BLOCK)):
        size = min(BLOCK, rows - start)
        cells = _texts(_columns(np.random.default_rng([seed, number]), size))
        cells[contract.IDENTIFIER] = list(map(str, _ids(rows, seed, start, size).tolist()))
        yield "\n".join(map(",".join, zip(*(cells[name] for name in names), strict=True))) + "\n"


def _ids(rows: int, seed: int, start: int, size: int) -> NDArray[np.uint64]:
    """Candidate numbers of the rows from `start`: unique, in no order, from a range larger than the number of rows, as
    in the real data. Multiplying by an odd number and folding high bits on low ones are one-to-one on k-bit numbers."""
    bits = (rows * 4 // 3).bit_length()
    number = np.arange(start, start + size, dtype=np.uint64)
    for constant in np.random.default_rng([seed, rows]).integers(2**bits, size=4, dtype=np.uint64):
        number = (number * (constant | np.uint64(1)) + constant) & np.uint64(2**bits - 1)
        number ^= number >> np.uint64(bits // 2 + 1)
    return number + np.uint64(1)


def _columns(random: Generator, size: int) -> dict[str, Codes]:
    """`size` rows: codes of the categories, hours and target as they are."""
    city = _draw(random, CITY, size)
    index = np.searchsorted(
        contract.BY_NAME["city_development_index"].edges, np.array(list(contract.CITIES.values()))[city], side="right"
    )
    low_index = index < LOW_INDEX
    relevant = _draw(random, RELEVANT_EXPERIENCE, size, low_index)
    experience = _draw(random, EXPERIENCE, size, low_index, relevant)
    years = experience % len(contract.BY_NAME["experience"].levels)  # missing counts as none
    stage = np.searchsorted(STAGES, years, side="right")
    university = _draw(random, ENROLLED_UNIVERSITY, size, low_index, relevant, stage)
    full_time = university == FULL_TIME
    education = _draw(random, EDUCATION_LEVEL, size, stage, relevant, full_time)
    degree = DEGREE[education]
    last_new_job = _draw(random, LAST_NEW_JOB, size, degree, stage, relevant)
    never_changed = last_new_job == 0
    size_known = _draw(random, SIZE_KNOWN, size, full_time, never_changed, degree, relevant)
    company_size = np.where(size_known, _draw(random, COMPANY_SIZE, size, low_index), COMPANY_SIZE.shape[-1])
    company_type = _draw(random, COMPANY_TYPE, size, company_size)

    log_odds = (
        LOG_ODDS[size_known]
        + INDEX_EFFECT[size_known, index]
        + UNIVERSITY_EFFECT[size_known, university]
        + EDUCATION_EFFECT[size_known, education]
        + LAST_NEW_JOB_EFFECT[size_known, last_new_job]
        + SIZE_EFFECT[size_known, company_size]
        + TYPE_EFFECT[size_known, company_type]
        + EXPERIENCE_EFFECT * years
        + RELEVANT_EXPERIENCE_EFFECT * relevant
    )
    log_odds[low_index] = LOG_ODDS_LOW_INDEX
    return {
        "city": city,
        "gender": _draw(random, GENDER, size, low_index, relevant, LAST_CHANGE[last_new_job]),
        "relevent_experience": relevant,
        "enrolled_university": university,
        "education_level": education,
        "major_discipline": _draw(random, MAJOR_DISCIPLINE, size, education),
        "experience": experience,
        "company_size": company_size,
        "company_type": company_type,
        "last_new_job": last_new_job,
        "training_hours": _hours(random, size),
        contract.LABEL: (random.random(size) < 1 / (1 + np.exp(-log_odds))).astype(np.int64),
    }


def _hours(random: Generator, size: int) -> NDArray[np.int64]:
    """Training hours; as people write them down, the longer the more often even."""
    hours = np.interp(random.random(size), QUANTILES, TRAINING_HOURS).astype(np.int64)
    even = (hours > ODD_UNTIL) | ((hours >= EVENED_FROM) & (random.random(size) < EVENED))
    return np.where(even, hours - hours % 2, hours)


def _draw(random: Generator, shares: Shares, size: int, *conditions: NDArray[Any]) -> Codes:
    """A level for each of `size` rows, from the line of `shares` that its conditions, one for each axis, point at. As
    all lines have the same sum, they lie end to end on one scale, and one search places every row."""
    *axes, levels = shares.shape
    line: Codes = np.zeros(size, np.int64)
    for condition, length in zip(conditions, axes, strict=True):
        line = line * length + condition
    total = shares.reshape(-1, levels)[0].sum()
    place = line * total + random.integers(total, size=size)
    level: Codes = np.searchsorted(np.cumsum(shares), place, side="right") - line * levels
    return level


def _texts(columns: dict[str, Codes]) -> dict[str, list[str]]:
    """The cells of a block as the real file writes them."""
    words = {column.name: (*column.levels, "") for column in contract.COLUMNS if column.levels}
    words[contract.LABEL] = ("0.0", "1.0")
    cells = {
        name: np.array(words[name], dtype=object)[codes].tolist() if name in words else list(map(str, codes.tolist()))
        for name, codes in columns.items()
    }
    indices = np.array(list(map(str, contract.CITIES.values())), dtype=object)
    return {**cells, "city_development_index": indices[columns["city"]].tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic data set of candidates as CSV.")
    parser.add_argument("--rows", type=int, required=True, metavar="N", help=f"number of candidates, 1 to {MAX_ROWS:,}")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="the same seed gives the same file (default 0)"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="F", help="the file to write; replaced if it exists"
    )
    parser.add_argument(
        "--without-target", action="store_true", help="leave the target column out, as in data to score"
    )
    options = parser.parse_args()
    if not 1 <= options.rows <= MAX_ROWS:
        parser.error(f"--rows must be from 1 to {MAX_ROWS:,}, not {options.rows:,}")
    if options.seed < 0:
        parser.error("--seed must not be negative")
    names = [name for name in contract.NAMES if not (options.without_target and name == contract.LABEL)]
    try:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        with options.output.open("w", encoding="utf-8", newline="") as file:
            for number, text in enumerate(generate(options.rows, options.seed, names)):
                file.write(text)
                if number * BLOCK % 1_000_000 == 0 and 0 < number * BLOCK < options.rows:
                    print(f"{number * BLOCK:,} of {options.rows:,} rows", file=sys.stderr)
    except OSError as error:
        parser.error(f"can't write {options.output}: {error.strerror}")
    print(f"{options.output}: {options.rows:,} rows, seed {options.seed}")


if __name__ == "__main__":
    main()
