"""Two versions of a policy on the same calls: which are decided otherwise, and which clause is the cause.

A cause is found by trying: where putting one part back as it was gives the old decision again, that part
made the change. Several such parts are each needed. Where none does, each part is brought into the old
version alone, and any of those that make the new decision is enough. Else the parts that speak of the call
made it together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bridge.domain.decision import Decision
from bridge.domain.ids import IncidentId
from bridge.domain.incident import Incident
from bridge.domain.screening import Weighing
from bridge.planning.counted import Denominator
from bridge.planning.parts import Part, parts
from bridge.planning.past import Log, PastCall
from bridge.planning.plan import Plan
from bridge.planning.supposing import all_answered, demanded_questions


class How(StrEnum):
    """How sure it is that the parts named are the cause."""

    ALONE = "alone"
    EACH_NEEDED = "each needed"
    ANY_ENOUGH = "any is enough"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Change:
    """One call that is decided otherwise: the verdicts, with the route where only that differs."""

    incident: IncidentId
    old: str
    new: str
    cause: tuple[str, ...]
    how: How


@dataclass(frozen=True)
class Comparison:
    """What came of it: the calls that count, how many do not and why, and every change."""

    counted: int
    aside: Counter[str]
    changes: Sequence[Change]


def compared(
    log: Log, old: Plan, new: Plan, denominator: Denominator, *, assume_answered: bool = False
) -> Comparison:
    """Put every call that counts to both. With `assume_answered`, as if every open question were a no."""
    differing = tuple(parts(old, new))
    questions = tuple(dict.fromkeys((*demanded_questions(old), *demanded_questions(new))))
    aside, changes, counted = Counter[str](), [], 0
    for call in log.calls:
        if why := denominator.aside(call):
            aside[why] += 1
            continue
        counted += 1
        state = all_answered(call.last, questions) if assume_answered else call.last
        was, will_be = old.weigh(state, call), new.weigh(state, call)
        if _outcome(was.decision) != _outcome(will_be.decision):
            cause, how = _cause(differing, state, call, was, will_be)
            changes.append(Change(call.last.incident_id, *_told(was.decision, will_be.decision), cause, how))
    return Comparison(counted, aside, changes)


def _outcome(decision: Decision) -> object:
    return decision.verdict, decision.route


def _told(old: Decision, new: Decision) -> tuple[str, str]:
    if old.verdict is not new.verdict:
        return old.verdict.value, new.verdict.value
    return f"{old.verdict} ({', '.join(old.route)})", f"{new.verdict} ({', '.join(new.route)})"


def _cause(
    differing: Sequence[Part], state: Incident, call: PastCall, was: Weighing, will_be: Weighing
) -> tuple[tuple[str, ...], How]:
    """The parts that made the change, those that speak of the call tried first."""
    spoke = {reason.clause for weighing in (was, will_be) for reason in weighing.decision.reasons}
    speaking = [part for part in differing if part.name in spoke]
    silent = [part for part in differing if part.name not in spoke]
    before, after = _outcome(was.decision), _outcome(will_be.decision)
    for tried in (speaking, silent):
        needed = tuple(p.name for p in tried if _outcome(p.put_back.weigh(state, call).decision) == before)
        if needed:
            return needed, How.ALONE if len(needed) == 1 else How.EACH_NEEDED
    for tried in (speaking, silent):
        enough = tuple(p.name for p in tried if _outcome(p.brought_in.weigh(state, call).decision) == after)
        if enough:
            return enough, How.ALONE if len(enough) == 1 else How.ANY_ENOUGH
    return tuple(part.name for part in speaking or differing), How.TOGETHER
