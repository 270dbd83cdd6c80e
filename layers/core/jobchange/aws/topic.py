"""The topic that alerts are published to."""

import json
from typing import Any

from jobchange.aws import clients
from jobchange.settings import settings


def publish(alert: dict[str, Any]) -> None:
    """Publish one alert document; its criticality is an attribute too, so that subscribers can filter."""
    clients.sns().publish(
        TopicArn=settings().alerts_topic_arn,
        Subject=str(alert["title"])[:100],
        Message=json.dumps(alert, ensure_ascii=False),
        MessageAttributes={"criticality": {"DataType": "String", "StringValue": alert["criticality"]}},
    )
