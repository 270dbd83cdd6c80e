"""Scoring with ONNX Runtime: the same result in any batch, silent on stdout."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.generate import generate
from jobchange.contract.encoder import encode
from jobchange.registry.artifact import TrainedModel
from jobchange.scoring.model import BLOCK_ROWS, Model, _session
from tests.support.labelled import dataset_of


@pytest.fixture(scope="module")
def model(trained: TrainedModel) -> Model:
    return Model("any", trained.profile, _session(trained.onnx))


@pytest.fixture(scope="module")
def candidates() -> list[dict[str, str | None]]:
    columns = dataset_of("".join(generate(300, seed=2)).splitlines()).columns
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


@settings(max_examples=50, deadline=None)
@given(cuts=st.lists(st.integers(0, 300)))
def test_a_probability_does_not_depend_on_the_batch(
    model: Model, candidates: list[dict[str, str | None]], cuts: list[int]
) -> None:
    encoded = encode(candidates)

    batches = [model.probabilities(batch) for batch in np.split(encoded, sorted(cuts))]

    assert np.concatenate(batches).tolist() == model.probabilities(encoded).tolist()


def test_blocks_on_several_threads_give_what_one_candidate_alone_gets(
    model: Model, candidates: list[dict[str, str | None]]
) -> None:
    encoded = encode(candidates)
    repeats = 2 * BLOCK_ROWS // len(encoded) + 1

    many = model.probabilities(np.tile(encoded, (repeats, 1)))

    alone = [model.probabilities(encoded[[row]]).item() for row in range(len(encoded))]
    assert many.tolist() == alone * repeats


def test_no_candidates_have_no_predictions(model: Model) -> None:
    assert model.probabilities(encode([])).tolist() == []


def test_loading_and_running_a_model_writes_nothing_to_stdout(trained: TrainedModel, tmp_path: Path) -> None:
    # What an emulated function writes to descriptor 1 is read as its answer, also when a native library writes it.
    (tmp_path / "model.onnx").write_bytes(trained.onnx)
    (tmp_path / "broken.onnx").write_bytes(trained.onnx[:-100])
    script = """
import contextlib, pathlib, numpy
from jobchange.scoring.model import _session
for name in ("model.onnx", "broken.onnx"):
    with contextlib.suppress(Exception):
        session = _session(pathlib.Path(name).read_bytes())
        session.run(None, {"features": numpy.zeros((3, 10), "f")})
"""

    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert result.stdout == b""
