"""More stories of programs whose call takers decide and whose dispatchers send."""

from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind as K
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.story import story

LAPSED = "select 1 from transfer where incident_key = $1 and state = 'lapsed'"


@story(
    "st-petersburg-call",
    "St. Petersburg CALL: the supervisor telephones that the e-mail came",
    shows="an e-mail sent is not received; a telephone call confirms it, and only the team's word claims it",
    by_http=["st-petersburg-call-adults"],
)
async def st_petersburg(call: Call) -> None:
    navigators = "st-petersburg-call-adults"
    await call.comes_in(
        "A shop's clerk calls about a drunk man; there is no caution note. Dispatch e-mails the call.",
        as_worked="a shop's clerk calls about an intoxicated man: third-person calls go like any other",
        verdict="offer",
    )
    await call.hears(navigators, OfferKind.OFFER)
    call.note("The e-mail is out, and that proves nothing.\n    -> 911 has the call")
    await call.says("The supervisor telephones: it came.", navigators, K.ALERTING, has="911")
    await call.says(
        "She e-mails the navigators, and two of them say that they go.", navigators, K.CLAIMED, has=navigators
    )
    await call.hears("911", ReturnKind.HELD, holder=navigators)
    await call.says(
        "They drove him home.", navigators, K.CLOSED, outcome="transported_voluntary", has=navigators
    )


@story(
    "san-francisco",
    "San Francisco HEART: the supervisor looks through the queue",
    shows="nobody answered the recommendation; whoever looks through the queue proposes HEART for the call",
    by_http=["911"],
)
async def san_francisco(call: Call) -> None:
    heart = "san-francisco-heart"
    await call.comes_in(
        "A tent before a shop's door; for 25 minutes nobody was sent.",
        as_worked="the queue is looked through after twenty minutes",
        minutes_ago=25,
        verdict="recommend",
    )
    await call.hears("911", ReturnKind.RECOMMENDATION)
    await call.comes_to("HEART is recommended, and no call taker has time to look at it.", LAPSED)
    await call.never_told(heart)
    await call.says(
        "The supervisor looks through the queue, reads the call and offers it to HEART.",
        "911",
        K.PROPOSED,
        transfer=0,
        by="supervisor-2",
        prefers=heart,
        reason="queue_review",
        has="911",
    )
    await call.hears(heart, OfferKind.OFFER)
    await call.says("HEART claims it.", heart, K.CLAIMED, has=heart)
    await call.says(
        "The tent stands elsewhere now; a bed was offered.", heart, K.CLOSED, outcome="team_sent", has=heart
    )


@story(
    "brooklyn-park-art",
    "Brooklyn Park ART: the notes say it, the call taker marks it",
    shows="one town's rule at a county's 911: the notes recommend, the call taker confirms and marks it",
    by_http=["911"],
)
async def brooklyn_park(call: Call) -> None:
    team = "brooklyn-park-art"
    await call.comes_in(
        "A man acts strange and talks to himself: the notes speak of mental health, nobody marked it.",
        as_worked="the notes speak of it, nobody marked it: a recommendation, never more",
        verdict="recommend",
    )
    await call.says("The county's call taker confirms: ART may go.", "911", K.CONFIRMED, has="911")
    await call.goes_on("The need is marked: mental health.", verdict="offer")
    await call.hears(team, OfferKind.UPDATE)
    await call.says("ART, the town's only team, claims it.", team, K.CLAIMED, has=team)
    await call.says("He came along to the clinic.", team, K.CLOSED, outcome="transported_voluntary", has=team)


@story(
    "minneapolis-bcr",
    "Minneapolis BCR: both units are out",
    shows="each unit takes one call; when neither is free 911 is told that nobody is, and sends police",
    number=3,
)
async def minneapolis(call: Call) -> None:
    units = ("minneapolis-bcr-1", "minneapolis-bcr-2")
    for number, unit in enumerate(units, 1):
        earlier = Call(call.stage, call.program, number)
        await earlier.comes_in("A call before.", as_worked="a crisis within the city", verdict="offer")
        await earlier.hears(unit, OfferKind.OFFER)
        await earlier.says("A unit has it.", unit, K.VOICE_CONTACT, has=unit)
    call.note("Two calls came before this one; each of the two units has one of them.")
    await call.comes_in(
        "A woman talks to herself in a store, inside the city's limits.",
        as_worked="a crisis within the city",
        verdict="keep",
    )
    await call.hears("911", ReturnKind.NOBODY_FREE)
    for unit in units:
        await call.never_told(unit)


@story(
    "raleigh-acorns",
    "Raleigh ACORNS: an officer refers somebody",
    shows="the way in decides: an officer on scene refers somebody, and no question is asked again",
)
async def raleigh(call: Call) -> None:
    team = "raleigh-acorns"
    await call.comes_in(
        "An officer moved a man along, who would like help with housing.",
        as_worked="an officer refers somebody from the scene: nobody is asked again",
        verdict="offer",
    )
    await call.hears(team, OfferKind.OFFER)
    await call.says("ACORNS claims it and comes the same day.", team, K.CLAIMED, has=team)
    await call.says("He is on the list for a room.", team, K.CLOSED, outcome="referred:housing", has=team)
