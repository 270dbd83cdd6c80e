"""What the template says, read as plain data."""

import json
import re
from typing import Any

import pytest

from infra.build.scored_columns import ALL, FILE_OF_KEY, STORED
from infra.build.template import read_template
from infra.generate import scored_tables
from infra.stacks.localstack import LocalStackStack
from jobchange.store import scored_files, tables
from jobchange.store.lake_layout import SCORED, scored_part_key

TEMPLATE = read_template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == kind}


APIS: dict[str, Any] = TEMPLATE["Globals"]["Api"]
FUNCTIONS = of_type("AWS::Serverless::Function")
MAPPINGS = list(of_type("AWS::Lambda::EventSourceMapping").values())
(SITE_ORIGIN,) = of_type("AWS::S3::Bucket")["LakeBucket"]["CorsConfiguration"]["CorsRules"][0]["AllowedOrigins"]
MODELS = [
    each for each in vars(tables).values() if isinstance(each, type) and issubclass(each, tables.Table) and each.setting
]


def keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {each["KeyType"]: each["AttributeName"] for each in schema}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.setting)
def test_tables_and_indexes_are_those_that_the_code_reads(model: type[tables.Table]) -> None:
    logical = "".join(word.capitalize() for word in model.setting.split("_"))
    declared = of_type("AWS::DynamoDB::Table")[logical]
    code: Any = model._get_schema()

    def shape(table: dict[str, Any], names: tuple[str, str, str, str, str, str]) -> Any:
        schema, attributes, indexes, index_name, key_schema, projection = names
        types = {each["AttributeName"]: each["AttributeType"] for each in table[attributes]}
        return (
            keys(table[schema]),
            types,
            {
                each[index_name]: (keys(each[key_schema]), each[projection]["ProjectionType"])
                for each in table.get(indexes, [])
            },
        )

    ours = shape(
        code,
        ("key_schema", "attribute_definitions", "global_secondary_indexes", "index_name", "key_schema", "projection"),
    )
    theirs = shape(
        declared,
        ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "IndexName", "KeySchema", "Projection"),
    )
    assert ours == theirs


def test_every_function_finds_its_folder_and_handler() -> None:
    from infra import ROOT

    for properties in FUNCTIONS.values():
        module, name = properties.get("Handler", "app.handler").split(".")
        source = (ROOT / properties["CodeUri"] / f"{module}.py").read_text()
        assert f"def {name}(" in source or f"{name} = " in source


