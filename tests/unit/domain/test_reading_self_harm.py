"""What narratives and types say of harm to oneself: attempts are emergencies, thoughts are for a crisis line.

A policy that offers suicidal callers to a hotline leaves out the entries that speak of thoughts, and no more.
"""

import pytest
from shared_words import LEXICON, MEDICAL, VIOLENCE, heard, mention

from bridge.domain.narrative import WordLists
from bridge.domain.words import Heard, Listener, heard_by

ATTEMPTS = {"medical.suicide-attempt", "medical.overdose", "type.suicide-attempt"}
THOUGHTS = frozenset({"medical.suicidal", "harmless.threat-to-self", "type.suicidal"})
HOTLINE = WordLists({}, heard_by(LEXICON, [Listener(MEDICAL, MEDICAL, without=THOUGHTS)]))
"""How a policy listens that offers suicidal callers to a hotline."""

IN_PROGRESS = [
    "TOOK A WHOLE BOTTLE OF PILLS",
    "FEM TOOK 30 TYLENOL",
    "JUST TOOK ALL HER MEDS",
    "ATE A HANDFUL OF PILLS",
    "SWALLOWED BLEACH",
    "DRANK SOME ANTIFREEZE",
    "OVERDOSED IN THE RESTROOM",
    "CUTTING HER WRISTS",
    "SLIT HIS WRIST W/ A RAZOR",
    "CUTTING HIMSELF IN THE BATHROOM",
    "TRYING TO HANG HIMSELF",
    "ATTEMPTED TO KILL HIMSELF",
    "TRYING TO COMMIT SUICIDE",
    "HAS A NOOSE IN THE GARAGE",
    "CORD AROUND HER NECK",
    "ON THE LEDGE",
    "ON BRIDGE RAIL THREATENING TO JUMP",
    "STANDING AT EDGE OF THE ROOF",
    "ON THE WRONG SIDE OF THE RAILING",
    "SAYS HE WILL JUMP",
    "RUNNING INTO TRAFFIC TRYING TO GET HIT",
    "POURED GASOLINE ON HIMSELF",
    "RAN A HOSE FROM THE EXHAUST",
    "STABBED HIMSELF",
    "SE CORTO LAS VENAS",
    "SE TOMO UN FRASCO DE PASTILLAS",
]


@pytest.mark.parametrize("text", IN_PROGRESS)
def test_an_attempt_is_an_emergency_whatever_the_policy_leaves_out(text: str) -> None:
    said = mention(text, MEDICAL)
    assert said is not None
    assert said.heard is Heard.FOUND
    assert said.entry in ATTEMPTS
    assert HOTLINE.read([text]).mentions[MEDICAL].heard is Heard.FOUND


@pytest.mark.parametrize(
    "text",
    [
        "TOOK PILLS THIS MORNING",
        "OD'D ON HER MEDS LAST NIGHT",
        "TRIED TO HANG HERSELF EARLIER TODAY",
        "FELL OVERNIGHT, HEAD INJURY",
    ],
)
def test_what_was_done_to_the_body_today_is_not_of_the_past(text: str) -> None:
    assert heard(text, MEDICAL) is Heard.FOUND


@pytest.mark.parametrize(
    "text", ["POSS TOOK PILLS THIS MORNING", "TOOK PILLS LAST WEEK", "TRIED TO HANG HIMSELF IN THE PAST"]
)
def test_a_doubt_stays_a_doubt_and_last_week_is_past(text: str) -> None:
    assert heard(text, MEDICAL) is Heard.POSSIBLE


def test_a_blow_of_this_morning_is_of_the_past() -> None:
    assert heard("PUNCHED HER THIS MORNING", VIOLENCE) is Heard.POSSIBLE


