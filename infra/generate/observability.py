"""What is drawn and what alarms: the one declaration behind the CloudWatch dashboard and alarms in the template, the
Grafana dashboard, and the runbook in docs/operations.md (`infra.generate.dashboards` writes them)."""

from dataclasses import dataclass

from aws_lambda_powertools.metrics import MetricUnit

from infra.build.template import short_name
from jobchange.aws.telemetry import METRICS

OURS = "jobchange"
"""For the namespace of the functions' own metrics, which is the stack's name."""
_UNITS = {MetricUnit.Count: "short", MetricUnit.Seconds: "s", MetricUnit.Milliseconds: "ms"}
_AWS_UNITS = {
    "4XXError": "short",
    "5XXError": "short",
    "ApproximateAgeOfOldestMessage": "s",
    "ApproximateNumberOfMessagesVisible": "short",
    "ConsumedReadCapacityUnits": "short",
    "ConsumedWriteCapacityUnits": "short",
    "Count": "short",
    "Duration": "ms",
    "Errors": "short",
    "Invocations": "short",
    "Latency": "ms",
}


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

    @property
    def unit(self) -> str:
        """As Grafana calls it: short (a count), s, ms."""
        return _UNITS[METRICS[self.thing][self.metric]] if self.namespace == OURS else _AWS_UNITS[self.metric]


@dataclass(frozen=True)
class Panel:
    title: str
    series: tuple[Series, ...]

    @property
    def unit(self) -> str:
        """The one unit of all its series."""
        (unit,) = {each.unit for each in self.series}
        return unit


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


