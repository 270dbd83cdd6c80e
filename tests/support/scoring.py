"""Files that wait to be scored, and what becomes of them."""

from typing import Any

from jobchange.aws import clients
from jobchange.settings import settings
from jobchange.store import file_listings, prediction_listings
from tests.support.functions import Context, load_handler
from tests.support.notifications import TWENTY, notification


def ingest(name: str = "a.csv", body: bytes = TWENTY) -> str:
    load_handler("validate").handler(notification(f"raw/{name}", body), Context())
    (file,) = (file for file in file_listings.list_newest(limit=10)[0] if file.name == name)
    return str(file.file_id)


def messages() -> list[dict[str, Any]]:
    """What waits in the score queue, as Lambda gets it."""
    received = clients.sqs().receive_message(QueueUrl=settings().score_queue_url, MaxNumberOfMessages=10)
    return [
        {
            "messageId": each["MessageId"],
            "receiptHandle": each["ReceiptHandle"],
            "body": each["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:score",
            "awsRegion": "eu-west-1",
        }
        for each in received.get("Messages", [])
    ]


def stored() -> list[Any]:
    found, cursor = prediction_listings.list_newest(start=None, end=None, sources=["scheduled"], limit=100, cursor=None)
    assert cursor is None
    return found
