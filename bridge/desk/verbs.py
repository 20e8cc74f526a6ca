"""Every verb of the HTTP API as a row: its address, whose it is, the signal it gives, the body it takes.

Whoever gives a new kind of signal a row here has given it an address, a description and its checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bridge.desk import saying
from bridge.domain.signal import SignalKind

K = SignalKind


class Side(Enum):
    """Whose keys may use a verb."""

    NINE_ONE_ONE = "911"
    DESTINATION = "destination"
    EITHER = "either"


class About(Enum):
    """What the id in the address means; the value is the beginning of the address."""

    TRANSFER = "transfers"
    INCIDENT = "incidents"
    LEG = "legs"
    CONSULT = "consults"
    RESCUE = "rescues"
    CALL = ""
    SELF = "self"

    @property
    def kind(self) -> str:
        """As the ledger finds it; empty where the address names nothing."""
        return "" if self in {About.CALL, About.SELF} else self.value.removesuffix("s")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. `urgent` ones move a caller: they have a rate of their own."""

    about: About
    name: str
    kind: SignalKind
    side: Side
    says: str
    body: type[saying.Said] = saying.Said
    urgent: bool = False

    @property
    def path(self) -> str:
        """Its address, with the id's name in braces."""
        if not self.about.kind:
            return "/v1/" + "/".join(part for part in (self.about.value, self.name) if part)
        return f"/v1/{self.about.value}/{{{self.about.kind}_id}}/{self.name}"

    @property
    def title(self) -> str:
        """Its name in the description, unique."""
        return "_".join(filter(None, (self.about.kind or self.about.value, self.name.replace("-", "_"))))


def _rows(
    about: About, side: Side, *rows: tuple[str, SignalKind, str, type[saying.Said]], urgent: str = ""
) -> tuple[Verb, ...]:
    hurry = urgent.split()
    return tuple(Verb(about, name, kind, side, says, body, name in hurry) for name, kind, says, body in rows)


S = saying

