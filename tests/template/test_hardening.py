"""What the template promises about safety, read as plain data."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra import ROOT
from infra.build.template import read_template
from jobchange.store.lake_layout import PREFIXES, QUERIES

TEMPLATE = read_template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == kind}


BUCKETS, TABLES, QUEUES = of_type("AWS::S3::Bucket"), of_type("AWS::DynamoDB::Table"), of_type("AWS::SQS::Queue")
FUNCTIONS = of_type("AWS::Serverless::Function")


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, properties in FUNCTIONS.items():
        for policy in properties.get("Policies", []):
            for statement in policy["Statement"]:
                yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_no_function_may_do_everything_to_anything() -> None:
    for name, statement in statements():
        assert not any("*" in action for action in listed(statement["Action"])), name
        for resource in listed(statement["Resource"]):
            assert resource != "*", name


def test_wildcards_in_resources_stand_only_behind_a_folder_of_the_lake() -> None:
    for name, statement in statements():
        for resource in listed(statement["Resource"]):
            text = resource.get("Fn::Sub", "") if isinstance(resource, dict) else resource
            if "*" in text:
                assert re.fullmatch(r"\$\{LakeBucket\.Arn\}/[a-z]+/\*", text), (name, text)


def test_no_function_reads_or_writes_a_table_that_it_only_has_the_name_of() -> None:
    """Each has the tables it uses by name; what it may do to them is stated one by one."""
    for name, statement in statements():
        if any(action.startswith("dynamodb:") for action in listed(statement["Action"])):
            for resource in listed(statement["Resource"]):
                assert set(resource) <= {"Fn::GetAtt", "Fn::Sub"}, name


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_bucket_is_private_encrypted_and_keeps_versions(bucket: str) -> None:
    properties = BUCKETS[bucket]

    assert properties["BucketEncryption"]
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_bucket_refuses_connections_that_are_not_encrypted(bucket: str) -> None:
    (policy,) = [each for each in of_type("AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": bucket}]
    (denied,) = [each for each in policy["PolicyDocument"]["Statement"] if each.get("Effect") == "Deny"]

    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["Principal"] == "*"
    assert denied["Action"] == "s3:*"
    assert denied["Resource"] == [{"Fn::GetAtt": [bucket, "Arn"]}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]


def test_what_is_known_of_people_is_deleted_from_the_lake_in_time() -> None:
    rules = BUCKETS["LakeBucket"]["LifecycleConfiguration"]["Rules"]

    expiring = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert expiring == {prefix.name: prefix.days or {"Ref": "LakeDays"} for prefix in PREFIXES if prefix.expires}
    assert all(prefix.expires or prefix.kept for prefix in PREFIXES if prefix.personal)
    assert any("NoncurrentVersionExpiration" in rule and "Prefix" not in rule for rule in rules)
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)


def test_functions_read_and_write_no_folder_of_the_lake_but_those_declared() -> None:
    folders = {
        match[1]
        for _, statement in statements()
        for resource in listed(statement["Resource"])
        for match in re.finditer(r"\$\{LakeBucket\.Arn\}/([a-z]+/)", json.dumps(resource))
    }

    assert folders == {prefix.name for prefix in PREFIXES}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_can_be_protected_recovered_and_encrypted_with_a_key_of_ones_own(table: str) -> None:
    properties = TABLES[table]

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["DeletionProtectionEnabled"]["Fn::If"][0] == "WithProtection"
    recovery = properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert recovery["Fn::If"] == ["WithPointInTimeRecovery", True, False]
    assert properties["SSESpecification"]["Fn::If"][0] == "WithKey"


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_is_encrypted_and_no_message_ends_nowhere(queue: str) -> None:
    properties = QUEUES[queue]
    ends = {
        each["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for each in QUEUES.values()
        if "RedrivePolicy" in each
    }

    assert properties["SqsManagedSseEnabled"]["Fn::If"] == ["WithKey", {"Ref": "AWS::NoValue"}, True]
    assert ("RedrivePolicy" in properties) != (queue in ends)
    if queue in ends:
        assert properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_query_reads_no_more_than_it_may_and_its_results_are_encrypted_and_soon_deleted() -> None:
    (group,) = of_type("AWS::Athena::WorkGroup").values()
    configuration = group["WorkGroupConfiguration"]
    results = configuration["ResultConfiguration"]
    rules = BUCKETS["LakeBucket"]["LifecycleConfiguration"]["Rules"]
    (rule,) = [each for each in rules if each.get("Prefix") == QUERIES]

    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] == {"Ref": "SqlScanBytes"}
    assert results["OutputLocation"] == {"Fn::Sub": f"s3://${{LakeBucket}}/{QUERIES}"}
    assert results["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_log_is_declared_and_deleted_in_time(function: str) -> None:
    logs = f"{function.removesuffix('Function')}Logs"
    group = of_type("AWS::Logs::LogGroup")[logs]

    # The function needs the group, not the other way round: no call can make it first, and without a retention.
    assert FUNCTIONS[function]["LoggingConfig"] == {"LogGroup": {"Ref": logs}}
    assert set(re.findall(r"\$\{([^}]+)\}", group["LogGroupName"]["Fn::Sub"])) == {"AWS::StackName"}
    assert group["RetentionInDays"] == {"Ref": "LogDays"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_built_by_the_one_recipe(function: str) -> None:
    assert RESOURCES[function]["Metadata"] == {"BuildMethod": "makefile", "ContextPath": ".", "WorkingDirectory": "."}


def test_what_costs_money_while_idle_is_off_unless_asked_for() -> None:
    for parameter in ("PointInTimeRecovery", "DeletionProtection", "CustomerManagedKey"):
        assert TEMPLATE["Parameters"][parameter]["Default"] == "false"


def test_the_key_is_used_by_nobody_from_outside_the_account_or_past_a_service() -> None:
    (key,) = of_type("AWS::KMS::Key").values()

    assert key["EnableKeyRotation"] is True
    for statement in key["KeyPolicy"]["Statement"]:
        if statement["Principal"] == {"AWS": "*"}:
            condition = statement["Condition"]["StringEquals"]
            assert condition["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
            assert condition["kms:ViaService"]
        elif "Service" in statement["Principal"]:
            assert statement["Condition"]


def test_the_page_is_reached_by_https_alone_and_its_bucket_by_the_distribution_alone() -> None:
    (distribution,) = of_type("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    (origin,) = config["Origins"]
    allowed = [
        each
        for each in of_type("AWS::S3::BucketPolicy")["SiteBucketPolicy"]["PolicyDocument"]["Statement"]
        if "Fn::If" in each
    ]

    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["SiteOriginAccess", "Id"]}
    ((condition, statement, otherwise),) = [each["Fn::If"] for each in allowed]
    assert (condition, otherwise) == ("WithSiteDistribution", {"Ref": "AWS::NoValue"})
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Action"] == "s3:GetObject"
    assert "${SiteDistribution}" in statement["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]


def test_what_no_emulator_has_is_left_out_where_the_page_has_an_address_already() -> None:
    for each in RESOURCES.values():
        if each["Type"].startswith("AWS::CloudFront::"):
            assert each["Condition"] == "WithSiteDistribution"


def test_every_check_that_is_skipped_has_its_reason_beside_it() -> None:
    skips = re.findall(r"^  - (\w+)(?: # (.*))?$", (ROOT / ".checkov.yaml").read_text(), flags=re.MULTILINE)

    assert len(skips) == len(yaml.safe_load((ROOT / ".checkov.yaml").read_text())["skip-check"])
    assert all(len(reason.split()) >= 4 for _, reason in skips)
    assert "checkov:skip" not in (ROOT / "template.yaml").read_text()
