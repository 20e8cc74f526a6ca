"""What a destination may see: canary words planted everywhere never survive where they are not allowed."""

from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import AGENCY, NOW
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    Caller,
    CallType,
    Caution,
    CautionAbout,
    Channel,
    CodedAnswer,
    Location,
    LocationSource,
    Note,
    PriorCall,
    Unit,
    UnitStatus,
)
from bridge.domain.destination import Precision, Privacy
from bridge.domain.ids import IncidentId
from bridge.domain.incident import Incident
from bridge.domain.place import for_precision
from bridge.domain.records import without_returns
from bridge.domain.redaction import ALL_FIELDS, for_destination

PLACE = Location(
    civic={
        "country": "US",
        "A1": "TX",
        "A2": "Dallas",
        "A3": "Dallas",
        "PRD": "N",
        "RD": "Canaryroad",
        "STS": "Ave",
        "HNO": "9837",
        "PC": "75001",
        "UNIT": "canaryunit",
        "NAM": "canaryhouse",
        "LOC": "canarystairs",
    },
    text="9837 N Canaryroad Ave, canarytext",
    district="D7",
    latitude=32.9123456,
    longitude=-96.7123456,
    uncertainty_m=12.0,
    confidence_percent=90,
    source=LocationSource.GPS,
    source_code="canarysource",
    at=NOW,
)

FULL = Incident(
    incident_id=IncidentId("25-1"),
    agency=AGENCY,
    version=3,
    sequence=8,
    first_at=NOW,
    last_at=NOW + timedelta(minutes=1),
    call_ids=("canarycall",),
    channel=Channel.NINE_ONE_ONE,
    channel_code="canarychannel",
    call_type=CallType("canarytype", "canarytypetext", "25-A-1"),
    priority=2,
    priority_code="canarypriority",
    disposition="canarydisposition",
    location=PLACE,
    callback="+1 (214) 555-0142",
    caller=Caller(
        "Canaryfirst Canarylast", Answer.YES, Answer.YES, 41, Answer.YES, Answer.NO, "canarylanguage"
    ),
    answers=(CodedAnswer("canaryquestion", Answer.NO, "canaryanswer"),),
    notes=(
        Note("canarynote he is sitting", NOW, "canaryauthor", AuthorRole.CALL_TAKER, 1),
        Note("Canaryfirst at 9837 N Canaryroad Ave, CANARYTEXT, call 214-555-0142 or 2145550143", NOW),
        Note("at 32.91234, -96.71234 in canaryunit", NOW),
    ),
    units=(Unit("canaryunitid", UnitStatus.EN_ROUTE, "canarystatus", "police", NOW),),
    cautions=(Caution("keepcode", CautionAbout.PERSON, "keeptext", NOW),),
    prior_calls=(PriorCall("keepnumber", "keeptype", NOW, "keepdisposition"),),
)
KEPT = ("cautions", "prior_calls")
"""What stays with 911, whoever asks."""

CANARIES: dict[str, tuple[str, ...]] = {
    "answers": ("canaryquestion", "canaryanswer"),
    "call_ids": ("canarycall'",),
    "call_type": ("canarytype", "25-a-1"),
    "callback": ("0142", "0143"),
    "caller.facts": ("canarylanguage", "41"),
    "caller.name": ("canaryfirst", "canarylast"),
    "channel": ("canarychannel", "nine_one_one"),
    "disposition": ("canarydisposition",),
    "location": ("canaryroad", "9837", "d7", "dallas'", "32.9", "canaryhouse"),
    "narrative": ("canarynote",),
    "narrative.author": ("canaryauthor",),
    "priority": ("canarypriority",),
    "units": ("canarystatus", "en_route"),
}


def shown(*fields: str, precision: Precision = Precision.EXACT) -> Incident:
    return for_destination(FULL, Privacy(frozenset(fields), precision))


def test_everything_allowed_is_everything_but_what_stays_with_911() -> None:
    assert for_destination(FULL, Privacy(ALL_FIELDS, Precision.EXACT)) == replace(
        FULL, cautions=(), prior_calls=()
    )


def test_every_field_of_an_incident_is_planted() -> None:
    """A field that is new in the incident is either told or kept, and tested here either way."""
    blank = Incident(FULL.incident_id, AGENCY)
    same = {
        each.name for each in fields_of(Incident) if getattr(FULL, each.name) == getattr(blank, each.name)
    }
    assert same == {"incident_id", "agency", "closed", "practice"}


@given(
    st.frozensets(st.sampled_from([*sorted(ALL_FIELDS), *KEPT, "cautions.text"])),
    st.sampled_from(sorted(Precision)),
)
def test_cautions_and_prior_calls_leave_under_no_profile(
    fields: frozenset[str], precision: Precision
) -> None:
    told = shown(*fields, precision=precision)
    assert [getattr(told, name) for name in KEPT] == [(), ()]
    assert "keep" not in repr(told)


def test_nothing_allowed_is_ids_and_times_only() -> None:
    assert shown() == Incident(
        FULL.incident_id, AGENCY, 3, 8, FULL.first_at, FULL.last_at, closed=False, practice=False
    )


