"""The tables in template.yaml by which Athena reads the scored files; their columns follow from the contract."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Final

from infra import ROOT
from infra.build.scored_columns import ALL, FILE_OF_KEY, STORED, VIEW
from infra.generate.markers import between

TEMPLATE: Final = ROOT / "template.yaml"
_GLUE: Final = {"integer": "int", "varchar": "string"}
"""What Glue calls types that have another name in SQL."""


def generated() -> Iterator[tuple[Path, str]]:
    """The file with the text that it should have."""
    yield TEMPLATE, with_tables(TEMPLATE.read_text(encoding="utf-8"))


def with_tables(text: str) -> str:
    """The template's text with today's tables."""
    return between(text, "  # <scored>\n", "  # </scored>", _parts() + "\n" + _view())


def _parts() -> str:
    return f"""\
  # One partition a day, known without looking: nothing has to be added when a file has been scored.
  ScoredPartsTable:
    Type: AWS::Glue::Table
    Condition: WithSql
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref SqlDatabase
      TableInput:
        Name: {VIEW}_parts
        Description: What the workers wrote of each dropped file
        TableType: EXTERNAL_TABLE
        PartitionKeys: [{{ Name: day, Type: string }}]
        Parameters:
          EXTERNAL: "TRUE"
          classification: csv
          compressionType: gzip
          skip.header.line.count: "1"
          projection.enabled: "true"
          projection.day.type: date
          projection.day.format: yyyy-MM-dd
          projection.day.range: !Sub "NOW-${{LakeDays}}DAYS,NOW"
          projection.day.interval: "1"
          projection.day.interval.unit: DAYS
          # Joined, as LocalStack's !Sub takes an escaped ${{!day}} for a resource.
          storage.location.template: !Join ["", ["s3://", !Ref LakeBucket, "/scored/$", "{{day}}/"]]
        StorageDescriptor:
          Location: !Sub "s3://${{LakeBucket}}/scored/"
          InputFormat: org.apache.hadoop.mapred.TextInputFormat
          OutputFormat: org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat
          # Nothing is ever quoted there, and what is missing is empty.
          SerdeInfo:
            SerializationLibrary: org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe
            Parameters: {{ field.delim: ",", serialization.format: ",", serialization.null.format: "" }}
          Columns:
{_columns(STORED)}
"""


def _view() -> str:
    columns = json.dumps([{"name": name, "type": type_} for name, type_ in ALL.items()])
    file_id = f"regexp_extract(\\\"$path\\\", '{FILE_OF_KEY}', 1) AS file_id"
    source = f'\\"${{SqlDatabase}}\\".\\"{VIEW}_parts\\"'
    query = f"SELECT day, {file_id}, {', '.join(STORED)} FROM {source}"  # noqa: S608 - from the declaration # nosec B608
    definition = (
        f'{{"catalog": "awsdatacatalog", "schema": "${{SqlDatabase}}", "columns": {columns}, "originalSql": "{query}"}}'
    )
    return f"""\
  # A view is a table that holds its columns and its query as packed JSON.
  ScoredView:
    Type: AWS::Glue::Table
    Condition: WithSql
    DependsOn: ScoredPartsTable
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref SqlDatabase
      TableInput:
        Name: {VIEW}
        Description: Each row of each scored file, with its day and the file's id
        TableType: VIRTUAL_VIEW
        Parameters: {{ presto_view: "true", comment: Presto View }}
        ViewExpandedText: /* Presto View */
        ViewOriginalText: !Sub
          - "/* Presto View: ${{Packed}} */"
          - Packed:
              Fn::Base64: !Sub >-
                {_folded(definition, 16)}
        StorageDescriptor:
          SerdeInfo: {{}}
          Columns:
{_columns(ALL)}
"""


def _columns(types: Mapping[str, str]) -> str:
    return "\n".join(f"            - {{ Name: {name}, Type: {_GLUE.get(each, each)} }}" for name, each in types.items())


def _folded(text: str, indent: int) -> str:
    """A long line as YAML's folded text: its parser puts the spaces back."""
    lines = wrap(text, 120 - indent, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)
