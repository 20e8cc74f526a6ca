"""What each section of a mapping file makes of a row."""

from pathlib import Path

import pytest
from feed_tables import mapped, row

from bridge.domain.cad import Answer, CadEvent, CallType, Channel, EventKind, UnitStatus
from bridge.feeds import rows
from bridge.feeds.mapping import MappingError


def told(folder: Path, text: str, *table: dict[str, str]) -> list[CadEvent]:
    return list(rows.events(table, mapped(folder, text)))


CHANNELS = '[channel_codes]\ncolumn = "via"\nvalues = { "911" = "NINE_ONE_ONE", "OV" = "ON_VIEW" }\n'


@pytest.mark.parametrize(
    ("cell", "channel", "code"),
    [
        ("911", Channel.NINE_ONE_ONE, "911"),
        (" OV ", Channel.ON_VIEW, "OV"),
        ("PIGEON", Channel.UNKNOWN, "PIGEON"),
        ("", Channel.UNKNOWN, ""),
    ],
)
def test_a_column_of_codes_tells_the_way_in_and_an_unknown_code_is_kept(
    tmp_path: Path, cell: str, channel: Channel, code: str
) -> None:
    (event,) = told(tmp_path, CHANNELS, row(via=cell))
    assert (event.channel, event.channel_code) == (channel, code)


TYPES = """
[call_type]
column = "type"
split = '(?P<code>(?P<determinant>[0-9]+[OA-E][0-9]+[A-Z]*))'
codes = { "DISTURBAUNCE" = "DISTURBANCE" }
texts = { "GRASFIRE" = "Grass fire" }
"""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("33C2      ", CallType("33C2", "", "33-C-2")),
        ("25A02V", CallType("25A02V", "", "25-A-2V")),
        ("25O1", CallType("25O1", "", "25-O-1")),
        ("GRASFIRE", CallType("GRASFIRE", "Grass fire")),
        ("DISTURBAUNCE", CallType("DISTURBANCE", "DISTURBAUNCE")),
        ("C9F", CallType("C9F")),
        ("", None),
    ],
)
def test_a_type_is_a_determinant_a_known_code_or_another_spelling_of_one(
    tmp_path: Path, cell: str, expected: CallType | None
) -> None:
    (event,) = told(tmp_path, TYPES, row(type=cell))
    assert event.call_type == expected


ANSWERS = """
[[answers]]
question = "weapon"
column = "wpn"
yes = ["Y", "1"]
no = ["N"]

[[answers]]
question = "colour"
column = "colour"
"""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"wpn": "Y"}, [("weapon", Answer.YES, "Y")]),
        ({"wpn": "N"}, [("weapon", Answer.NO, "N")]),
        ({"wpn": "U"}, [("weapon", Answer.UNKNOWN, "U")]),
        ({"wpn": ""}, []),
        ({"colour": "GREEN"}, [("colour", Answer.UNKNOWN, "GREEN")]),
    ],
)
def test_a_coded_field_keeps_its_code_and_only_the_named_codes_answer(
    tmp_path: Path, cells: dict[str, str], expected: list[tuple[str, Answer, str]]
) -> None:
    (event,) = told(tmp_path, ANSWERS, row(**cells))
    assert [(said.question, said.answer, said.code) for said in event.answers] == expected


CALLER = """
[caller]
name = "who"
age = "years"
language = "tongue"
first_party = { column = "party", yes = ["1"], no = ["3"] }
consent = { column = "agrees", yes = ["Y"], no = ["N"] }
"""


def test_a_caller_is_what_the_columns_say_and_nothing_more(tmp_path: Path) -> None:
    (event,) = told(tmp_path, CALLER, row(years="34", party="1", agrees="?"))
    assert event.caller is not None
    assert (event.caller.age, event.caller.first_party) == (34, Answer.YES)
    assert (event.caller.consent, event.caller.wants_police) == (Answer.UNKNOWN, Answer.UNKNOWN)
    (silent,) = told(tmp_path, CALLER, row())
    assert silent.caller is None


