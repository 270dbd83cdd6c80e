"""The API of the embedded stack under whatever can be asked, and under many clients; in full numbers in `make soak`."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

from infra import ROOT
from tests.chaos import api_crowd, api_fuzz
from tests.support.stack import Stack, patiently

CLIENTS = 6
"""Each is answered by a process of its own, which takes seconds to start."""


def test_whatever_is_asked_is_answered_as_described(stack: Stack) -> None:
    fuzzed = api_fuzz.run(stack, examples=8, seed=1, phases=api_fuzz.QUICK_PHASES)

    assert fuzzed.failures == []
    assert fuzzed.cases >= 200


def test_clients_at_once_get_an_answer_each_and_everything_is_stored_once(stack: Stack) -> None:
    crowd = api_crowd.run(stack, seconds=3, clients=CLIENTS)

    assert crowd.requests >= 3 * CLIENTS
    assert (crowd.lost, crowd.doubled, crowd.errors) == (0, 0, [])


def test_the_readmes_examples_work_as_pasted(stack: Stack) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## The API\n")[1].split("\n## ")[0]
    commands = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    ") or not line.strip())
    port = stack.outputs["endpoint_url"].rsplit(":", 1)[1]

    pasted = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=ROOT,
        env={**os.environ, "STACK": stack.outputs["stack"], "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert pasted.returncode == 0, pasted.stderr
    answers = list(documents(pasted.stdout))
    made, past, of_candidate, files, *_ = answers
    assert made["predictions"][0] in of_candidate["predictions"]
    assert made["predictions"][0] in past["predictions"]
    assert set(files) == {"files", "next_cursor"}
    upload = next(key for key in keys(stack) if key.endswith("/candidates.csv")).split("/")[1]
    for _ in patiently("the uploaded file to be listed"):
        if found := stack.get("/files", upload_id=upload)["files"]:
            break
    assert found[0]["name"] == "candidates.csv"


def documents(text: str) -> Iterator[Any]:
    """The JSON documents that stand one after the other in a text."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text.rstrip()):
        document, position = decoder.raw_decode(text, position)
        yield document


def keys(stack: Stack) -> list[str]:
    listed = stack.aws("s3").list_objects_v2(Bucket=stack.outputs["lake_bucket"], Prefix="raw/u")
    return [each["Key"] for each in listed["Contents"]]
