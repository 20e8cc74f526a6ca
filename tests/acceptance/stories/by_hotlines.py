"""Stories of the programs where another agency's hotline takes the caller."""

from bridge.domain.cad import UnitStatus
from bridge.domain.leg import LegKind, LegWanted, Mode, Why
from bridge.domain.message import OfferKind, Return, ReturnKind
from bridge.domain.signal import SignalKind as K
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.story import story


@story(
    "atlanta-pad-311",
    "Atlanta PAD/311: out of hours",
    shows="311 keeps office hours: out of them nothing is offered, and 911 keeps the call with the reason",
)
async def atlanta(call: Call) -> None:
    await call.comes_in(
        "A man sings in the plaza, drunk. 311 would send PAD, but its doors are closed today.",
        as_worked="on the day after Thanksgiving, a Friday that 311 keeps",
        verdict="keep",
    )
    await call.never_told("atlanta-311")
    await call.says(
        "The call taker would offer it all the same: not when nobody is there.",
        "911",
        K.PROPOSED,
        transfer=0,
        prefers="atlanta-311",
        reason="call_taker",
        refused="screening_keeps_it",
        has="911",
    )
    await call.never_told("atlanta-311")


@story(
    "toronto-tccs-211",
    "Toronto TCCS / 211: first asked, then offered",
    shows="211's own acceptance wants consent: asked for, given, and then 211 sends the team",
)
async def toronto(call: Call) -> None:
    line = "toronto-211"
    await call.comes_in(
        "A man paces in his living room. Nobody has asked yet whether he wants a team.",
        as_worked="consent is given later: the call may go",
        verdict="review",
    )
    await call.goes_on("He agrees to speak with 211.", verdict="offer")
    await call.says("The call taker offers it, and 211 rings.", "911", K.CONFIRMED, has="911")
    await call.says("'211 is next, and I stay on the line.'", "911", K.CALLER_TOLD, has="911")
    await call.says("211 answers.", line, K.ANSWERED, has="911")
    await call.says("The call taker tells who is calling.", "911", K.IDENTITY_GIVEN, has="911")
    await call.says("211 talks with him.", line, K.VOICE_CONTACT, has=line)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=line)
    await call.came_over("warm")
    await call.says("211 sends its team.", line, K.TEAM_SENT, has=line)
    await call.says("The team is at the door.", line, K.TEAM_ON_SCENE, has=line)
    await call.says("The team is done.", line, K.TEAM_CLEARED, has=line)
    await call.says("211 closes it.", line, K.CLOSED, outcome="team_sent", has=line)


@story(
    "baltimore-here2help",
    "Baltimore Here2Help: co-notification",
    shows="the counselor keeps the caller and has medics told as well: that is no successful diversion",
    by_http=["baltimore-here2help"],
)
async def baltimore(call: Call) -> None:
    line = "baltimore-here2help"
    await call.comes_in(
        "25-A-2, an adult who calls for herself: the determinant has answered the questions.",
        as_worked="25-A-2 of an adult who calls for herself: nobody asks the questions again",
        verdict="offer",
    )
    await call.says("'I connect you with Here2Help, and I stay.'", "911", K.CALLER_TOLD, has="911")
    await call.says("A counselor answers.", line, K.ANSWERED, has="911")
    await call.says("The call taker tells who is calling.", "911", K.IDENTITY_GIVEN, has="911")
    await call.says("They talk.", line, K.VOICE_CONTACT, has=line)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=line)
    await call.came_over("warm")
    await call.says(
        "She took a few pills this morning: the counselor asks for medics, and stays with her.",
        line,
        K.LEG_REQUESTED,
        leg=LegWanted(LegKind.EMS, Mode.TOGETHER, Why.JOINT),
        reason="medical",
        has=line,
    )
    await call.hears("911", ReturnKind.LEG)
    await call.says(
        "The medics are with her; the counselor closes.", line, K.CLOSED, outcome="co_notification", has=line
    )
    await call.hears("911", ReturnKind.OUTCOME, outcome="co_notification")


@story(
    "san-diego",
    "San Diego: nobody to talk with, so the line's team gets the notes",
    shows="one hotline with two doors: without a caller on the line its team is asked, not its counselor",
    by_http=["911", "san-diego-crisis-team"],
)
async def san_diego(call: Call) -> None:
    team = "san-diego-crisis-team"
    await call.comes_in(
        "Somebody drove by a man who yells at himself at a trolley stop.",
        as_worked="a passer-by who drove on: the team gets the notes",
        verdict="offer",
    )
    await call.hears(team, OfferKind.OFFER)
    await call.never_told("san-diego-crisis-line")
    await call.says("The line's team claims it.", team, K.CLAIMED, has=team)
    await call.says(
        "He is bleeding: the team wants medics to have him.",
        team,
        K.RETURN_ASKED,
        reason="medical",
        return_to="ems",
        learnt={"medical": "a cut at the hand", "health": "what he takes, told in confidence"},
        has=team,
    )
    told = await call.hears("911", ReturnKind.RETURN_ASKED, return_to="ems")
    assert isinstance(told, Return)
    assert told.learnt == {"medical": "a cut at the hand"}
    await call.says("911 takes it and sends an ambulance.", "911", K.RETURN_TAKEN, has="911")