def _ours(metric: str, stat: str, label: str) -> Series:
    (service,) = [name for name, metrics in METRICS.items() if metric in metrics]
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
        (
            _ours("files", "Sum", "validated"),
            _ours("files_rejected", "Sum", "rejected"),
            _ours("objects_skipped", "Sum", "no files of candidates"),
        ),
    ),
    Panel(
        "Rows",
        (_ours("rows_good", "Sum", "good"), _ours("rows_bad", "Sum", "bad")),
    ),
    Panel(
        "Validation of a file",
        (
            _ours("validation_seconds", "p50", "p50"),
            _ours("validation_seconds", "Maximum", "longest"),
        ),
    ),
    # Scoring
    Panel("Rows scored", (_ours("rows_scored", "Sum", "rows"),)),
    Panel(
        "Time to score a file",
        (_ours("file_end_to_end_seconds", "p50", "p50"), _ours("file_end_to_end_seconds", "Maximum", "longest")),
    ),
    Panel("Scoring lag", (_ours("scoring_lag_seconds", "Maximum", "oldest file waits"),)),
    Panel(
        "Messages waiting",
        (
            _queue("IngestQueue", "ApproximateNumberOfMessagesVisible", "to validate"),
            _queue("ScoreQueue", "ApproximateNumberOfMessagesVisible", "to score"),
            _queue("DataRequestQueue", "ApproximateNumberOfMessagesVisible", "data requests"),
        ),
    ),
    Panel(
        "Dead letters",
        (
            _queue("IngestDeadLetters", "ApproximateNumberOfMessagesVisible", "not validated"),
            _queue("ScoreDeadLetters", "ApproximateNumberOfMessagesVisible", "not scored"),
            _queue("DataRequestDeadLetters", "ApproximateNumberOfMessagesVisible", "data requests not completed"),
        ),
    ),
    Panel("Alerts not delivered", (_ours("alerts_waiting", "Maximum", "waiting"),)),
    # API
    Panel(
        "API calls",
        (
            _api("Count", "Sum", "all"),
            _api("4XXError", "Sum", "refused"),
            _api("5XXError", "Sum", "failed"),
        ),
    ),
    Panel("API latency", (_api("Latency", "p50", "p50"), _api("Latency", "p99", "p99"))),
    Panel("Predictions through the API", (_ours("predictions", "Sum", "candidates"),)),
    Panel(
        "Time of a call's predictions",
        (
            _ours("predict_duration_ms", "p50", "p50"),
            _ours("predict_duration_ms", "p99", "p99"),
        ),
    ),
    # Machinery and what it costs
    Panel("Errors", tuple(_function(each, "Errors") for each in FUNCTIONS)),
    Panel("Invocations", tuple(_function(each, "Invocations") for each in FUNCTIONS)),
    Panel("Duration of the functions", tuple(_function(each, "Duration") for each in FUNCTIONS)),
    Panel(
        "Write capacity units",
        tuple(
            Series("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum", "TableName", each, each.removesuffix("Table"))
            for each in TABLES
        ),
    ),
    Panel(
        "Read capacity units",
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
        "A file could not be validated in five deliveries.",
        '`GET /ops/dlq` shows the reasons. Fix the cause, then `POST /ops/dlq/redrive` `{"queue": "ingest"}`.',
    ),
    Alarm(
        "ScoreDeadLettersAlarm",
        _queue("ScoreDeadLetters", "ApproximateNumberOfMessagesVisible", "not scored"),
        *(0, _ABOVE, 1, _FINE),
        "A part of a file could not be scored in five deliveries.",
        "`GET /ops/dlq` shows the reasons; often the model is refused: promote another version or roll back. Then "
        '`POST /ops/dlq/redrive` `{"queue": "score"}`.',
    ),
    Alarm(
        "DataRequestDeadLettersAlarm",
        _queue("DataRequestDeadLetters", "ApproximateNumberOfMessagesVisible", "data requests not completed"),
        *(0, _ABOVE, 1, _FINE),
        "A step of an erasure or a replay failed in five deliveries.",
        "`GET /ops/dlq` shows which. " + _LOG.format("data_request") + ". Fix the cause, then `POST /ops/dlq/redrive` "
        '`{"queue": "data_request"}`: it goes on where it stopped.',
    ),
    Alarm(
        "IngestAgeAlarm",
        _queue("IngestQueue", "ApproximateAgeOfOldestMessage", "oldest"),
        *(1800, _ABOVE, 2, _FINE),
        "A dropped file has waited for half an hour.",
        "More files than are validated at once, or each is slow: see `Validation of a file` on the dashboard. With a "
        "raised quota of the account, deploy with `FunctionsAtOnce=1000`.",
    ),
    Alarm(
        "ScoreAgeAlarm",
        _queue("ScoreQueue", "ApproximateAgeOfOldestMessage", "oldest"),
        *(1800, _ABOVE, 2, _FINE),
        "A part has waited for half an hour to be scored.",
        "Look for throttling of the predictions table. With a raised quota of the account, deploy with "
        "`FunctionsAtOnce=1000`.",
    ),
    Alarm(
        "ScoringLagAlarm",
        _ours("scoring_lag_seconds", "Maximum", "oldest file waits"),
        *(1800, _ABOVE, 2, _FINE),
        "A validated file has not been scored completely for half an hour.",
        "Without a model, train one (`make train`). Otherwise look at the scoring runs and at the dead letters.",
    ),
    Alarm(
        "AlertsWaitingAlarm",
        _ours("alerts_waiting", "Maximum", "waiting"),
        *(0, _ABOVE, 3, _FINE),
        "The receiver of alerts has not taken any for a quarter of an hour; none is lost.",
        "Check the address in the SSM parameter `AlertsUrlName` names, and that the Teams workflow or Slack app still "
        "exists. What waits is sent within five minutes.",
    ),
    Alarm(
        "WatchSilentAlarm",
        _function("WatchFunction", "Invocations"),
        *(1, _BELOW, 3, _BAD),
        "The watch has not run for a quarter of an hour. Nothing else reports that.",
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
            _LOG.format(short_name(function)) + ": the line `unexpected error` names kind and place.",
        )
        for function in FUNCTIONS
    ),
)
