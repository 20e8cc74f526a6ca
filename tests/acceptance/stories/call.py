"""One call of a story: what CAD says of it, what people say, who has it then, and what everybody hears.

Each step is waited for in the ledger and told on until all that it set off was delivered; so a story's time
line comes out the same every time.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bridge.cli.show import lines_of, the_history
from bridge.domain.cad import CadEvent, EventKind, Unit, UnitStatus
from bridge.domain.ids import NINE_ONE_ONE, DestinationId, EventId, IncidentId, SignalId, TransferId
from bridge.domain.leg import LegKind
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.turn import transfer_id
from bridge.settings.worked_calls import WorkedCall
from bridge.wire import cad_events, signals
from bridge.wire.cloudevents import CloudEvent
from tests.acceptance.stories.stage import SOON_SECONDS, Stage, worked_call

_READ = "select 1 from inbox where event_key = $1 and outcome = 'applied'"
_SAID = """
    select holder, what from audit where incident_key = $1 and signal_id = $2 order by number desc limit 1
"""
_TOLD = """
    select 1 where not exists (
        select from outbox where incident_key = $1 and state in ('pending', 'leased', 'retry'))
"""
_VERDICT = "select verdict from incident where incident_key = $1"
_HOLDER = "select holder from audit where incident_key = $1 order by number desc limit 1"


@dataclass
class Call:
    """One call on a stage. `program` is the policy's name; the story is written down as it goes."""

    stage: Stage
    program: str
    number: int = 1
    story: list[str] = field(default_factory=list)
    _worked: WorkedCall | None = None
    _steps: int = 0
    _said: int = 0

    @property
    def incident(self) -> IncidentId:
        """CAD's number."""
        return IncidentId(f"{self.program.upper()}-{self.number}")

    @property
    def key(self) -> str:
        """The ledger's key."""
        return f"{self.stage.agencies[self.program]}/{self.incident}"

    async def comes_in(
        self, told: str, *, as_worked: str, file: str = "", minutes_ago: float = 0.0, verdict: str
    ) -> None:
        """CAD's first message of a worked call of the program's own file, and what it is decided as."""
        self._worked = worked_call(file or self.program, as_worked)
        self._worked = replace(self._worked, at=datetime.now(UTC) - timedelta(minutes=minutes_ago))
        await self.goes_on(told, verdict=verdict)

    async def opens(self, told: str, line: str, *, as_worked: str, verdict: str) -> None:
        """A hotline's own call, of which it says what a worked call says."""
        worked = replace(worked_call(self.program, as_worked), at=datetime.now(UTC))
        event = worked.step[0].event(self.incident, self.stage.agencies[self.program], 0, worked.at)
        await self.says(told, line, SignalKind.CALL_OPENED, transfer=0, call=event, has=line)
        decided = await self.stage.until(_VERDICT, self.key)
        assert decided["verdict"] == verdict, told

    async def goes_on(self, told: str, *, verdict: str, has: str = NINE_ONE_ONE) -> None:
        """CAD's next message of the worked call."""
        assert self._worked is not None
        step = self._worked.step[self._steps]
        agency = self.stage.agencies[self.program]
        event = step.event(self.incident, agency, self._steps, self._worked.at)
        self._steps += 1
        await self.cad_says(told, event, verdict=verdict, has=has)

    async def cad_says(self, told: str, event: CadEvent, *, verdict: str, has: str = NINE_ONE_ONE) -> None:
        """One message of CAD, what it is decided as and who has the call then."""
        stage = self.stage
        content = cad_events.encode(stage.ground.frames, event)
        await stage.writer.say(stage.ground.topics.cad_events, content, cad_events.about(event))
        await stage.until(_READ, f"{event.agency}/{event.event_id}")
        decided = await stage.until(_VERDICT, self.key)
        assert decided["verdict"] == verdict, told
        await self._settle(told, has)

    async def unit(self, told: str, name: str, kind: str, status: UnitStatus, *, leg: str) -> None:
        """CAD says where a unit is; `leg` is what its leg of the tandem has come to."""
        agency = self.stage.agencies[self.program]
        event = CadEvent(
            EventId(f"{self.incident}-{name}-{status}"),
            self.incident,
            agency,
            EventKind.UNIT_STATUS,
            datetime.now(UTC),
            units=(Unit(name, kind=kind, status=status),),
        )
        await self.cad_says(told, event, verdict="tandem")
        row = await self.stage.until(
            "select state from leg where incident_key = $1 and unit_id = $2", self.key, name
        )
        assert row["state"] == leg, told

    async def leg_of(self, kind: LegKind) -> str:
        """The id of the tandem's leg of this kind."""
        row = await self.stage.until(
            "select leg_id from leg where incident_key = $1 and kind = $2", self.key, kind.value
        )
        return str(row["leg_id"])

    async def says(
        self,
        told: str,
        who: str,
        kind: SignalKind,
        *,
        has: str,
        transfer: int | None = None,
        refused: str = "",
        **said: object,
    ) -> None:
        """A person speaks: of the call's latest transfer, or of that with a number (0: of none).

        `has` is who has the call then; `refused` why it changed nothing.
        """
        stage = self.stage
        self._said += 1
        number = await self._latest() if transfer is None else transfer
        by_911 = who == NINE_ONE_ONE
        agency = stage.agencies[self.program]
        signal = Signal(
            SignalId(f"{self.incident}/said-{self._said}"),
            transfer_id(self.key, number) if number else TransferId(""),
            self.incident,
            agency,
            kind,
            Speaker.NINE_ONE_ONE if by_911 else Speaker.DESTINATION,
            "call-taker-4" if by_911 else DestinationId(who),
            datetime.now(UTC),
        )
        signal = replace(signal, **said)  # type: ignore[arg-type]
        about = CloudEvent(
            id=signal.signal_id,
            source=str(agency) if by_911 else who,
            type="org.bridge911.signal",
            subject=self.incident,
            time=signal.said_at,
            partition_key=self.incident,
        )
        content = signals.encode(stage.ground.frames, signal)
        await stage.writer.say(stage.ground.topics.signals, content, about)
        row = await stage.until(_SAID, self.key, signal.signal_id)
        heard = row["what"].removeprefix("refused.") if row["what"].startswith("refused.") else ""
        assert heard == refused, f"{told}: {row['what']}"
        await self._settle(told, has, closed=kind is SignalKind.CLOSED)

    async def hears(self, who: str, kind: OfferKind | ReturnKind, **about: object) -> Offer | Return:
        """The message of this kind that reached 911 or a destination on Kafka, with these particulars."""

        def found() -> Offer | Return | None:
            return next(
                (
                    each
                    for each in self.stage.heard
                    if each.incident_id == self.incident
                    and each.kind is kind
                    and (who == NINE_ONE_ONE) == isinstance(each, Return)
                    and who in {NINE_ONE_ONE, each.destination}
                    and all(getattr(each, name) == value for name, value in about.items())
                ),
                None,
            )

        async with asyncio.timeout(SOON_SECONDS), self.stage.news:
            await self.stage.news.wait_for(lambda: found() is not None)
        message = found()
        assert message is not None
        return message

    async def never_told(self, who: str) -> None:
        """Nothing of this call went to `who`."""
        row = await self.stage.until(
            "select count(*) as n from outbox where incident_key = $1 and destination = $2", self.key, who
        )
        assert row["n"] == 0

    def note(self, told: str) -> None:
        """A sentence of the story in which nobody speaks to the bridge."""
        self.story.append(told)

    async def time_line(self) -> str:
        """The story, and below it what `bridge show` prints of the call, without what differs each time."""
        found = await the_history(self.stage.ground.settings, self.key, content=False)
        return "\n".join([*self.story, "", *_the_same(lines_of(found))]) + "\n"

    async def _latest(self) -> int:
        row = await self.stage.until("select count(*) as n from transfer where incident_key = $1", self.key)
        return int(row["n"])

    async def _settle(self, told: str, has: str, *, closed: bool = False) -> None:
        await self.stage.until(_TOLD, self.key)
        row = await self.stage.until(_HOLDER, self.key)
        assert row["holder"] == has, f"{told}: {row['holder']} has the call"
        whose = (
            "911 has the call" if has == NINE_ONE_ONE else f"{has} has {'closed ' if closed else ''}the call"
        )
        self.story.append(f"{told}\n    -> {whose}")


_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
_DIFFERS = {
    rf" \(said at {_TIME}\)": "",
    rf"^{_TIME}  ": "",
    r"faults_\w+?\.": "",
    r"lane [ab]\b": "lane -",
    r"\[\d+\]@\d+": "[-]@-",
    r"\b([0-9a-f]{6})[0-9a-f]{26}\b": r"\1..",
}
"""What a machine chooses or a clock says; ids are the same each time, and long."""

_DELIVERED = re.compile(r"message \w+: #(\d+)")


def _the_same(lines: Iterator[str]) -> list[str]:
    """The lines without what differs each time; of what was delivered at once the first sent goes first."""
    same: list[str] = []
    for line in lines:
        for pattern, instead in _DIFFERS.items():
            line = re.sub(pattern, instead, line)
        same.append(line)
    return [line for _, together in groupby(same, _is_delivery) for line in sorted(together, key=_number)]


def _is_delivery(line: str) -> bool:
    return _DELIVERED.search(line) is not None


def _number(line: str) -> int:
    found = _DELIVERED.search(line)
    return int(found[1]) if found else 0
