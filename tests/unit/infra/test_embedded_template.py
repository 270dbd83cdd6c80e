"""Where the embedded stack's template differs from AWS's: here, and nowhere else."""

from typing import Any

from infra.build.template import read_template
from infra.stacks import embedded_template


def adapted() -> tuple[dict[str, Any], dict[str, Any]]:
    template, changed = read_template(), read_template()
    embedded_template.adapt(changed)
    return template, changed


def allowed(template: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Every permission in the policies of functions: whose, what, on what."""
    found = set()
    for name, each in template["Resources"].items():
        for policy in each.get("Properties", {}).get("Policies", []):
            for statement in policy["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                found |= {(name, action, str(statement["Resource"])) for action in actions}
    return found


def test_nothing_is_changed_but_what_is_read_over_plain_http_and_the_gateways_answers() -> None:
    template, changed = adapted()
    before, after = template["Resources"], changed["Resources"]
    functions = {name for name, each in before.items() if each["Type"] == "AWS::Serverless::Function"}

    assert {*before} - {*after} == {"LakeBucketPolicy"}
    assert {after[name]["Type"] for name in {*after} - {*before}} == {"AWS::ApiGateway::GatewayResponse"}
    different = {name for name in {*before} & {*after} if before[name] != after[name]}
    assert different - functions == {"SiteBucket", "SiteBucketPolicy"}
    assert {name: each for name, each in changed.items() if name != "Resources"} == {
        name: each for name, each in template.items() if name != "Resources"
    }


def test_a_function_may_do_nothing_more_but_in_batches_what_it_may_do_singly() -> None:
    template, changed = adapted()

    more = allowed(changed) - allowed(template)
    assert allowed(template) <= allowed(changed)
    assert more
    for function, action, resource in more:
        assert action.endswith("Batch")
        assert (function, action.removesuffix("Batch"), resource) in allowed(template)


def test_everybody_may_read_the_page_and_do_nothing_else() -> None:
    _, changed = adapted()
    (policy,) = [each for each in changed["Resources"].values() if each["Type"] == "AWS::S3::BucketPolicy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    assert statement["Resource"] == {"Fn::Sub": "${SiteBucket.Arn}/*"}


def test_both_gateways_answer_in_the_words_of_the_template() -> None:
    template, changed = adapted()
    words = template["Globals"]["Api"]["GatewayResponses"]
    answers = [each["Properties"] for each in changed["Resources"].values() if "GatewayResponse" in each["Type"]]

    assert {(each["RestApiId"]["Ref"], each["ResponseType"]) for each in answers} == {
        (api, kind) for api in ("Api", "OpsApi") for kind in words
    }
    for each in answers:
        assert each["ResponseTemplates"] == words[each["ResponseType"]]["ResponseTemplates"]
