"""Stories of what stands beside an ordinary transfer: advice, a rescue, silence, a recall, cold words."""

from bridge.domain.cad import Answer
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.rescue import Consent, RescueWanted, WhoFor
from bridge.domain.signal import SignalKind as K
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.stage import HEARTBEAT_SECONDS
from tests.acceptance.stories.story import story

ASKED_AGAIN = "select 1 from transfer where incident_key = $1 and destination = $2 and state = 'offered'"


@story(
    "houston-ccd",
    "Houston CCD: officers are there, and the counselor advises",
    shows="advice is not a transfer: 911 keeps the call from the first to the last word of the counselor",
    name="houston-ccd-consult",
    number=2,
    by_http=["911", "houston-ccd-desk"],
)
async def houston_consult(call: Call) -> None:
    desk = "houston-ccd-desk"
    await call.comes_in(
        "The caller wants to talk, and the counselor is asked to take him.",
        as_worked="officers arrive before the counselor answered",
        verdict="offer",
    )
    await call.hears(desk, OfferKind.OFFER)
    await call.goes_on("Officers stand before his door already: now the call is theirs.", verdict="keep")
    await call.hears(desk, OfferKind.WITHDRAWN)
    await call.says(
        "He will not open. The call taker asks the counselor to listen and advise.",
        "911",
        K.CONSULT_ASKED,
        transfer=0,
        prefers=desk,
        has="911",
    )
    asked = await call.hears(desk, OfferKind.CONSULT)
    consult = {"transfer": 0, "subject": asked.subject, "has": "911"}
    await call.says("The counselor is on the line with both.", desk, K.CONSULT_JOINED, **consult)
    await call.hears("911", ReturnKind.CONSULT, state="joined")
    await call.says("He opened the door. The counselor leaves.", desk, K.CONSULT_ENDED, **consult)
    await call.hears("911", ReturnKind.CONSULT, state="ended")


@story(
    "los-angeles-police",
    "Los Angeles: 988 asks 911 for help at once",
    shows="nothing screens imminent risk: 988 has her until 911 took it, and hears whether help reached her",
    name="los-angeles-rescue",
    number=2,
    by_http=["911", "los-angeles-988"],
)
async def los_angeles_rescue(call: Call) -> None:
    line = "los-angeles-988"
    await call.asks_for_help(
        "She has taken pills and tells 988 where she is: no policy is asked, 911 is told.",
        line,
        RescueWanted(
            consent=Consent.COLLABORATIVE,
            attempt_in_progress=Answer.YES,
            who_for=WhoFor.SELF,
            counsellor="counselor-7",
            counsellor_line="555-0142",
            place="the pier, by the last lamp",
        ),
        note="Took pills an hour ago",
    )
    asked = await call.hears("911", ReturnKind.HELP, state="requested")
    rescue = {"transfer": 0, "subject": asked.subject, "has": "911"}
    await call.says("A call taker takes it, and has her from now on.", "911", K.HELP_TAKEN, **rescue)
    await call.hears(line, OfferKind.NEWS, state="taken")
    await call.says("An ambulance is sent.", "911", K.HELP_SENT, **rescue)
    await call.hears(line, OfferKind.NEWS, state="help_sent")
    await call.sees(line, f"rescues/{asked.subject}", state="help_sent")
    await call.says("The medics are with her.", "911", K.CONTACT_CONFIRMED, **rescue)
    await call.hears(line, OfferKind.NEWS, state="contact_confirmed")
    await call.says("Her counselor knows that help reached her.", line, K.HOTLINE_TOLD, **rescue)
    await call.hears("911", ReturnKind.HELP, state="closed")


@story(
    "denver-star",
    "Denver STAR: the crisis line's system falls silent",
    shows="a hotline without a heartbeat is passed over with its reason, and asked when it is back",
    name="denver-silence",
    number=2,
    by_http=["denver-crisis-line"],
)
async def denver_silence(call: Call) -> None:
    line, van = "denver-crisis-line", "denver-star-van"
    await call.lives(line, for_s=0.0)
    await call.stays_silent(line, HEARTBEAT_SECONDS)
    call.note("The crisis line's system gave its heartbeat, and then no more.\n    -> 911 has the call")
    await call.comes_in(
        "Somebody thinks of suicide and wants to talk: the line would be first, and is passed over.",
        as_worked="thoughts of suicide: the crisis line first",
        verdict="offer",
    )
    await call.hears(van, OfferKind.OFFER)
    await call.never_told(line)
    await call.says("The van is out.", van, K.DECLINED, reason="no_team", has="911")
    await call.hears("911", ReturnKind.NOBODY_FREE)
    await call.lives(line, for_s=2.0)
    await call.comes_to("The line's heartbeat is back, and the line is asked.", ASKED_AGAIN, line)
    await call.hears(line, OfferKind.OFFER)
    await call.says("A counselor answers.", line, K.ANSWERED, has="911")
    await call.says("They talk.", line, K.VOICE_CONTACT, has=line)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=line)
    await call.says("She sleeps at a friend's.", line, K.CLOSED, outcome="resolved_by_phone", has=line)


@story(
    "dayton-mru",
    "Dayton MRU: the county takes it back before anybody answered",
    shows="of two dispatchers one has the call; who answers too late is refused and told who has it",
    name="dayton-recall",
    number=2,
    by_http=["911", "dayton-mediation-line"],
)
async def dayton_recall(call: Call) -> None:
    line = "dayton-mediation-line"
    await call.comes_in(
        "Loud bass upstairs. The county's call taker offers it to the mediation center.",
        as_worked="a loud upstairs neighbor: the mediation center's call taker first, the team after",
        verdict="offer",
    )
    await call.says("The mediation center's telephone rings.", line, K.ALERTING, has="911")
    await call.says(
        "The caller wants an officer after all.", "911", K.RECALLED, reason="police_wanted", has="911"
    )
    await call.hears(line, OfferKind.WITHDRAWN)
    await call.says(
        "The mediation center's call taker picks up a moment later.",
        line,
        K.ANSWERED,
        refused="ended",
        has="911",
    )


@story(
    "louisville-ccdp",
    "Louisville CCDP: a handover without a word is no warm one",
    shows="nobody told the caller or introduced them: the crisis worker has them, and it counts as cold",
    name="louisville-cold",
    number=3,
)
async def louisville_cold(call: Call) -> None:
    desk = "louisville-ccdp-desk"
    await call.comes_in(
        "The caller wants to die, has no plan and will talk.",
        as_worked="thoughts of suicide: the crisis worker",
        verdict="offer",
    )
    await call.says("The crisis worker answers.", desk, K.ANSWERED, has="911")
    await call.says("Suddenly there is another voice.", desk, K.VOICE_CONTACT, has=desk)
    await call.says("The call taker was gone already.", "911", K.RELEASED, has=desk)
    await call.came_over("cold")
    await call.says("They talked all the same.", desk, K.CLOSED, outcome="resolved_by_phone", has=desk)