@pytest.mark.parametrize("years", ["A", "-3", "200", "34.5", "٣", "9" * 40])
def test_an_age_that_nobody_has_is_not_said(tmp_path: Path, years: str) -> None:
    (event,) = told(tmp_path, CALLER, row(years=years))
    assert event.caller is not None
    assert event.caller.age is None


def test_several_columns_of_remarks_are_several_notes(tmp_path: Path) -> None:
    reading = mapped(tmp_path, top='note = ["first", "second"]\n')
    events = list(rows.events([row(first="QUIET", second="ALONE"), row(first="HE LEFT")], reading))
    assert [[note.text for note in event.notes] for event in events] == [["QUIET", "ALONE"], ["HE LEFT"]]
    assert events[1].kind is EventKind.NOTE_ADDED


OUTCOME = """
[call_type]
column = "type"

[outcome]
disposition = "how"

[outcome.call_type]
column = "final"
split = '-*(?P<code>.+)'
"""


def test_what_was_known_in_the_end_changes_the_incident_and_does_not_create_it(tmp_path: Path) -> None:
    past = row(type="CRISIS", final="--DISTURBANCE", how="ASSISTED")
    created, changed = told(tmp_path, OUTCOME, past, past)
    assert (created.kind, created.call_type, created.disposition) == (
        EventKind.CREATED,
        CallType("CRISIS"),
        "",
    )
    assert (changed.kind, changed.call_type, changed.disposition) == (
        EventKind.CHANGED,
        CallType("DISTURBANCE"),
        "ASSISTED",
    )


def test_a_later_change_does_not_take_the_final_type_back(tmp_path: Path) -> None:
    text = OUTCOME + '[priority]\ncolumn = "priority"\n'
    past = row(type="CRISIS", final="FIGHT", priority="3")
    *_, changed = told(tmp_path, text, past, {**past, "priority": "1"})
    assert (changed.priority, changed.call_type) == (1, CallType("FIGHT"))


def test_an_outcome_that_closes_does_so_once_and_a_further_one_changes(tmp_path: Path) -> None:
    text = '[outcome]\ndisposition = "how"\ncloses = true\n'
    table = [row(), row(how="TO FOLLOW"), row(how="APPROVED"), row(how="")]
    events = told(tmp_path, text, *table)
    assert [event.kind for event in events] == [EventKind.CREATED, EventKind.CLOSED, EventKind.CHANGED]


def test_a_test_call_is_practice(tmp_path: Path) -> None:
    text = '[practice]\ncolumn = "remark"\nvalues = ["TEST"]\n'
    events = told(tmp_path, text, row(remark="TEST  "), row(number="18-2", remark="TESTY"))
    assert [event.practice for event in events] == [True, False]


@pytest.mark.parametrize("cell", ["NULL", " NULL ", "ZZZZ", "ZZZZZZZZZ", "", "   "])
def test_fillers_say_nothing(tmp_path: Path, cell: str) -> None:
    reading = mapped(tmp_path, top='unsaid = ["NULL"]\nunsaid_pattern = "Z{4,}"\nnote = "remark"\n')
    (event,) = rows.events([row(remark=cell)], reading)
    assert event.notes == ()


LOG = '[unit]\ncolumn = "unit"\nstatus = "did"\nlog = true\nstatuses = { sent = "DISPATCHED" }\n'


def test_in_a_log_each_status_has_its_time_and_an_entry_is_told_once(tmp_path: Path) -> None:
    first = row(unit="M5", did="sent")
    again = {**first, "at": "2018-01-09 10:30"}
    events = told(tmp_path, LOG, first, again, first, again)
    assert [event.kind for event in events] == [EventKind.CREATED, EventKind.UNIT_STATUS]
    assert [event.at.hour for event in events] == [9, 10]
    assert all(event.units[0].status is UnitStatus.DISPATCHED for event in events)


def test_an_entry_of_a_log_without_a_unit_is_still_told(tmp_path: Path) -> None:
    events = told(tmp_path, LOG, row(unit="M5", did="sent"), row(did="sent"))
    assert [len(event.units) for event in events] == [1, 0]


