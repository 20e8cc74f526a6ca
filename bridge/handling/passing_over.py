"""Who cannot be asked just now, and that nobody is passed over in silence.

A destination that is known to be unable is left out of every decision with its reason. 911 is told when a
call could go and nobody could be offered it; as soon as somebody is back, the call is screened again.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from bridge.domain import clauses
from bridge.domain.decision import Decision
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.message import ReturnKind
from bridge.domain.presence import UNHEARD, Presence, unable
from bridge.domain.screening import NOBODY_UNABLE
from bridge.domain.transfer import Step
from bridge.domain.transfer_table import State
from bridge.handling.telling_911 import tell_911
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.presences import ask_again
from bridge.ledger.rows import LockedIncident

NO_ROOM = frozenset({"full", "busy"})
"""Reasons with which a destination declines for now: it is asked again when it says that it is back."""

_AT_ONCE = 50
_SHUT = (*clauses.UNABLE, clauses.DESTINATION_CLOSED)


async def look_at_destinations(turn: Turn) -> None:
    """Know how the destinations are before anything is decided."""
    counted = [name for name, each in turn.rules.destinations.items() if each.capacity is not None]
    await turn.handling.presences.look(turn.tx, counted)


def unable_now(turn: Turn, held: LockedIncident | None = None) -> Mapping[DestinationId, str]:
    """Who cannot be asked, each with the clause it is passed over for.

    Whoever has this call, or is being asked about it, is not judged: often they are full because of it.
    """
    asked_after = _may_be_unable(turn)
    if not asked_after:
        return NOBODY_UNABLE
    theirs = _under_way(held) if held is not None else set()
    opened = Counter(transfer.destination for transfer, _ in turn.opened if not transfer.practice)
    found = {
        name: clause
        for name in asked_after - theirs
        if (clause := unable(turn.rules.destinations[name], _presence(turn, name, opened[name]), turn.now))
    }
    for group in turn.rules.groups:
        if group.id not in theirs and found.keys() >= set(group.teams):
            found.setdefault(group.id, found[group.teams[0]])
    return found


def as_they_are(turn: Turn) -> Mapping[DestinationId, Destination]:
    """The destinations, each with the wait that it states itself, where it does."""
    stated = {
        name: replace(turn.rules.destinations[name], expected_wait=presence.stated_wait)
        for name, presence in {**turn.handling.presences.known, **turn.changes.presences}.items()
        if presence.stated_wait is not None and name in turn.rules.destinations
    }
    return {**turn.rules.destinations, **stated} if stated else turn.rules.destinations


def passed_over(decision: Decision) -> tuple[DestinationId, ...]:
    """Who is passed over for as long as something lasts."""
    return tuple(
        DestinationId(reason.clause.removeprefix(head))
        for reason in decision.reasons
        for head in clauses.UNABLE
        if reason.clause.startswith(head)
    )


def keep_who_was_passed_over(turn: Turn, held: LockedIncident, names: Collection[DestinationId]) -> None:
    """They are to be asked when they are back."""
    kept = tuple(dict.fromkeys(names))
    if kept != held.passed_over:
        held.passed_over = kept
        turn.hold(held)
        turn.changes.passed_over[held.key] = kept


def after_screening(turn: Turn, held: LockedIncident, decision: Decision) -> None:
    """Keep who could not be asked now; one that had no room stays until it says that it is back."""
    no_room = [name for name in held.passed_over if name in held.asked]
    keep_who_was_passed_over(turn, held, [*passed_over(decision), *no_room])


def after_step(
    turn: Turn,
    held: LockedIncident,
    taken: Step,
    decision: Decision | None,
    following: DestinationId | None,
) -> None:
    """Somebody was asked in vain: keep who had no room, and who was passed over instead of being asked next.

    911 is told when nobody is left to ask because of that.
    """
    if not taken.moved or taken.after.from_holder is not None:
        return
    names = [*held.passed_over]
    if taken.after.state is State.DECLINED and taken.after.reason in NO_ROOM:
        names.append(taken.after.destination)
    left_out: list[DestinationId] = []
    if decision is not None and not held.settled and taken.after.routed:
        left_out = [name for name in passed_over(decision) if name not in held.asked]
    for name in left_out:
        skip(turn, held, _clause(decision, name))
    if left_out and following is None and decision is not None:
        nobody_free(turn, held, decision)
    keep_who_was_passed_over(turn, held, [*names, *left_out])


def skip(turn: Turn, held: LockedIncident, clause: str) -> None:
    """Somebody would be next, and cannot be asked: the audit says who and why, everybody is told."""
    turn.audit(held, "skipped", clauses=(clause,))
    tell_everybody(turn, held, "skipped")


def nobody_free(turn: Turn, held: LockedIncident, decision: Decision, clause: str = "") -> None:
    """The policy would let the call go, and nobody can be offered it: 911 is told with every reason.

    `clause` is one that the decision does not know of yet.
    """
    tell_911(turn, held, ReturnKind.NOBODY_FREE, decision=decision, reason=clause)
    tell_everybody(turn, held, "nobody_free", decision=decision)


def is_nobody_free(decision: Decision) -> bool:
    """Whether the call stays only because every destination of its route is passed over."""
    said = [reason.clause for reason in decision.reasons]
    return clauses.DESTINATION_NONE_OPEN in said and any(each.startswith(_SHUT) for each in said)


async def ask_who_is_back(turn: Turn) -> None:
    """Calls that could not be offered to somebody who can be asked now are due to be screened."""
    unable = unable_now(turn)
    _show(turn, unable)
    able = turn.rules.destinations.keys() - unable.keys()
    if able:
        await ask_again(turn.tx.connection, able, NO_ROOM, _AT_ONCE)


def _show(turn: Turn, unable: Mapping[DestinationId, str]) -> None:
    metrics = turn.handling.metrics
    states: dict[tuple[str, ...], float] = {}
    for name in turn.rules.destinations:
        presence = _presence(turn, name)
        states[str(name), presence.queue.value] = 1.0
        metrics.destination_able.set(name not in unable, name)
        metrics.destination_heard.set(presence.heard_at.timestamp() if presence.heard_at else 0, name)
    metrics.destination_queue.set_all(states)


def _under_way(held: LockedIncident) -> set[DestinationId]:
    under_way = [each for each in (held.waiting, held.holding) if each is not None]
    return {each.destination for each in under_way} | {team for each in under_way for team in each.teams}


def _may_be_unable(turn: Turn) -> set[DestinationId]:
    """Most destinations say nothing of themselves, and nothing is said of them."""
    said = turn.handling.presences.known.keys() | turn.changes.presences.keys()
    return set(turn.rules.limited | (said & turn.rules.destinations.keys()))


def _presence(turn: Turn, name: DestinationId, opened: int = 0) -> Presence:
    """How it is, with what this turn heard and opened."""
    known = turn.handling.presences
    presence = turn.changes.presences.get(name) or known.known.get(name, UNHEARD)
    calls = known.open_calls(name) + opened
    return presence if calls == presence.open_calls else replace(presence, open_calls=calls)


def _clause(decision: Decision | None, name: DestinationId) -> str:
    """The clause, with its id, for which this decision passes it over."""
    said = () if decision is None else decision.reasons
    heads = tuple(head + name for head in clauses.UNABLE)
    return next((reason.clause for reason in said if reason.clause in heads), "")
