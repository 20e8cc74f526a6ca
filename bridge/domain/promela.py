"""The transfer's life as a Promela model, for Spin: what is checked is made of the table that runs.

Every cell of the table becomes a branch, with the condition under which it is refused or stays and with what
is told because of it. Around it stands what handling does (`promela_frame`): one call, two hotlines, one
asked after the other or handed on to; a worker that dies and reads again; a clock that is never sure.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from bridge.domain.beside import TAKEN_IN
from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.effects import Effect, effects_of_step
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.promela_frame import FRAME
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer, step
from bridge.domain.transfer_table import ENDS, HOLDING, TABLE, TRANSFER_SIGNALS, WAITING, State

Table = Mapping[State, Mapping[SignalKind, State]]
Effects = Callable[[State, SignalKind, State], tuple[Effect, ...]]

PROPERTIES = {
    "one_holder": "never two hold the call, never none",
    "a_word_moves_it": "the holder changes by voice contact, a claim or a return that was taken, not else",
    "who_talks_holds": "who has voice contact or claims, and is not refused, holds the call",
    "told_at_once": "911 knows who holds the call in the same step",
    "an_end_stays": "an end never changes",
    "applied_once": "a message that comes again changes nothing",
    "the_first_wait_ends": "the first hotline's silence ends its offer",
    "the_second_wait_ends": "the second hotline's silence ends its offer",
    "silence_alarms": "a call that a hotline holds for ever alarms",
}
"""Properties of the model by the names that they have in it. The last three need a clock that goes on."""
NEED_A_CLOCK = frozenset({"the_first_wait_ends", "the_second_wait_ends", "silence_alarms"})

_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)
_SOMEBODY = DestinationId("somebody")
_ALARMS = frozenset({Effect.ALARM, Effect.REMIND_CALL_TAKER, Effect.TELL_911_ANOTHER_WAY})
_TO_THE_DESTINATION = frozenset(
    {
        *(Effect.SEND_OFFER, Effect.WITHDRAW_OFFER, Effect.NEXT_DESTINATION),
        *(Effect.TELL_DESTINATION_DANGER, Effect.TELL_DESTINATION_REFUSED, Effect.TELL_DESTINATION_ENDED),
        *(Effect.TELL_OTHER_TEAMS_TAKEN, Effect.TELL_FROM_HOLDER),
    }
)


def model(table: Table = TABLE, effects: Effects = effects_of_step) -> str:
    """The whole model of a table and of what follows from its steps."""
    parts = {
        "NUMBERS": _lines(_numbers()),
        "WAITING": _any_of(WAITING),
        "HOLDING": _any_of(HOLDING),
        "ENDED": _any_of(ENDS),
        "HANDS_ON": _any_of(TAKEN_IN[SignalKind.HANDED_ON]),
        "CELLS": _lines(_cells(table, effects), indent=2),
        "SAYINGS": _lines(_sayings(), indent=2),
    }
    text = FRAME
    for name, part in parts.items():
        text = text.replace(f"<{name}>", part)
    return text


def _numbers() -> Iterator[str]:
    for number, state in enumerate(State, 1):
        yield f"#define {_state(state)} {number}"
    for number, signal in enumerate((*TRANSFER_SIGNALS, SignalKind.HANDED_ON), 1):
        yield f"#define {_signal(signal)} {number}"


def _any_of(states: frozenset[State]) -> str:
    return " || ".join(f"(s) == {_state(state)}" for state in State if state in states)


def _cells(table: Table, effects: Effects) -> Iterator[str]:
    """A branch for each cell that is not empty; what has a condition has a branch for each of its answers."""
    for state, row in table.items():
        for signal, target in row.items():
            at = f"from_ == {_state(state)} && said == {_signal(signal)}"
            for condition, after in _answers(state, signal, target):
                if after is not None:
                    follows = _follows(effects(state, signal, after))
                    yield f":: {at}{condition} -> to_ = {_state(after)}; {follows}"


def _answers(state: State, signal: SignalKind, target: State) -> Iterator[tuple[str, State | None]]:
    """The state after, by whether the caller is on the line and agreed to be called back; None: refused."""
    found = {}
    for kind in TransferKind:
        for agreed in (False, True):
            found[kind, agreed] = _answer(state, signal, target, kind, agreed=agreed)
    if len(set(found.values())) == 1:
        yield "", next(iter(found.values()))
        return
    for (kind, agreed), after in found.items():
        voice = "voice" if kind is TransferKind.VOICE else "!voice"
        yield f" && {voice} && {'agreed_' if agreed else '!agreed_'}", after


def _answer(
    state: State, signal: SignalKind, target: State, kind: TransferKind, *, agreed: bool
) -> State | None:
    """What a step makes of the cell's target: itself, a stay, or a refusal that the table does not show."""
    transfer = Transfer(
        *(TransferId("t"), IncidentId("i"), AgencyId("a"), _SOMEBODY, kind, state, 1, _INSTANT, _INSTANT),
        deadline=None,
        callback_agreed=agreed,
    )
    said = Signal(
        *(SignalId("s"), transfer.transfer_id, transfer.incident_id, transfer.agency, signal),
        *(Speaker.DESTINATION, _SOMEBODY, _INSTANT),
    )
    taken = step(transfer, said, now=_INSTANT, waits=Waits())
    if taken.refused in {"ended", "not_in_this_state"}:
        return target
    if taken.refused:
        return None
    stays = not taken.moved and TABLE[state][signal] is not state
    return state if stays else target


def _follows(effects: tuple[Effect, ...]) -> str:
    """What of the effects the model knows: 911 is told, somebody is alarmed, the next one is asked."""
    known = [
        ("tells_", any(effect not in _TO_THE_DESTINATION for effect in effects)),
        ("alarms_", not _ALARMS.isdisjoint(effects)),
        ("next_", Effect.NEXT_DESTINATION in effects),
    ]
    return "; ".join(["ok_ = true", *(f"{name} = true" for name, follows in known if follows)])


def _sayings() -> Iterator[str]:
    """Anybody says anything of either transfer, whenever they like; the clock alone says deadline."""
    agreeing = {SignalKind.ALERTING, SignalKind.CLAIMED, SignalKind.HUNG_UP}
    for signal in (*TRANSFER_SIGNALS, SignalKind.HANDED_ON):
        if signal is SignalKind.DEADLINE:
            continue
        yield f":: kind = {_signal(signal)}"
        if signal in agreeing:
            yield f":: kind = {_signal(signal)}; agreeing = true"


def _state(state: State) -> str:
    return f"S_{state.name}"


def _signal(signal: SignalKind) -> str:
    return f"K_{signal.name}"


def _lines(lines: Iterator[str], indent: int = 0) -> str:
    return f"\n{'    ' * indent}".join(lines)