@given(st.sets(st.sampled_from(sorted(ALL_FIELDS))), st.sampled_from(sorted(Precision)))
def test_no_canary_survives_where_its_field_is_not_allowed(fields: set[str], precision: Precision) -> None:
    told = repr(shown(*fields, precision=precision)).lower()
    for field in ALL_FIELDS - fields:
        for canary in CANARIES[field]:
            assert canary not in told, f"{canary} of {field}"


@pytest.mark.parametrize("field", sorted(ALL_FIELDS))
def test_what_is_allowed_arrives(field: str) -> None:
    told = repr(shown(field, "narrative")).lower()
    assert all(canary in told for canary in CANARIES[field]), field


def test_the_list_of_fields_is_closed_and_tested() -> None:
    assert set(CANARIES) == ALL_FIELDS


def test_an_author_without_the_narrative_is_nothing() -> None:
    assert shown("narrative.author").notes == ()
    assert shown("narrative").notes[0].role is AuthorRole.CALL_TAKER


def test_a_block_is_the_hundred_and_about_a_hundred_metres() -> None:
    place = shown("location", precision=Precision.BLOCK).location
    assert place is not None
    assert (place.civic["HNO"], place.civic["RD"], place.civic["PC"]) == ("9800", "Canaryroad", "75001")
    assert not {"UNIT", "NAM", "LOC"} & set(place.civic)
    assert (place.latitude, place.longitude) == (32.912, -96.712)
    assert place.uncertainty_m is not None
    assert place.uncertainty_m >= 100
    assert (place.text, place.source_code) == ("", "")


def test_an_area_is_a_district_and_a_city() -> None:
    place = shown("location", precision=Precision.AREA).location
    assert place is not None
    assert dict(place.civic) == {"country": "US", "A1": "TX", "A2": "Dallas", "A3": "Dallas", "PC": "75001"}
    assert (place.district, place.latitude, place.longitude, place.text) == ("D7", None, None, "")


def test_no_precision_is_no_place() -> None:
    assert shown("location", precision=Precision.NONE).location is None


@pytest.mark.parametrize(("number", "block"), [("9837", "9800"), ("45", "0"), ("100", "100"), (" 7 ", "0")])
def test_a_house_number_is_rounded_down(number: str, block: str) -> None:
    place = for_precision(Location(civic={"HNO": number}), Precision.BLOCK)
    assert place is not None
    assert place.civic == {"HNO": block}


@pytest.mark.parametrize("number", ["12A", "12-14", "", "½", "٣٧"])
def test_a_house_number_that_is_no_number_is_not_told(number: str) -> None:
    place = for_precision(Location(civic={"HNO": number}), Precision.BLOCK)
    assert place is not None
    assert place.civic == {}


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.none() | st.floats(0, 10_000),
    st.sampled_from(sorted(Precision)),
)
def test_the_true_place_is_always_inside_what_is_told(
    latitude: float, longitude: float, uncertainty: float | None, precision: Precision
) -> None:
    told = for_precision(
        Location(latitude=latitude, longitude=longitude, uncertainty_m=uncertainty), precision
    )
    if precision is Precision.BLOCK:
        assert told is not None
        assert told.latitude is not None
        assert told.longitude is not None
        assert told.uncertainty_m is not None
        off = 111_320 * ((told.latitude - latitude) ** 2 + (told.longitude - longitude) ** 2) ** 0.5
        assert off + (uncertainty or 0) <= told.uncertainty_m + 1e-6
    elif precision is not Precision.EXACT:
        assert told is None or told.latitude is None


RETURNS = [
    "NCIC HIT: CANARY, JOHN",
    "TCIC/NCIC CHECK\nCANARY JOHN\nNO WANTS",
    "NAM/CANARY,JOHN DOB/19800101 SEX/M",
    "FBI/123456AB7 SID/TX01234567 CANARY",
    "QH RETURN FOLLOWS\n\nCANARY",
    "CRIMINAL HISTORY: CANARY",
    "LIC/ABC1234 CANARY",
    "subj CANARY has 2 warrants",
    "CANARY on parole",
    "registered sex offender CANARY",
    "prior arrests CANARY",
]


@pytest.mark.parametrize("text", RETURNS)
def test_criminal_justice_records_never_leave_for_anybody(text: str) -> None:
    incident = Incident(IncidentId("i"), AGENCY, notes=(Note(text), Note("he is sitting on the curb")))
    told = for_destination(incident, Privacy(ALL_FIELDS, Precision.EXACT))
    assert told.notes == (Note("he is sitting on the curb"),)


def test_a_line_that_mentions_a_record_goes_and_the_rest_stays() -> None:
    assert without_returns("he is calm\nhas a warrant\nwants water") == "he is calm\nwants water"


@pytest.mark.parametrize("text", ["male sitting, warranty card in hand", "he felt cold", "needs a ride"])
def test_ordinary_lines_stay(text: str) -> None:
    assert without_returns(text) == text
