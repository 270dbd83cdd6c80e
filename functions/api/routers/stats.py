"""What has happened, as charts show it."""

from fastapi import APIRouter

from auth import Caller
from jobchange.monitoring import ingestion, population, traffic
from jobchange.monitoring.ingestion import Quality
from jobchange.monitoring.population import DriftByDay, Scores
from jobchange.monitoring.traffic import Traffic
from params import Range
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


@router.get("/live", responses=documented(401))
async def live(_: Caller) -> LiveVersions:
    """How good each version turned out to be: by outcomes, in all and by the week they were observed in."""
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
