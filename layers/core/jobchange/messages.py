"""What the functions tell each other: files, parts and recoveries through queues, alerts through a topic, a training to
begin."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jobchange.settings import settings
from jobchange.store import clients

_BATCH = 10
"""SQS's own limit for one batch."""


def send_parts(file_id: str, parts: Sequence[int]) -> None:
    """One message for each part to be scored. Raises RuntimeError when the queue refuses any."""
    for start in range(0, len(parts), _BATCH):
        entries = [
            {"Id": str(part), "MessageBody": json.dumps({"file_id": file_id, "part": part})}
            for part in parts[start : start + _BATCH]
        ]
        answer = clients.sqs().send_message_batch(
            QueueUrl=settings().score_queue_url,
            Entries=entries,  # type: ignore[arg-type]
        )
        if answer.get("Failed"):
            raise RuntimeError(f"The score queue refused {len(answer['Failed'])} messages of file {file_id}.")


def send_rest(file_id: str, part: int, start: int) -> None:
    """A message for the rest of a part, from its batch `start` on."""
    body = json.dumps({"file_id": file_id, "part": part, "start": start})
    clients.sqs().send_message(QueueUrl=settings().score_queue_url, MessageBody=body)


def send_replay(file_id: str, at: str) -> None:
    """Ask for a file to be validated again, as of an instant (RFC 3339)."""
    body = json.dumps({"replay": file_id, "at": at})
    clients.sqs().send_message(QueueUrl=settings().ingest_queue_url, MessageBody=body)


def send_recovery(task: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
    """A step for the data_request function (see `recovery.step`)."""
    clients.sqs().send_message(
        QueueUrl=settings().data_request_queue_url, MessageBody=json.dumps(task), DelaySeconds=delay_seconds
    )


def publish_alert(alert: dict[str, Any]) -> None:
    """Publish one alert document; its criticality is an attribute too, so that subscribers can filter."""
    clients.sns().publish(
        TopicArn=settings().alerts_topic_arn,
        Subject=str(alert["title"])[:100],
        Message=json.dumps(alert, ensure_ascii=False),
        MessageAttributes={"criticality": {"DataType": "String", "StringValue": alert["criticality"]}},
    )


def request_training(run_id: str) -> None:
    """Have the train function begin, without waiting for it; it records its run under `run_id`."""
    body = json.dumps({"run_id": run_id}).encode()
    clients.functions().invoke(FunctionName=settings().train_function, InvocationType="Event", Payload=body)
