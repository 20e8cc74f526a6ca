"""What goes on beside transfers - legs, consults, rescues, links - as rows, read and written.

Most turns have none, so each table has a statement of its own that is only run when there is something.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import asyncpg

from bridge.domain.consult import Consult, ConsultState
from bridge.domain.ids import AgencyId, ConsultId, DestinationId, IncidentId, LegId, RescueId
from bridge.domain.leg import Leg, LegKind, LegState, Mode, Why
from bridge.domain.rescue import Rescue, RescueState
from bridge.ledger.connection import Connection
from bridge.ledger.rows import Changes, LockedIncident
from bridge.ledger.statements import statement


async def load_sides(
    connection: Connection, held: Mapping[str, LockedIncident], rows: Sequence[asyncpg.Record]
) -> None:
    """Give each locked incident its legs, consults and rescues, where its row says that it has some."""
    with_legs, with_consults, with_rescues = (
        [row["incident_key"] for row in rows if row[name]] for name in ("legs", "consults", "rescues")
    )
    for row in await _rows(connection, "load_legs", with_legs):
        held[row["incident_key"]].legs[LegId(row["leg_id"])] = leg_of(row)
    for row in await _rows(connection, "load_consults", with_consults):
        held[row["incident_key"]].consults[ConsultId(row["consult_id"])] = _consult(row)
    for row in await _rows(connection, "load_rescues", with_rescues):
        held[row["incident_key"]].rescues[RescueId(row["rescue_id"])] = _rescue(row)


async def write_sides(connection: Connection, changes: Changes, now: datetime) -> None:
    """Write what changed beside the transfers."""
    if changes.legs:
        await connection.execute(statement("write_legs"), *_columns(map(_of_leg, changes.legs.values())))
    if changes.consults:
        columns = _columns(map(_of_consult, changes.consults.values()))
        await connection.execute(statement("write_consults"), *columns)
    if changes.rescues:
        columns = _columns(map(_of_rescue, changes.rescues.values()))
        await connection.execute(statement("write_rescues"), *columns)
    if changes.links:
        one, other = zip(*changes.links, strict=True)
        await connection.execute(statement("write_links"), list(one), list(other), now)


async def _rows(connection: Connection, name: str, keys: list[str]) -> Sequence[asyncpg.Record]:
    return await connection.fetch(statement(name), keys) if keys else ()


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def leg_of(row: asyncpg.Record) -> Leg:
    """A row of `load_legs` as a value."""
    return Leg(
        leg_id=LegId(row["leg_id"]),
        incident_id=IncidentId(row["incident_id"]),
        agency=AgencyId(row["agency"]),
        kind=LegKind(row["kind"]),
        mode=Mode(row["mode"]),
        why=Why(row["why"]),
        state=LegState(row["state"]),
        requested_at=row["requested_at"],
        asked_by=row["asked_by"],
        clause=row["clause"],
        unit_id=row["unit_id"],
        since=row["state_since"],
        deadline=row["deadline"],
        assigned_at=row["assigned_at"],
        en_route_at=row["en_route_at"],
        staged_at=row["staged_at"],
        on_scene_at=row["on_scene_at"],
        ended_at=row["ended_at"],
        scene_safe_at=row["scene_safe_at"],
        violation=row["violation"],
        late=row["late"],
        practice=row["practice"],
    )


def _of_leg(change: tuple[str, Leg]) -> Sequence[object]:
    key, leg = change
    return (
        leg.leg_id,
        key,
        leg.kind.value,
        leg.mode.value,
        leg.why.value,
        leg.state.value,
        leg.asked_by,
        leg.clause,
        leg.unit_id,
        leg.requested_at,
        leg.since or leg.requested_at,
        leg.deadline,
        leg.assigned_at,
        leg.en_route_at,
        leg.staged_at,
        leg.on_scene_at,
        leg.ended_at,
        leg.scene_safe_at,
        leg.violation,
        leg.late,
        leg.practice,
    )


def _consult(row: asyncpg.Record) -> Consult:
    return Consult(
        consult_id=ConsultId(row["consult_id"]),
        incident_id=IncidentId(row["incident_id"]),
        agency=AgencyId(row["agency"]),
        destination=DestinationId(row["destination"]),
        state=ConsultState(row["state"]),
        asked_at=row["asked_at"],
        since=row["state_since"],
        deadline=row["deadline"],
        joined_at=row["joined_at"],
        ended_at=row["ended_at"],
        practice=row["practice"],
    )


def _of_consult(change: tuple[str, Consult]) -> Sequence[object]:
    key, consult = change
    return (
        consult.consult_id,
        key,
        consult.destination,
        consult.state.value,
        consult.asked_at,
        consult.since,
        consult.deadline,
        consult.joined_at,
        consult.ended_at,
        consult.practice,
    )


def _rescue(row: asyncpg.Record) -> Rescue:
    return Rescue(
        rescue_id=RescueId(row["rescue_id"]),
        incident_id=IncidentId(row["incident_id"]),
        agency=AgencyId(row["agency"]),
        destination=DestinationId(row["destination"]),
        state=RescueState(row["state"]),
        asked_at=row["asked_at"],
        since=row["state_since"],
        deadline=row["deadline"],
        taken_at=row["taken_at"],
        sent_at=row["sent_at"],
        found_at=row["found_at"],
        ended_at=row["ended_at"],
        practice=row["practice"],
    )


def _of_rescue(change: tuple[str, Rescue]) -> Sequence[object]:
    key, rescue = change
    return (
        rescue.rescue_id,
        key,
        rescue.destination,
        rescue.state.value,
        rescue.asked_at,
        rescue.since,
        rescue.deadline,
        rescue.taken_at,
        rescue.sent_at,
        rescue.found_at,
        rescue.ended_at,
        rescue.practice,
    )
