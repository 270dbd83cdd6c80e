"""Whether some groups of candidates are called less often than others, month by month, from the counters."""

from dataclasses import dataclass

from jobchange import contract
from jobchange.statistics.impact import Impact, impacts
from jobchange.store import prediction_counts


@dataclass(frozen=True)
class MonthlyImpact:
    """How often the candidates of each group were called in a month, such as `2026-11` (UTC), by whichever model was
    the champion. Whose group isn't known is in `unknown` and isn't compared."""

    month: str
    column: str
    groups: list[Impact]
    unknown: int


def of_month(month: str) -> MonthlyImpact:
    """The impact of all that files and clients asked for in a month; reads its counters only."""
    counted = prediction_counts.selected_by_group(f"{month}-01", f"{month}-31")
    unknown = counted.pop(contract.MISSING_BIN)
    return MonthlyImpact(month, contract.PROTECTED, impacts(counted), unknown.rows)
