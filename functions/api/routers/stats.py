"""What has happened, as charts show it."""

from fastapi import APIRouter

from auth import Caller, Operator
from jobchange import times
from jobchange.monitoring import api_requests, impact, ingestion, population, queue_depths, traffic
from jobchange.monitoring.api_requests import Requests
from jobchange.monitoring.impact import MonthlyImpact
from jobchange.monitoring.ingestion import Quality
from jobchange.monitoring.population import DriftByDay, Scores
from jobchange.monitoring.queue_depths import QueueDepths
from jobchange.monitoring.traffic import Traffic
from params import Month, Range
from problem import documented
from schemas.stats import Estimates, LiveVersion, LiveVersions

router = APIRouter(prefix="/stats", tags=["stats"])


@router.get("/predictions", responses=documented(401))
async def predictions(_: Caller, window: Range) -> Traffic:
    """How many predictions each source asked for, and how many called a candidate; in at most 300 buckets."""
    return traffic.traffic(window)


@router.get("/quality", responses=documented(401))
async def quality(_: Caller, window: Range) -> Quality:
    """Rows and issues of the files dropped, in at most 300 buckets; how critical the files were; how long until they
    were scored (the last 300). Of more than 1,000 files the newest."""
    return ingestion.quality(window)


@router.get("/queues", responses=documented(401))
async def queues(_: Operator, window: Range) -> QueueDepths:
    """How many messages waited in each queue, and how many dead letters it had, as the watch found every five minutes;
    the most in each of at most 300 buckets. Where nothing waited there is no point. Operators only."""
    return queue_depths.depths(window)


@router.get("/requests", responses=documented(401))
async def requests(_: Caller, window: Range) -> Requests:
    """How many requests the API answered, refused (4xx) and failed on (5xx), and the seconds that those took that
    weren't refused, in at most 300 buckets. Seconds are the function's own, estimated from bins that double: off by
    less than a factor of two, from 8.2 s on of 3.6. Not counted are what needs no token, the operators' routes, what
    the gateway answers by itself, such as a time-out, and up to ten seconds of a function that ends."""
    return api_requests.api_requests(window)


@router.get("/drift", responses=documented(401))
async def drift(_: Caller, window: Range) -> DriftByDay:
    """How far the candidates of each day, and their probabilities, are from the model's training. Of more than 1,000
    files the newest."""
    return population.drift_by_day(window)


@router.get("/scores", responses=documented(401))
async def scores(_: Caller, window: Range) -> Scores:
    """How the probabilities of dropped files are spread, beside those of training. Of more than 1,000 files the
    newest."""
    return population.scores(window)


@router.get("/impact", responses=documented(401))
async def monthly_impact(_: Caller, month: Month = None) -> MonthlyImpact:
    """How often the candidates of each gender were called in a month by files and clients, and the impact ratios: each
    group's rate divided by that of the group called most often (Local Law 144 of New York City, four-fifths rule). Who
    was scored twice counts twice."""
    return impact.of_month(month or times.now()[: len("2026-01")])


@router.get("/live", responses=documented(401))
async def live(_: Caller) -> LiveVersions:
    """How good each version turned out to be: by outcomes, in all, by the week they were observed in, and by group."""
    from jobchange.monitoring import outcomes

    return LiveVersions(versions=[LiveVersion.of(each) for each in outcomes.live()])


@router.get("/estimates", responses=documented(401))
async def estimates(_: Caller, window: Range) -> Estimates:
    """How good the model will turn out to be on the candidates of each day, file and group, estimated from calibrated
    scores (confidence-based performance estimation), with what outcomes later said beside. The estimate can't see that
    candidates with a given score change job more or less often than in training: only outcomes show that. Of more than
    1,000 files the newest."""
    from jobchange.monitoring.estimates import estimates

    return Estimates.model_validate(estimates(window))
