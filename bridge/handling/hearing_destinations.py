"""A destination says how it is: its queue, whether anybody is there, a wait, a window, or only that it lives.

Of what it says of its state the newest counts, by its own clock. Anybody else's word on it is not heard.
"""

from collections.abc import Iterable

from bridge.domain.ids import DestinationId
from bridge.domain.presence import SaidState, heard
from bridge.domain.record import Place
from bridge.domain.signal import About, Signal, SignalKind, Speaker
from bridge.handling.turn import Turn
from bridge.ledger.presences import lock_presences


async def lock_who_speaks(turn: Turn, signals: Iterable[Signal]) -> None:
    """Lock what is known of the destinations that speak of themselves."""
    names = {
        DestinationId(signal.speaker_id)
        for signal in signals
        if signal.about is About.DESTINATION and _is_theirs(turn, signal)
    }
    if names:
        turn.changes.presences |= await lock_presences(turn.tx.connection, names)


def hear_destination(turn: Turn, signal: Signal, place: Place) -> bool:
    """Keep what it says of itself. False when nobody knows who speaks, or it is not theirs to say."""
    if not _is_theirs(turn, signal):
        return False
    name = DestinationId(signal.speaker_id)
    said = (signal.state or SaidState()) if signal.kind is SignalKind.STATE_SET else None
    turn.changes.presences[name] = heard(
        turn.changes.presences[name],
        said,
        said_at=signal.said_at,
        reached_at=place.produced_at,
        now=turn.now,
    )
    turn.after.append(turn.handling.presences.look_anew)
    turn.after.append(lambda: turn.handling.metrics.signals.add(signal.kind, "moved"))
    return True


def _is_theirs(turn: Turn, signal: Signal) -> bool:
    return signal.speaker is Speaker.DESTINATION and signal.speaker_id in turn.rules.destinations
