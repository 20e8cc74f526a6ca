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
from bridge.handling.hear_signals import SignalRecord, Written, committed, hear_taken
from bridge.handling.heard import Heard, Outcome
from bridge.handling.retrying import until_committed
from bridge.handling.turn import Turn
from bridge.ledger.deeds import Asked, Barred, Begun, DeskTransaction, Found
from bridge.ledger.desk import Asker, Kept
from bridge.ledger.turns import TurnTransaction

__all__ = ["Asker", "Begun", "Found", "Kept", "Named", "Not", "Noted", "Request", "answer_once", "version"]

PLACE = "desk"
"""The topic of signals that came by HTTP, in the inbox and nowhere else."""


class Not(StrEnum):
    """Why a request is not done at all; nothing of it is kept."""

    KEY = "key"
    IN_FLIGHT = "in_flight"
    REUSED = "reused"
    THERE = "not_there"
    UNCHANGED = "changed"


_BARRED = {Barred.KEY: Not.KEY, Barred.IN_FLIGHT: Not.IN_FLIGHT}


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

    `speaks_as` is whose signal it is, and empty where nothing is said but something noted. `deed` makes of it
    what was done; `rendered` says the answer.
    """

    idempotency: str
    digest: bytes
    named: Named | None
    deed: Callable[[Begun, Found | None], "Signal | Noted"]
    rendered: Callable[[Heard, Found | None], Kept]
    unchanged: str = ""
    speaks_as: str = ""

    def asked(self, asker: Asker) -> Asked:
        """As the ledger begins it."""
        key = f"signal/{self.speaks_as}/{signal_id(asker, self.idempotency)}" if self.speaks_as else ""
        named = self.named or Named("", "")
        return Asked(named.kind, named.name, self.idempotency, key, self.digest)


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
    asked = request.asked(asker)

    async def one_turn() -> tuple[Kept, Written | None]:
        async with handling.ledger.turn() as tx:
            desk = DeskTransaction(handling.ledger, tx, asker)
            begun = await desk.begin(asked)
            if isinstance(begun, Barred):
                raise _UndoneError(_BARRED[begun])
            if begun.earlier is not None:
                if begun.earlier.request != request.digest:
                    raise _UndoneError(Not.REUSED)
                return begun.earlier, None
            if request.named is not None and begun.found is None:
                raise _UndoneError(Not.THERE)
            if request.unchanged and begun.transfer and version(begun.transfer) != request.unchanged:
                raise _UndoneError(Not.UNCHANGED)
            turn, heard = await _done(handling, tx, asker, request, asked, begun)
            if heard.outcome is Outcome.UNKNOWN:
                raise _UndoneError(Not.THERE)
            answer = request.rendered(heard, begun.found)
            turn.changes.answers.append(desk.answer(request.idempotency, answer))
            return answer, Written(turn, await turn.write(), [heard])

    try:
        answer, written = await until_committed(handling, one_turn)
    except _UndoneError as refused:
        return refused.why
    if written is not None:
        await committed(written)
    return answer, written is None


async def _done(
    handling: Handling, tx: TurnTransaction, asker: Asker, request: Request, asked: Asked, begun: Begun
) -> tuple[Turn, Heard]:
    """The deed, in a turn that is still to be written."""
    deed = request.deed(begun, begun.found)
    if isinstance(deed, Signal):
        place = Place(PLACE, 0, begun.number, begun.now)
        # It is never quarantined: it was read before it came here.
        record = SignalRecord(InboxRecord(place, asked.inbox_key, request.digest), deed, b"")
        fresh = [0] if begun.taken else []
        turn, heard = await hear_taken(handling, tx, [record], fresh, begun.held)
        return turn, heard[0]
    assert begun.found is not None, "what is noted is noted of something"
    turn = Turn(handling, tx, begun.now, handling.rules())
    turn.audit(
        begun.held[begun.found.incident_key],
        deed.what,
        signal_id=signal_id(asker, request.idempotency),
        speaker=asker.speaker,
        reason=deed.reason,
    )
    return turn, Heard(Outcome.APPLIED)
