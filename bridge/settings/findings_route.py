"""Where calls could go, and when they could go nowhere: routes against hours, kinds and acceptance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import KindRule, ScopeClause
from bridge.settings.finding import Finding, Subject, routed
from bridge.settings.findings_reach import why_shut
from bridge.settings.week import NEVER, Week, common

_A_YEAR = 365


def nowhere(subject: Subject) -> Iterator[Finding]:
    """Destinations of a route that can never be asked, and hours at which none can."""
    gaps: dict[str, list[str]] = {}
    for scope in subject.policy.scope:
        hours = subject.week(scope) & common(subject.week(limit) for limit in subject.limits_of(scope))
        able = [name for name in scope.route if name in subject.destinations]
        if able and not hours.empty:
            barred = {name: why for name in able if (why := _why_never(subject, scope, name, hours))}
            able = [name for name in able if name not in barred]
            yield from _of_route(subject, scope, able, barred)
            if able and not (gap := _gap(subject, scope, able, hours)).empty:
                gaps.setdefault(str(gap), []).append(scope.id)
    for when, ids in gaps.items():
        rule = f"a call could go nowhere {when} ({subject.policy.timezone})"
        remedy = "give the clause these hours too, or add a destination that is open"
        yield Finding("hour-gap", tuple(ids), rule, remedy)
    for name in subject.routed():
        if (destination := subject.destinations.get(name)) is not None:
            yield from _of_destination(destination, subject.on)


def unrouted(
    policies: Iterable[Policy], destinations: Mapping[DestinationId, Destination]
) -> Iterator[Finding]:
    """Destinations that no policy sends a call to."""
    asked = {name for policy in policies for name in routed(policy)}
    for name in sorted(destinations.keys() - asked):
        remedy = "name it in a clause's `route`, or move its file away"
        yield Finding("destination-unrouted", (name,), "no policy sends a call to it", remedy)


def _of_route(
    subject: Subject,
    scope: ScopeClause,
    able: Sequence[DestinationId],
    barred: Mapping[DestinationId, str],
) -> Iterator[Finding]:
    """What is wrong with a route of which some can be asked and some never."""
    if not able:
        rule = f"nobody of its route can ever be asked: {_listed(barred)}"
        yield Finding("route-never", (scope.id, *barred), rule, "correct the destinations, or the clause")
        return
    for name, why in barred.items():
        rule = f"{name} can never be asked: {why}"
        yield Finding("destination-never", (scope.id, name), rule, "take it out of the route, or correct it")
    kinds = {kind for name in able for kind in subject.destinations[name].kinds}
    if scope.kind is KindRule.AUTO and TransferKind.VOICE not in kinds:
        rule = "nobody of its route takes voice, so that a caller on the line stays with 911"
        yield Finding("voice-nowhere", (scope.id,), rule, 'write kind = "data" if nobody waits on the line')


def _gap(subject: Subject, scope: ScopeClause, able: Sequence[DestinationId], hours: Week) -> Week:
    """When the clause lets calls go and nobody of its route is open to them."""
    return hours.outside(reduce(or_, (_hours_at(subject, scope, name) for name in able), NEVER))


def _hours_at(subject: Subject, scope: ScopeClause, name: DestinationId) -> Week:
    limits = common(subject.week(limit) for limit in subject.limits_at(scope, name))
    return subject.week(subject.destinations[name]) & limits


def _why_never(subject: Subject, scope: ScopeClause, name: DestinationId, hours: Week) -> str:
    """Why this destination can never be asked for the clause's calls, or an empty string."""
    kinds = subject.destinations[name].kinds
    if scope.kind is not KindRule.AUTO and TransferKind(scope.kind.value) not in kinds:
        return f"it takes no {scope.kind.value}"
    for limit in subject.limits_at(scope, name):
        if why := why_shut(subject, limit, scope):
            return f"{limit.id!r} lets nothing pass, {why}"
        if why := subject.overlap.impossible(limit):
            return f"{limit.id!r} can never be met, its own {why} exclude each other"
    if (_hours_at(subject, scope, name) & hours).empty:
        return "it is never open in the hours of the clause"
    return ""


def _of_destination(destination: Destination, on: date) -> Iterator[Finding]:
    if destination.hours.spans and destination.hours.timezone == "UTC":
        rule = "its hours are meant in UTC"
        yield Finding("hours-in-utc", (destination.id,), rule, "write `timezone` in its [hours]")
    for clause in destination.accepts:
        signed, ids = clause.signed_on, (destination.id, clause.id)
        if (on - signed).days > _A_YEAR:
            rule = f"what it accepts was signed on {signed}, more than a year ago"
            yield Finding("acceptance-old", ids, rule, "go through it together, and sign it again")
        elif signed > on:
            rule = f"what it accepts is signed on {signed}, which is still to come"
            yield Finding("acceptance-early", ids, rule, "correct the day")


def _listed(barred: Mapping[DestinationId, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in barred.items()).replace(";", ",")
