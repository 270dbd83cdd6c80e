"""The places where a stack can run, and what `sam` is given for each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from infra import CommandError
from infra.build import sam
from infra.build.template import read_template
from infra.stacks import current
from infra.stacks.aws import AwsStack
from infra.stacks.current import TARGETS
from infra.stacks.localstack import LocalStackStack


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in ("TARGET", "STACK", "PORT", "CONFIG", "RUNTIME", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    current.stack.cache_clear()
    yield
    current.stack.cache_clear()


def test_the_embedded_stack_is_meant_unless_another_target_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert current.stack().target == "embedded"

    for target in TARGETS:
        monkeypatch.setenv("TARGET", target)
        current.stack.cache_clear()
        assert current.stack().target == target


def test_a_target_that_is_not_possible_is_reported_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "azure")

    with pytest.raises(CommandError, match="TARGET=azure isn't possible: use embedded, localstack, aws"):
        current.stack()


def test_stacks_of_one_name_on_different_targets_keep_their_things_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    homes = set()
    for target in TARGETS:
        monkeypatch.setenv("TARGET", target)
        current.stack.cache_clear()
        homes.add(current.stack().home)

    assert len(homes) == len(TARGETS)


def test_a_localstack_that_answers_elsewhere_is_used_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "localstack")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4999")

    assert current.stack().endpoint_url == "http://127.0.0.1:4999"


def test_a_localstack_on_another_machine_is_never_started() -> None:
    with pytest.raises(CommandError, match="no LocalStack answers"):
        LocalStackStack("any", "http://localstack.invalid:4566").start()


def test_only_aws_has_no_address_and_no_tokens_of_its_own() -> None:
    here = AwsStack("any")

    assert here.endpoint_url is None
    assert here.tokens() == {}
    assert "AWS_ENDPOINT_URL" not in here.environment()


def test_aws_is_not_deployed_to_where_an_emulators_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    with pytest.raises(CommandError, match="isn't AWS"):
        AwsStack("any").start()


def test_without_credentials_aws_says_so_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    with pytest.raises(CommandError, match="Sign in first"):
        AwsStack("any").start()


def test_production_is_protected_by_its_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFIG", "prod")

    command = sam.deployment("jobchange-prod", Path("t.yaml"), AwsStack("jobchange-prod").parameters(), "prod")

    assert command[command.index("--config-env") + 1] == "prod"
    passed = command[command.index("--parameter-overrides") + 1 :]
    assert {"PointInTimeRecovery=true", "DeletionProtection=true"} <= set(passed)


@pytest.mark.parametrize("chosen", ["", "python3.12"])
def test_every_deployment_passes_every_parameter_so_that_no_former_value_stays(
    chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME", chosen)

    command = sam.deployment("any", Path("t.yaml"), {"LogDays": "90"}, "default")

    passed = dict(pair.split("=", 1) for pair in command[command.index("--parameter-overrides") + 1 :])
    defaults = {name: str(each["Default"]) for name, each in read_template()["Parameters"].items()}
    expected = {name: value for name, value in defaults.items() if value}
    assert passed == expected | {"LogDays": "90", "Runtime": chosen or "python3.13"}


def test_a_change_on_aws_is_shown_and_waits_for_a_yes_and_one_on_localstack_does_not() -> None:
    import tomllib

    from infra import ROOT

    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    confirmed = {
        name: config[name]["deploy"]["parameters"]["confirm_changeset"] for name in config if name != "version"
    }
    assert confirmed == {"default": True, "prod": True, "localstack": False}


def test_layers_are_folded_into_the_functions_that_use_them_and_leave_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "build"
    for path in ("Layer/python/pkg.py", "Layer/python/both.py", "Uses/app.py", "Uses/both.py", "Other/app.py"):
        (built / path).parent.mkdir(parents=True, exist_ok=True)
        (built / path).write_text(path)
    template = {
        "Resources": {
            "Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Layer"}},
            "Uses": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "CodeUri": "Uses",
                    "Layers": [{"Fn::If": ["WithLayers", {"Ref": "Layer"}, {"Ref": "AWS::NoValue"}]}],
                },
            },
            "Other": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "Other"}},
        }
    }
    (built / "template.yaml").write_text(yaml.safe_dump(template))
    monkeypatch.setattr(sam, "BUILT", built)
    monkeypatch.setattr(sam, "FOLDED", tmp_path / "folded")

    folded = read_template(sam.folded())["Resources"]

    assert set(folded) == {"Uses", "Other"}
    assert folded["Uses"]["Properties"] == {"CodeUri": "Uses"}
    # The function's own file wins over its layer's, as on Lambda's path.
    files = {path.name: path.read_text() for path in (tmp_path / "folded" / "Uses").iterdir()}
    assert files == {"pkg.py": "Layer/python/pkg.py", "both.py": "Uses/both.py", "app.py": "Uses/app.py"}


@pytest.mark.parametrize("protected", ["true", "false"])
def test_a_stack_with_protected_tables_is_protected_as_a_whole(protected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3
    from botocore.stub import Stubber

    client = boto3.client("cloudformation", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(AwsStack, "client", lambda *_: client)
    monkeypatch.setattr(sam, "build", lambda _: Path("t.yaml"))
    monkeypatch.setattr(sam, "run", lambda *_: None)

    with Stubber(client) as cloudformation:
        cloudformation.add_response(
            "update_termination_protection",
            {},
            {"StackName": "any", "EnableTerminationProtection": protected == "true"},
        )
        AwsStack("any").deploy_template({"DeletionProtection": protected})

        cloudformation.assert_no_pending_responses()
