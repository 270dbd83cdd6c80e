"""How far chance takes a figure that is looked at again and again while outcomes come in."""

import math

FALSE_ALARMS = 0.01
"""How often a figure may ever be called too low that isn't, however often one looks."""
TUNED_TO = 1_000
"""The number of outcomes at which the bound over all looks is tightest."""
_AT_TIGHTEST = 11.0
"""The mixture's intrinsic time at which its bound, for 0.01, is narrowest in standard deviations."""


def shortfall_by_chance(deviation: float, outcomes: int) -> float:
    """How far a measured figure with a standard deviation may fall below the true one after `outcomes` outcomes, so
    that it ever does at any number of them with a probability of 0.01 at most: looks cost nothing more, at whatever
    times they are taken.

    The one-sided asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (Time-uniform
    central limit theory and asymptotic confidence sequences, 2024), by Robbins's normal mixture, whose parameter is
    chosen so that it is tightest at `TUNED_TO` outcomes: 3.4 standard deviations there, where a single look would take
    2.3.
    """
    time = _AT_TIGHTEST * outcomes / TUNED_TO
    return deviation * math.sqrt(2 * (1 + 1 / time) * math.log(1 + math.sqrt(time + 1) / (2 * FALSE_ALARMS)))
