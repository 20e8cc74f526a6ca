"""`cad.returns`: what 911's CAD is told. It is tried until it arrives."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.domain.decision import Decision
from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.learnt import wanted
from bridge.domain.leg import LegWanted
from bridge.domain.message import Return, ReturnKind
from bridge.domain.own_call import for_a_rescue
from bridge.domain.rescue import RescueWanted
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.handling.telling_everybody import reason_of
from bridge.handling.turn import Turn, message_id
from bridge.ledger.rows import LockedIncident


@dataclass(frozen=True, slots=True)
class Besides:
    """What 911 is told beside the call: of which leg, consult or rescue, what is asked, and what is known.

    With `said` False the words of the signal stay where they are.
    """

    subject: str = ""
    state: str = ""
    leg: LegWanted | None = None
    rescue: RescueWanted | None = None
    facts: Incident | None = None
    notice: str = ""
    text: str = ""
    said: bool = True


NOTHING_BESIDES = Besides()


def tell_911(
    turn: Turn,
    held: LockedIncident,
    kind: ReturnKind,
    *,
    transfer: Transfer | None = None,
    signal: Signal | None = None,
    decision: Decision | None = None,
    next_destination: DestinationId | None = None,
    reason: str = "",
    another_way: int = 0,
    besides: Besides = NOTHING_BESIDES,
) -> None:
    """A message to 911's CAD; it is tried until it arrives. `another_way`: how often it was told in vain."""
    said = _said(turn, held, signal)
    number = held.next_message()
    incident = held.incident
    message = Return(
        message_id=message_id(held.key, number),
        kind=kind,
        agency=incident.agency,
        incident_id=incident.incident_id,
        sequence=number,
        sent_at=turn.now,
        holder=held.holder,
        verdict=decision.verdict if decision is not None else None,
        reasons=decision.reasons if decision is not None else (),
        policy=decision.policy if decision is not None else None,
        transfer_id=transfer.transfer_id if transfer is not None else None,
        destination=transfer.destination if transfer is not None else None,
        state=besides.state or (transfer.state.value if transfer is not None else ""),
        reason=reason or reason_of(signal),
        text=besides.text or (said.get("words", "") if besides.said else ""),
        outcome=signal.outcome if signal is not None else "",
        return_to=signal.return_to if signal is not None else "",
        next_destination=next_destination,
        deadline=transfer.deadline if transfer is not None else None,
        practice=incident.practice,
        say=decision.say if decision is not None else "",
        retype=decision.retype if decision is not None else "",
        subject=besides.subject,
        leg=besides.leg,
        rescue=besides.rescue,
        facts=besides.facts or _to_take_over(held, kind),
        notice=besides.notice,
        channel=incident.channel,
        channel_code=incident.channel_code,
        learnt={name: each for name, each in said.items() if name != "words" and besides.said},
    )
    turn.send(
        held,
        message,
        carries="return",
        kind=kind.value,
        number=number,
        destination=NINE_ONE_ONE,
        channel=turn.handling.own_channel,
        address=turn.handling.addresses.way_back(another_way),
        transfer_id=transfer.transfer_id if transfer is not None else None,
    )


def _to_take_over(held: LockedIncident, kind: ReturnKind) -> Incident | None:
    """A call that began at a hotline comes to 911, and CAD knows nothing of it: where, and which number."""
    comes = kind is ReturnKind.RETURN_ASKED and held.opened_by
    return for_a_rescue(held.incident) if comes else None


def _said(turn: Turn, held: LockedIncident, signal: Signal | None) -> Mapping[str, str]:
    """What was said with the signal, as far as the agency wants to know it."""
    if signal is None:
        return {}
    fields = turn.rules.wanted_back(held.incident.agency, turn.now)
    return wanted({**signal.learnt, "words": signal.text}, fields)
