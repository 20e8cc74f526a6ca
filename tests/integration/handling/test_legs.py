"""What people say of legs, on a real ledger: who is asked for, who is told, and what is measured."""

import pytest
from building import CITY_311, CRISIS_LINE, a_record, an_event, the_incident, the_transfer
from hands import a_lane
from line_988 import Line988, broken
from reading import messages, statuses, transfers
from tandem import Dispatch, leg_news, legs, patrol, stands, team, told_911, town

from bridge.cli.show import lines_of
from bridge.domain.cad import Unit, UnitStatus
from bridge.domain.ids import IncidentId
from bridge.domain.leg import LegKind, LegWanted, Mode, Why
from bridge.domain.message import ReturnKind
from bridge.domain.policy_clauses import TandemWith
from bridge.domain.signal import SignalKind
from bridge.handling.end_waits import end_waits
from bridge.ledger.history import history
from bridge.ledger.summary import summarise

S = SignalKind


@pytest.fixture
async def dispatch(database):
    async with a_lane(database, given=town()) as hands:
        yield Dispatch(hands)


@pytest.mark.parametrize("by", ["911:desk-4", CRISIS_LINE])
async def test_backup_is_one_action_of_911_or_of_the_counsellor(dispatch, sql, by):
    await dispatch.hears()
    await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
    await dispatch.says(S.BACKUP, by=by, reason="medical")
    (leg,) = await legs(sql)
    assert (leg["kind"], leg["why"], leg["state"]) == ("ems", "backup", "requested")
    assert [(each.leg.kind, each.state) for each in await told_911(sql)] == [(LegKind.EMS, "requested")]
    assert (await transfers(sql))[0][2:] == ("connected", CRISIS_LINE), "who has the caller keeps them"
    await dispatch.hears(Unit("M7", UnitStatus.DISPATCHED, kind="MEDIC"))
    assert await stands(sql) == {("ems", "assigned")}
    shown = dispatch.lane.handling.metrics.exposition().decode()
    assert 'bridge_leg_backup_seconds_count{mode="together"} 1.0' in shown
    assert not await broken(sql)


async def test_who_is_there_already_is_not_the_backup(dispatch, sql):
    await dispatch.hears(patrol(UnitStatus.ON_SCENE), call_type="99")
    await dispatch.says(S.BACKUP)
    assert await stands(sql) == {("police", "on_scene"), ("police", "requested")}


async def test_police_asked_for_out_of_caution_are_kept_with_who_asked(dispatch, sql):
    await dispatch.hears()
    await dispatch.says(S.LEG_REQUESTED, by=CRISIS_LINE, leg=LegWanted(why=Why.CAUTION), reason="caution")
    (leg,) = await legs(sql)
    assert (leg["why"], leg["asked_by"]) == ("caution", f"destination:{CRISIS_LINE}")
    await dispatch.says(S.LEG_CANCELLED, by=CRISIS_LINE)
    assert await stands(sql) == {("police", "cancelled")}
    assert not await broken(sql)


async def test_a_stranger_says_nothing_and_a_hotline_does_not_command_police(dispatch, sql):
    await dispatch.hears()
    await dispatch.says(S.BACKUP, by=CITY_311)
    await dispatch.says(S.LEG_REQUESTED)
    await dispatch.says(S.LEG_ON_SCENE, by=CRISIS_LINE)
    await dispatch.says(S.STAND_DOWN, by=CRISIS_LINE)
    await dispatch.says(S.LEG_ON_SCENE, subject="nobody's")
    assert await stands(sql) == {("police", "requested")}
    refused = [row["what"] for row in await sql.fetch("select what from audit where what like 'refused%'")]
    assert refused == [
        "refused.not_your_call",
        "refused.not_yours_to_say",
        "refused.not_yours_to_say",
        "refused.no_leg",
    ]


