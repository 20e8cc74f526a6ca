"""The shipped lists read as a careful supervisor reads: what is said, doubted, denied, past, and harmless."""

import pytest
from shared_words import MEDICAL, POLICE, VIOLENCE, WEAPON, disqualifies, heard, mention, read

from bridge.domain.meaning import How
from bridge.domain.narrative import OF_TYPE, Span, located
from bridge.domain.words import Heard


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (WEAPON, "MALE W/ SHOTGUN ON THE PORCH"),
        (WEAPON, "glock in the waistband"),
        (WEAPON, "JUV W/ AIRSOFT RIFLE"),
        (WEAPON, "CAN HEAR SHOTS FIRED"),
        (WEAPON, "SUBJ WAVING A MACHETE AT CARS"),
        (WEAPON, "HIT HIM WITH A CROWBAR"),
        (WEAPON, "SWINGING A TIRE IRON"),
        (WEAPON, "SPRAYED HER W/ BEAR MACE"),
        (WEAPON, "THREATENED RP WITH A SCREWDRIVER"),
        (WEAPON, "TRIED TO RUN RP OVER WITH HIS TRUCK"),
        (WEAPON, "SAYS THERE IS A BOMB IN THE BAG"),
        (WEAPON, "THREW A BRICK AT THE CLERK"),
        (WEAPON, "PACING W/ A BROKEN BOTTLE"),
        (WEAPON, "HOLDING A BRICK"),
        (WEAPON, "RACKED THE SLIDE"),
        (WEAPON, "HAS SCISSORS IN HIS HAND"),
        (WEAPON, "TIENE UNA PISTOLA"),
        (VIOLENCE, "2 FEMS PHYSICAL IN THE PLOT"),
        (VIOLENCE, "HUSBAND SLAPPED HER"),
        (VIOLENCE, "SUBJ KICKED RP IN THE LEG"),
        (VIOLENCE, "242 JUST OCC"),
        (VIOLENCE, "415F AT THE BAR"),
        (VIOLENCE, "HE SPIT ON THE DRIVER"),
        (VIOLENCE, "SHOVED STAFF OUT OF THE WAY"),
        (VIOLENCE, "SAYS HE IS GOING TO KILL HIS ROOMMATE"),
        (VIOLENCE, "EX THREATENED TO HURT HER"),
        (VIOLENCE, "CHOKED HIS GF"),
        (VIOLENCE, "LE PEGO A SU HERMANO"),
        (VIOLENCE, "HIT AN EMPLOYEE"),
        (VIOLENCE, "BIT AN OFFICER"),
        (VIOLENCE, "GRABBED AN ELDERLY WOMAN"),
        (VIOLENCE, "STOMPED ON THE DRIVER"),
        (VIOLENCE, "KID IS GETTING JUMPED BEHIND THE GYM"),
        (VIOLENCE, "HOLDING HER THERE AGAINST HER WILL"),
        (VIOLENCE, "TOUCHED HER BREAST"),
        (MEDICAL, "MALE DOWN, NOT BREATHING"),
        (MEDICAL, "C3 MEDICS ENRT"),
        (MEDICAL, "FEM UNRESPONSIVE ON THE BUS"),
        (MEDICAL, "POSS OD IN THE RESTROOM"),
        (MEDICAL, "CHEST PAIN AND SWEATING"),
        (MEDICAL, "LAC TO THE FOREHEAD"),
        (MEDICAL, "TRIP AND FALL ON THE STEPS"),
        (MEDICAL, "TOOK A HANDFUL OF PILLS"),
        (MEDICAL, "CHEST TIGHTNESS"),
        (MEDICAL, "LIPS TURNING PURPLE"),
        (MEDICAL, "FACIAL DROOP"),
        (MEDICAL, "PED STRUCK AT THE LIGHT"),
        (MEDICAL, "THE DOG BIT A CHILD"),
        (MEDICAL, "NO RESPIRA"),
        (POLICE, "BREAKING INTO CARS IN THE LOT"),
        (POLICE, "SHOPLIFTER RUNNING OUT WITH A CART"),
        (POLICE, "PROWLER AT THE WINDOW"),
        (POLICE, "HIT & RUN, DRIVER JUST LEFT"),
        (POLICE, "DUI DRIVER ALL OVER THE ROAD"),
        (POLICE, "EX IS HERE, TRO VIOLATION"),
        (POLICE, "SUBJ HAS A WARRANT"),
        (POLICE, "MALE EXPOSED HIMSELF TO A JOGGER"),
        (POLICE, "HEARS SOMEONE INSIDE"),
        (POLICE, "MISSING 5 YO"),
        (POLICE, "SUBJ LIT TRASH ON FIRE"),
        (POLICE, "LOS LADRONES ESTAN ROBANDO"),
    ],
)
def test_a_danger_that_is_said_is_heard(of: str, text: str) -> None:
    assert disqualifies(text, of)
    assert disqualifies(text.lower(), of)
    assert disqualifies("   ".join(text.split()), of)


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (WEAPON, "NO WPNS SEEN"),
        (WEAPON, "DENIES HAVING ANY WEAPONS"),
        (WEAPON, "WPNS: NONE"),
        (WEAPON, "NO GUNS, KNIVES OR OTHER WEAPONS"),
        (WEAPON, "RP DIDNT SEE ANY GUNS OR KNIVES"),
        (WEAPON, "NEG WPNS/INJ/ETOH"),
        (WEAPON, "SUBJ IS UNARMED"),
        (WEAPON, "NO TIENE ARMAS"),
        (WEAPON, "2.She does not have a weapon."),
        (VIOLENCE, "NOT VIOLENT"),
        (VIOLENCE, "NEVER GOT PHYSICAL"),
        (VIOLENCE, "FIGHT BTWN NEIGHBORS, VERBAL ONLY"),
        (VIOLENCE, "415 VERBAL W/ SECURITY"),
        (VIOLENCE, "HAS NOT THREATENED ANYONE"),
        (VIOLENCE, "NO HX OF VIOLENCE"),
        (MEDICAL, "NEG INJ"),
        (MEDICAL, "2 VEH TC NON INJ"),
        (MEDICAL, "NOBODY IS HURT"),
        (MEDICAL, "MEDICS NOT NEEDED"),
        (MEDICAL, "DECLINED MEDICS"),
        (MEDICAL, "DENIES SI"),
    ],
)
def test_a_denied_danger_is_denied_and_that_is_not_the_same_as_not_mentioned(of: str, text: str) -> None:
    assert heard(text, of) is Heard.DENIED
    assert heard("RP WANTS A CALL BACK", of) is None


