"""What AWS asks and what one unit of work takes: the two dated tables behind `make cost`."""

from dataclasses import dataclass

REGION = "eu-west-1"
"""Where `samconfig.toml` deploys; another region has other prices."""
PRICES_AS_OF = f"list prices of {REGION} without tax, November 2026"
PRICES_SOURCE = (
    "AWS's pages https://aws.amazon.com/<service>/pricing/ for lambda, dynamodb/on-demand, s3, sqs, api-gateway, "
    "cloudwatch, xray, fargate, rds/postgresql and elasticloadbalancing; https://calculator.aws has other regions'"
)


@dataclass(frozen=True)
class Price:
    """USD for `per` units, of which `free` a month cost nothing in any account (AWS's "always free")."""

    usd: float
    per: float
    unit: str
    free: float = 0


MILLION, THOUSAND, MONTH_HOURS = 1e6, 1e3, 730

PRICES = {
    "lambda time": Price(0.0000166667, 1, "GB-s", free=400_000),
    "lambda calls": Price(0.20, MILLION, "calls", free=MILLION),
    "dynamodb writes": Price(0.70675, MILLION, "units"),
    "dynamodb reads": Price(0.1415, MILLION, "units"),
    "dynamodb storage": Price(0.283, 1, "GB", free=25),
    "s3 storage": Price(0.023, 1, "GB"),
    "s3 writes": Price(0.005, THOUSAND, "calls"),
    "s3 reads": Price(0.0004, THOUSAND, "calls"),
    "sqs": Price(0.40, MILLION, "calls", free=MILLION),
    "rest api": Price(3.50, MILLION, "calls"),
    "logs": Price(0.57, 1, "GB", free=5),
    "metrics": Price(0.30, 1, "metrics", free=10),
    "traces": Price(5.00, MILLION, "traces", free=100_000),
}

REFERENCE = (
    # An always-on stack for the same job, as small as it can be run: no second copy of anything.
    ("scheduler and workers (Airflow), Fargate 2 vCPU, 4 GB", (2 * 0.04048 + 4 * 0.004445) * MONTH_HOURS),
    ("model service (FastAPI), Fargate 1 vCPU, 2 GB", (1 * 0.04048 + 2 * 0.004445) * MONTH_HOURS),
    ("page, Fargate 0.5 vCPU, 1 GB", (0.5 * 0.04048 + 1 * 0.004445) * MONTH_HOURS),
    ("dashboards (Grafana), Fargate 0.5 vCPU, 1 GB", (0.5 * 0.04048 + 1 * 0.004445) * MONTH_HOURS),
    ("database (PostgreSQL), db.t4g.small, 20 GB", 0.035 * MONTH_HOURS + 20 * 0.127),
    ("load balancer", 0.0252 * MONTH_HOURS),
)

MEASURED_ON = "24 November 2026, two cores of a shared machine, Python 3.11"

SLOWER = 2.0
"""What a Lambda takes for the time measured here: 1,769 MB buy one processor, and the stores are a network away."""

MEASURED = {
    # name: (value, how it was measured)
    "validate seconds a million rows": (2.3, "make bench-ingest, median of three"),
    "validate seconds a file": (1.7, "a cold start with pandas and scikit-learn on the embedded stack"),
    "score seconds a million rows": (
        167.0,
        "make bench-scoring: predict a million rows, store them at the rate of 20,000",
    ),
    "score seconds a part": (1.7, "a cold start with pandas and scikit-learn on the embedded stack"),
    "predict seconds a call": (0.053, "one candidate through the handler, AWS in memory (moto), median of fifteen"),
    "dispatch seconds": (0.017, "the handler with AWS in memory, median of nine"),
    "watch seconds": (0.049, "the handler with AWS in memory, median of nine"),
    "raw bytes a row": (99.0, "3,000 generated rows"),
    "good bytes a row": (102.0, "the same rows under good/"),
    "scored bytes a row": (353.0, "30,000 generated rows under scored/: packed in parts, and as two rankings"),
    "prediction bytes": (562.0, "attributes of 1,000 stored predictions by DynamoDB's rules, mean"),
    "log bytes a call": (700.0, "one line of ours, 346 bytes, and about as much from Lambda itself"),
}