async def test_responders_before_the_scene_is_safe_are_recorded_and_told_and_not_stopped(database, sql):
    given = town(tandem=TandemWith(mode=Mode.POLICE_FIRST))
    async with a_lane(database, given=given) as hands:
        dispatch = Dispatch(hands)
        await dispatch.hears(weapon=True)
        await dispatch.says(S.LEG_ON_SCENE, by=CRISIS_LINE, leg=LegWanted(LegKind.COMMUNITY, unit_id="CRT-1"))
    early = next(row for row in await legs(sql) if row["kind"] == "community")
    assert (early["state"], early["violation"]) == ("on_scene", True)
    assert "leg.before_scene_safe" in [each.reason for each in await told_911(sql)]
    assert not await broken(sql)


async def test_a_scene_that_is_safe_is_safe_for_who_comes_later_too(database, sql):
    given = town(tandem=TandemWith(mode=Mode.POLICE_FIRST))
    async with a_lane(database, given=given) as hands:
        dispatch = Dispatch(hands)
        await dispatch.hears(weapon=True)
        await dispatch.says(S.SCENE_SAFE)
        await dispatch.hears(team(UnitStatus.ON_SCENE), weapon=True)
        await dispatch.hears(Unit("CRT-2", UnitStatus.ON_SCENE), weapon=True)
    assert not any(row["violation"] for row in await legs(sql))
    assert [each.state for each in await told_911(sql)].count("scene_safe") == 2


async def test_a_stand_down_lets_the_extra_side_go(dispatch, sql):
    await dispatch.hears(weapon=True)
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), team(UnitStatus.EN_ROUTE), weapon=True)
    await dispatch.says(S.STAND_DOWN, leg=LegWanted(LegKind.POLICE))
    assert await stands(sql) == {("police", "cancelled"), ("community", "en_route")}
    summary = await summarise(dispatch.lane.ledger)
    assert summary.counts["legs not needed"] == {"police together": 1}
    assert not await broken(sql)


async def test_a_second_side_without_a_unit_in_time_is_told_to_both_sides_and_the_dispatcher(database, sql):
    async with a_lane(database, given=town(scale=1.0)) as hands:
        dispatch = Dispatch(hands)
        await dispatch.hears()
        await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
        await dispatch.says(S.LEG_REQUESTED)
        await sql.execute("update leg set deadline = clock_timestamp() - interval '1 second'")
        assert await end_waits(hands.handling) == 1
        assert await end_waits(hands.handling) == 0, "once a deadline"
    alarms = [each.reason for each in await told_911(sql, ReturnKind.ALARM)]
    assert alarms == ["leg.requested"]
    assert [each.reason for each in await leg_news(sql)][-1] == "leg.requested.late"
    (leg,) = await legs(sql)
    assert leg["late"]
    assert not await broken(sql)


async def test_a_leg_past_its_deadline_is_found(dispatch, sql):
    await dispatch.hears(weapon=True)
    await sql.execute("update leg set deadline = clock_timestamp() - interval '3 seconds'")
    assert len([row for row in await broken(sql) if "leg" in row]) == 2


async def test_two_incidents_of_one_happening_are_linked_from_both_sides(dispatch, sql):
    await dispatch.hears(patrol(UnitStatus.DISPATCHED), team(UnitStatus.DISPATCHED), call_type="99")
    await dispatch.hears(incident="EMS-1", call_type="99")
    await dispatch.says(S.INCIDENTS_LINKED, leg=LegWanted(linked=IncidentId("EMS-1")))
    links = {tuple(row) for row in await sql.fetch("select incident_key, linked_key from incident_link")}
    one, other = the_incident(), the_incident("EMS-1")
    assert links == {(one, other), (other, one)}
    linked = {(each.incident_id, each.leg.linked) for each in await told_911(sql) if each.state == "linked"}
    assert linked == {("INV-1", "EMS-1"), ("EMS-1", "INV-1")}
    assert not await broken(sql)


async def test_a_link_to_what_nobody_knows_yet_is_kept_and_harms_nothing(dispatch, sql):
    await dispatch.hears(call_type="99")
    await dispatch.says(S.INCIDENTS_LINKED, leg=LegWanted(linked=IncidentId("EMS-9")))
    assert await sql.fetchval("select count(*) from incident_link") == 1
    await dispatch.says(S.INCIDENTS_LINKED)
    assert await sql.fetchval("select count(*) from audit where what = 'refused.incident_missing'") == 1


