"""What is shown over HTTP: how a call stands, as far as the key that asks may know it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, TypeAdapter

from bridge.desk.problems import ProblemError, ProblemType
from bridge.domain.consult import Consult
from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.leg import Leg
from bridge.domain.message import Offer, Return
from bridge.domain.message import Status as StatusMessage
from bridge.domain.rescue import Rescue
from bridge.domain.transfer import Transfer
from bridge.handling.answer_once import Asker, Kept, version
from bridge.handling.heard import Heard, Outcome, Side
from bridge.handling.looking import Looked

ANOTHER = "another"
"""Stands for a holder whom the key that asks does not know."""


class ShownTransfer(BaseModel):
    """A transfer. `version` changes whenever it does; it is the ETag too."""

    transfer_id: str
    incident_id: str
    agency: str
    destination: str
    kind: str
    state: str
    holder: str
    version: str
    since: datetime | None
    deadline: datetime | None
    callback_agreed: bool
    caller_told: bool
    identity_given: bool
    practice: bool
    outcome: str
    reason: str
    follow_up_at: datetime | None


class ShownSide(BaseModel):
    """A leg, consult or rescue: its id, what it is of, and where it stands."""

    kind: str
    id: str
    of: str
    state: str
    deadline: datetime | None


class Answer(BaseModel):
    """What came of a request, and how things stand after it."""

    outcome: str
    holder: str
    transfer: ShownTransfer | None
    changed: list[ShownSide]


class ShownIncident(BaseModel):
    """An incident as it stands for an agency."""

    incident_id: str
    holder: str
    transfers: list[ShownTransfer]
    beside: list[ShownSide]


class OfferPage(BaseModel):
    """Messages in order, and the cursor behind them."""

    messages: list[Offer]
    cursor: str


class NewsPage(BaseModel):
    """What 911 was told, in order, and the cursor behind it."""

    messages: list[Return]
    cursor: str


class Line(BaseModel):
    """One thing that happened, in codes."""

    at: datetime
    what: str
    transfer_id: str
    from_state: str
    to_state: str
    speaker: str
    said_at: datetime | None
    holder: str
    reason: str


class TimeLine(BaseModel):
    """What happened to a call, in order."""

    lines: list[Line]


STATUS = TypeAdapter(StatusMessage)


def knows(asker: Asker, transfer: Transfer) -> bool:
    """Whether a transfer is the asker's to know."""
    if asker.agency is not None:
        return transfer.agency == asker.agency
    return asker.destination == transfer.destination or asker.destination in transfer.teams


def holder_for(asker: Asker, holder: str, transfer: Transfer | None) -> str:
    """Who has the caller, as far as the asker may know: those asked together are told of each other."""
    together = transfer is not None and knows(asker, transfer) and holder in transfer.teams
    if asker.agency is not None or holder in {NINE_ONE_ONE, asker.destination, ""} or together:
        return holder
    return ANOTHER


def shown(asker: Asker, transfer: Transfer) -> ShownTransfer:
    """A transfer that the asker may know."""
    return ShownTransfer(
        transfer_id=transfer.transfer_id,
        incident_id=transfer.incident_id,
        agency=transfer.agency,
        destination=transfer.destination,
        kind=transfer.kind.value,
        state=transfer.state.value,
        holder=holder_for(asker, transfer.holder, transfer),
        version=version(transfer),
        since=transfer.since,
        deadline=transfer.deadline,
        callback_agreed=transfer.callback_agreed,
        caller_told=transfer.caller_told,
        identity_given=transfer.identity_given,
        practice=transfer.practice,
        outcome=transfer.outcome,
        reason=transfer.reason,
        follow_up_at=transfer.follow_up_at,
    )


def shown_sides(asker: Asker, sides: Iterable[Side]) -> list[ShownSide]:
    """Legs, consults and rescues; a destination sees its own consults and rescues only."""
    return [_side(side) for side in sides if isinstance(side, Leg) or _theirs(asker, side)]


def answered(asker: Asker, heard: Heard) -> Kept:
    """The answer to a request that was done, or refused by a table. `request` is the caller's to fill in."""
    mine = heard.transfer if heard.transfer is not None and knows(asker, heard.transfer) else None
    holder = holder_for(asker, heard.holder, mine)
    if heard.outcome is Outcome.REFUSED:
        more: dict[str, object] = {"reason": heard.reason, "holder": holder}
        if mine is not None:
            more |= {"state": mine.state.value, "version": version(mine)}
        problem = ProblemError(ProblemType.REFUSED, more=more)
        return Kept(b"", problem.problem.status, problem.body())
    said = Answer(
        outcome=heard.outcome.value,
        holder=holder,
        transfer=shown(asker, mine) if mine is not None else None,
        changed=shown_sides(asker, heard.sides),
    )
    return Kept(b"", 200, said.model_dump_json().encode())


def shown_incident(asker: Asker, looked: Looked) -> ShownIncident:
    """An incident with what is under way in it."""
    held = looked.held
    transfers = sorted(held.transfers.values(), key=lambda each: each.attempt)
    beside: list[Side] = [*held.legs.values(), *held.consults.values(), *held.rescues.values()]
    return ShownIncident(
        incident_id=looked.found.incident_id,
        holder=holder_for(asker, held.holder, looked.transfer),
        transfers=[shown(asker, each) for each in transfers if knows(asker, each)],
        beside=shown_sides(asker, beside),
    )


def etag_of(body: bytes) -> Mapping[str, str]:
    """The ETag header of an answer that shows a transfer."""
    said = json.loads(body)
    tag = (said.get("transfer") or said).get("version")
    return {"ETag": f'"{tag}"'} if tag else {}


def _theirs(asker: Asker, side: Consult | Rescue) -> bool:
    return asker.agency is not None or side.destination == asker.destination


def _side(side: Side) -> ShownSide:
    match side:
        case Leg():
            return _one("leg", side.leg_id, side.kind.value, side)
        case Consult():
            return _one("consult", side.consult_id, side.destination, side)
        case Rescue():
            return _one("rescue", side.rescue_id, side.destination, side)


def _one(kind: str, name: str, of: str, side: Side) -> ShownSide:
    return ShownSide(kind=kind, id=name, of=of, state=side.state.value, deadline=side.deadline)
