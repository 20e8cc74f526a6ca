"""The lives drawn from their tables: Markdown tables and Mermaid state diagrams.

What is drawn is what runs; nothing here decides anything.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar, cast

from bridge.domain import consult, delivery, leg, rescue, transfer_table
from bridge.domain.delivery import DELIVERY_ENDS, DeliveryEvent, DeliveryState
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import ENDS, TRANSFER_SIGNALS, WAITING, State

StateT = TypeVar("StateT", bound=StrEnum)
EventT = TypeVar("EventT", bound=StrEnum)

_LIVES: Mapping[str, Mapping[StrEnum, Mapping[StrEnum, StrEnum]]] = {
    "leg": cast(Mapping[StrEnum, Mapping[StrEnum, StrEnum]], leg.TABLE),
    "consult": cast(Mapping[StrEnum, Mapping[StrEnum, StrEnum]], consult.TABLE),
    "rescue": cast(Mapping[StrEnum, Mapping[StrEnum, StrEnum]], rescue.TABLE),
}
"""Lives beside a transfer, each with the state in which it begins first."""

REFUSED = "·"
STAYS = "="

TRANSFER_NOTES = """\
`·` refused: nothing changes, whoever spoke is told, the audit keeps it. `=` the state stays.
Ends refuse everything.

1. Data transfers, and voice ones whose caller agreed to a call-back; otherwise refused.
2. Voice without an agreed call-back; otherwise the state stays.
"""

_CONDITIONS: Mapping[SignalKind, str] = {SignalKind.CLAIMED: " (1)", SignalKind.HUNG_UP: " (2)"}
"""Conditions that hold while 911 has the call."""


def transfer_table_markdown() -> str:
    """The transfer's table: a row per state that is not an end, a column per signal, then its notes."""
    signals = TRANSFER_SIGNALS
    rows = []
    for state in State:
        if state in ENDS:
            continue
        cells = [_cell(transfer_table.TABLE, state, signal) for signal in signals]
        if state in WAITING:
            cells = [
                cell if cell == REFUSED else cell + _CONDITIONS.get(signal, "")
                for signal, cell in zip(signals, cells, strict=True)
            ]
        rows.append([state.value, *cells])
    return _table(["state / signal", *signals], rows) + "\n" + TRANSFER_NOTES


def delivery_table_markdown() -> str:
    """The delivery's table: a row per state that is not an end, a column per event."""
    live = [state for state in DeliveryState if state not in DELIVERY_ENDS]
    rows = [[state, *(_cell(delivery.TABLE, state, event) for event in DeliveryEvent)] for state in live]
    return _table(["state / event", *DeliveryEvent], rows)


def life_table_markdown(life: str) -> str:
    """The table of a leg, a consult or a rescue: a row per state that is not an end, a column per signal."""
    table = _LIVES[life]
    signals = list(dict.fromkeys(signal for row in table.values() for signal in row))
    rows = [
        [state, *(_cell(table, state, signal) for signal in signals)] for state, row in table.items() if row
    ]
    return _table(["state / signal", *signals], rows)


def life_diagram_mermaid(life: str) -> str:
    """The states of a leg, a consult or a rescue as a Mermaid diagram."""
    table = _LIVES[life]
    return _diagram(next(iter(table)), table)


def transfer_diagram_mermaid() -> str:
    """The transfer's states as a Mermaid diagram. Signals that leave the state as it is are not drawn."""
    return _diagram(State.PROPOSED, transfer_table.TABLE)


def delivery_diagram_mermaid() -> str:
    """The delivery's states as a Mermaid diagram."""
    return _diagram(DeliveryState.PENDING, delivery.TABLE)


def _cell(table: Mapping[StateT, Mapping[EventT, StateT]], state: StateT, event: EventT) -> str:
    target = table[state].get(event)
    if target is None:
        return REFUSED
    return STAYS if target is state else target.value


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _diagram(begins: StateT, table: Mapping[StateT, Mapping[EventT, StateT]]) -> str:
    """One arrow per pair of states, with every event that makes it."""
    lines = ["stateDiagram-v2", f"    [*] --> {begins}"]
    for state, row in table.items():
        by_target: dict[StateT, list[str]] = {}
        for event, target in row.items():
            if target is not state:
                by_target.setdefault(target, []).append(event.value)
        lines += [f"    {state} --> {target}: {', '.join(events)}" for target, events in by_target.items()]
        if not row:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines) + "\n"