@pytest.mark.parametrize("there", [True, False], ids=["police were there", "police came later"])
async def test_a_call_is_not_diverted_when_police_came_by_the_incident_that_named_it(dispatch, sql, there):
    """The link stands on the police's side only: they named a call that nobody knew yet."""
    at_first = [patrol(UnitStatus.ON_SCENE)] if there else []
    await dispatch.hears(*at_first, incident="PD-1", call_type="99")
    await dispatch.says(S.INCIDENTS_LINKED, "PD-1", leg=LegWanted(linked=IncidentId("INV-1")))
    await dispatch.hears(patrol(UnitStatus.ON_SCENE), incident="PD-1", call_type="99")
    await dispatch.hears()
    for kind in (S.VOICE_CONTACT, S.CLOSED):
        await dispatch.says(kind, by=CRISIS_LINE, transfer=the_transfer())
    assert await sql.fetchval("select count(*) from incident_link") == 1
    counts = (await summarise(dispatch.lane.ledger)).counts
    assert counts["diversions"] == {"police or EMS came": 1}


async def test_what_is_measured_is_by_mode_and_disqualifier(dispatch, sql):
    await dispatch.hears(weapon=True)
    await dispatch.hears(patrol(UnitStatus.STAGING), weapon=True)
    await dispatch.hears(team(UnitStatus.ON_SCENE), weapon=True)
    await dispatch.hears(patrol(UnitStatus.ON_SCENE), weapon=True)
    summary = await summarise(dispatch.lane.ledger)
    assert summary.counts["legs by clause"] == {"weapon": 1}
    assert summary.counts["first on scene"] == {"community together": 1}
    measured = {name: each.count for name, each in summary.intervals_ms.items() if name.startswith("leg ")}
    assert measured == {
        "leg pairing together": 1,
        "leg pairing weapon": 1,
        "leg arrival gap together": 1,
        "leg arrival gap weapon": 1,
        "leg stand-by together": 1,
    }
    shown = dispatch.lane.handling.metrics.exposition().decode()
    for count in (
        'bridge_legs_total{kind="police",mode="together",why="disqualifier"} 1.0',
        'bridge_legs_by_clause_total{clause="weapon"} 1.0',
        'bridge_leg_pairing_seconds_count{mode="together"} 1.0',
        'bridge_leg_arrival_gap_seconds_count{mode="together"} 1.0',
        'bridge_leg_stand_by_seconds_count{mode="together"} 1.0',
    ):
        assert count in shown


async def test_practice_is_not_counted(dispatch, sql):
    await dispatch.hears(weapon=True, practice=True)
    assert len(await legs(sql)) == 2
    assert "legs" not in (await summarise(dispatch.lane.ledger)).counts
    assert 'bridge_legs_total{kind="police"' not in dispatch.lane.handling.metrics.exposition().decode()


async def test_the_time_line_shows_legs_among_everything_else(dispatch, sql, database):
    await dispatch.hears(weapon=True)
    await dispatch.hears(patrol(UnitStatus.ON_SCENE), weapon=True)
    found = await history(database, the_incident())
    line = "\n".join(lines_of(found))
    assert "police requested: together, for disqualifier, clause weapon, asked by bridge:screening" in line
    assert "police on_scene: unit 3A12" in line
    assert line.index("police requested:") < line.index("police on_scene:")


async def test_everybody_sees_where_legs_are_and_nobody_reads_words(dispatch, sql):
    await dispatch.hears(weapon=True)
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), weapon=True)
    changes = [each.change for each in await statuses(sql)]
    assert changes.count("leg.requested") == 2
    assert "leg.en_route" in changes
    assert len(await messages(sql)) > 0


async def test_a_turn_that_comes_again_makes_no_second_leg(database, sql):
    async with a_lane(database, given=town()) as hands:
        line = Line988(hands)
        await hands.reads(a_record(an_event(), 0))
        await line.says(S.BACKUP, "INV-1", by="911")
        line.heard = 0
        await line.says(S.BACKUP, "INV-1", by="911")
    assert len(await legs(sql)) == 1
