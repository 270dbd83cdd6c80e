"""What is drawn and what alarms: the one declaration behind the CloudWatch dashboard and alarms in the template, the
Grafana dashboard, and the runbook in docs/operations.md (`infra.generate.dashboards` writes them)."""

from dataclasses import dataclass

from infra.build.template import short_name

OURS = "jobchange"
"""Stands for the namespace of the functions' own metrics, which is the stack's name."""


@dataclass(frozen=True)
class Series:
    """One metric of one thing, named as in the template, or of a service where it is one of our own."""

    namespace: str
    metric: str
    stat: str
    dimension: str
    thing: str
    label: str
    """Its name in the legend."""


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    """As Grafana calls it: short (a count), s, ms, percent."""
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Alarm:
    """Goes off when `series` is above (or, with `comparison`, below) a limit for some periods of five minutes."""

    name: str
    series: Series
    limit: int
    comparison: str
    periods: int
    missing: str
    """What it means when there is no data point: notBreaching or breaching."""
    meaning: str
    what_to_do: str


def _function(thing: str, metric: str, stat: str = "Sum", label: str | None = None) -> Series:
    name = thing.removesuffix("Function")
    return Series("AWS/Lambda", metric, stat, "FunctionName", thing, label or name)


def _queue(thing: str, metric: str, label: str) -> Series:
    return Series("AWS/SQS", metric, "Maximum", "QueueName", thing, label)


def _api(metric: str, stat: str, label: str) -> Series:
    return Series("AWS/ApiGateway", metric, stat, "ApiName", "AWS::StackName", label)


def _ours(service: str, metric: str, stat: str, label: str) -> Series:
    return Series(OURS, metric, stat, "service", service, label)


FUNCTIONS = (
    "ValidateFunction",
    "DispatchFunction",
    "ScoreFunction",
    "ApiFunction",
    "AuthorizeFunction",
    "OpsFunction",
    "TrainFunction",
    "DataRequestFunction",
    "WatchFunction",
    "ForwardAlertFunction",
)
TABLES = ("FilesTable", "PredictionsTable", "StatsTable", "RunsTable")

PANELS = (
    # Ingestion and quality
    Panel(
        "Files",
        "short",
        (_ours("validate", "files", "Sum", "validated"), _ours("validate", "files_rejected", "Sum", "rejected")),
    ),
    Panel(
        "Rows",
        "short",
        (_ours("validate", "rows_good", "Sum", "good"), _ours("validate", "rows_bad", "Sum", "bad")),
    ),
    Panel(
        "Validation of a file",
        "s",
        (
            _ours("validate", "validation_seconds", "p50", "half within"),
            _ours("validate", "validation_seconds", "Maximum", "longest"),
        ),
    ),
    # Scoring
    Panel("Rows scored", "short", (_ours("score", "rows_scored", "Sum", "rows"),)),
    Panel(
        "A file from its claim to its last score",
        "s",
        (_ours("score", "file_seconds", "p50", "half within"), _ours("score", "file_seconds", "Maximum", "longest")),
    ),
    Panel("Scoring lag", "s", (_ours("watch", "scoring_lag_seconds", "Maximum", "oldest file waits"),)),
    Panel(
        "Messages waiting",
        "short",
        (
            _queue("IngestQueue", "ApproximateNumberOfMessagesVisible", "to validate"),
            _queue("ScoreQueue", "ApproximateNumberOfMessagesVisible", "to score"),
            _queue("DataRequestQueue", "ApproximateNumberOfMessagesVisible", "data requests"),
        ),
    ),
    Panel(
        "Dead letters",
        "short",
        (
            _queue("IngestDeadLetters", "ApproximateNumberOfMessagesVisible", "not validated"),
            _queue("ScoreDeadLetters", "ApproximateNumberOfMessagesVisible", "not scored"),
            _queue("DataRequestDeadLetters", "ApproximateNumberOfMessagesVisible", "data requests not completed"),
        ),
    ),
    Panel("Alerts not delivered", "short", (_ours("watch", "alerts_waiting", "Maximum", "waiting"),)),
    # API
    Panel(
        "API calls",
        "short",
        (
            _api("Count", "Sum", "all"),
            _api("4XXError", "Sum", "refused"),
            _api("5XXError", "Sum", "failed"),
        ),
    ),
    Panel("API latency", "ms", (_api("Latency", "p50", "half within"), _api("Latency", "p99", "99 % within"))),
    Panel("Predictions through the API", "short", (_ours("api", "predictions", "Sum", "candidates"),)),
    Panel(
        "A call's predictions",
        "ms",
        (
            _ours("api", "predict_milliseconds", "p50", "half within"),
            _ours("api", "predict_milliseconds", "p99", "99 % within"),
        ),
    ),
    # Machinery and what it costs
    Panel("Errors", "short", tuple(_function(each, "Errors") for each in FUNCTIONS)),
    Panel("Invocations", "short", tuple(_function(each, "Invocations") for each in FUNCTIONS)),
    Panel("Seconds of work", "ms", tuple(_function(each, "Duration") for each in FUNCTIONS)),
    Panel(
        "Units written",
        "short",
        tuple(
            Series("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum", "TableName", each, each.removesuffix("Table"))
            for each in TABLES
        ),
    ),
    Panel(
        "Units read",
        "short",
        tuple(
            Series("AWS/DynamoDB", "ConsumedReadCapacityUnits", "Sum", "TableName", each, each.removesuffix("Table"))
            for each in TABLES
        ),
    ),
)

