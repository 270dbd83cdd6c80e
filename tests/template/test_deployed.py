"""What CloudFormation makes of the template: SAM's own transform is done first."""

import json
from typing import Any

import pytest

from infra import ROOT
from jobchange.store.lake_layout import PREFIXES
from tests.permissions import MOST_SURVIVORS, TABLE
from tests.support.acting import granted, name
from tests.support.deployed_template import DeployedTemplate
from tests.support.permissions import Permission, grants

TEMPLATE = DeployedTemplate(Alarms="true", CustomerManagedKey="true")
FUNCTIONS = TEMPLATE.of_type("AWS::Lambda::Function")
MAPPINGS = TEMPLATE.of_type("AWS::Lambda::EventSourceMapping").values()
_LOGS_AND_TRACES = {"AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}


def roles() -> dict[str, dict[str, Any]]:
    found = TEMPLATE.of_type("AWS::IAM::Role")
    return {function: found[f"{function}Role"] for function in FUNCTIONS}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_of_aws_own_policies_a_function_has_only_those_for_logs_and_traces(function: str) -> None:
    """SAM adds others by itself, such as taking messages from every queue of the account."""
    attached = {arn.rsplit("/", 1)[-1] for arn in roles()[function]["ManagedPolicyArns"]}

    assert attached == _LOGS_AND_TRACES


@pytest.mark.parametrize("function", FUNCTIONS)
def test_whatever_a_function_may_do_it_may_do_to_something_named(function: str) -> None:
    for each in granted(function):
        assert "*" not in each.action
        assert each.resource.count("*") == each.resource.endswith("/*")
        if each.resource.endswith("/*"):
            assert each.resource.rsplit("/", 2)[1] + "/" in {prefix.name for prefix in PREFIXES}


def test_lambda_takes_messages_for_a_function_from_its_own_queue_and_no_other() -> None:
    taking = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    queues = {mapping["FunctionName"].removeprefix("jobchange-"): mapping["EventSourceArn"] for mapping in MAPPINGS}

    assert set(queues) == {"ValidateFunction", "ScoreFunction", "DataRequestFunction"}
    for function in FUNCTIONS:
        mine = {Permission(action, queues[function]) for action in taking} if function in queues else set()
        if function in ("ApiFunction", "WatchFunction"):  # They say how many messages wait.
            mine = {Permission("sqs:GetQueueAttributes", queue) for queue in queues.values()}
        found = {each for each in granted(function) if each.action in taking and each.resource in {*queues.values()}}
        assert found == mine


def test_each_permission_is_needed_by_a_test() -> None:
    """The table comes from `python -m tests.permissions`, which takes each away and sees that its test then fails."""
    table: dict[str, str] = json.loads(TABLE.read_text())

    permissions = {name(function, each) for function, them in grants().items() for each in them}
    assert {*table} == permissions, "a permission is new or gone: python -m tests.permissions"
    assert sum(test == "" for test in table.values()) <= MOST_SURVIVORS * len(table)
    named = {tuple(test.partition("[")[0].split("::")) for test in table.values() if test}
    assert not [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]


def test_no_permission_is_said_twice() -> None:
    for function, them in grants().items():
        assert len({*them}) == len(them), function


def test_policies_environments_and_layers_fit() -> None:
    for function, properties in FUNCTIONS.items():
        policies = [each["PolicyDocument"] for each in roles()[function]["Policies"]]
        assert sum(len(json.dumps(each, separators=(",", ":"))) for each in policies) < 10_240
        variables = properties["Environment"]["Variables"]
        assert sum(len(key) + len(str(value)) for key, value in variables.items()) < 4_096
        assert len(properties["Layers"]) <= 5


def test_every_permission_of_a_service_names_its_source() -> None:
    assert all("SourceArn" in each for each in TEMPLATE.of_type("AWS::Lambda::Permission").values())


def test_there_is_no_stage_beside_the_throttled_and_logged_one() -> None:
    """SAM makes another, named Stage, unless the version of OpenAPI is said."""
    stages = TEMPLATE.of_type("AWS::ApiGateway::Stage").values()

    assert [each["StageName"] for each in stages] == ["prod", "prod"]
    assert all("StageName" not in each for each in TEMPLATE.of_type("AWS::ApiGateway::Deployment").values())
    assert all(each["AccessLogSetting"]["DestinationArn"] and each["TracingEnabled"] for each in stages)


def test_what_needs_no_token_is_throttled_lower_than_the_rest() -> None:
    api = TEMPLATE.resources["Api"]["Properties"]["Body"]["paths"]
    settings = TEMPLATE.resources["ApiprodStage"]["Properties"]["MethodSettings"]
    rates = {(each["ResourcePath"], each["HttpMethod"]): float(each["ThrottlingRateLimit"]) for each in settings}
    bursts = {(each["ResourcePath"], each["HttpMethod"]): float(each["ThrottlingBurstLimit"]) for each in settings}
    everything = ("/*", "*")

    for path, methods in api.items():
        for method, declared in methods.items():
            place = ("/" + path.replace("/", "~1"), method.upper())
            if declared.get("security") == [{"NONE": []}] or "security" not in declared:
                assert rates[place] <= rates[everything] / 4
                assert bursts[place] <= bursts[everything] / 2


def test_the_accounts_log_role_outlives_the_stack() -> None:
    for resource in ("GatewayAccount", "GatewayLogsRole"):
        assert TEMPLATE.resources[resource]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
def test_data_survives_a_change_for_which_its_table_or_bucket_is_made_again(kind: str) -> None:
    found = [each for each in TEMPLATE.resources.values() if each["Type"] == kind]

    assert found
    assert all(each["UpdateReplacePolicy"] == "Retain" for each in found)


def test_no_layer_stays_when_the_stack_is_deleted() -> None:
    layers = [each for each in TEMPLATE.resources.values() if each["Type"] == "AWS::Lambda::LayerVersion"]

    assert len(layers) == 5
    assert all(each["DeletionPolicy"] == "Delete" for each in layers)


@pytest.mark.parametrize("site", ["", "https://page.example/a/index.html"])
def test_nothing_relies_on_a_branch_not_being_looked_into(site: str) -> None:
    """CloudFormation is believed to leave the other branch of an Fn::If alone; not every engine does."""
    eager = DeployedTemplate(eager=True, SiteUrl=site)

    (rule,) = eager.resources["LakeBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    expected = "https://page.example" if site else "https://jobchange-SiteDistribution.DomainName"
    assert rule["AllowedOrigins"] == [expected]


def test_the_page_may_call_its_own_apis_and_no_other_host() -> None:
    headers = TEMPLATE.resources["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]

    assert policy == (
        "connect-src 'self' https://*.execute-api.eu-west-1.amazonaws.com https://s3.eu-west-1.amazonaws.com; "
        "frame-ancestors 'none'"
    )


def test_what_the_build_names_by_its_content_is_compressed_and_cached_and_nothing_else_is() -> None:
    config = TEMPLATE.resources["SiteDistribution"]["Properties"]["DistributionConfig"]
    (assets,) = config["CacheBehaviors"]
    optimized, disabled = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

    assert (assets["PathPattern"], assets["Compress"], assets["CachePolicyId"]) == ("assets/*", True, optimized)
    assert assets["ResponseHeadersPolicyId"] == config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
    assert config["DefaultCacheBehavior"]["CachePolicyId"] == disabled
