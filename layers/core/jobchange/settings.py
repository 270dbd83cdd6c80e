"""Everything that can be set from outside, in one table. Nothing else in the functions reads the environment."""

import os
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T", str, int, float)


def _setting(help: str, *, default: T | None = None) -> T:  # noqa: A002
    """A setting read from the environment variable of the same name in capitals; no default: it must be there."""
    value: T = field(metadata={"help": help, "default": default})
    return value


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the template gives each function through its environment variables."""

    lake_bucket: str = _setting("The S3 bucket with raw/, good/, bad/, reports/ and models/.")
    files_table: str = _setting("DynamoDB table of ingested files.")
    contents_table: str = _setting("DynamoDB table of file contents seen.")
    predictions_table: str = _setting("DynamoDB table of predictions.")
    outcomes_table: str = _setting("DynamoDB table of what candidates really did.")
    runs_table: str = _setting("DynamoDB table of runs.")
    stats_table: str = _setting("DynamoDB table of counters.")
    models_table: str = _setting("DynamoDB table of model versions and aliases.")
    alerts_table: str = _setting("DynamoDB table of alerts on their way, and of what the watch found.")
    access_table: str = _setting("DynamoDB table of access tokens, hashed.")
    idempotency_table: str = _setting("DynamoDB table of requests that may be repeated.")
    ingest_queue_url: str = _setting("SQS queue of files to validate.", default="")
    ingest_dead_letters_url: str = _setting("SQS queue of files that could not be validated.", default="")
    score_dead_letters_url: str = _setting("SQS queue of parts that could not be scored.", default="")
    suppressions_table: str = _setting("DynamoDB table of erased candidates, hashed.")
    data_request_queue_url: str = _setting("SQS queue of erasures and replays, step by step.", default="")
    data_request_dead_letters_url: str = _setting("SQS queue of such steps that failed.", default="")
    data_request_seconds: int = _setting("How long one step of an erasure or a replay may take.", default=900)
    score_queue_url: str = _setting("SQS queue with one message for each part to score.", default="")
    alerts_topic_arn: str = _setting("SNS topic that alerts are published to.", default="")
    train_function: str = _setting("Name of the function that trains a model.", default="")
    site_url: str = _setting("The page's address; its origin alone may call the API from a browser.", default="")
    tracing: str = _setting("Active where X-Ray takes traces.", default="PassThrough")
    lake_days: int = _setting("Days after which what was dropped, and what was made of it, is deleted.", default=365)
    prediction_days: int = _setting("Days after which a prediction or an outcome is deleted.", default=365)
    outcome_delay_days: int = _setting("Days after a prediction before which no outcome is joined to it.", default=0)
    outcome_horizon_days: int = _setting("Days that a candidate has for a change before a no counts.", default=0)
    run_days: int = _setting("Days after which a run is deleted.", default=90)
    alerts_channel: str = _setting("Where alerts go: log, teams, slack or webhook.", default="log")
    alerts_url_name: str = _setting("Name of the SSM parameter with the receiver's address.", default="")
    alerts_burst: int = _setting("Alerts forwarded one by one within five minutes.", default=5)
    watch_drift_columns: int = _setting("Drifted columns of a day from which on to alert.", default=1)
    watch_lag_seconds: int = _setting("How long a file may wait to be scored.", default=1200)
    watch_stuck_seconds: int = _setting("How long a file may take to be validated.", default=4800)
    watch_dead_letters: int = _setting("Messages that may be in a queue of dead letters.", default=0)
    watch_silence_hours: float = _setting("Hours without a file from which on to alert; 0: never.", default=0.0)
    watch_quality_margin: float = _setting(
        "How far the live AUC may be below the expected, but for chance.", default=0.01
    )
    watch_estimate_margin: float = _setting("How far the estimated AUC may be below the card's.", default=0.05)
    watch_quality_outcomes: int = _setting("Outcomes from which on the live AUC is judged.", default=300)
    part_rows: int = _setting("Good rows of one part.", default=100000)
    lease_seconds: int = _setting("How long a dispatched file isn't dispatched again.", default=1680)
    retry_seconds: int = _setting("After how long a failed message is delivered again, at first.", default=10)

    @property
    def site_origin(self) -> str:
        """Scheme, host and port of the page; empty when its address isn't known."""
        site = urlsplit(self.site_url)
        return f"{site.scheme}://{site.netloc}" if site.netloc else ""

    def page_link(self, view: str) -> str | None:
        """The address of one of the page's views, such as `files`; None where the page's address isn't known."""
        return f"{self.site_url}#{view}" if self.site_url else None


@cache
def settings() -> Settings:
    """The settings of this process, read once when first needed.

    Raises RuntimeError naming every variable that is missing or is no number.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for each in fields(Settings):
        name, default = each.name.upper(), each.metadata["default"]
        text = os.environ.get(name)
        if text is None and default is None:
            problems.append(f"{name} is missing")
        try:
            # Every number has a default.
            values[each.name] = default if text is None else text if default is None else type(default)(text)
        except ValueError:
            problems.append(f"{name} isn't a number")
    if problems:
        raise RuntimeError(f"The environment variables are not as they must be: {', '.join(problems)}")
    return Settings(**values)