@pytest.mark.parametrize(
    ("of", "text", "how"),
    [
        (WEAPON, "POSS KNIFE IN HIS POCKET", How.HEDGED),
        (WEAPON, "UNK IF ARMED", How.HEDGED),
        (WEAPON, "UNK WPNS", How.HEDGED),
        (WEAPON, "GUN NOT SEEN", How.HEDGED),
        (WEAPON, "HAD A RIFLE LAST WEEK", How.PAST),
        (WEAPON, "KNIFE IS IN THE KITCHEN DRAWER", How.PUT_AWAY),
        (WEAPON, "HE HAS A KINFE", How.MISSPELT),
        (WEAPON, "MALE IN THE ALLEY HOLDING A MACHE", How.CUT_SHORT),
        (VIOLENCE, "HX OF VIOLENCE", How.PAST),
        (VIOLENCE, "HE PUNCHED HER ON SATURDAY", How.PAST),
        (MEDICAL, "POSS OVERDOSE", How.HEDGED),
        (MEDICAL, "UNK INJURIES", How.HEDGED),
    ],
)
def test_a_weakened_danger_is_possible_and_says_what_weakened_it(of: str, text: str, how: How) -> None:
    said = mention(text, of)
    assert said is not None
    assert said.heard is Heard.POSSIBLE
    assert how in {one.how for one in said.weakened}


def test_unknown_before_a_person_does_not_doubt_what_he_does() -> None:
    assert heard("UNK MALE PUNCHED THE CASHIER", VIOLENCE) is Heard.FOUND


@pytest.mark.parametrize("text", ["BROKE INTO THE SHED LAST NIGHT", "SHOPLIFTER WAS HERE 3 DAYS AGO"])
def test_what_was_urgent_once_is_a_report_now(text: str) -> None:
    assert heard(text, POLICE) is Heard.OVER


def test_what_happens_again_now_is_urgent() -> None:
    assert heard("BROKE IN YESTERDAY, BREAKING IN AGAIN NOW", POLICE) is Heard.FOUND


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (WEAPON, "TAKING SHOTS OF VODKA"),
        (WEAPON, "FOUND A GLUE GUN IN THE PARK"),
        (WEAPON, "SMOKING FROM A METH PIPE"),
        (VIOLENCE, "KIDS IN A FOOD FIGHT"),
        (VIOLENCE, "PANIC ATTACK"),
        (VIOLENCE, "WANTS HIM KICKED OUT OF THE STORE"),
        (VIOLENCE, "PUSHING A SHOPPING CART"),
        (VIOLENCE, "THROWING UP AT THE DOOR"),
        (VIOLENCE, "THREATENING TO KILL HIMSELF"),
        (VIOLENCE, "TRYING TO KILL HERSELF"),
        (VIOLENCE, "THREATENING TO JUMP OFF THE BRIDGE"),
        (VIOLENCE, "THE DOG BIT RP"),
        (MEDICAL, "CONSCIOUS, BREATHING NORMALLY"),
        (MEDICAL, "DEAD BATTERY"),
        (MEDICAL, "NEED HELP MOVING A COUCH"),
        (POLICE, "PARKED IN THE RED ZONE"),
        (POLICE, "GUEST IN ROOM 211"),
        (WEAPON, "LIVES IN APT 245"),
    ],
)
def test_words_that_mean_something_else_are_not_heard(of: str, text: str) -> None:
    assert not disqualifies(text, of)


