"""The boto3 clients, made once for each process when first needed; AWS_ENDPOINT_URL decides where they lead."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


@cache
def s3() -> "S3Client":
    import boto3
    from botocore.config import Config

    # For the addresses that are handed out: other signatures are refused by new buckets, and other forms of the address
    # name a host that leads elsewhere for a new bucket's first day, or that an emulator doesn't have.
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    client: S3Client = boto3.client("s3", config=config)
    return client


@cache
def sqs() -> "SQSClient":
    import boto3

    client: SQSClient = boto3.client("sqs")
    return client


@cache
def sns() -> "SNSClient":
    import boto3

    client: SNSClient = boto3.client("sns")
    return client


@cache
def functions() -> "LambdaClient":
    import boto3

    client: LambdaClient = boto3.client("lambda")
    return client


@cache
def ssm() -> Any:
    import boto3

    return boto3.client("ssm")
