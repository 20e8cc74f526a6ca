"""Stories of the programs where a clinician sits in the 911 room."""

from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind as K
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.story import story


@story(
    "austin-emcot",
    "Austin EMCOT: the clinician is busy and calls back",
    shows="the caller agreed to be called back: hanging up loses nobody, and the clinician has a duty",
)
async def austin(call: Call) -> None:
    desk, queue = "austin-emcot-desk", "austin-emcot-call-back"
    await call.comes_in(
        "Asked 'police, fire, medical or mental health?', the caller says mental health.",
        as_worked="the clinician is busy; the caller is safe and willing to be called back",
        verdict="offer",
    )
    await call.says("The clinician is with another caller.", desk, K.DECLINED, reason="busy", has="911")
    await call.hears("911", ReturnKind.ENDED)
    await call.goes_on("She is at home with her sister, and willing to be called back.", verdict="offer")
    await call.hears(queue, OfferKind.OFFER)
    await call.says("The clinician puts her into the queue.", queue, K.QUEUED, has="911")
    await call.says("The clinician says when: the call-back is theirs now.", queue, K.CLAIMED, has=queue)
    await call.says("The caller hangs up, as agreed.", "911", K.HUNG_UP, callback_agreed=True, has=queue)
    await call.says("Twenty minutes later the clinician calls her.", queue, K.VOICE_CONTACT, has=queue)
    await call.says(
        "It was settled on the telephone.", queue, K.CLOSED, outcome="resolved_by_phone", has=queue
    )
    await call.hears("911", ReturnKind.OUTCOME, outcome="resolved_by_phone")


@story(
    "austin-emcot",
    "Austin MCOT: 988 sent its own team",
    shows="911 knows of a team that 988 sent, and nothing is screened or asked",
    name="austin-mcot",
    number=2,
)
async def austin_mcot(call: Call) -> None:
    await call.comes_in(
        "Austin's 988 line sends MCOT itself and enters the call in CAD.",
        as_worked="988 sent its own team: 911 knows of it, and nothing is screened",
        verdict="keep",
    )
    await call.never_told("austin-emcot-desk")
    await call.never_told("austin-mcot")


@story(
    "louisville-ccdp",
    "Louisville CCDP: with, not on",
    shows="a handover is warm only where the call taker told the caller, introduced them and stayed",
    by_http=["911"],
)
async def louisville(call: Call) -> None:
    desk = "louisville-ccdp-desk"
    await call.comes_in(
        "The caller wants to die, has no plan and will talk.",
        as_worked="thoughts of suicide: the crisis worker",
        verdict="offer",
    )
    await call.says("'A crisis worker sits here, I stay with you.'", "911", K.CALLER_TOLD, has="911")
    await call.says("The crisis worker answers.", desk, K.ANSWERED, has="911")
    await call.says("The call taker tells who is calling, and why.", "911", K.IDENTITY_GIVEN, has="911")
    await call.says("The three of them talk.", desk, K.VOICE_CONTACT, has=desk)
    await call.says("The call taker says goodbye and leaves the line.", "911", K.RELEASED, has=desk)
    await call.hears("911", ReturnKind.HELD, holder=desk)
    await call.came_over("warm")
    await call.says("She has an appointment tomorrow.", desk, K.CLOSED, outcome="appointment_made", has=desk)


@story(
    "louisville-ccdp",
    "Louisville CCDP: 988 asks for a visit without police",
    shows="988 keeps its caller until the mobile team has them, and is told when it has",
    name="louisville-988",
    number=2,
    by_http=["louisville-988"],
)
async def louisville_988(call: Call) -> None:
    line, team = "louisville-988", "louisville-ccdp-team"
    await call.opens(
        "A woman talks with 988. 911 knows that there is a call, no more.",
        line,
        as_worked="988 asks for a visit without police: the team, and nobody asks the caller again",
        verdict="offer",
    )
    await call.says(
        "She agrees to a visit; no police is needed.", line, K.REFERRED, reason="visit_needed", has=line
    )
    await call.hears(team, OfferKind.OFFER)
    await call.says("The mobile team claims it.", team, K.CLAIMED, transfer=2, has=team)
    await call.hears(line, OfferKind.NEWS)
    await call.says("They are with her.", team, K.TEAM_ON_SCENE, transfer=2, has=team)
    await call.says(
        "She stays at home, with her sister.", team, K.CLOSED, transfer=2, outcome="team_sent", has=team
    )


@story(
    "houston-ccd",
    "Houston CCD: closed on the telephone, without police",
    shows="the counselor closes the call on the telephone, and 911 hears what became of it",
    by_http=["911", "houston-ccd-desk"],
)
async def houston(call: Call) -> None:
    desk = "houston-ccd-desk"
    await call.comes_in(
        "The caller is anxious and missed an appointment; he wants to talk.",
        as_worked="a caller who wants to talk: the counselor may close the call without police",
        verdict="offer",
    )
    offer = await call.hears(desk, OfferKind.OFFER)
    await call.reads("The counselor reads what the call taker wrote.", desk, offer)
    await call.says("'Next is a counselor. No officer comes.'", "911", K.CALLER_TOLD, has="911")
    await call.says("The counselor answers.", desk, K.ANSWERED, has="911")
    await call.says("The call taker tells who is calling, and why.", "911", K.IDENTITY_GIVEN, has="911")
    await call.says("They talk.", desk, K.VOICE_CONTACT, has=desk)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=desk)
    await call.came_over("warm")
    await call.says("It was settled; no officer came.", desk, K.CLOSED, outcome="resolved_by_phone", has=desk)
    await call.hears("911", ReturnKind.OUTCOME, outcome="resolved_by_phone")


@story(
    "st-louis",
    "St. Louis: claimed by its notes",
    shows="nobody is on the line; the clinician reads the notes and claims the call by them",
)
async def st_louis(call: Call) -> None:
    desk = "st-louis-desk"
    await call.comes_in(
        "A bus driver called about a woman at a stop and drove on.",
        as_worked="a bus driver called and drove on: the clinician claims it by its notes",
        verdict="offer",
    )
    await call.hears(desk, OfferKind.OFFER)
    await call.says("The clinician reads it and claims it.", desk, K.CLAIMED, has=desk)
    await call.says("A team of the clinician's own is on its way.", desk, K.TEAM_SENT, has=desk)
    await call.says("She was not there any more.", desk, K.CLOSED, outcome="no_person_found", has=desk)
