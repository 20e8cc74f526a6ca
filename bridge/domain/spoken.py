"""A clause that spoke: its reason, and the most that may still happen to the call because of it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from bridge.domain.clauses import BUILT_IN
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.ids import ClauseId

CAUTION: Mapping[Verdict, int] = {
    Verdict.OFFER: 0,
    Verdict.RECOMMEND: 1,
    Verdict.TANDEM: 2,
    Verdict.REVIEW: 3,
    Verdict.KEEP: 4,
}
"""How cautious each verdict is, by what may leave 911 without a person having looked.

Review is above tandem: while anything is open nobody but 911 is sent, even beside police.
"""


class Spoken(NamedTuple):
    """A reason, and the least cautious verdict that it leaves possible."""

    reason: Reason
    most: Verdict


@lru_cache(maxsize=4096)
def built_in(
    clause: str, weight: Weight, most: Verdict, *, of: str = "", disqualifies: bool = False
) -> Spoken:
    """A built-in clause, with its own sentence; `of` is the question or the destination that it ends with."""
    return Spoken(Reason(ClauseId(clause + of), weight, BUILT_IN[clause], disqualifies), most)
