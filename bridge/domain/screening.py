"""Screening: the one decision that a policy makes of one version of one incident, at one instant.

Every clause that speaks is a reason and sets the most that may still happen; the most cautious wins:
offer, recommend, tandem, review, keep. What is unknown is never offered, nor made tandem.
Pure: the same incident, policy, destinations and instant, the same decision.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain import clauses
from bridge.domain.cad import Answer
from bridge.domain.dangers import dangers
from bridge.domain.decision import Decision, PolicyRef, Reason, TransferKind, Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.determinant import determinant_of
from bridge.domain.ids import DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import CallerRule, KindRule, Policy, ScopeClause, folded
from bridge.domain.spoken import CAUTION, Spoken, built_in

NO_POLICY = PolicyRef("none", "")


def screen(
    incident: Incident, policy: Policy, destinations: Mapping[DestinationId, Destination], at: datetime
) -> Decision:
    """What this policy says of this incident at `at` (an aware datetime), with every reason.

    Scope clauses that name the type but whose hours, district or caller conditions are not met admit
    nothing; of those that admit the call the most cautious verdict counts, and their routes follow
    each other in the policy's order. A route is named only where the call may leave 911.
    """
    if policy.effective > at:
        return _kept(clauses.POLICY_NOT_IN_FORCE, policy.ref)
    named = policy.mentions(incident.call_type) if incident.call_type is not None else ()
    scope = [_Scope.of(clause, incident, at) for clause in named]
    admitting = [each.clause for each in scope if each.admits]
    spoken = [*_of_incident(incident, policy, named)]
    for each in scope:
        spoken += each.spoken(alone=not admitting)
    spoken += dangers(incident, policy, admitting, demanded=bool(named))
    verdict = max((each.most for each in spoken), key=CAUTION.__getitem__)
    kind = _kind(admitting, incident)
    route = _route(admitting, destinations, kind, at)
    routed = any(clause.route for clause in admitting)
    if not route and verdict is not Verdict.KEEP and (routed or verdict is not Verdict.REVIEW):
        spoken.append(built_in(clauses.DESTINATION_NONE_OPEN, Weight.AGAINST, Verdict.KEEP))
        verdict = Verdict.KEEP
    reasons = tuple(each.reason for each in spoken)
    return Decision(verdict, reasons, policy.ref, () if verdict is Verdict.KEEP else route, kind)


def no_policy(incident: Incident) -> Decision:
    """The decision on an incident whose agency has no policy: it stays with 911."""
    return _kept(clauses.POLICY_NONE, NO_POLICY)


def _kept(clause: str, policy: PolicyRef) -> Decision:
    return Decision(Verdict.KEEP, (built_in(clause, Weight.OPEN, Verdict.KEEP).reason,), policy)


def _of_incident(incident: Incident, policy: Policy, named: Sequence[ScopeClause]) -> Iterator[Spoken]:
    """What is said of every call, whatever the policy."""
    if incident.call_type is None or not (incident.call_type.code or incident.call_type.determinant):
        yield built_in(clauses.TYPE_MISSING, Weight.OPEN, Verdict.KEEP)
    elif not named:
        yield built_in(clauses.TYPE_UNKNOWN, Weight.OPEN, Verdict.KEEP)
    elif written := incident.call_type.determinant:
        determinant = determinant_of(written)
        if determinant is None or not policy.suffixes.issuperset(determinant.suffix):
            yield built_in(clauses.DETERMINANT_UNREADABLE, Weight.OPEN, Verdict.REVIEW)
    if incident.closed:
        yield built_in(clauses.INCIDENT_CLOSED, Weight.AGAINST, Verdict.KEEP)
    if incident.caller.wants_police is Answer.YES:
        yield built_in(clauses.CALLER_WANTS_POLICE, Weight.AGAINST, Verdict.KEEP, disqualifies=True)


@dataclass(frozen=True, slots=True)
class _Scope:
    """One scope clause that names the type, and which of its conditions are not met or not known."""

    clause: ScopeClause
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, clause: ScopeClause, incident: Incident, at: datetime) -> "_Scope":
        conditions = dict(_conditions(clause, incident, at))
        unmet = tuple(name for name, answer in conditions.items() if answer is Answer.NO)
        unknown = tuple(name for name, answer in conditions.items() if answer is Answer.UNKNOWN)
        return cls(clause, unmet, unknown)

    @property
    def admits(self) -> bool:
        """Whether the call is in this clause's scope, as far as is known."""
        return not self.unmet

    def spoken(self, *, alone: bool) -> Iterator[Spoken]:
        """Its reasons. A clause that admits nothing holds the call back only if no other one admits it."""
        if self.unmet:
            most = Verdict.KEEP if alone else Verdict.OFFER
            yield from (built_in(name, Weight.AGAINST, most) for name in self.unmet)
            return
        weight = Weight.OPEN if self.clause.verdict is Verdict.REVIEW else Weight.FOR
        yield Spoken(Reason(self.clause.id, weight, self.clause.sentence), self.clause.verdict)
        yield from (built_in(name, Weight.OPEN, Verdict.REVIEW) for name in self.unknown)


