"""Registered models, and the champion with how it does."""

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange.statistics.impact import FourFifths
from schemas.fields import EXAMPLE_CHALLENGER, EXAMPLE_VERSION, Instant, Probability
from schemas.stats import EXAMPLE_LIVE, Figure, Live, Range, range_of

if TYPE_CHECKING:
    import jobchange.monitoring.outcomes


class Comparison(BaseModel):
    """The challenger beside the champion, on the candidates of dropped files that both scored."""

    challenger: str
    predictions: int
    agreement: Probability | None = Field(description="The share of candidates that both call alike.")
    mean_shift: float | None = Field(description="The mean of challenger's minus champion's probability.")
    outcomes: int = Field(description="How many of these candidates' outcomes are known.")
    champion_auc: Probability | None
    champion_auc_interval: Range | None
    challenger_auc: Probability | None
    challenger_auc_interval: Range | None
    auc_difference: float | None = Field(description="Challenger's minus champion's, over the same outcomes.")
    auc_difference_interval: Range | None

    @classmethod
    def of(cls, comparison: "jobchange.monitoring.outcomes.Comparison") -> Self:
        champion, challenger, difference = (
            comparison.champion_auc,
            comparison.challenger_auc,
            comparison.auc_difference,
        )
        return cls(
            challenger=comparison.challenger,
            predictions=comparison.predictions,
            agreement=comparison.agreement,
            mean_shift=comparison.mean_shift,
            outcomes=comparison.outcomes,
            champion_auc=champion.value if champion else None,
            champion_auc_interval=range_of(champion),
            challenger_auc=challenger.value if challenger else None,
            challenger_auc_interval=range_of(challenger),
            auc_difference=difference.value if difference else None,
            auc_difference_interval=range_of(difference),
        )


class Aliases(BaseModel):
    """Which version has which alias."""

    model_config = ConfigDict(from_attributes=True)

    champion: str | None
    challenger: str | None
    previous: str | None


class Gate(BaseModel):
    """One condition that a model must meet to be promoted."""

    gate: str
    passed: bool
    value: float | None
    limit: float | None
    sentence: str


class ThresholdRule(BaseModel):
    """How a threshold was chosen, as it was declared."""

    kind: Literal["cost", "capacity"]
    value: float = Field(
        description="How many false alarms a missed candidate is as bad as, or the share of candidates to be called."
    )
    sentence: str


class Decision(BaseModel):
    """From which probability on a version calls a candidate, since when, who decided it, and why."""

    at: Instant
    by: str
    reason: str | None
    threshold: Probability
    threshold_rule: ThresholdRule


class ModelRecord(BaseModel):
    """One registered version."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    created_at: Instant
    status: Literal["PASSED", "FAILED"] = Field(description="Whether it passed all its gates.")
    gates: list[Gate]
    reason: str | None = Field(description="Why it failed, or was promoted anyway.")
    metrics: dict[str, float] = Field(description="In cross-validation.")
    threshold: Probability | None = Field(
        description="The probability from which on a candidate is called, as decided last; null of an older release's "
        "version."
    )
    threshold_rule: ThresholdRule | None
    decisions: list[Decision] = Field(description="On its threshold; the first is that of its training.")
    promoted_at: Instant | None
    promoted_by: str | None


class Model(ModelRecord):
    """The champion: its record, how it was trained, and how it does."""

    card: dict[str, Any] = Field(description="Data, settings, software and metrics of its training.")
    aliases: Aliases
    comparison: Comparison | None = Field(description="Null without a challenger.")
    live: Live | None = Field(description="Null without outcomes.")


class ListedModel(ModelRecord):
    role: Literal["champion", "challenger", "previous"] | None = None


class Models(BaseModel):
    models: list[ListedModel]


class ModelVersion(ListedModel):
    """Any version: its record, and how it was trained."""

    card: dict[str, Any] = Field(description="Data, settings, software and metrics of its training.")


class Calls(BaseModel):
    """Candidates of the training at each threshold, by the probabilities of models that hadn't seen them."""

    model_config = ConfigDict(from_attributes=True)

    rows: int
    looking: int
    called: list[int]
    right: list[int] = Field(description="How many of those called were looking.")


