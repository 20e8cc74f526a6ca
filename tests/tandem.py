"""A town that sends tandems, for tests: its policy, its dispatcher, and what the ledger has of legs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
from building import AGENCY, a_heard_signal, a_record, an_event, the_incident
from hands import Lane
from line_988 import city
from reading import offers, returns

from bridge.domain.cad import Unit, UnitStatus
from bridge.domain.ids import ClauseId, IncidentId, SignalId, TransferId
from bridge.domain.leg import LegKind, LegWanted
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.policy import CONFIRMED, Policy, ToConfirm
from bridge.domain.policy_clauses import TandemWith
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.units import Units
from bridge.handling.context import Rules

UNITS = Units(types={"PATROL": LegKind.POLICE, "MEDIC": LegKind.EMS}, ids={"CRT*": LegKind.COMMUNITY})
TOGETHER = TandemWith()


def town(
    *,
    tandem: TandemWith = TOGETHER,
    makes_tandem: bool = True,
    confirm: frozenset[ToConfirm] = CONFIRMED,
    **about: float,
) -> Rules:
    """The invented agency, which knows its units; a weapon makes its calls a tandem, or keeps them."""
    given = city(**about)

    def changed(policy: Policy) -> Policy:
        admits = frozenset({ClauseId("crisis")}) if makes_tandem else frozenset[ClauseId]()
        clauses = tuple(
            replace(clause, tandem=tandem, tandem_for=admits) if clause.id == "weapon" else clause
            for clause in policy.disqualifier
        )
        return replace(policy, units=UNITS, disqualifier=clauses, confirm=confirm)

    policies = {agency: tuple(map(changed, of_agency)) for agency, of_agency in given.policies.items()}
    return replace(given, policies=policies)


class Dispatch:
    """911's side and the hotline's: each thing said is a turn of its own."""

    def __init__(self, lane: Lane) -> None:
        self.lane, self.said, self.read = lane, 0, 0

    async def says(
        self,
        kind: SignalKind,
        incident: str = "INV-1",
        *,
        by: str = "911",
        leg: LegWanted | None = None,
        subject: str = "",
        reason: str = "",
        transfer: str = "",
    ) -> None:
        """One signal of 911's desk, or of a destination."""
        self.said += 1
        signal = Signal(
            SignalId(f"s-{self.said}"),
            TransferId(transfer),
            IncidentId(incident),
            AGENCY,
            kind,
            Speaker.NINE_ONE_ONE if by.startswith("911") else Speaker.DESTINATION,
            by,
            datetime.now(UTC),
            reason=reason,
            subject=subject,
            leg=leg,
        )
        await self.lane.hears(a_heard_signal(signal, self.said))

    async def hears(self, *units: Unit, incident: str = "INV-1", **about: Any) -> None:
        """An event of CAD, with these units."""
        event = replace(an_event(incident, f"{incident}-{self.read}", **about), units=units)
        await self.lane.reads(a_record(event, self.read))
        self.read += 1


def patrol(status: UnitStatus, unit: str = "3A12") -> Unit:
    """A police unit."""
    return Unit(unit, status, kind="PATROL")


def team(status: UnitStatus) -> Unit:
    """The community responders' unit."""
    return Unit("CRT-1", status)


async def legs(sql: asyncpg.Connection, incident: str = "INV-1") -> Sequence[asyncpg.Record]:
    """The legs of an incident."""
    key = the_incident(incident)
    return await sql.fetch("select * from leg where incident_key = $1 order by requested_at", key)


async def stands(sql: asyncpg.Connection, incident: str = "INV-1") -> set[tuple[str, str]]:
    """Kind and state of each leg."""
    return {(row["kind"], row["state"]) for row in await legs(sql, incident)}


async def told_911(sql: asyncpg.Connection, kind: ReturnKind = ReturnKind.LEG) -> list[Return]:
    """What 911 was told of this kind."""
    return [each for each in await returns(sql) if each.kind is kind]


async def leg_news(sql: asyncpg.Connection) -> list[Offer]:
    """What destinations were told of what became of things."""
    return [each for each in await offers(sql) if each.kind is OfferKind.NEWS]