def _conditions(clause: ScopeClause, incident: Incident, at: datetime) -> Iterator[tuple[str, Answer]]:
    """Each condition of a clause that is not met (NO) or not known, by the built-in clause that says so."""
    if not clause.hours.open_at(at):
        yield clauses.HOURS_CLOSED, Answer.NO
    if clause.districts:
        district = folded(incident.location.district) if incident.location is not None else ""
        if not district:
            yield clauses.DISTRICT_UNKNOWN, Answer.UNKNOWN
        elif district not in clause.districts:
            yield clauses.DISTRICT_OUTSIDE, Answer.NO
    yield from _caller_conditions(clause.caller, incident)


def _caller_conditions(rule: CallerRule, incident: Incident) -> Iterator[tuple[str, Answer]]:
    caller = incident.caller
    if rule.min_age is not None or rule.max_age is not None:
        lowest, highest = rule.min_age or 0, 999 if rule.max_age is None else rule.max_age
        if caller.age is None:
            yield clauses.CALLER_AGE_UNKNOWN, Answer.UNKNOWN
        elif not lowest <= caller.age <= highest:
            yield clauses.CALLER_AGE_OUTSIDE, Answer.NO
    if rule.consent and caller.consent is not Answer.YES:
        refused = caller.consent is Answer.NO
        yield clauses.CALLER_CONSENT_REFUSED if refused else clauses.CALLER_CONSENT_UNKNOWN, caller.consent
    if rule.first_party and caller.first_party is not Answer.YES:
        third = caller.first_party is Answer.NO
        yield clauses.CALLER_NOT_FIRST_PARTY if third else clauses.CALLER_PARTY_UNKNOWN, caller.first_party


def _kind(admitting: Sequence[ScopeClause], incident: Incident) -> TransferKind:
    """The first admitting clause says; AUTO asks whether a caller is there to be handed over.

    On the line is voice. Not known to be on the line is voice only for a first-party caller, because
    handing over by data alone would leave that person on a line to nobody.
    """
    rule = admitting[0].kind if admitting else KindRule.AUTO
    if rule is not KindRule.AUTO:
        return TransferKind(rule.value)
    caller = incident.caller
    there = caller.on_the_line
    voice = there is Answer.YES or (there is Answer.UNKNOWN and caller.first_party is Answer.YES)
    return TransferKind.VOICE if voice else TransferKind.DATA


def _route(
    admitting: Sequence[ScopeClause],
    destinations: Mapping[DestinationId, Destination],
    kind: TransferKind,
    at: datetime,
) -> tuple[DestinationId, ...]:
    """The destinations that are open now and take this kind of transfer, each once, in order."""
    asked = dict.fromkeys(name for clause in admitting for name in clause.route)
    known = (destinations[name] for name in asked if name in destinations)
    return tuple(one.id for one in known if kind in one.kinds and one.hours.open_at(at))