class GroupCalls(Calls):
    column: str
    level: str
    ratio: list[float | None] = Field(description="Impact ratios; null where there is nothing to compare with.")
    verdict: list[FourFifths | None]


class OperatingPoints(BaseModel):
    """What each threshold would do, for all candidates and by group; lists are in the order of `thresholds`."""

    model_config = ConfigDict(from_attributes=True)

    thresholds: list[Probability]
    everybody: Calls
    groups: list[GroupCalls]


class PairedDifference(BaseModel):
    """A version's measures less another's on the candidates that both were trained on, each by models that hadn't seen
    them. Null where these are fewer than 500, which show too little."""

    model_config = ConfigDict(from_attributes=True)

    rows: int = Field(description="How many candidates both were trained on.")
    roc_auc: Figure | None
    log_loss: Figure | None = Field(description="Lower is better.")


EXAMPLE_ALIASES = {"champion": EXAMPLE_VERSION, "challenger": EXAMPLE_CHALLENGER, "previous": None}
EXAMPLE_RULE = {"kind": "cost", "value": 3, "sentence": "A missed candidate counts as much as 3 false alarms."}
EXAMPLE_DECISION = {
    "at": "2026-01-31T08:15:00.000Z",
    "by": "training",
    "reason": None,
    "threshold": 0.25,
    "threshold_rule": EXAMPLE_RULE,
}
_RECORD: dict[str, Any] = {
    "version": EXAMPLE_VERSION,
    "created_at": "2026-01-31T08:15:00.000Z",
    "status": "PASSED",
    "gates": [
        {
            "gate": "roc_auc",
            "passed": True,
            "value": 0.804,
            "limit": 0.75,
            "sentence": "ROC-AUC is 0.804, at least 0.75.",
        }
    ],
    "reason": None,
    "metrics": {"roc_auc": 0.804, "log_loss": 0.433},
    "threshold": 0.25,
    "threshold_rule": EXAMPLE_RULE,
    "decisions": [EXAMPLE_DECISION],
    "promoted_at": "2026-01-31T08:16:00.000Z",
    "promoted_by": "make train",
}
EXAMPLES: dict[type, Any] = {
    Aliases: EXAMPLE_ALIASES,
    Decision: EXAMPLE_DECISION,
    Model: {
        **_RECORD,
        "card": {"rows": 19158, "threshold": 0.25},
        "aliases": EXAMPLE_ALIASES,
        "comparison": {
            "challenger": EXAMPLE_CHALLENGER,
            "predictions": 1200,
            "agreement": 0.97,
            "mean_shift": -0.004,
            "outcomes": 80,
            "champion_auc": 0.79,
            "champion_auc_interval": {"low": 0.7, "high": 0.88},
            "challenger_auc": 0.8,
            "challenger_auc_interval": {"low": 0.71, "high": 0.89},
            "auc_difference": 0.01,
            "auc_difference_interval": {"low": -0.02, "high": 0.04},
        },
        "live": EXAMPLE_LIVE,
    },
    Models: {"models": [{**_RECORD, "role": "champion"}]},
    ModelVersion: {**_RECORD, "role": "champion", "card": {"rows": 19158, "threshold": 0.25}},
    PairedDifference: {
        "rows": 19158,
        "roc_auc": {"value": 0.004, "low": 0.001, "high": 0.007},
        "log_loss": {"value": -0.002, "low": -0.004, "high": 0.0},
    },
    OperatingPoints: {
        "thresholds": [0, 0.5, 1],
        "everybody": {"rows": 100, "looking": 25, "called": [100, 20, 0], "right": [25, 11, 0]},
        "groups": [
            {
                **{"column": "gender", "level": "Male", "rows": 30, "looking": 8},
                **{"called": [30, 6, 0], "right": [8, 3, 0]},
                **{"ratio": [1, 0.97, None], "verdict": ["at_least_four_fifths", "too_few_to_say", None]},
            }
        ],
    },
}