def test_only_the_raw_folder_starts_an_ingestion() -> None:
    (queue,) = of_type("AWS::S3::Bucket")["LakeBucket"]["NotificationConfiguration"]["QueueConfigurations"]

    assert queue["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "raw/"}]


def test_every_queue_that_feeds_a_function_has_dead_letters_after_five_deliveries() -> None:
    queues = of_type("AWS::SQS::Queue")
    feeding = {each["EventSourceArn"]["Fn::GetAtt"][0] for each in MAPPINGS}

    assert feeding == {"IngestQueue", "ScoreQueue", "DataRequestQueue"}
    for queue in feeding:
        assert queues[queue]["RedrivePolicy"]["maxReceiveCount"] == 5


def test_a_message_stays_hidden_longer_than_its_function_may_run() -> None:
    default = {name: each["Default"] for name, each in TEMPLATE["Parameters"].items()}
    queues = of_type("AWS::SQS::Queue")

    for mapping in MAPPINGS:
        queue, function = queues[mapping["EventSourceArn"]["Fn::GetAtt"][0]], FUNCTIONS[mapping["FunctionName"]["Ref"]]
        assert default[queue["VisibilityTimeout"]["Ref"]] > default[function["Timeout"]["Ref"]]
    # Five deliveries of a part fit into its file's lease, and five of a file into the time before the watch alerts.
    assert default["LeaseSeconds"] > 5 * default["ScoreVisibilitySeconds"]
    assert default["WatchStuckSeconds"] > 5 * default["IngestVisibilitySeconds"]


def test_a_lock_of_a_data_request_ends_when_the_function_that_holds_it_must_have_ended() -> None:
    function = FUNCTIONS["DataRequestFunction"]

    assert function["Environment"]["Variables"]["DATA_REQUEST_SECONDS"] == function["Timeout"]


def test_queues_hand_over_one_message_at_a_time_and_learn_which_failed() -> None:
    for mapping in MAPPINGS:
        assert mapping["BatchSize"] == 1
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_what_queues_start_leaves_the_api_room_in_a_new_accounts_ten_functions_at_once() -> None:
    limits = TEMPLATE["Mappings"]["Concurrency"]
    used = [each["ScalingConfig"]["MaximumConcurrency"]["Fn::FindInMap"] for each in MAPPINGS]

    assert [each[:2] for each in used] == [["Concurrency", {"Ref": "FunctionsAtOnce"}]] * 3
    assert {each[2] for each in used} == set(limits["10"])
    assert TEMPLATE["Parameters"]["FunctionsAtOnce"]["Default"] == "10"
    # The API, its authorizer, the dispatcher and the watch run beside them. SQS takes no limit below two.
    assert sum(limits["10"].values()) <= 10 - 4
    assert all(limit >= 2 for quota in limits.values() for limit in quota.values())


def test_every_method_is_named_and_only_the_public_routes_need_no_token() -> None:
    routes = [
        event["Properties"]
        for properties in FUNCTIONS.values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "Api"
    ]

    assert all(route["Method"] != "ANY" for route in routes)
    public = {route["Path"] for route in routes if route.get("Auth", {}).get("Authorizer") == "NONE"}
    assert public == {"/health", "/docs", "/docs/{name}", "/openapi.json", "/{proxy+}"}
    assert {route["Method"] for route in routes if route["Path"] == "/{proxy+}" and "Auth" in route} == {"options"}
    for route in routes:
        if route["RestApiId"] == {"Ref": "Api"} and route["Method"] == "get":
            assert {**route, "Method": "head"} in routes
    assert APIS["Auth"]["DefaultAuthorizer"] == "Token"
    assert APIS["Auth"]["Authorizers"]["Token"]["Identity"]["ReauthorizeEvery"] <= 60
    assert all("Auth" not in api for api in of_type("AWS::Serverless::Api").values())


def test_the_bytes_of_files_pass_the_gateway_as_they_are() -> None:
    assert of_type("AWS::Serverless::Api")["Api"]["BinaryMediaTypes"] == ["text/csv", "application/gzip"]


def test_the_gateways_own_answers_are_problem_documents_that_the_page_may_read() -> None:
    answers = APIS["GatewayResponses"]

    assert set(answers) == {"UNAUTHORIZED", "ACCESS_DENIED", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"}
    for answer in answers.values():
        headers = answer["ResponseParameters"]["Headers"]
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["Access-Control-Allow-Origin"] == {"Fn::Sub": ["'${Origin}'", {"Origin": SITE_ORIGIN}]}
        document = json.loads(answer["ResponseTemplates"]["application/json"])
        assert document["detail"]
        assert document.get("status") == answer.get("StatusCode")


def test_every_stage_is_throttled_and_its_log_tells_nothing_of_the_caller() -> None:
    (limits,) = APIS["MethodSettings"]

    assert (limits["HttpMethod"], limits["ResourcePath"]) == ("*", "/*")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(limits)
    logged = json.loads(APIS["AccessLogSetting"]["Format"])
    assert "$context.requestId" in logged.values()
    for personal in ("identity", "authorizer", "path", "requestOverride", "xrayTraceId"):
        assert not any(value.startswith(f"$context.{personal}") for value in logged.values())


def test_the_authorizer_reads_the_table_of_tokens_and_nothing_else() -> None:
    (policy,) = FUNCTIONS["AuthorizeFunction"]["Policies"]

    assert policy["Statement"] == [
        {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["AccessTable", "Arn"]}}
    ]


def test_the_lake_takes_uploads_from_the_sites_origin_only() -> None:
    (rule,) = of_type("AWS::S3::Bucket")["LakeBucket"]["CorsConfiguration"]["CorsRules"]

    assert rule["AllowedMethods"] == ["GET", "POST"]
    assert rule["AllowedOrigins"] == [SITE_ORIGIN]
    condition, ours, others = SITE_ORIGIN["Fn::If"]
    assert (condition, ours) == ("WithSiteDistribution", {"Fn::Sub": "https://${SiteDistribution.DomainName}"})
    assert others["Fn::Join"][0] == "//"


def test_settings_of_the_functions_are_settings_that_the_code_knows() -> None:
    from dataclasses import fields

    from jobchange.settings import Settings

    known = {each.name.upper() for each in fields(Settings)} | {
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
    }
    declared = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for properties in FUNCTIONS.values():
        declared |= set(properties.get("Environment", {}).get("Variables", {}))
    assert declared == known


def test_the_defaults_of_the_settings_are_those_of_the_template() -> None:
    from dataclasses import fields

    from jobchange.settings import Settings

    defaults = {each.name.upper(): each.metadata["default"] for each in fields(Settings)}
    variables = [TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]]
    variables += [each["Environment"]["Variables"] for each in FUNCTIONS.values() if "Environment" in each]
    compared = set()
    for name, value in ((name, value) for each in variables for name, value in each.items()):
        parameter = TEMPLATE["Parameters"].get(value["Ref"]) if isinstance(value, dict) and "Ref" in value else None
        # Outside a deployed function there is no X-Ray to send traces to.
        if parameter is not None and parameter.get("Default", "") != "" and name != "TRACING":
            assert type(defaults[name])(parameter["Default"]) == defaults[name], name
            compared.add(name)
    assert compared >= {name for name, default in defaults.items() if isinstance(default, int | float)}


