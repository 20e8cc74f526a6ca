"""Screening: the one decision that a policy makes of one version of one incident, at one instant.

Every clause that speaks is a reason and sets the most that may still happen; the most cautious wins:
offer, recommend, tandem, review, keep. What speaks of some destinations only counts for these, and the call
goes to those that may take most of it. What is unknown is never offered, nor made tandem.
Pure: the same incident, policy, destinations and instant, the same decision.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bridge.domain import clauses
from bridge.domain.cad import Answer
from bridge.domain.dangers import Ruling, rulings
from bridge.domain.decision import Decision, PolicyRef, Reason, TransferKind, Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.determinant import determinant_of
from bridge.domain.facts import Facts
from bridge.domain.ids import DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import KindRule, RecategoryClause, ScopeClause, Shape
from bridge.domain.saying import words_for_caller
from bridge.domain.scoping import defined_answers, limits_apart, recategorised, scopes, unscoped
from bridge.domain.spoken import CAUTION, Spoken, built_in

NO_POLICY = PolicyRef("none", "")

Destinations = Mapping[DestinationId, Destination]
Unable = Mapping[DestinationId, str]
"""Who cannot be asked just now, and the built-in clause that each is passed over for."""
NOBODY_UNABLE: Unable = {}


def unable_by(said: Iterable[str]) -> Unable:
    """Who could not be asked when these clauses were the reasons, so that the decision can be made again."""
    heads = clauses.UNABLE
    return {
        DestinationId(one.removeprefix(head)): head for one in said for head in heads if one.startswith(head)
    }


@dataclass(frozen=True, slots=True)
class Weighing:
    """A decision and what it rests on: what was said of every destination, and of some only.

    `admitting` are the scope clauses that the call came under.
    """

    decision: Decision
    spoken: tuple[Spoken, ...]
    apart: Mapping[DestinationId, tuple[Spoken, ...]] = field(default_factory=dict)
    admitting: tuple[ScopeClause, ...] = ()


def screen(
    incident: Incident,
    policy: Policy,
    destinations: Destinations,
    at: datetime,
    unable: Unable = NOBODY_UNABLE,
) -> Decision:
    """What this policy says of this incident at `at` (an aware datetime), with every reason.

    Scope clauses that name the type but whose hours, place or caller conditions are not met admit
    nothing; of those that admit the call the most cautious verdict counts, and their routes follow
    each other in the policy's order. A route is named only where the call may leave 911. Destinations that
    are `unable` are passed over, for the clause that is named with each.
    """
    return weigh(incident, policy, destinations, at, unable).decision


def weigh(
    incident: Incident,
    policy: Policy,
    destinations: Destinations,
    at: datetime,
    unable: Unable = NOBODY_UNABLE,
) -> Weighing:
    """As `screen`, with everything that was weighed."""
    if policy.effective > at:
        return _kept(clauses.POLICY_NOT_IN_FORCE, policy.ref)
    if incident.channel in policy.recorded:
        return _kept(clauses.CHANNEL_RECORDED, policy.ref)
    facts = Facts(incident, policy, at)
    retyped = recategorised(facts)
    spoken = [Spoken(Reason(one.id, Weight.FOR, one.sentence), one.verdict) for one in retyped]
    spoken += defined_answers(facts)
    named = policy.mentions(facts.names)
    taken = scopes(facts, named)
    admitting = [scope.clause for scope in taken if scope.admits]
    spoken += unscoped(facts, named, taken)
    spoken += _of_incident(incident, policy, named=bool(taken))
    for scope in taken:
        spoken += scope.spoken(alone=not admitting)
    if facts.reading.unreadable:
        spoken.append(built_in(clauses.NARRATIVE_UNREADABLE, Weight.OPEN, Verdict.REVIEW))
    demanded = any(
        policy.shape_of(one.clause) is Shape.ALL_NOES for one in taken if one.admits or not admitting
    )
    ruled = [*rulings(facts, admitting, demanded=demanded)]
    spoken += (ruling.spoken for ruling in ruled if ruling.clause.rules_out_all)
    spoken = _once(spoken)
    kind = _kind(admitting, incident)
    apart = {
        name: tuple(_once(_apart(name, destinations, facts, admitting, ruled)))
        for name in dict.fromkeys(name for clause in admitting for name in clause.route)
    }
    return _weighed(facts, spoken, apart, admitting, retyped, _Doors(destinations, kind, at, unable))


def no_policy(incident: Incident) -> Decision:
    """The decision on an incident whose agency has no policy: it stays with 911."""
    return _kept(clauses.POLICY_NONE, NO_POLICY).decision


def kept(clause: str, policy: PolicyRef = NO_POLICY) -> Decision:
    """The decision that a built-in clause makes by itself: the call stays with 911."""
    return _kept(clause, policy).decision


def _kept(clause: str, policy: PolicyRef) -> Weighing:
    spoken = built_in(clause, Weight.OPEN, Verdict.KEEP)
    return Weighing(Decision(Verdict.KEEP, (spoken.reason,), policy), (spoken,))


def _of_incident(incident: Incident, policy: Policy, *, named: bool) -> Iterator[Spoken]:
    """What is said of every call, whatever the policy."""
    if named and incident.call_type is not None and (written := incident.call_type.determinant):
        determinant = determinant_of(written)
        if determinant is None or not policy.suffixes.issuperset(determinant.suffix):
            yield built_in(clauses.DETERMINANT_UNREADABLE, Weight.OPEN, Verdict.REVIEW)
    if incident.closed:
        yield built_in(clauses.INCIDENT_CLOSED, Weight.AGAINST, Verdict.KEEP)
    if incident.caller.wants_police is Answer.YES:
        yield built_in(clauses.CALLER_WANTS_POLICE, Weight.AGAINST, Verdict.KEEP, disqualifies=True)


def _apart(
    name: DestinationId,
    destinations: Destinations,
    facts: Facts,
    admitting: Sequence[ScopeClause],
    ruled: Iterable[Ruling],
) -> Iterator[Spoken]:
    """What is said of this destination only: its own acceptance, limits for it, dangers it cannot take."""
    destination = destinations.get(name)
    skills = destination.skills if destination is not None else frozenset()
    for acceptance in destination.accepts if destination is not None else ():
        yield from limits_apart(acceptance, facts, admitting)
    for limit in facts.policy.limit:
        if name in limit.destinations:
            yield from limits_apart(limit, facts, admitting)
    for ruling in ruled:
        clause = ruling.clause
        if not clause.rules_out_all and clause.rules_out(name, skills):
            yield ruling.spoken


@dataclass(frozen=True, slots=True)
class _Doors:
    """Which destinations can be asked at this instant, for this kind of transfer."""

    destinations: Destinations
    kind: TransferKind
    at: datetime
    unable: Unable

    def shut(self, name: DestinationId) -> Iterator[Spoken]:
        """Why this one is passed over."""
        destination = self.destinations.get(name)
        if destination is None:
            yield built_in(clauses.DESTINATION_UNKNOWN, Weight.AGAINST, Verdict.KEEP, of=name)
            return
        if self.kind not in destination.kinds:
            yield built_in(clauses.DESTINATION_OTHER_KIND, Weight.AGAINST, Verdict.KEEP, of=name)
        if not destination.hours.open_at(self.at):
            yield built_in(clauses.DESTINATION_CLOSED, Weight.AGAINST, Verdict.KEEP, of=name)
        if clause := self.unable.get(name):
            yield built_in(clause, Weight.AGAINST, Verdict.KEEP, of=name)


def _weighed(
    facts: Facts,
    spoken: list[Spoken],
    apart: Mapping[DestinationId, tuple[Spoken, ...]],
    admitting: Sequence[ScopeClause],
    retyped: Sequence[RecategoryClause],
    doors: _Doors,
) -> Weighing:
    """Weigh what is said of everybody, then of each destination, and take the best of these."""
    verdict, route = _most(spoken), tuple[DestinationId, ...]()
    barred = frozenset(name for name, said in apart.items() if said and _most(said) is Verdict.KEEP)
    if verdict is not Verdict.KEEP:
        apart = {name: (*said, *doors.shut(name)) for name, said in apart.items()}
        each = {name: _most([*spoken, *said]) for name, said in apart.items()}
        verdict = min(each.values(), key=CAUTION.__getitem__, default=verdict)
        route = tuple(name for name, found in each.items() if found is verdict)
        nobody = verdict is Verdict.KEEP or (not route and verdict is not Verdict.REVIEW)
        if nobody and not (apart and barred == apart.keys()):
            spoken = [*spoken, built_in(clauses.DESTINATION_NONE_OPEN, Weight.AGAINST, Verdict.KEEP)]
            verdict = Verdict.KEEP
    reasons = (*(one.reason for one in spoken), *_reasons_apart(apart))
    route = () if verdict is Verdict.KEEP else route
    decision = Decision(
        verdict,
        reasons,
        facts.policy.ref,
        route,
        doors.kind,
        say=words_for_caller(verdict, reasons, route, admitting, doors.destinations),
        barred=barred,
        retype=next((one.as_determinant or one.as_call_type for one in retyped), ""),
        again_at=_again_at(facts),
    )
    return Weighing(decision, tuple(spoken), apart, tuple(admitting))


def _again_at(facts: Facts) -> datetime | None:
    """The next instant at which a clause about this type, or about any, has been waited for long enough.

    Whether its other conditions are met is left to the screening then. Opening hours are not waited for.
    """
    since, waiting = facts.incident.first_at, facts.policy.waiting
    if not waiting or since is None or facts.incident.closed or facts.waiting_minutes() is None:
        return None
    waits = [minutes for minutes, types in waiting if not types or not types.isdisjoint(facts.names)]
    instants = (since + timedelta(minutes=minutes) for minutes in waits)
    return min((instant for instant in instants if instant > facts.at), default=None)


def _reasons_apart(apart: Mapping[DestinationId, Sequence[Spoken]]) -> Iterator[Reason]:
    """Each reason once. A danger disqualifies the call where it rules out everybody that could be asked."""
    said_of: dict[Reason, int] = {}
    for said in apart.values():
        for one in said:
            said_of[one.reason] = said_of.get(one.reason, 0) + 1
    for reason, count in said_of.items():
        yield reason if count == len(apart) else replace(reason, disqualifies=False)


def _most(spoken: Iterable[Spoken]) -> Verdict:
    return max((each.most for each in spoken), key=CAUTION.__getitem__, default=Verdict.KEEP)


def _once(spoken: Iterable[Spoken]) -> list[Spoken]:
    """Each reason once, as cautious as it was said."""
    known: dict[Reason, Spoken] = {}
    for one in spoken:
        before = known.get(one.reason)
        if before is None or CAUTION[one.most] > CAUTION[before.most]:
            known[one.reason] = one
    return list(known.values())


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
