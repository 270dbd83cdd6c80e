"""The topic that alerts are published to."""

import json
from typing import Any

from jobchange.aws import clients
from jobchange.settings import settings


class Refused(Exception):
    """SNS takes this alert as little the next time."""


def publish(alert: dict[str, Any]) -> None:
    """Publish one alert document; its criticality is an attribute too, so that subscribers can filter. Without a
    subject: SNS takes only short ones in plain letters, and an alert's title quotes file names.

    Raises Refused where SNS takes other alerts, but not this one.
    """
    client = clients.sns()
    try:
        client.publish(
            TopicArn=settings().alerts_topic_arn,
            Message=json.dumps(alert, ensure_ascii=False),
            MessageAttributes={"criticality": {"DataType": "String", "StringValue": alert["criticality"]}},
        )
    except client.exceptions.InvalidParameterException as error:
        raise Refused(str(alert["id"])) from error
