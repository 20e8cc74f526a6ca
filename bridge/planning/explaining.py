"""One call in a person's words: what is decided, every clause that spoke, and what would decide otherwise.

What would decide otherwise is tried, not guessed: each sentence about it is a screening. Nothing here repeats
what a caller said.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.domain.cad import Answer
from bridge.domain.decision import Decision, Reason, Verdict, Weight
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.screening import Weighing
from bridge.planning.costs import sentence_of
from bridge.planning.near import NearMisses
from bridge.planning.past import PastCall
from bridge.planning.plan import GOING, Plan, goes
from bridge.planning.supposing import answered, demanded_questions, supposed_by, wanting_police


@dataclass(frozen=True, slots=True)
class OfDestination:
    """What is decided of one destination: whether it is asked, and every reason that is about it alone."""

    id: DestinationId
    name: str
    asked: bool
    because: tuple[str, ...]
    apart: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with its reasons by weight. `otherwise` are suppositions and the verdict under each.

    `silent` are the clauses that somebody wrote and that did not speak.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    destinations: tuple[OfDestination, ...]
    otherwise: tuple[tuple[str, Verdict], ...]
    silent: tuple[tuple[ClauseId, str], ...]

    def weighing(self, weight: Weight) -> tuple[Reason, ...]:
        """The reasons of one weight."""
        return tuple(reason for reason in self.reasons if reason.weight is weight)


def explained(plan: Plan, incident: Incident, call: PastCall) -> Explanation:
    """Why this state of the call is decided as it is."""
    weighing = plan.weigh(incident, call)
    decision = weighing.decision
    spoke = {reason.clause for reason in decision.reasons}
    silent = tuple((name, clause.sentence) for name, clause in plan.clauses.items() if name not in spoke)
    return Explanation(
        decision,
        decision.reasons,
        tuple(_destinations(plan, weighing)),
        tuple(_otherwise(plan, incident, call, weighing)),
        silent,
    )


def _destinations(plan: Plan, weighing: Weighing) -> Iterator[OfDestination]:
    """Those on the route of a clause that admits the call, those that are asked first."""
    decision = weighing.decision
    for name in sorted(weighing.apart, key=lambda one: one not in decision.route):
        known = plan.destinations.get(name)
        because = tuple(clause.sentence for clause in weighing.admitting if name in clause.route)
        apart = tuple(one.reason for one in weighing.apart[name])
        asked = decision.verdict in GOING and name in decision.route
        yield OfDestination(name, known.name if known else name, asked, because, apart)


def _otherwise(
    plan: Plan, incident: Incident, call: PastCall, weighing: Weighing
) -> Iterator[tuple[str, Verdict]]:
    """One thing changed at a time, where it changes the verdict."""
    if not goes(weighing):
        for clause, then in NearMisses(plan).ways(incident, call, weighing):
            how = supposed_by(clause) or f"without the clause {clause}"
            yield f"{how} ({sentence_of(plan, clause)})", then.decision.verdict
        return
    for words, state in _dangers(plan, incident):
        verdict = plan.weigh(state, call).decision.verdict
        if verdict is not weighing.decision.verdict:
            yield words, verdict


def _dangers(plan: Plan, incident: Incident) -> Iterator[tuple[str, Incident]]:
    """Every question answered with yes, and with nothing where an answer is demanded."""
    asked = {
        clause.questions: clause
        for policy in plan.policies
        for clause in policy.disqualifier
        if clause.questions
    }
    for questions, clause in asked.items():
        yield (
            f"if {questions[0]} had been answered with yes ({clause.sentence})",
            answered(incident, [questions], Answer.YES),
        )
    for questions in demanded_questions(plan):
        state = answered(incident, [questions], Answer.UNKNOWN)
        yield f"if nobody had answered {questions[0]} ({asked[questions].sentence})", state
    yield "if the caller had asked for police", wanting_police(incident)
