"""How a simulated hotline behaves: what it says after each message about a transfer, and how soon.

Pure and repeatable: the same message, manner and seed give the same lines. Knows no Kafka and no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from bridge.domain.consult import ConsultState
from bridge.domain.decision import TransferKind
from bridge.domain.ids import DestinationId, IncidentId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.rescue import RescueState
from bridge.domain.signal import SignalKind


class Manner(StrEnum):
    """What kind of day the hotline has."""

    ACCEPTS = "accepts"
    RETURNS = "returns"
    RETURNS_ON_DANGER = "returns_on_danger"
    DECLINES = "declines"
    FULL_AND_SLOW = "full_and_slow"
    NEVER_ANSWERS = "never_answers"
    DROPS_AFTER_ACCEPT = "drops_after_accept"
    ANSWERS_TWICE = "answers_twice"
    LATE_VOICE_CONTACT = "late_voice_contact"
    HANDS_ON = "hands_on"
    SENDS_A_TEAM = "sends_a_team"


@dataclass(frozen=True, slots=True)
class Line:
    """One signal, `after` seconds (at speed 1) after the line before; `times` repeats it under its id.

    `subject` is the rescue that it is about, `prefers` who should take the call.
    """

    after: float
    kind: SignalKind
    reason: str = ""
    text: str = ""
    outcome: str = ""
    return_to: str = ""
    times: int = 1
    subject: str = ""
    prefers: DestinationId | None = None
    learnt: Mapping[str, str] = field(default_factory=dict)


K = SignalKind
_RINGS = (Line(1.5, K.ALERTING),)
_TALKS = (*_RINGS, Line(3.0, K.ANSWERED), Line(2.5, K.VOICE_CONTACT))
_READS = (*_RINGS, Line(4.0, K.CLAIMED))
_PHONE_OUTCOMES = ("resolved_by_phone",) * 4 + ("team_sent", "referred")
TEAM = DestinationId("team-east")
_TEAM = (Line(3.0, K.TEAM_SENT), Line(8.0, K.TEAM_ON_SCENE), Line(8.0, K.TEAM_CLEARED))
_OPENED = frozenset({K.CALL_OPENED.value, K.AWARENESS.value})
_FOUND = frozenset({RescueState.CONTACT_CONFIRMED.value, RescueState.NOT_FOUND.value})
_FIELD_OUTCOMES = ("team_sent",) * 3 + ("referred", "no_person_found")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A manner, with another one for the incidents in `hints`.

    `full_share` belongs to FULL_AND_SLOW, `hands_on_to` to HANDS_ON.
    """

    manner: Manner = Manner.ACCEPTS
    hints: Mapping[IncidentId, Manner] = field(default_factory=dict)
    seed: int = 0
    full_share: float = 0.8
    hands_on_to: DestinationId = TEAM

    def reply(self, message: Offer) -> tuple[Line, ...] | None:
        """What to say from now on instead of what was still to be said; None: go on as before.

        An end stops the hotline from speaking; a hotline with LATE_VOICE_CONTACT has not noticed.
        """
        manner = self.hints.get(message.incident_id, self.manner)
        match message.kind:
            case OfferKind.OFFER:
                return self._to_an_offer(manner, message)
            case OfferKind.WITHDRAWN if manner is Manner.LATE_VOICE_CONTACT:
                return (Line(2.0, K.VOICE_CONTACT),)
            case OfferKind.WITHDRAWN | OfferKind.ENDED | OfferKind.TAKEN:
                return ()
            case OfferKind.DANGER if manner is Manner.RETURNS_ON_DANGER:
                learnt = {"danger": "HE SAYS THAT THE GUN IS IN REACH"}
                return (Line(2.0, K.RETURN_ASKED, reason="danger", return_to="police", learnt=learnt),)
            case OfferKind.CONSULT if message.state == ConsultState.ASKED:
                return (Line(2.0, K.CONSULT_JOINED, subject=message.subject),)
            case OfferKind.NEWS if message.state in _FOUND:
                return (Line(2.0, K.HOTLINE_TOLD, subject=message.subject),)
            case OfferKind.NEWS if message.reason in _OPENED:
                return (Line(20.0, K.CLOSED, outcome="resolved_by_phone"),)
            case _:
                return None

    def _to_an_offer(self, manner: Manner, offer: Offer) -> tuple[Line, ...]:
        chance = Random(f"{self.seed} {offer.destination} {offer.incident_id}")
        voice = offer.transfer_kind is TransferKind.VOICE
        contact = _TALKS if voice else _READS
        outcome = chance.choice(_PHONE_OUTCOMES if voice else _FIELD_OUTCOMES)
        closes = Line(20.0 + chance.random() * 10, K.CLOSED, outcome=outcome)
        match manner:
            case Manner.ACCEPTS:
                return (*contact, closes)
            case Manner.RETURNS:
                learnt = {"wishes": "WANTS A REPORT", "people": "ALONE AT HOME"}
                reason = "caller_asks_for_police"
                return (*contact, Line(8.0, K.RETURN_ASKED, reason=reason, return_to="police", learnt=learnt))
            case Manner.HANDS_ON:
                to = self.hands_on_to
                return (*contact, Line(6.0, K.HANDED_ON, reason="team_needed", prefers=to))
            case Manner.SENDS_A_TEAM:
                return (*contact, *_TEAM, Line(4.0, K.CLOSED, outcome="team_sent"))
            case Manner.RETURNS_ON_DANGER:
                return (*contact, Line(120.0, K.CLOSED, outcome=outcome))
            case Manner.DECLINES:
                return (*_RINGS, Line(2.0, K.DECLINED, reason="out_of_scope"))
            case Manner.FULL_AND_SLOW if chance.random() < self.full_share:
                return (Line(3.0, K.DECLINED, reason="full"),)
            case Manner.FULL_AND_SLOW:
                return (Line(3.0, K.QUEUED), Line(20.0, K.ALERTING), *contact[1:], closes)
            case Manner.DROPS_AFTER_ACCEPT:
                return (*_RINGS, Line(3.0, K.ANSWERED))
            case Manner.ANSWERS_TWICE:
                twice = tuple(Line(line.after, line.kind, times=2) for line in contact)
                return (*twice, Line(0.5, contact[-1].kind), closes)
            case Manner.NEVER_ANSWERS | Manner.LATE_VOICE_CONTACT:
                return ()
