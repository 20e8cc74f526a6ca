"""Faults that are put into the table, into what follows from it, or around it; Spin must find every one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bridge.domain.effects import Effect, effects_of_step
from bridge.domain.promela import Effects, Table, model
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import TABLE, State

S, K = State, SignalKind


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, and the property that must not hold with it. `seeded` defines it in the model."""

    says: str
    found_by: str
    text: Callable[[], str] = model
    seeded: tuple[str, ...] = ()


def _cell(state: State, signal: SignalKind, target: State | None) -> Callable[[], str]:
    row = {kind: after for kind, after in TABLE[state].items() if kind is not signal}
    edited: Table = {**TABLE, state: row if target is None else {**row, signal: target}}
    return lambda: model(edited)


def _without(*left_out: Effect, on: Mapping[SignalKind, object] | None = None) -> Callable[[], str]:
    def effects(before: State, signal: SignalKind, after: State) -> tuple[Effect, ...]:
        follows = effects_of_step(before, signal, after)
        if on is not None and signal not in on:
            return follows
        return tuple(effect for effect in follows if effect not in left_out)

    thinned: Effects = effects
    return lambda: model(TABLE, thinned)


FAULTS = (
    Fault("a claim ends the transfer", "who_talks_holds", _cell(S.OFFERED, K.CLAIMED, S.DECLINED)),
    Fault("an end has a way out", "an_end_stays", _cell(S.EXPIRED, K.VOICE_CONTACT, S.CONNECTED)),
    Fault("an offer has no deadline", "the_first_wait_ends", _cell(S.OFFERED, K.DEADLINE, None)),
    Fault("a queue has no deadline", "the_second_wait_ends", _cell(S.QUEUED, K.DEADLINE, None)),
    Fault(
        "911 is not told of voice contact",
        "told_at_once",
        _without(Effect.TELL_911_HELD, on={K.VOICE_CONTACT: None}),
    ),
    Fault("silence counts as 911 taking it", "a_word_moves_it", _cell(S.RETURNING, K.DEADLINE, S.RETURNED)),
    Fault("a hang-up drops a held call", "one_holder", _cell(S.HELD, K.HUNG_UP, S.ABANDONED)),
    Fault("whoever hands on cannot be closed", "one_holder", _cell(S.CLAIMED, K.CLOSED, None)),
    Fault(
        "a return that nobody takes is silent",
        "silence_alarms",
        _without(Effect.ALARM, Effect.TELL_911_ANOTHER_WAY, on={K.DEADLINE: None}),
    ),
    Fault("911 is told in a transaction of its own", "told_at_once", seeded=("TELLS_LATER",)),
    Fault("ids are not remembered", "applied_once", seeded=("FORGETS",)),
    Fault("whoever handed on is not closed with it", "one_holder", seeded=("CLOSES_LATE",)),
)
