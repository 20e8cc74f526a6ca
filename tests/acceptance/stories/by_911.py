"""Stories of the programs where 911 marks the call and a team goes, or takes it by itself."""

from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind as K
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.story import story


@story(
    "denver-star",
    "Denver STAR: a knife is heard of while the van drives",
    shows="the team that is told of a danger asks 911 to take the call back",
)
async def denver(call: Call) -> None:
    van = "denver-star-van"
    await call.comes_in(
        "A laundromat calls about a man who will not leave: one of STAR's default types.",
        as_worked="a knife is heard of later: the call comes back",
        verdict="offer",
    )
    await call.hears(van, OfferKind.OFFER)
    await call.says("The van takes it.", van, K.CLAIMED, has=van)
    await call.says("The van is sent out.", van, K.TEAM_SENT, has=van)
    await call.goes_on("The caller rings again: he pulled a knife.", verdict="keep", has=van)
    await call.hears(van, OfferKind.DANGER)
    await call.hears("911", ReturnKind.DANGER)
    await call.says(
        "The van stops around the corner and asks for police.",
        van,
        K.RETURN_ASKED,
        reason="danger",
        return_to="police",
        has=van,
    )
    await call.hears("911", ReturnKind.RETURN_ASKED, return_to="police")
    await call.says("911 takes the call and sends officers.", "911", K.RETURN_TAKEN, has="911")


@story(
    "eugene-cahoots",
    "Eugene CAHOOTS: 988 has nobody free and asks for the team",
    shows="a 988 request because of capacity, screened by the city's own policy, and answered to 988",
)
async def eugene(call: Call) -> None:
    line, van = "eugene-988", "eugene-cahoots-van"
    await call.opens(
        "Somebody rings 988, who has the caller from the first instant; 911 knows of it.",
        line,
        as_worked="988 is short of people and asks for the team",
        verdict="offer",
    )
    await call.hears("911", ReturnKind.CALL_OPENED)
    await call.says(
        "988 has no team of its own free and asks the city for CAHOOTS.",
        line,
        K.REFERRED,
        reason="capacity",
        has=line,
    )
    await call.hears(van, OfferKind.OFFER)
    await call.says("The van claims it: now the van has the call.", van, K.CLAIMED, transfer=2, has=van)
    await call.hears(line, OfferKind.NEWS)
    await call.says(
        "CAHOOTS talked with her and took her to a friend.",
        van,
        K.CLOSED,
        transfer=2,
        outcome="transported_voluntary",
        has=van,
    )


@story(
    "olympia-cru",
    "Olympia CRU: heard on the radio and taken",
    shows="all teams are told at once; the first to claim has the call, the others see who took it",
    by_http=["olympia-cru-south"],
)
async def olympia(call: Call) -> None:
    north, south = "olympia-cru-north", "olympia-cru-south"
    await call.comes_in(
        "A coffee shop wants a man moved along. Police would go; the teams may hear it and take it.",
        as_worked="heard on the radio: all teams are told",
        verdict="recommend",
    )
    await call.says("The dispatcher lets the teams have it.", "911", K.CONFIRMED, has="911")
    await call.hears(north, OfferKind.OFFER)
    await call.hears(south, OfferKind.OFFER)
    await call.says("The team in the south, around the corner, claims it.", south, K.CLAIMED, has=south)
    await call.hears(north, OfferKind.TAKEN)
    await call.hears("911", ReturnKind.HELD, holder=south)
    await call.says(
        "The team in the north claims it a moment later: too late, and it learns who has it.",
        north,
        K.CLAIMED,
        refused="taken",
        has=south,
    )
    await call.hears(north, OfferKind.REFUSED, reason=f"taken:{south}")
    await call.says(
        "They walked with him to the shelter.", south, K.CLOSED, outcome="transported_voluntary", has=south
    )


@story(
    "chicago-care",
    "Chicago CARE: seven days later",
    shows="a second response is a way in of its own, counted apart from calls that were diverted",
)
async def chicago(call: Call) -> None:
    desk = "chicago-care-desk"
    await call.comes_in(
        "A week after the team was there a follow-up is due; the person agreed to it then.",
        as_worked="the follow-up after seven days",
        verdict="offer",
    )
    await call.hears(desk, OfferKind.OFFER)
    await call.says("The follow-up desk takes it.", desk, K.CLAIMED, has=desk)
    await call.says(
        "An appointment at the clinic was made.", desk, K.CLOSED, outcome="appointment_made", has=desk
    )
    await call.hears("911", ReturnKind.OUTCOME, outcome="appointment_made")


