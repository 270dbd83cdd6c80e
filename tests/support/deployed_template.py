"""The template as CloudFormation carries it out: SAM's transform is done here, then what it says is worked out for one
set of parameters, as CloudFormation does it on AWS."""

import copy
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from infra.build.template import CODE, read_template

ACCOUNT, REGION, STACK = "123456789012", "eu-west-1", "jobchange"
_PSEUDO: Mapping[str, Any] = {
    "AWS::StackName": STACK,
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}
_ARNS = {
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/",
    "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:",
    "AWS::SNS::Topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:",
    "AWS::S3::Bucket": "arn:aws:s3:::",
    "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:",
    "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/",
}
_MANAGED_ROLES = ("AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole")


class _ManagedPolicies:
    """What SAM asks for policies of AWS's own."""

    def load(self) -> dict[str, str]:
        return {name: f"arn:aws:iam::aws:policy/service-role/{name}" for name in _MANAGED_ROLES}


@cache
def _transformed(parameters: tuple[tuple[str, str], ...]) -> str:
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    from samtranslator.translator.transform import transform  # type: ignore[import-untyped]

    template = copy.deepcopy(read_template())
    for name, resource in template["Resources"].items():
        place = CODE.get(resource["Type"])
        if place:
            resource["Properties"][place] = f"s3://artifacts/{name}.zip"
        resource.pop("Metadata", None)
    return json.dumps(transform(template, dict(parameters), _ManagedPolicies()))


class DeployedTemplate:
    """The transformed template with parameters; `eager` looks into both branches of an Fn::If, as some engines do."""

    def __init__(self, *, eager: bool = False, **parameters: str) -> None:
        declared = read_template()["Parameters"]
        self.parameters = {name: str(each["Default"]) for name, each in declared.items()} | parameters
        self.template: dict[str, Any] = json.loads(_transformed(tuple(sorted(self.parameters.items()))))
        self._eager = eager
        self.resources = {
            name: {**each, "Properties": self.value(each.get("Properties", {}))}
            for name, each in self.template["Resources"].items()
            if "Condition" not in each or self._holds({"Condition": each["Condition"]})
        }

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of the resources of a type, by their names."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    def arn(self, name: str) -> str:
        """The ARN of a resource."""
        return _ARNS[self.template["Resources"][name]["Type"]] + self.physical(name)

    def physical(self, name: str) -> str:
        """The name of a resource, where the template gives none: its own with the stack's."""
        properties = self.template["Resources"][name].get("Properties", {})
        given = next((properties[each] for each in ("BucketName", "LogGroupName") if each in properties), None)
        return str(self.value(given)) if given else f"{STACK}-{name}"

    def value(self, node: Any) -> Any:
        """What a part of the template comes to."""
        if isinstance(node, list):
            return [each for each in map(self.value, node) if each is not None]
        if not isinstance(node, dict):
            return node
        match node:
            case {"Ref": name}:
                return self._reference(name)
            case {"Fn::GetAtt": [name, attribute]}:
                return self._attribute(name, attribute)
            case {"Fn::GetAtt": text}:
                return self._attribute(*text.split(".", 1))
            case {"Fn::If": [condition, *branches]}:
                values = [self.value(each) for each in branches] if self._eager else []
                chosen = 0 if self._holds({"Condition": condition}) else 1
                return values[chosen] if self._eager else self.value(branches[chosen])
            case {"Fn::Join": [glue, texts]}:
                return glue.join(map(str, self.value(texts)))
            case {"Fn::Split": [glue, text]}:
                return self.value(text).split(glue)
            case {"Fn::Select": [index, values]}:
                return self.value(values)[int(index)]
            case {"Fn::FindInMap": [mapping, first, second]}:
                return self.template["Mappings"][mapping][self.value(first)][self.value(second)]
            case {"Fn::Sub": [text, variables]}:
                return self._substituted(text, variables)
            case {"Fn::Sub": text}:
                return self._substituted(text, {})
        members = {key: self.value(each) for key, each in node.items()}
        return {key: each for key, each in members.items() if each is not None}

    def _holds(self, condition: Any) -> bool:
        match condition:
            case {"Condition": name}:
                return self._holds(self.template["Conditions"][name])
            case {"Fn::Equals": [one, other]}:
                return bool(self.value(one) == self.value(other))
            case {"Fn::Not": [one]}:
                return not self._holds(one)
            case {"Fn::And": all_of}:
                return all(map(self._holds, all_of))
        raise NotImplementedError(condition)

    def _reference(self, name: str) -> Any:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self.parameters:
            return self.parameters[name]
        kind = self.template["Resources"][name]["Type"]
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.physical(name)}"
        return self.arn(name) if kind == "AWS::SNS::Topic" else self.physical(name)

    def _attribute(self, name: str, attribute: str) -> str:
        if attribute == "Arn":
            return self.arn(name)
        return self.physical(name) if attribute == "QueueName" else f"{self.physical(name)}.{attribute}"

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> str:
        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name in variables:
                return str(self.value(variables[name]))
            if "." in name and "::" not in name:
                return self._attribute(*name.split(".", 1))
            return str(self._reference(name))

        return re.sub(r"\$\{([^}!]+)\}", one, text)