def test_nothing_is_escaped_in_a_substitution_as_localstack_takes_it_for_a_resource() -> None:
    assert "${!" not in json.dumps(TEMPLATE)


def test_what_athena_reads_is_what_the_workers_write_by_day() -> None:
    table = of_type("AWS::Glue::Table")["ScoredPartsTable"]["TableInput"]
    parameters, storage = table["Parameters"], table["StorageDescriptor"]

    separator, (scheme, bucket, *place) = parameters["storage.location.template"]["Fn::Join"]
    assert (separator, scheme, bucket) == ("", "s3://", {"Ref": "LakeBucket"})
    day = "".join(place).replace("${day}", "2026-11-20")
    assert f"/{scored_part_key('2026-11-20', 'f1', 1)}".startswith(f"{day}f1/")
    assert storage["Location"] == {"Fn::Sub": f"s3://${{LakeBucket}}/{SCORED}"}
    assert parameters["projection.day.range"] == {"Fn::Sub": "NOW-${LakeDays}DAYS,NOW"}
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    assert parameters["skip.header.line.count"] == "1"
    kinds = {"int": "integer", "string": "varchar"}
    columns = {each["Name"]: kinds.get(each["Type"], each["Type"]) for each in storage["Columns"]}
    assert list(columns.items()) == list(STORED.items())
    assert list(columns) == [scored_files.COLUMNS[0].removeprefix("_"), *scored_files.COLUMNS[1:]]


def test_the_view_is_what_athena_keeps_views_as() -> None:
    view = of_type("AWS::Glue::Table")["ScoredView"]["TableInput"]
    text, packed = view["ViewOriginalText"]["Fn::Sub"]
    definition = json.loads(packed["Packed"]["Fn::Base64"]["Fn::Sub"].replace("${SqlDatabase}", "jobchange"))

    assert text == "/* Presto View: ${Packed} */"
    assert view["TableType"] == "VIRTUAL_VIEW"
    assert {each["name"]: each["type"] for each in definition["columns"]} == ALL
    assert [each["Name"] for each in view["StorageDescriptor"]["Columns"]] == list(ALL)
    selected, source = definition["originalSql"].removeprefix("SELECT ").split(" FROM ")
    file_id = f"""regexp_extract("$path", '{FILE_OF_KEY}', 1) AS file_id"""
    assert selected == ", ".join(file_id if name == "file_id" else name for name in ALL)
    assert source == '"jobchange"."scored_parts"'
    assert definition["schema"] == "jobchange"
    found = re.search(FILE_OF_KEY, f"s3://lake/{scored_part_key('2026-11-20', 'f1', 1)}")
    assert found is not None
    assert found[1] == "f1"


def test_the_tables_for_sql_follow_from_the_contract() -> None:
    text = scored_tables.TEMPLATE.read_text(encoding="utf-8")

    assert scored_tables.with_tables(text) == text, "run: make generate"


def test_without_sql_neither_athena_nor_glue_is_needed() -> None:
    for name, each in RESOURCES.items():
        if each["Type"].startswith(("AWS::Athena::", "AWS::Glue::")):
            assert each["Condition"] == "WithSql", name
    assert LocalStackStack("jobchange", "http://127.0.0.1:4566").parameters()["SqlScanBytes"] == "0"
