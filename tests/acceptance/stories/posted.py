"""What people say, as requests of the HTTP API: address and body, as the document for developers has them.

Nothing of it is taken from the desk's own tables.
"""

from collections.abc import Callable, Mapping

from bridge.domain.cad import Answer, CadEvent
from bridge.domain.signal import Signal, SignalKind, Speaker

K = SignalKind

_OWN = frozenset({K.CALL_OPENED, K.REFERRED, K.AWARENESS, K.HELP_REQUESTED})
"""Said of a hotline's own call, by its own number."""

_ADDRESSES: Mapping[SignalKind, str] = {
    K.ALERTING: "transfers/{transfer}/alerting",
    K.ANSWERED: "transfers/{transfer}/answered",
    K.VOICE_CONTACT: "transfers/{transfer}/voice-contact",
    K.CLAIMED: "transfers/{transfer}/claim",
    K.DECLINED: "transfers/{transfer}/decline",
    K.RETURN_ASKED: "transfers/{transfer}/return",
    K.CLOSED: "transfers/{transfer}/close",
    K.HANDED_ON: "transfers/{transfer}/hand-on",
    K.TEAM_SENT: "transfers/{transfer}/team-sent",
    K.TEAM_ON_SCENE: "transfers/{transfer}/team-on-scene",
    K.CONFIRMED: "transfers/{transfer}/confirm",
    K.REJECTED: "transfers/{transfer}/reject",
    K.CALLER_TOLD: "transfers/{transfer}/caller-told",
    K.IDENTITY_GIVEN: "transfers/{transfer}/identity-given",
    K.RELEASED: "transfers/{transfer}/release",
    K.RECALLED: "transfers/{transfer}/recall",
    K.RETURN_TAKEN: "transfers/{transfer}/take-back",
    K.POLICE_FOLLOW_UP: "transfers/{transfer}/police-follow-up",
    K.LEG_REQUESTED: "transfers/{transfer}/legs",
    K.PROPOSED: "incidents/{incident}/propose",
    K.CONSULT_ASKED: "incidents/{incident}/consult",
    K.CONSULT_JOINED: "consults/{subject}/join",
    K.CONSULT_ENDED: "consults/{subject}/end",
    K.CALL_OPENED: "calls",
    K.REFERRED: "referred",
    K.HELP_REQUESTED: "rescues",
    K.HELP_TAKEN: "rescues/{subject}/taken",
    K.HELP_SENT: "rescues/{subject}/sent",
    K.CONTACT_CONFIRMED: "rescues/{subject}/contact-confirmed",
    K.HOTLINE_TOLD: "rescues/{subject}/told",
}


def address(signal: Signal) -> str:
    """Where it is posted, behind `/v1/`."""
    return _ADDRESSES[signal.kind].format(
        transfer=signal.transfer_id, incident=signal.incident_id, subject=signal.subject
    )


def body(signal: Signal) -> Mapping[str, object]:
    """What is posted: what was said, and nothing that was not."""
    told: dict[str, object] = {"at": signal.said_at.isoformat()}
    if signal.speaker is Speaker.NINE_ONE_ONE:
        told["by"] = signal.speaker_id
    if signal.kind in _OWN:
        told |= {"agency": signal.agency, "number": own_number(signal)}
    for name in ("reason", "text", "outcome", "return_to", "learnt"):
        if value := getattr(signal, name):
            told[name] = value
    if signal.prefers:
        told["prefers" if signal.kind is K.DECLINED else "destination"] = signal.prefers
    more = _MORE.get(signal.kind)
    return {**told, **(more(signal) if more else {})}


def own_number(signal: Signal) -> str:
    """A hotline's own number of its call, of which the bridge made the incident's."""
    return signal.incident_id.removeprefix(f"{signal.speaker_id}:")


def _leg(signal: Signal) -> Mapping[str, object]:
    assert signal.leg is not None
    return {"kind": signal.leg.kind.value, "mode": signal.leg.mode.value, "why": signal.leg.why.value}


def _own_call(signal: Signal) -> Mapping[str, object]:
    return {} if signal.call is None else {"call": _call(signal.call)}


def _call(call: CadEvent) -> Mapping[str, object]:
    asked = {each.question: each.answer.value for each in call.answers if not each.code}
    told: dict[str, object] = {"channel": call.channel.value, "answers": asked}
    told["codes"] = {each.question: each.code for each in call.answers if each.code}
    told["note"] = "\n".join(note.text for note in call.notes)
    if call.call_type is not None:
        told["call_type"] = call.call_type.code
    if call.location is not None:
        told["place"] = {"district": call.location.district, "text": call.location.text}
    if call.caller is not None:
        known = ("first_party", "on_the_line", "consent")
        said = {name: getattr(call.caller, name) for name in known}
        told |= {name: answer.value for name, answer in said.items() if answer is not Answer.UNKNOWN}
    return told


def _help(signal: Signal) -> Mapping[str, object]:
    wanted = signal.rescue
    assert wanted is not None
    return {
        "consent_to_rescue": wanted.consent.value,
        "attempt_in_progress": wanted.attempt_in_progress.value,
        "who_for": wanted.who_for.value,
        "counsellor": wanted.counsellor,
        "counsellor_line": wanted.counsellor_line,
        "place": wanted.place,
        **_own_call(signal),
    }


_MORE: Mapping[SignalKind, Callable[[Signal], Mapping[str, object]]] = {
    K.LEG_REQUESTED: _leg,
    K.CALL_OPENED: _own_call,
    K.REFERRED: _own_call,
    K.HELP_REQUESTED: _help,
}