@story(
    "phoenix",
    "Phoenix: the non-emergency line, and a caller who does not want one more voice",
    shows="the call taker asks before anything is offered; the caller's no is kept with its reason",
)
async def phoenix(call: Call) -> None:
    line = "phoenix-crisis-line"
    await call.comes_in(
        "On the non-emergency number somebody hears voices and wants to talk.",
        as_worked="on the non-emergency number, about mental health",
        verdict="recommend",
    )
    await call.hears("911", ReturnKind.RECOMMENDATION)
    await call.says(
        "Asked, the caller does not want to be passed on.",
        "911",
        K.REJECTED,
        reason="caller_refuses_transfer",
        has="911",
    )
    await call.never_told(line)


@story(
    "los-angeles-police",
    "Los Angeles: 988 talks while police drive",
    shows="level 3 is tandem: 988 has the caller, and an officer's leg beside it is learnt from CAD's units",
)
async def los_angeles(call: Call) -> None:
    line = "los-angeles-988"
    await call.comes_in(
        "A father about his son, who paces: risk level 3.",
        as_worked="level 3: 988 talks while police drive",
        verdict="tandem",
    )
    await call.hears("911", ReturnKind.RECOMMENDATION)
    await call.hears("911", ReturnKind.LEG)
    own_leg = {"subject": await call.leg_of(LegKind.COMMUNITY), "has": line}
    await call.unit("An officer is sent.", "P7", "POLICE", UnitStatus.DISPATCHED, leg="assigned")
    await call.says("The call taker lets 988 have it, and stays.", "911", K.CONFIRMED, has="911")
    await call.hears(line, OfferKind.OFFER)
    await call.hears(line, OfferKind.NEWS, reason="police")
    await call.says("A counselor answers.", line, K.ANSWERED, has="911")
    await call.unit("The officer drives.", "P7", "POLICE", UnitStatus.EN_ROUTE, leg="en_route")
    await call.says("The counselor talks with the father.", line, K.VOICE_CONTACT, has=line)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=line)
    await call.says("The son takes the telephone.", line, K.LEG_ON_SCENE, **own_leg)
    await call.unit("The officer waits outside.", "P7", "POLICE", UnitStatus.STAGING, leg="staged", has=line)
    await call.unit("Nobody needs him inside.", "P7", "POLICE", UnitStatus.CLEARED, leg="cleared", has=line)
    await call.says("The son wants to sleep now.", line, K.LEG_CLEARED, **own_leg)
    await call.says("They ring again tomorrow.", line, K.CLOSED, outcome="resolved_by_phone", has=line)


@story(
    "san-francisco",
    "San Francisco SCRT: card 25, and an ambulance beside the team",
    shows="a police code becomes a medical card; a medical need sends the team together with EMS",
    name="san-francisco-scrt",
    number=2,
)
async def san_francisco_scrt(call: Call) -> None:
    team = "san-francisco-scrt"
    await call.comes_in(
        "Code 800, and her hand bleeds: card 25, the street crisis team together with an ambulance.",
        as_worked="card 25 and hurt: the team together with an ambulance",
        verdict="tandem",
    )
    told = await call.hears("911", ReturnKind.RECOMMENDATION)
    assert isinstance(told, Return)
    assert told.retype == "25"
    await call.hears("911", ReturnKind.LEG)
    await call.says("The dispatcher sends them both.", "911", K.CONFIRMED, has="911")
    await call.hears(team, OfferKind.OFFER)
    await call.hears(team, OfferKind.NEWS, reason="ems")
    await call.unit("The team is sent.", "S3", "SCRT", UnitStatus.DISPATCHED, leg="assigned")
    await call.says("The team's paramedic talks with her.", team, K.VOICE_CONTACT, has=team)
    beside = {"has": team}
    await call.unit("The ambulance drives.", "M12", "EMS", UnitStatus.EN_ROUTE, leg="en_route", **beside)
    await call.unit("It is there first.", "M12", "EMS", UnitStatus.ON_SCENE, leg="on_scene", **beside)
    await call.unit("The team is there.", "S3", "SCRT", UnitStatus.ON_SCENE, leg="on_scene", **beside)
    await call.unit(
        "The ambulance leaves her with them.", "M12", "EMS", UnitStatus.CLEARED, leg="cleared", **beside
    )
    await call.unit("The team is done.", "S3", "SCRT", UnitStatus.CLEARED, leg="cleared", **beside)
    await call.says("She has a bed for the night.", team, K.CLOSED, outcome="team_sent", has=team)
