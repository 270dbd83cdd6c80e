"""Where the embedded stack's template differs from template.yaml, all of it, each with its reason.

The emulator checks permissions: functions act under their roles, policies of buckets count. What is changed here is
what plain HTTP, the lack of CloudFront, or the emulator itself makes necessary.
"""

from collections.abc import Iterator
from typing import Any, Final

_TLS_ONLY: Final = "EncryptedConnectionsOnly"
_BATCHES: Final = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}


def adapt(template: dict[str, Any]) -> None:
    """Change a template, as plain data, into the one that the embedded stack is deployed from."""
    resources: dict[str, dict[str, Any]] = template["Resources"]
    _allow_plain_http(resources)
    _open_the_page(resources)
    _name_batches(resources)
    _set_apart_the_gateways_answers(resources, template["Globals"]["Api"]["GatewayResponses"])


def _allow_plain_http(resources: dict[str, dict[str, Any]]) -> None:
    """The emulator listens on loopback, without TLS: the buckets' policies would refuse every request."""
    for policy in _of_type(resources, "AWS::S3::BucketPolicy"):
        kept = [each for each in policy["PolicyDocument"]["Statement"] if each.get("Sid") != _TLS_ONLY]
        policy["PolicyDocument"]["Statement"] = kept
    # A policy without a statement is none.
    for name, each in list(resources.items()):
        if each["Type"] == "AWS::S3::BucketPolicy" and not each["Properties"]["PolicyDocument"]["Statement"]:
            del resources[name]


def _open_the_page(resources: dict[str, dict[str, Any]]) -> None:
    """The page is read from its bucket's own address: there is no CloudFront that could read it for a browser."""
    page = resources["SiteBucket"]["Properties"]
    # A mapping of its own: the template's is that of every bucket.
    open_ = {"BlockPublicPolicy": False, "RestrictPublicBuckets": False}
    page["PublicAccessBlockConfiguration"] = page["PublicAccessBlockConfiguration"] | open_
    readable = {
        "Sid": "ThePageIsForEverybody",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": "${SiteBucket.Arn}/*"},
    }
    resources["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"] = [readable]


def _name_batches(resources: dict[str, dict[str, Any]]) -> None:
    """The emulator asks for actions of their own where a queue is given several messages at once; AWS has none."""
    for function in _of_type(resources, "AWS::Serverless::Function"):
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                named = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
                statement["Action"] = [*named, *(_BATCHES[each] for each in named if each in _BATCHES)]


def _set_apart_the_gateways_answers(resources: dict[str, dict[str, Any]], answers: dict[str, dict[str, Any]]) -> None:
    """The emulator takes what a gateway itself answers from resources of their own, not from an API's definition. It
    makes resources in the order of their names, and these have to be there before the API's deployment."""
    for api in [name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Api"]:
        for kind, answer in answers.items():
            headers = answer["ResponseParameters"]["Headers"]
            resources[f"{api}Answer{kind.replace('_', '')}"] = {
                "Type": "AWS::ApiGateway::GatewayResponse",
                "Properties": {
                    **answer,
                    "RestApiId": {"Ref": api},
                    "ResponseType": kind,
                    "ResponseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
                },
            }


def _of_type(resources: dict[str, dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (each["Properties"] for each in resources.values() if each["Type"] == kind)
