"""A 988 line for tests: it opens calls of its own, refers them, and asks for help, over a lane's real ledger.

The city beside it has a policy with a supervisor, a crisis line and 311; its 988 is told blocks, never doors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import asyncpg
from building import AGENCY, a_destination, a_heard_signal, an_event, rules
from hands import Lane
from reading import offers

from bridge.domain.cad import Answer, CadEvent, Channel
from bridge.domain.destination import Precision, Privacy
from bridge.domain.ids import NINE_ONE_ONE, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.rescue import Consent, RescueWanted, WhoFor
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.context import Rules
from bridge.ledger.statements import statement
from bridge.ledger.verify import MOVES_THE_HOLDER, STEPS

LINE_988 = DestinationId("line-988")
SUPERVISOR = "shift supervisor, desk 4"

HELP = RescueWanted(
    consent=Consent.ACTIVE_RESCUE,
    attempt_in_progress=Answer.YES,
    who_for=WhoFor.SELF,
    counsellor="counsellor-7",
    counsellor_line="555-0142",
    address_ip="192.0.2.7",
    place="By the water tower, grey coat",
)


def city(**about: float) -> Rules:
    """The invented agency's rules, with a 988 line and a supervisor."""
    given = rules(**about)  # type: ignore[arg-type]
    line = replace(
        a_destination(LINE_988), privacy=Privacy(frozenset({"narrative", "location"}), Precision.BLOCK)
    )
    policies = {
        agency: tuple(replace(each, supervisor=SUPERVISOR) for each in of_agency)
        for agency, of_agency in given.policies.items()
    }
    return replace(given, policies=policies, destinations={**given.destinations, LINE_988: line})


def a_call(incident: str = "988-1", *, weapon: bool = False, call_type: str = "46") -> CadEvent:
    """What a hotline says of its caller."""
    event = an_event(incident, f"{incident}-said", weapon=weapon, call_type=call_type)
    return replace(event, channel=Channel.NINE_EIGHT_EIGHT)


@dataclass
class Line988:
    """The line and, where a test wants it, 911's side: whoever speaks, the lane hears it."""

    lane: Lane
    heard: int = field(default=0)

    async def says(
        self,
        kind: SignalKind,
        incident: str = "988-1",
        *,
        by: str = LINE_988,
        call: CadEvent | None = None,
        rescue: RescueWanted | None = None,
        reason: str = "",
        text: str = "",
        subject: str = "",
        transfer: str = "",
        outcome: str = "",
        prefers: str = "",
    ) -> None:
        """One signal, heard in a turn of its own."""
        self.heard += 1
        signal = Signal(
            SignalId(f"s-{self.heard}"),
            TransferId(transfer),
            IncidentId(incident),
            AGENCY,
            kind,
            Speaker.NINE_ONE_ONE if by == NINE_ONE_ONE else Speaker.DESTINATION,
            by,
            datetime.now(UTC),
            reason=reason,
            text=text,
            subject=subject,
            call=call,
            rescue=rescue,
            outcome=outcome,
            prefers=DestinationId(prefers) if prefers else None,
        )
        await self.lane.hears(a_heard_signal(signal, self.heard))

    async def opens(self, incident: str = "988-1") -> None:
        """A caller rings the line."""
        await self.says(SignalKind.CALL_OPENED, incident, call=a_call(incident))

    async def asks_for_help(self, incident: str = "988-1", **said: str) -> None:
        """Somebody may die."""
        await self.says(SignalKind.HELP_REQUESTED, incident, rescue=HELP, call=a_call(incident), **said)

    async def hears_from_911(self, kind: SignalKind, incident: str = "988-1", **said: str) -> None:
        """911 answers a rescue."""
        await self.says(kind, incident, by=NINE_ONE_ONE, **said)


async def news(sql: asyncpg.Connection, destination: str = LINE_988) -> list[Offer]:
    """What the line was told of what became of things."""
    told = await offers(sql)
    return [each for each in told if each.kind is OfferKind.NEWS and each.destination == destination]


async def broken(sql: asyncpg.Connection) -> Sequence[str]:
    """The rows that break invariants 2, 3, 4 and 6, as `bridge verify` finds them."""
    table = [list(column) for column in zip(*STEPS, strict=True)]
    questions: dict[str, tuple[object, ...]] = {
        "verify_2": ("cad.events",),
        "verify_3": (MOVES_THE_HOLDER, *table),
        "verify_4": (datetime.now(UTC),),
        "verify_6": (),
        "verify_7": (),
    }
    return [
        row["broken"]
        for name, arguments in questions.items()
        for row in await sql.fetch(statement(name), *arguments)
    ]