def test_a_cell_that_cannot_be_a_unit_names_none(tmp_path: Path) -> None:
    text = "[unit]\ncolumn = \"unit\"\npattern = '[0-9A-Z]{2,8}'\n"
    events = told(tmp_path, text, row(unit="5.00E+93"), row(number="18-2", unit="5E93 "))
    assert [[unit.unit_id for unit in event.units] for event in events] == [[], ["5E93"]]


LISTS = """
[unit_lists]
entry = '(?P<unit>[^=]+)=(?P<clock>[0-9:]+)'
statuses = { sent = "DISPATCHED", done = "CLEARED" }
"""


def test_lists_of_units_become_statuses_in_the_order_of_their_times(tmp_path: Path) -> None:
    table = row(sent="M5=09:05:17, E1=09:01:33, E1=09:01:33", done="E1=09:05:17, M5=00:10:00")
    created, *statuses = told(tmp_path, LISTS, table, table)
    assert created.units == ()
    assert [
        (event.at.strftime("%d %H:%M:%S"), [(unit.unit_id, unit.status.value) for unit in event.units])
        for event in statuses
    ] == [
        ("09 09:01:33", [("E1", "DISPATCHED")]),
        ("09 09:05:17", [("M5", "DISPATCHED"), ("E1", "CLEARED")]),
        ("10 00:10:00", [("M5", "CLEARED")]),
    ]


def test_a_list_that_grew_tells_only_what_is_new(tmp_path: Path) -> None:
    events = told(tmp_path, LISTS, row(sent="M5=09:05:17"), row(sent="M5=09:05:17, E1=09:07:00", done="NONE"))
    assert [[unit.unit_id for unit in event.units] for event in events[1:]] == [["M5"], ["NONE"], ["E1"]]


def test_a_list_without_times_takes_that_of_its_column_else_the_rows(tmp_path: Path) -> None:
    text = (
        '[unit_lists]\nclock = "sent"\nclock_format = "%H:%M"\nseparator = ","\n'
        'statuses = { units = "DISPATCHED" }\n'
    )
    _, status = told(tmp_path, text, row(units="4267,4265,4267", sent="09:04"))
    assert (status.at.minute, [unit.unit_id for unit in status.units]) == (4, ["4267", "4265"])
    _, status = told(tmp_path, text, row(units="COM1", sent=""))
    assert status.at.minute == 0


@pytest.mark.parametrize(
    ("section", "place", "remedy"),
    [
        ('[channel_codes]\ncolumn = "v"\nvalues = { A = "PIGEON" }', "channel_codes.values.A:", "correct"),
        ("[channel_codes]\nvalues = {}", "channel_codes.column:", "add it"),
        ('[unit_lists]\nstatuses = { u = "SENT" }', "unit_lists.statuses.u:", "correct the value"),
        ('[unit_lists]\nstatuses = {}\nentry = "(?P<name>.+)"', "unit_lists:", "name them so"),
        ('[unit_lists]\nstatuses = {}\nseparator = ""', "unit_lists:", "write what stands between"),
        ('[unit_lists]\nstatuses = {}\nclock_format = "%Q"', "unit_lists:", "write it for strptime"),
        ('[unit]\ncolumn = "u"\npattern = "("', "unit:", "correct it"),
        ('[[answers]]\ncolumn = "w"', "answers.0.question:", "add it"),
        (
            '[[answers]]\nquestion = "w"\ncolumn = "w"\nyes = ["1"]\nno = ["1"]',
            "answers.0:",
            "keep it in one",
        ),
        ('[caller]\nconsent = "c"', "caller.consent:", "correct the value"),
        ("[outcome]\nends = true", "outcome.ends:", "remove it"),
        ('[call_type]\ncolumn = "t"\ncodes = { A = 1 }', "call_type.codes.A:", "correct the value"),
    ],
)
def test_a_fault_in_a_section_is_named_with_its_remedy(
    tmp_path: Path, section: str, place: str, remedy: str
) -> None:
    with pytest.raises(MappingError) as refused:
        mapped(tmp_path, section)
    assert place in str(refused.value)
    assert remedy in str(refused.value)
