"""A small system in memory that drops, validates, scores and recovers as the deployed one does, queue by queue."""

import gzip
from collections.abc import Iterator

from jobchange.aws import clients, messages, queue_handler
from jobchange.aws.messages import Message, RankFile, ReplayFile, ScorePart
from jobchange.operations.data_requests import HANDLERS
from jobchange.quality.ingest import ingest, ingest_replay
from jobchange.scoring.batch import rank_file, score_part
from jobchange.scoring.dispatch import dispatch_pending
from jobchange.settings import settings
from jobchange.store import source_objects, tables
from jobchange.store.source_objects import SourceObject
from jobchange.store.tables import PredictionRow, StatRow


def drop(name: str, body: bytes) -> str:
    """Drop a file, validate it, and return its id."""
    bucket, key = settings().lake_bucket, f"raw/{name}"
    version = clients.s3().put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
    file_id = source_objects.identity(bucket, key, version)
    at = "2026-11-20T09:30:00.000Z"
    ingest(SourceObject(file_id=file_id, bucket=bucket, key=key, version_id=version, size=len(body), uploaded_at=at))
    return file_id


def score() -> None:
    """Plan, and work off the score queue."""
    dispatch_pending()
    for message in received(settings().score_queue_url):
        if isinstance(message, RankFile):
            rank_file(message.file_id)
        else:
            assert isinstance(message, ScorePart)
            score_part(message.file_id, message.part, message.start, seconds_left=lambda: 300.0)


def validate_replays() -> None:
    """Work off the ingest queue."""
    for message in received(settings().ingest_queue_url):
        assert isinstance(message, ReplayFile)
        ingest_replay(message)


def recover() -> None:
    """Work off the recover queue; a step that fails is delivered again, as SQS does."""
    for message in received(settings().data_request_queue_url):
        take_step(message)


def take_step(message: Message, seconds_left: float = 300.0) -> None:
    """Hand a message to the handler of its type."""
    queue_handler.dispatch(message, HANDLERS, lambda: seconds_left)


def received(url: str) -> Iterator[Message]:
    """The messages of a queue; each is gone when it has been worked off, and comes back when that failed."""
    while waiting := clients.sqs().receive_message(QueueUrl=url, VisibilityTimeout=0).get("Messages"):
        (message,) = waiting
        yield from messages.decode(message["Body"])
        clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def everything() -> dict[str, bytes]:
    """Every byte that is kept: all versions of all objects (gzip unpacked), all items of all tables."""
    kept: dict[str, bytes] = {}
    client, bucket = clients.s3(), settings().lake_bucket
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in page.get("Versions", []):
            body = client.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
            name = f"{each['Key']}?{each['VersionId']}"
            kept[name] = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    for model in vars(tables).values():
        if isinstance(model, type) and issubclass(model, tables.Table) and model.setting:
            for number, row in enumerate(model.scan()):
                kept[f"{model.setting}#{number}"] = str(row.serialize()).encode()
    return kept


def stored(file_id: str) -> dict[int, int]:
    """The candidates of a file's stored predictions, by row."""
    return {int(each.row): int(each.enrollee_id) for each in PredictionRow.scan() if each.file_id == file_id}


def counters() -> dict[str, int]:
    """The sums of all counters."""
    sums: dict[str, int] = {}
    for row in StatRow.scan():
        if not row.partition.startswith(("receipt#", "days#", "segments#", "by_day#")):
            metric = row.sort.partition("#")[2].partition("~")[0]
            sums[metric] = sums.get(metric, 0) + int(row.amount)
    return sums


def recounted() -> dict[str, int]:
    """What the counters must say, from the stored predictions."""
    rows = list(PredictionRow.scan())
    sums: dict[str, int] = {}
    for row in rows:
        source = row.partition.partition("#")[0]
        for metric, amount in ((f"predictions#{source}", 1), (f"will_change#{source}", int(row.will_change))):
            sums[metric] = sums.get(metric, 0) + amount
    return sums