_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_FINE, _BAD = "notBreaching", "breaching"
_LOG = "Read `make logs FN={}` (on AWS: the function's log group)"

ALARMS = (
    Alarm(
        "IngestDeadLettersAlarm",
        _queue("IngestDeadLetters", "ApproximateNumberOfMessagesVisible", "not validated"),
        *(0, _ABOVE, 1, _FINE),
        "A file could not be validated in three deliveries.",
        '`GET /ops/dlq` shows the reasons. Mend the cause, then `POST /ops/dlq/redrive` `{"queue": "ingest"}`.',
    ),
    Alarm(
        "ScoreDeadLettersAlarm",
        _queue("ScoreDeadLetters", "ApproximateNumberOfMessagesVisible", "not scored"),
        *(0, _ABOVE, 1, _FINE),
        "A part of a file could not be scored in three deliveries.",
        "`GET /ops/dlq` shows the reasons; often the model is refused: promote another version or roll back. Then "
        '`POST /ops/dlq/redrive` `{"queue": "score"}`.',
    ),
    Alarm(
        "DataRequestDeadLettersAlarm",
        _queue("DataRequestDeadLetters", "ApproximateNumberOfMessagesVisible", "data requests not completed"),
        *(0, _ABOVE, 1, _FINE),
        "A step of an erasure or a replay failed in three deliveries.",
        "`GET /ops/dlq` shows which. " + _LOG.format("data_request") + ". Mend the cause, then `POST /ops/dlq/redrive` "
        '`{"queue": "data_request"}`: it goes on where it stopped.',
    ),
    Alarm(
        "IngestAgeAlarm",
        _queue("IngestQueue", "ApproximateAgeOfOldestMessage", "oldest"),
        *(1800, _ABOVE, 2, _FINE),
        "A dropped file has waited for half an hour.",
        "More files than ten validations at once can take, or each is slow: see `Validation of a file` on the "
        "dashboard, raise `MaximumConcurrency` of ValidateFunction.",
    ),
    Alarm(
        "ScoreAgeAlarm",
        _queue("ScoreQueue", "ApproximateAgeOfOldestMessage", "oldest"),
        *(1800, _ABOVE, 2, _FINE),
        "A part has waited for half an hour to be scored.",
        "Raise `MaximumConcurrency` of ScoreFunction; look for throttling of the predictions table.",
    ),
    Alarm(
        "ScoringLagAlarm",
        _ours("watch", "scoring_lag_seconds", "Maximum", "oldest file waits"),
        *(1800, _ABOVE, 2, _FINE),
        "A validated file has not been scored completely for half an hour.",
        "Without a model, train one (`make train`). Otherwise look at the scoring runs and at the dead letters.",
    ),
    Alarm(
        "AlertsWaitingAlarm",
        _ours("watch", "alerts_waiting", "Maximum", "waiting"),
        *(0, _ABOVE, 3, _FINE),
        "The receiver of alerts has not taken any for a quarter of an hour; none is lost.",
        "Check the address in the SSM parameter `AlertsUrlName` names, and that the Teams workflow or Slack app still "
        "exists. What waits is sent within five minutes.",
    ),
    Alarm(
        "WatchSilentAlarm",
        _function("WatchFunction", "Invocations"),
        *(1, _BELOW, 3, _BAD),
        "The watch has not run for a quarter of an hour: nothing else would tell.",
        "See that the rule of WatchFunction is enabled and the function not throttled.",
    ),
    Alarm(
        "ApiFailuresAlarm",
        _api("5XXError", "Sum", "failed"),
        *(5, _ABOVE, 1, _FINE),
        "More than five API calls in five minutes have failed.",
        _LOG.format("api") + "; a 503 means that there is no model, or it is refused.",
    ),
    *(
        Alarm(
            f"{function.removesuffix('Function')}ErrorsAlarm",
            _function(function, "Errors"),
            *(0, _ABOVE, 1, _FINE),
            f"{function} has failed.",
            _LOG.format(short_name(function)) + ": the line `unexpected error` tells kind and place.",
        )
        for function in FUNCTIONS
    ),
)