@pytest.mark.parametrize(
    "text",
    [
        "WANTS TO KILL HERSELF",
        "SUICIDAL THOUGHTS",
        "THREATENING SUICIDE",
        "SUICIDAL W/ PLAN TO HANG HIMSELF",
        "WANTS TO OVERDOSE",
        "THINKING ABOUT TAKING A BOTTLE OF PILLS",
        "THOUGHTS OF CUTTING",
        "HX OF SUICIDE ATTEMPTS",
        "SE QUIERE MATAR",
    ],
)
def test_thoughts_and_plans_are_heard_by_entries_that_a_policy_can_leave_out(text: str) -> None:
    said = mention(text, MEDICAL)
    assert said is not None
    assert said.heard is Heard.POSSIBLE
    assert said.entry in THOUGHTS
    assert MEDICAL not in HOTLINE.read([text]).mentions
    assert heard(text, VIOLENCE) is None


@pytest.mark.parametrize(
    "text", ["NO PILLS TAKEN, DID NOT OVERDOSE", "DENIES SUICIDE ATTEMPT", "HAS NOT TAKEN PILLS"]
)
def test_a_denied_attempt_is_denied(text: str) -> None:
    assert heard(text, MEDICAL) is Heard.DENIED


@pytest.mark.parametrize(
    "text",
    [
        "THREATENING TO HURT HIMSELF OR OTHERS",
        "WANTS TO KILL HIMSELF AND HIS WIFE",
        "DANGER TO SELF/OTHERS",
        "SAYS SHE WILL HARM SELF AND HER BABY",
    ],
)
def test_a_threat_against_oneself_and_others_is_a_threat(text: str) -> None:
    assert heard(text, VIOLENCE) is Heard.FOUND


@pytest.mark.parametrize(
    "text",
    [
        "NEEDS JUMPER CABLES",
        "CABLE HANGING FROM A POLE",
        "TOOK HIS MEDS THIS MORNING",
        "TOOK ALL THE CASH",
        "SITTING ON THE EDGE OF THE SIDEWALK",
        "CUT HIS HAIR",
        "KIDS HANGING OUT ON THE STEPS",
    ],
)
def test_pills_heights_and_cuts_that_are_none(text: str) -> None:
    assert heard(text, MEDICAL) is None


@pytest.mark.parametrize(
    ("call_type", "entry", "wanted"),
    [
        ("SUICIDE ATTEMPT", "type.suicide-attempt", Heard.FOUND),
        ("OVERDOSE", "type.suicide-attempt", Heard.FOUND),
        ("SUICIDE I/P", "type.suicide-attempt", Heard.FOUND),
        ("SUICIDE CRISIS", "type.suicidal", Heard.POSSIBLE),
        ("SUICIDE", "type.suicidal", Heard.POSSIBLE),
    ],
)
def test_a_type_that_says_suicide_can_be_left_out_and_one_that_says_attempt_cannot(
    call_type: str, entry: str, wanted: Heard
) -> None:
    said = mention("RP IS HIS SISTER", MEDICAL, call_type)
    assert said is not None
    assert (said.entry, said.heard) == (entry, wanted)
    assert heard("RP IS HIS SISTER", VIOLENCE, call_type) is None
    assert (MEDICAL in HOTLINE.read(["RP IS HIS SISTER"], call_type).mentions) is (wanted is Heard.FOUND)


@pytest.mark.parametrize(
    "text",
    [
        "HER FATHER DIED LAST WEEK",
        "FATHER DIED IN ANOTHER STATE",
        "DEPRESSED SINCE HER MOM DIED",
        "DIED 2 YEARS AGO",
    ],
)
def test_a_death_of_another_time_or_place_is_no_emergency(text: str) -> None:
    assert heard(text, MEDICAL) is None


@pytest.mark.parametrize(
    "text", ["HE JUST DIED", "FOUND DEAD", "NOT BREATHING", "DIED THIS MORNING IN BED", "HUSBAND PASSED AWAY"]
)
def test_a_death_here_and_now_is(text: str) -> None:
    assert heard(text, MEDICAL) is Heard.FOUND


def test_a_death_that_is_feared_is_possible_although_a_week_is_named() -> None:
    assert heard("NEIGHBOR MAY HAVE DIED, NOT SEEN SINCE LAST WEEK", MEDICAL) is Heard.POSSIBLE
