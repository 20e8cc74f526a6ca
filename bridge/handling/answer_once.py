"""A request by HTTP: what somebody does is heard like any signal, and its answer is kept with the deed.

The answer is written in the same transaction, so that a repetition gets the same one whatever broke in
between. Whoever asks for what is another's is answered as if it were not there.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bridge.domain.record import InboxRecord, Place
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.handling.context import Handling
from bridge.handling.hear_signals import SignalRecord, Written, committed, write_signals
from bridge.handling.heard import Heard, Outcome
from bridge.handling.retrying import until_committed
from bridge.handling.turn import Turn
from bridge.ledger.desk import Asker, Begun, DeskTransaction, Found, Kept
from bridge.ledger.turns import TurnTransaction

__all__ = ["Asker", "Begun", "Found", "Kept", "Named", "Not", "Noted", "Request", "answer_once", "version"]

PLACE = "desk"
"""The topic of signals that came by HTTP, in the inbox and nowhere else."""


class Not(StrEnum):
    """Why a request is not done at all; nothing of it is kept."""

    IN_FLIGHT = "in_flight"
    REUSED = "reused"
    THERE = "not_there"
    UNCHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Named:
    """What a request is about: `kind` as the ledger finds it (transfer, leg, incident ...), and its id."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that the audit keeps and nothing follows from: that a message has arrived, or was read."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `digest` is SHA-256 of it; `named` what must be there; `unchanged` the version expected.

    `deed` makes of it what was done; `rendered` says the answer.
    """

    idempotency: str
    digest: bytes
    named: Named | None
    deed: Callable[[Begun, Found | None], "Signal | Noted"]
    rendered: Callable[[Heard, Found | None], Kept]
    unchanged: str = ""


class _UndoneError(Exception):
    """Undoes the transaction: nothing is kept of this request."""

    def __init__(self, why: Not) -> None:
        super().__init__(why.value)
        self.why = why


def signal_id(asker: Asker, idempotency: str) -> str:
    """The id of a signal by HTTP: the same for each repetition. It says which way the signal came."""
    digest = hashlib.blake2b(f"{asker.speaker} {idempotency}".encode(), digest_size=16).hexdigest()
    return f"{PLACE}:{digest}"


def version(transfer: Transfer) -> str:
    """Changes whenever a transfer does."""
    since = transfer.since.timestamp() if transfer.since is not None else 0
    where = (transfer.state.value, since, transfer.sequence, transfer.destination, *transfer.teams)
    said = (transfer.caller_told, transfer.identity_given, transfer.callback_agreed, transfer.outcome)
    text = "|".join(map(str, (*where, *said, transfer.ways_tried)))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


async def answer_once(handling: Handling, asker: Asker, request: Request) -> tuple[Kept, bool] | Not:
    """What is answered, and whether it was answered before. LedgerLostError when the ledger stays away."""

    async def one_turn() -> tuple[Kept, Written | None]:
        async with handling.ledger.turn() as tx:
            desk = DeskTransaction(handling.ledger, tx, asker)
            begun = await desk.begin(request.idempotency)
            if begun is None:
                raise _UndoneError(Not.IN_FLIGHT)
            if begun.earlier is not None:
                if begun.earlier.request != request.digest:
                    raise _UndoneError(Not.REUSED)
                return begun.earlier, None
            found = await desk.find(request.named.kind, request.named.name) if request.named else None
            if request.named is not None and found is None:
                raise _UndoneError(Not.THERE)
            if request.unchanged and found is not None:
                _, transfers = await tx.lock_incidents([found.incident_key], [found.transfer_id])
                if version(transfers[found.transfer_id]) != request.unchanged:
                    raise _UndoneError(Not.UNCHANGED)
            written = await _written(handling, tx, asker, request, begun, found)
            heard = written.heard[0]
            if heard.outcome is Outcome.UNKNOWN:
                raise _UndoneError(Not.THERE)
            answer = request.rendered(heard, found)
            await desk.keep(request.idempotency, answer)
        return answer, written

    try:
        answer, written = await until_committed(handling, one_turn)
    except _UndoneError as refused:
        return refused.why
    if written is not None:
        await committed(written)
    return answer, written is None


async def _written(
    handling: Handling,
    tx: TurnTransaction,
    asker: Asker,
    request: Request,
    begun: Begun,
    found: Found | None,
) -> Written:
    deed = request.deed(begun, found)
    if isinstance(deed, Signal):
        return await write_signals(handling, tx, [_record(request, begun, deed)], {})
    assert found is not None, "what is noted is noted of something"
    held, _ = await tx.lock_incidents([found.incident_key], ())
    turn = Turn(handling, tx, begun.now, handling.rules())
    turn.audit(
        held[found.incident_key],
        deed.what,
        signal_id=signal_id(asker, request.idempotency),
        speaker=asker.speaker,
        reason=deed.reason,
    )
    return Written(turn, await turn.write(), [Heard(Outcome.APPLIED)])


def _record(request: Request, begun: Begun, signal: Signal) -> SignalRecord:
    """The signal with a place in the inbox. It is never quarantined: it was read before it came here."""
    place = Place(PLACE, 0, begun.number, begun.now)
    key = f"signal/{signal.speaker_id}/{signal.signal_id}"
    return SignalRecord(InboxRecord(place, key, request.digest), signal, b"")