@story(
    "cincinnati-arc",
    "Cincinnati ARC: from alpha to delta",
    shows="the determinant decides; when its level rises before anybody is there, the offer comes back",
)
async def cincinnati(call: Call) -> None:
    team = "cincinnati-arc-team"
    await call.comes_in(
        "25-A-1: card 25 at alpha level has answered all four questions.",
        as_worked="it gets worse: from alpha to delta",
        verdict="offer",
    )
    await call.says("The team's system rings.", team, K.ALERTING, has="911")
    await call.goes_on("The call taker goes on with the protocol and comes to 25-D-1.", verdict="keep")
    await call.hears(team, OfferKind.WITHDRAWN)
    await call.says(
        "The team answers now: too late, 911 has this call.", team, K.CLAIMED, refused="ended", has="911"
    )
    await call.hears(team, OfferKind.REFUSED)


@story(
    "durham-heart",
    "Durham HEART: the clinician, the dispatcher's team, the navigator",
    shows="a chain of handoffs, each with a holder: nobody lets go before the next has the caller",
)
async def durham(call: Call) -> None:
    clinician, team = "durham-heart-clinician", "durham-heart-team"
    await call.comes_in(
        "The caller paces and asks for somebody to talk to: the clinician in the room is asked.",
        as_worked="a crisis, first party",
        file="durham-heart-phase-2",
        verdict="offer",
    )
    await call.says("The clinician picks up.", clinician, K.ANSWERED, has="911")
    await call.says("The clinician and the caller talk.", clinician, K.VOICE_CONTACT, has=clinician)
    await call.says("The call taker leaves the line.", "911", K.RELEASED, has=clinician)
    await call.says(
        "Talking is not enough: the clinician asks for the team, and keeps the caller meanwhile.",
        clinician,
        K.HANDED_ON,
        prefers=team,
        reason="team_needed",
        has=clinician,
    )
    await call.hears(team, OfferKind.OFFER)
    await call.says(
        "The team talks with the caller: it is theirs, the clinician is done.",
        team,
        K.VOICE_CONTACT,
        has=team,
    )
    await call.hears(clinician, OfferKind.NEWS)
    await call.says("The team drives.", team, K.TEAM_SENT, has=team)
    await call.says("The team is there.", team, K.TEAM_ON_SCENE, has=team)
    await call.says(
        "The team would let a care navigator go on with it, who takes it while they are still there.",
        team,
        K.HANDED_ON,
        prefers="durham-heart-navigators",
        reason="navigator",
        has=team,
    )
    await call.says(
        "The navigator talks with the caller.",
        "durham-heart-navigators",
        K.VOICE_CONTACT,
        has="durham-heart-navigators",
    )
    await call.says(
        "Two days later the navigator has found a doctor and closes.",
        "durham-heart-navigators",
        K.CLOSED,
        outcome="appointment_made",
        has="durham-heart-navigators",
    )


@story(
    "albuquerque-acs",
    "Albuquerque ACS: green, and whoever is near takes it",
    shows="a color decides; the team claims what it sees; when it is the wrong pool the other is asked",
)
async def albuquerque(call: Call) -> None:
    outreach, clinicians = "albuquerque-acs-outreach", "albuquerque-acs-clinicians"
    await call.comes_in(
        "A clerk calls about a couple who argue outside. The call taker colors it green.",
        as_worked="green: people argue outside a shop",
        verdict="offer",
    )
    await call.hears(outreach, OfferKind.OFFER)
    await call.says("Street outreach is all out.", outreach, K.DECLINED, reason="no_team", has="911")
    await call.hears(clinicians, OfferKind.OFFER)
    await call.says("The other pool claims it.", clinicians, K.CLAIMED, has=clinicians)
    await call.says("They part in peace.", clinicians, K.CLOSED, outcome="team_sent", has=clinicians)


@story(
    "dayton-mru",
    "Dayton MRU: two dispatchers",
    shows="the county's 911 lets go; the mediation center's call taker talks, and hands on to the unit",
)
async def dayton(call: Call) -> None:
    line, team = "dayton-mediation-line", "dayton-mru-team"
    await call.comes_in(
        "Loud bass upstairs since noon. The county's call taker offers it to the mediation center.",
        as_worked="a loud upstairs neighbor: the mediation center's call taker first, the team after",
        verdict="offer",
    )
    await call.says("Their own call taker answers.", line, K.ANSWERED, has="911")
    await call.says("She talks with the caller.", line, K.VOICE_CONTACT, has=line)
    await call.says("The county's call taker leaves the line.", "911", K.RELEASED, has=line)
    await call.says(
        "Both neighbors should be visited: she asks the unit, and keeps the caller until it answers.",
        line,
        K.HANDED_ON,
        prefers=team,
        reason="team_needed",
        has=line,
    )
    await call.says("Two mediators talk with the caller and will come.", team, K.VOICE_CONTACT, has=team)
    await call.says(
        "They saw broken glass in the hall: the landlord wants a report, and that can wait.",
        team,
        K.POLICE_FOLLOW_UP,
        reason="report",
        has=team,
    )
    await call.hears("911", ReturnKind.FOLLOW_UP)
    await call.says("The neighbors agree on hours.", team, K.CLOSED, outcome="team_sent", has=team)
