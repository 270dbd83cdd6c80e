"""What AWS would say to a call: the permissions that it takes, and whether a role has them.

It knows the calls that this project makes; any other is an error, never allowed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.support.deployed_template import ACCOUNT, REGION, DeployedTemplate


@dataclass(frozen=True)
class Permission:
    """One action on one resource: an ARN, or a pattern of ARNs."""

    action: str
    resource: str

    def covers(self, need: "Permission") -> bool:
        if self.action != need.action:
            return False
        pattern = re.escape(self.resource).replace(r"\*", ".*")
        return re.fullmatch(pattern, need.resource, re.DOTALL) is not None


@cache
def grants() -> Mapping[str, tuple[Permission, ...]]:
    """What each function's own policy lets it do, one by one."""
    template = DeployedTemplate(AlertsUrlName="/jobchange/alerts-url")
    roles = template.of_type("AWS::IAM::Role")
    return {name: tuple(_grants(roles[f"{name}Role"])) for name in template.of_type("AWS::Lambda::Function")}


def _grants(role: dict[str, Any]) -> Iterator[Permission]:
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement.keys() <= {"Effect", "Action", "Resource"}
            assert statement["Effect"] == "Allow"
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    yield Permission(action, resource)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_TABLE_CALLS = frozenset(
    {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeContinuousBackups"}
)
_TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_VERSIONED = {"GetObject": "GetObjectVersion", "HeadObject": "GetObjectVersion", "DeleteObject": "DeleteObjectVersion"}
_OBJECT_CALLS = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "DeleteObject": "DeleteObject",
    "PutObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
}
_BUCKET_CALLS = {
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
}
_QUEUE_CALLS = {
    "SendMessage": "SendMessage",
    "SendMessageBatch": "SendMessage",
    "ReceiveMessage": "ReceiveMessage",
    "DeleteMessage": "DeleteMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "GetQueueAttributes": "GetQueueAttributes",
    "ChangeMessageVisibility": "ChangeMessageVisibility",
}


def needs(service: str, operation: str, given: Mapping[str, Any]) -> Iterator[Permission]:
    """The permissions that a call takes. Raises NotImplementedError for one that isn't known."""
    match service:
        case "dynamodb" if operation in _TABLE_CALLS:
            yield Permission(f"dynamodb:{operation}", _table(given["TableName"], given.get("IndexName")))
        case "dynamodb" if operation in ("BatchGetItem", "BatchWriteItem"):
            yield from (Permission(f"dynamodb:{operation}", _table(name)) for name in given["RequestItems"])
        case "dynamodb" if operation == "TransactWriteItems":
            for each in given["TransactItems"]:
                ((kind, part),) = each.items()
                yield Permission(f"dynamodb:{_TRANSACTED[kind]}", _table(part["TableName"]))
        case "s3" if operation in _OBJECT_CALLS:
            action = _VERSIONED[operation] if given.get("VersionId") else _OBJECT_CALLS[operation]
            yield Permission(f"s3:{action}", f"arn:aws:s3:::{given['Bucket']}/{given['Key']}")
        case "s3" if operation in _BUCKET_CALLS:
            yield Permission(f"s3:{_BUCKET_CALLS[operation]}", f"arn:aws:s3:::{given['Bucket']}")
        case "sqs" if operation in _QUEUE_CALLS:
            name = given["QueueUrl"].rsplit("/", 1)[-1]
            yield Permission(f"sqs:{_QUEUE_CALLS[operation]}", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
        case "sns" if operation == "Publish":
            yield Permission("sns:Publish", given["TopicArn"])
        case "ssm" if operation == "GetParameter":
            yield Permission("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{given['Name']}")
        case "lambda" if operation == "Invoke":
            name = given["FunctionName"]
            yield Permission("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
        case _:
            raise NotImplementedError(f"{service} {operation}")


def _table(name: str, index: str | None = None) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}" + (f"/index/{index}" if index else "")