@pytest.mark.parametrize(
    ("text", "of", "entry"),
    [
        ("HAS SCISSORS IN HIS HAND", WEAPON, "weapon.scissors"),
        ("HAS A KNIFE IN HIS HAND", WEAPON, "weapon.blade"),
        ("POINTED SCISSORS AT HER", WEAPON, "weapon.brandished"),
        ("MALE EXPOSING HIMSELF", POLICE, "police.exposure"),
        ("SAYS SHE IS BEING FOLLOWED", POLICE, "police.person-in-danger"),
    ],
)
def test_what_a_policy_may_judge_by_itself_has_an_entry_of_its_own(text: str, of: str, entry: str) -> None:
    said = mention(text, of)
    assert said is not None
    assert said.entry == entry


def test_a_denial_of_one_danger_does_not_deny_the_next() -> None:
    reading = read("NO WEAPONS SEEN BUT HE PUNCHED A CAR, NEG INJ")
    assert reading.mentions[WEAPON].heard is Heard.DENIED
    assert reading.mentions[VIOLENCE].heard >= Heard.POSSIBLE
    assert reading.mentions[MEDICAL].heard is Heard.DENIED


def test_no_shirt_with_a_knife_is_a_knife() -> None:
    assert heard("NO SHIRT W/ KNIFE", WEAPON) is Heard.FOUND


def test_a_later_note_that_corrects_takes_the_earlier_ones_place() -> None:
    first = "HE HAS A KNIFE"
    drawer = read(first, "CORRECTION KNIFE IS IN KITCHEN DRAWER").mentions[WEAPON]
    assert (drawer.heard, drawer.note) == (Heard.POSSIBLE, 1)
    assert read(first, "CORRECTION - NO KNIFE, IT WAS A PHONE").mentions[WEAPON].heard is Heard.DENIED
    assert read(first, "NO WEAPONS SEEN").mentions[WEAPON].heard is Heard.FOUND
    assert read("CORRECTION NO KNIFE", "NOW HE HAS A KNIFE").mentions[WEAPON].heard is Heard.FOUND
    assert read(first, "CORRECTION HE IS ON THE 2ND FLOOR").mentions[WEAPON].heard is Heard.FOUND


def test_the_types_own_words_are_heard_where_they_are_given() -> None:
    said = mention("RP IS BY THE FOUNTAIN", WEAPON, "Weapon Offense")
    assert said is not None
    assert said.note == OF_TYPE
    assert located(said, ["RP IS BY THE FOUNTAIN"], "Weapon Offense") == Span(OF_TYPE, 0, 6)
    assert heard("2 VEHS", MEDICAL, "COLL NON INJ") is Heard.DENIED


@pytest.mark.parametrize(
    ("text", "of", "words"),
    [
        ("SAYS HE'S GOT A MACHETE NOW", WEAPON, "MACHETE"),
        ("HE IS NOT  BREATHING", MEDICAL, "NOT  BREATHING"),
        ("the caller’s husband PUNCHED her", VIOLENCE, "PUNCHED"),
        ("ESTÁ SANGRANDO", MEDICAL, "SANGRANDO"),
        ("ｋｎｉｆｅ in hand", WEAPON, "ｋｎｉｆｅ"),
    ],
)
def test_a_mention_can_be_located_in_the_text(text: str, of: str, words: str) -> None:
    said = mention(text, of)
    assert said is not None
    assert said.reason
    span = located(said, [text])
    assert text[span.begin : span.end] == words


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("LOUD MUSIC NEXT DOOR", "quality_of_life"),
        ("MALE TALKING TO HIMSELF", "behavioral_health"),
        ("HBD MALE ASLEEP ON A BENCH", "substance_use"),
        ("CAMP BEHIND THE STORE", "homelessness"),
        ("NEIGHBORS ARGUING ABOUT A FENCE", "conflict"),
        ("OPEN LINE, NOBODY THERE", "abandoned_911"),
        ("RP IS ON THE CORNER", ""),
    ],
)
def test_a_narrative_has_a_topic(text: str, topic: str) -> None:
    assert read(text).topic == topic


def test_what_follows_a_correction_in_the_same_note_still_counts() -> None:
    note = "CORRECTION NO KNIFE. " + "HE SITS ON THE STEPS OF THE LIBRARY. " * 3 + "HE HAS A GUN"
    assert read("HE HAS A KNIFE", note).mentions[WEAPON].heard is Heard.FOUND


def test_a_corrected_weapon_leaves_no_need_for_police_behind() -> None:
    reading = read("HE HAS A KNIFE", "CORRECTION NO KNIFE")
    assert {one.heard for one in reading.mentions.values()} == {Heard.DENIED}
