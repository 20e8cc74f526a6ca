"""What stands beside a call's time line: caution notes and prior calls, a line each, for people."""

from datetime import UTC, datetime

from bridge.cli.time_line import standing_facts
from bridge.domain.cad import Caution, CautionAbout, PriorCall
from bridge.domain.ids import AgencyId, IncidentId
from bridge.domain.incident import Incident

THEN = datetime(2025, 3, 1, 8, 30, tzinfo=UTC)
BLANK = Incident(IncidentId("INV-1"), AgencyId("police.test.example"))


def told(*facts: Caution | PriorCall) -> list[str]:
    cautions = tuple(each for each in facts if isinstance(each, Caution))
    prior_calls = tuple(each for each in facts if isinstance(each, PriorCall))
    incident = Incident(BLANK.incident_id, BLANK.agency, cautions=cautions, prior_calls=prior_calls)
    return list(standing_facts(incident))


def test_each_caution_and_each_prior_call_has_its_line() -> None:
    assert told(
        Caution("DOG", CautionAbout.ADDRESS, "loose in the yard", THEN),
        Caution("", CautionAbout.PERSON),
        PriorCall("25-000101", "WELF", THEN, "ASSIST"),
        PriorCall("25-000102"),
    ) == [
        "caution: about ADDRESS, DOG, 'loose in the yard', 2025-03-01",
        "caution: about PERSON",
        "prior call: 25-000101, WELF, 2025-03-01, ASSIST",
        "prior call: 25-000102",
    ]


def test_a_call_without_any_has_no_line() -> None:
    assert list(standing_facts(BLANK)) == []


def test_what_was_typed_cannot_steer_the_terminal() -> None:
    (line,) = told(Caution("HAZ", CautionAbout.NUMBER, "\x1b[2J\r\nprior call: none"))
    assert line.isprintable()