VERBS: tuple[Verb, ...] = (
    *_rows(
        About.TRANSFER,
        Side.DESTINATION,
        ("alerting", K.ALERTING, "Somebody's telephone rings here.", S.Said),
        ("queued", K.QUEUED, "The call waits in our queue.", S.Said),
        ("answered", K.ANSWERED, "A counsellor has answered the call taker.", S.Said),
        ("voice-contact", K.VOICE_CONTACT, "A counsellor speaks with the caller: we have them.", S.Said),
        ("claim", K.CLAIMED, "We have this call, which has no voice; or we call back, as agreed.", S.Claim),
        ("decline", K.DECLINED, "We do not take it, and why.", S.Decline),
        ("redirect", K.DECLINED, "We do not take it; ask these instead.", S.Redirect),
        ("return", K.RETURN_ASKED, "The call goes back to 911, with what was learnt.", S.Return),
        ("close", K.CLOSED, "We are done, and what became of it.", S.Close),
        ("hand-on", K.HANDED_ON, "Another destination should take it from us.", S.HandOn),
        ("team-sent", K.TEAM_SENT, "Our team is on its way.", S.Said),
        ("team-on-scene", K.TEAM_ON_SCENE, "Our team is there.", S.Said),
        ("team-cleared", K.TEAM_CLEARED, "Our team is free again.", S.Said),
        urgent="answered voice-contact claim return hand-on",
    ),
    *_rows(
        About.TRANSFER,
        Side.NINE_ONE_ONE,
        ("confirm", K.CONFIRMED, "The call taker agrees: offer it.", S.Said),
        ("reject", K.REJECTED, "The call taker does not agree, and why.", S.Because),
        ("caller-told", K.CALLER_TOLD, "The caller was told that they are handed over, and to whom.", S.Said),
        ("identity-given", K.IDENTITY_GIVEN, "The counsellor was told who is calling.", S.Said),
        ("release", K.RELEASED, "The call taker leaves the line.", S.Said),
        ("recall", K.RECALLED, "911 takes the call back before anybody has it.", S.Because),
        ("take-back", K.RETURN_TAKEN, "911 has the caller again.", S.Said),
        urgent="confirm release recall take-back",
    ),
    *_rows(
        About.TRANSFER,
        Side.EITHER,
        ("withdraw", K.WITHDRAWN, "The caller wants no transfer any more.", S.Because),
        ("hung-up", K.HUNG_UP, "The caller hung up.", S.Claim),
        ("police-follow-up", K.POLICE_FOLLOW_UP, "Something for police that does not press.", S.Because),
        (
            "legs",
            K.LEG_REQUESTED,
            "Somebody else must come too; the caller stays where they are.",
            S.LegAsked,
        ),
        ("backup", K.BACKUP, "Help is needed there, now.", S.LegAsked),
        ("scene-safe", K.SCENE_SAFE, "The scene is safe.", S.Said),
        urgent="backup withdraw hung-up legs scene-safe",
    ),
    *_rows(
        About.INCIDENT,
        Side.NINE_ONE_ONE,
        ("propose", K.PROPOSED, "Offer this call to a destination that the policy allows.", S.Propose),
        (
            "consult",
            K.CONSULT_ASKED,
            "Ask a destination to listen and advise; 911 keeps the call.",
            S.Consult,
        ),
        ("legs", K.LEG_REQUESTED, "Request a tandem: who else is to come.", S.LegAsked),
        ("backup", K.BACKUP, "Help is needed there, now.", S.LegAsked),
        ("scene-safe", K.SCENE_SAFE, "The scene is safe.", S.Said),
        ("stand-down", K.STAND_DOWN, "Nobody else is needed there.", S.Said),
        ("link", K.INCIDENTS_LINKED, "Another incident is of the same happening.", S.Link),
        urgent="consult legs backup scene-safe stand-down",
    ),
    *_rows(
        About.LEG,
        Side.EITHER,
        ("assigned", K.LEG_ASSIGNED, "A unit is assigned.", S.UnitSaid),
        ("en-route", K.LEG_EN_ROUTE, "It is on its way.", S.UnitSaid),
        ("staged", K.LEG_STAGED, "It stands by.", S.UnitSaid),
        ("on-scene", K.LEG_ON_SCENE, "It is there.", S.UnitSaid),
        ("cleared", K.LEG_CLEARED, "It has left.", S.UnitSaid),
        ("cancelled", K.LEG_CANCELLED, "It does not come.", S.UnitSaid),
        ("declined", K.LEG_DECLINED, "Nobody can come.", S.UnitSaid),
        urgent="assigned en-route staged on-scene cleared cancelled declined",
    ),
    *_rows(
        About.CONSULT,
        Side.DESTINATION,
        ("join", K.CONSULT_JOINED, "A counsellor is there.", S.Said),
        ("decline", K.CONSULT_UNAVAILABLE, "Nobody can join.", S.Because),
        urgent="join",
    ),
    *_rows(About.CONSULT, Side.EITHER, ("end", K.CONSULT_ENDED, "The consult is over.", S.Said)),
    *_rows(
        About.RESCUE,
        Side.NINE_ONE_ONE,
        ("taken", K.HELP_TAKEN, "911 has taken the request, and the caller.", S.Said),
        ("sent", K.HELP_SENT, "Help is on its way.", S.Said),
        ("contact-confirmed", K.CONTACT_CONFIRMED, "Help has reached the person.", S.Said),
        ("not-found", K.NOT_FOUND, "The person was not found.", S.Said),
        urgent="taken sent contact-confirmed not-found",
    ),
    *_rows(
        About.RESCUE,
        Side.DESTINATION,
        ("told", K.HOTLINE_TOLD, "The counsellor knows what became of it.", S.Said),
        ("cancel", K.HELP_CANCELLED, "Help is not needed any more.", S.Because),
    ),
    *_rows(
        About.CALL,
        Side.DESTINATION,
        ("rescues", K.HELP_REQUESTED, "Somebody may die: 911 is asked for help at once.", S.Help),
        ("calls", K.CALL_OPENED, "A call began here: we have the caller.", S.Open),
        ("referred", K.REFERRED, "The city's teams should take this call of ours.", S.OfACall),
        ("awareness", K.AWARENESS, "911 should know of this, and do nothing now.", S.OfACall),
        urgent="rescues",
    ),
    *_rows(
        About.SELF,
        Side.DESTINATION,
        ("state", K.STATE_SET, "How we are just now: queue, staff, wait, maintenance.", S.State),
        ("heartbeat", K.HEARTBEAT, "We are here.", S.Said),
    ),
)
"""All of them. `bridge` alone says danger, delivery_failed and deadline."""

URGENT: Mapping[tuple[str, str], bool] = {(verb.about.value, verb.name): verb.urgent for verb in VERBS}
"""Whether a verb is urgent, by the first and the last part of its address."""


def is_urgent(method: str, path: str) -> bool:
    """Whether a request moves a caller, before anything else of it is looked at."""
    parts = path.removeprefix("/v1/").strip("/").split("/")
    about = "" if len(parts) == 1 else parts[0]
    return method == "POST" and URGENT.get((about, parts[-1]), False)
