"""What `bridge policy check` finds beyond the clauses: hours, destinations, ground, dangers, signatures."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from found_policies import DANGERS, LINE, MORNING, NOON, POLICY, WEEKEND, WORKDAYS, a_subject, found

from bridge.domain.ids import DestinationId
from bridge.settings.approvals import Approval, approve
from bridge.settings.findings_ground import shared_ground
from bridge.settings.findings_route import unrouted
from bridge.settings.policy_findings import Finding, findings_of, not_yet

CLOSED = """
[hours]
timezone = "America/Chicago"
spans = [{ days = ["mon", "tue"], opens = 07:00:00, closes = 19:00:00 }]
"""
ACCEPTS = '[[accepts]]\nid = "ours"\nsentence = "Ours."\nsigned_by = "Director"\nsigned_on = 2026-01-05\n'
DATED = ACCEPTS + 'never = { channels = ["SENSOR"] }'


@pytest.mark.parametrize(
    ("of_line", "of_crisis", "finding"),
    [
        ("", 'kind = "voice"', None),
        (CLOSED, "", ("hour-gap", ("crisis", "noise"))),
        (CLOSED.replace("Mon", "mon"), f"hours = {MORNING}", ("hour-gap", ("noise",))),
        (CLOSED, f"hours = {WEEKEND}", ("route-never", ("crisis", "line"))),
        (CLOSED.replace('timezone = "America/Chicago"', ""), "", ("hours-in-utc", ("line",))),
        (ACCEPTS + 'call_types = ["46", "6M"]', "", None),
        (ACCEPTS + 'needs = ["talk"]', 'need = "talk"', ("route-never", ("noise", "line"))),
        (
            ACCEPTS + "caller = { max_age = 17 }",
            "caller = { min_age = 18 }",
            ("route-never", ("crisis", "line")),
        ),
        (ACCEPTS + f"hours = {WORKDAYS}", "", ("hour-gap", ("crisis", "noise"))),
        (DATED.replace("2026-01-05", "2025-03-01"), "", ("acceptance-old", ("line", "ours"))),
        (DATED.replace("2026-01-05", "2025-03-02"), "", None),
        (DATED.replace("2026-01-05", "2026-03-03"), "", ("acceptance-early", ("line", "ours"))),
    ],
)
def test_where_a_call_could_not_go(
    tmp_path: Path, of_line: str, of_crisis: str, finding: tuple[str, tuple[str, ...]] | None
) -> None:
    text = (POLICY + DANGERS).replace("# more of crisis", of_crisis)
    told = found(a_subject(tmp_path, text, LINE + of_line))
    assert finding in told if finding else not told


@pytest.mark.parametrize(
    ("kinds", "kind", "code"),
    [
        ('["data"]', "", "voice-nowhere"),
        ('["data"]', 'kind = "voice"', "route-never"),
        ('["data"]', 'kind = "data"', ""),
        ('["voice"]', 'kind = "data"', "route-never"),
    ],
)
def test_who_takes_no_caller_or_no_notes(tmp_path: Path, kinds: str, kind: str, code: str) -> None:
    text = (POLICY + DANGERS).replace("# more of crisis", kind)
    line = LINE.replace("# more of line", f"kinds = {kinds}")
    assert {one for one, clauses in found(a_subject(tmp_path, text, line)) if "crisis" in clauses} == {
        code
    } - {""}


def test_the_hours_at_which_a_call_could_go_nowhere_are_told_by_day_and_time(tmp_path: Path) -> None:
    (gap,) = [one for one in findings_of(a_subject(tmp_path, line=LINE + CLOSED)) if one.code == "hour-gap"]
    assert gap.sentence == (
        "a call could go nowhere Mon-Tue 00:00-07:00 and 19:00-24:00, Wed-Sun all day (America/Chicago)"
    )


def test_hours_of_another_time_zone_leave_a_gap_in_the_season_in_which_they_do(tmp_path: Path) -> None:
    phoenix = CLOSED.replace("Chicago", "Phoenix")
    text = (POLICY + DANGERS).replace("# more of crisis", f"hours = {NOON}")
    denver = text.replace('timezone = "America/Chicago"', 'timezone = "America/Denver"')
    early = denver.replace("11:00:00", "07:00:00")
    assert "crisis" not in str(found(a_subject(tmp_path, denver, LINE + phoenix)))
    gaps = [one for one in findings_of(a_subject(tmp_path, early, LINE + phoenix)) if "crisis" in one.clauses]
    assert "nowhere Mon 07:00-08:00" in gaps[0].sentence  # in summer Phoenix is an hour behind Denver


def test_all_noes_that_nobody_has_to_give_are_told(tmp_path: Path) -> None:
    nothing = DANGERS.replace('unanswered = "review"', "")
    assert found(a_subject(tmp_path, POLICY + nothing)) == {("nothing-demanded", ("crisis", "noise"))}
    but_one = DANGERS.replace('questions = ["medical"]\nunanswered = "review"', "")
    assert found(a_subject(tmp_path, POLICY + but_one)) == {("answer-not-demanded", ("medical",))}
    by_type = POLICY.replace('version = "1"', 'version = "1"\nshape = "default-types"')
    assert found(a_subject(tmp_path, by_type + nothing)) == set()


def test_calls_that_go_by_their_type_while_nobody_reads_the_narrative_are_told(tmp_path: Path) -> None:
    by_type = POLICY.replace('version = "1"', 'version = "1"\nshape = "default-types"')
    deaf = DANGERS.replace('words = ["violence"]', "")
    assert found(a_subject(tmp_path, by_type + deaf)) == {("nothing-turns-up", ("crisis",))}
    assert found(a_subject(tmp_path, POLICY + deaf)) == set()


def test_a_danger_that_only_some_are_kept_from_names_who_could_get_it(tmp_path: Path) -> None:
    text = (POLICY + DANGERS).replace("# more of weapon", 'unless_skills = ["medic"]')
    medic = LINE.replace("# more of line", 'skills = ["medic"]')
    assert found(a_subject(tmp_path, text, medic)) == {("danger-could-go", ("weapon", "line"))}
    assert found(a_subject(tmp_path, text)) == set()


def square(west: float, south: float) -> str:
    """A square of one degree, as GeoJSON."""
    corners = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return f'{{"type": "Polygon", "coordinates": [{corners}]}}'


def test_areas_that_overlap_lie_outside_or_are_for_nothing(tmp_path: Path) -> None:
    for name, west in (("one", 0.0), ("two", 0.5), ("far", 40.0)):
        (tmp_path / name).write_text(square(west, 45))
    head = '[areas]\nhere = "{0}"\nfar = "far"\n[where]\nareas = ["here"]\n\n[[scope]]'
    of_far = (POLICY + DANGERS).replace("# more of crisis", 'areas = ["far"]')
    one = a_subject(tmp_path, of_far.replace("[[scope]]", head.format("one"), 1))
    other = a_subject(
        tmp_path,
        (POLICY + DANGERS).replace('"test"', '"other"').replace("[[scope]]", head.format("two"), 1),
        name="b.toml",
    )
    assert found(one) == {("area-outside", ("crisis", "far"))}
    assert found(other) == {("area-unused", ("far",))}
    assert [(subject, said.code, said.clauses) for subject, said in shared_ground([one, other])] == [
        (one, "areas-overlap", ("here", "here"))
    ]


def test_a_signed_version_is_signed_until_its_file_changes(tmp_path: Path) -> None:
    subject = a_subject(tmp_path)
    for side in ("911", "line"):
        policy = subject.policy
        at = datetime(2026, 2, 1, tzinfo=UTC)
        approve(subject.path, Approval(policy.digest, policy.name, policy.version, side, "A", "Chief", at))
    assert not list(findings_of(a_subject(tmp_path)))
    changed = list(findings_of(a_subject(tmp_path, POLICY + DANGERS + "# a remark\n")))
    assert [(one.code, one.clauses) for one in changed] == [("approved-before-change", ("911", "line"))]


def test_a_version_of_the_future_is_told_with_what_decides_until_then(tmp_path: Path) -> None:
    first = a_subject(tmp_path).policy
    second = replace(first, version="2", effective=datetime(2026, 4, 1, tzinfo=UTC))
    now = datetime(2026, 3, 3, tzinfo=UTC)
    assert [said for _, said in not_yet([first, second], now)] == [
        "version 2 begins on 2026-04-01T00:00:00+00:00; version 1 decides until then"
    ]
    assert [said for _, said in not_yet([second], now)] == [
        "version 2 begins on 2026-04-01T00:00:00+00:00; nothing decides before"
    ]


def test_a_destination_that_nobody_sends_to_is_told(tmp_path: Path) -> None:
    subject = a_subject(tmp_path)
    spare = replace(next(iter(subject.destinations.values())), id=DestinationId("spare"))
    assert [one.clauses for one in unrouted([subject.policy], {**subject.destinations, spare.id: spare})] == [
        ("spare",)
    ]


def test_a_finding_is_one_line_with_code_clauses_sentence_and_remedy() -> None:
    assert str(Finding("code", ("a", "b"), "it is so", "change it")) == "code (a, b): it is so; change it"
    assert str(Finding("code", (), "it is so", "change it")) == "code: it is so; change it"
