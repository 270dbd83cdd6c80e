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


def test_the_examples_of_the_apis_page_work_as_pasted(stack: Stack) -> None:
    answers = list(documents(pasted("api.md", stack)))
    made, past, of_candidate, files, *_ = answers
    assert made["predictions"][0] in of_candidate["predictions"]
    assert made["predictions"][0] in past["predictions"]
    assert set(files) == {"files", "next_cursor"}
    exported = (ROOT / "build" / "predictions.csv").read_text()
    assert exported.startswith("created_at,source,enrollee_id,")
    assert made["predictions"][0]["id"] in exported
    upload = next(key for key in keys(stack) if key.endswith("/candidates.csv")).split("/")[1]
    for _ in patiently("the uploaded file to be listed"):
        if found := stack.get("/files", upload_id=upload)["files"]:
            break
    assert found[0]["name"] == "candidates.csv"


def test_the_first_tasks_work_as_pasted(stack: Stack) -> None:
    champion = stack.get("/model")["version"]

    printed = pasted("first-tasks.md", stack)

    assert '"explanation":[{' in printed
    assert "300 candidates scored" in printed
    assert (ROOT / "build" / "first.scored.csv").read_text().count("\n") == 301
    assert "1 bad row, each" in printed
    assert "1 of 1 quarantined rows of damaged.csv corrected" in printed
    trained = stack.get("/model")["version"]
    assert trained != champion
    assert f"{trained} is the champion from now on" in printed
    assert stack.get("/candidates/4712/predictions")["predictions"] == []
    # The champion is again the one that other tests train rivals for.
    assert stack.operate("POST", "/ops/models/rollback").json["champion"] == champion


def pasted(page: str, stack: Stack) -> str:
    """What is printed when all commands of a page are pasted into a shell, one after the other."""
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    commands = "\n".join(line[4:] for line in lines if line.startswith("    ") or not line.strip())
    port = stack.outputs["endpoint_url"].rsplit(":", 1)[1]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=ROOT,
        env={**os.environ, "STACK": stack.outputs["stack"], "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def documents(text: str) -> Iterator[Any]:
    """The JSON documents that stand one after the other in a text."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text.rstrip()):
        document, position = decoder.raw_decode(text, position)
        yield document


def keys(stack: Stack) -> list[str]:
    listed = stack.aws("s3").list_objects_v2(Bucket=stack.outputs["lake_bucket"], Prefix="raw/u")
    return [each["Key"] for each in listed["Contents"]]
