"""One call of a story: what CAD says of it, what people say, who has it then, and what everybody hears.

Each step is waited for in the ledger and told on until all that it set off was delivered; so a story's time
line comes out the same every time.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bridge.cli.show import lines_of, the_history
from bridge.domain.cad import CadEvent, Channel, EventKind, Note, Unit, UnitStatus
from bridge.domain.ids import NINE_ONE_ONE, AgencyId, DestinationId, EventId, IncidentId, SignalId, TransferId
from bridge.domain.leg import LegKind
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.rescue import RescueWanted
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.turn import transfer_id
from bridge.settings.worked_calls import WorkedCall
from bridge.wire import cad_events
from tests.acceptance.stories.over_http import OverHttp
from tests.acceptance.stories.over_kafka import Message, OverKafka
from tests.acceptance.stories.stage import SOON_SECONDS, Stage, worked_call
from tests.acceptance.stories.without_chance import the_same

_READ = "select 1 from inbox where event_key = $1 and outcome = 'applied'"
_SAID = """
    select holder, what from audit where incident_key = $1 and signal_id = $2 order by number desc limit 1
"""
_TOLD = """
    select 1 where not exists (
        select from outbox where incident_key = $1 and state in ('pending', 'leased', 'retry'))
"""
_VERDICT = "select verdict from incident where incident_key = $1"
_SILENT = """
    select 1 from presence where destination = $1 and clock_timestamp() - heard_at > make_interval(secs => $2)
"""
_HOLDER = "select holder from audit where incident_key = $1 order by number desc limit 1"

HEART_BEATS_EVERY = 0.4


@dataclass
class Call:
    """One call on a stage. `program` is the policy's name; the story is written down as it goes.

    Whoever is named in `by_http` speaks and hears by HTTP, everybody else by Kafka.
    """

    stage: Stage
    program: str
    number: int = 1
    by_http: frozenset[str] = frozenset()
    story: list[str] = field(default_factory=list)
    _opened_as: IncidentId | None = None
    _worked: WorkedCall | None = None
    _steps: int = 0
    _said: int = 0

    def __post_init__(self) -> None:
        self._http = OverHttp(self.stage.desk, self.agency)

    @property
    def agency(self) -> AgencyId:
        """Whose 911 this is."""
        return self.stage.agencies[self.program]

    @property
    def incident(self) -> IncidentId:
        """CAD's number; a hotline's own call has the hotline's."""
        return self._opened_as or IncidentId(f"{self.program.upper()}-{self.number}")

    @property
    def key(self) -> str:
        """The ledger's key."""
        return f"{self.agency}/{self.incident}"

    async def begins(self) -> None:
        """Whoever hears by HTTP begins to read."""
        for who in sorted(self.by_http):
            await self._http.begins(who)

    async def comes_in(
        self, told: str, *, as_worked: str, file: str = "", minutes_ago: float = 0.0, verdict: str
    ) -> None:
        """CAD's first message of a worked call of the program's own file, and what it is decided as."""
        self._worked = worked_call(file or self.program, as_worked)
        self._worked = replace(self._worked, at=datetime.now(UTC) - timedelta(minutes=minutes_ago))
        await self.goes_on(told, verdict=verdict)

    async def opens(self, told: str, line: str, *, as_worked: str, verdict: str) -> None:
        """A hotline's own call, of which it says what a worked call says."""
        self._begins_at(line)
        worked = replace(worked_call(self.program, as_worked), at=datetime.now(UTC))
        event = worked.step[0].event(self.incident, self.agency, 0, worked.at)
        await self.says(told, line, SignalKind.CALL_OPENED, transfer=0, call=event, has=line)
        decided = await self.stage.until(_VERDICT, self.key)
        assert decided["verdict"] == verdict, told

    async def asks_for_help(self, told: str, line: str, wanted: RescueWanted, *, note: str) -> None:
        """A hotline asks 911 for help for a caller of its own: nothing is screened first."""
        self._begins_at(line)
        now = datetime.now(UTC)
        event = CadEvent(
            EventId(f"{self.incident}-0"),
            self.incident,
            self.agency,
            EventKind.CREATED,
            now,
            channel=Channel.NINE_EIGHT_EIGHT,
            notes=(Note(note, now),),
        )
        await self.says(
            told, line, SignalKind.HELP_REQUESTED, transfer=0, rescue=wanted, call=event, has=line
        )

    async def goes_on(self, told: str, *, verdict: str, has: str = NINE_ONE_ONE) -> None:
        """CAD's next message of the worked call."""
        assert self._worked is not None
        step = self._worked.step[self._steps]
        agency = self.agency
        event = step.event(self.incident, agency, self._steps, self._worked.at)
        self._steps += 1
        await self.cad_says(told, event, verdict=verdict, has=has)

    async def cad_says(self, told: str, event: CadEvent, *, verdict: str, has: str = NINE_ONE_ONE) -> None:
        """One message of CAD, what it is decided as and who has the call then."""
        stage = self.stage
        content = cad_events.encode(stage.ground.frames, event)
        await stage.kafka.writer.say(stage.ground.topics.cad_events, content, cad_events.about(event))
        await stage.until(_READ, f"{event.agency}/{event.event_id}")
        decided = await stage.until(_VERDICT, self.key)
        assert decided["verdict"] == verdict, told
        await self._settle(told, has)

    async def lives(self, line: str, *, for_s: float) -> None:
        """A line's system gives its heartbeat for so long, once at least."""
        await self._http.lives(line)
        for _ in range(int(for_s / HEART_BEATS_EVERY)):
            await asyncio.sleep(HEART_BEATS_EVERY)
            await self._http.lives(line)

    async def stays_silent(self, line: str, seconds: float) -> None:
        """Wait until nothing was heard of a line's system for so long, by the ledger's clock."""
        await self.stage.until(_SILENT, line, seconds)

    async def comes_to(self, told: str, question: str, *asked: object, has: str = NINE_ONE_ONE) -> None:
        """Nobody says anything, and after a while a question to the ledger about this call has an answer."""
        await self.stage.until(question, self.key, *asked)
        await self._settle(told, has)

    async def unit(
        self, told: str, name: str, kind: str, status: UnitStatus, *, leg: str, has: str = NINE_ONE_ONE
    ) -> None:
        """CAD says where a unit is; `leg` is what its leg of the tandem has come to."""
        agency = self.agency
        event = CadEvent(
            EventId(f"{self.incident}-{name}-{status}"),
            self.incident,
            agency,
            EventKind.UNIT_STATUS,
            datetime.now(UTC),
            units=(Unit(name, kind=kind, status=status),),
        )
        await self.cad_says(told, event, verdict="tandem", has=has)
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
        by: str = "call-taker-4",
        **said: object,
    ) -> None:
        """A person speaks: of the call's latest transfer, or of that with a number (0: of none).

        `has` is who has the call then; `refused` why it changed nothing; `by` who it is at 911.
        """
        stage = self.stage
        self._said += 1
        number = await self._latest() if transfer is None else transfer
        by_911 = who == NINE_ONE_ONE
        agency = self.agency
        signal = Signal(
            SignalId(f"{self.incident}/said-{self._said}"),
            transfer_id(self.key, number) if number else TransferId(""),
            self.incident,
            agency,
            kind,
            Speaker.NINE_ONE_ONE if by_911 else Speaker.DESTINATION,
            by if by_911 else DestinationId(who),
            datetime.now(UTC),
        )
        signal = replace(signal, **said)  # type: ignore[arg-type]
        said_as = await self._way(who).says(signal, refused)
        row = await stage.until(_SAID, self.key, said_as)
        heard = row["what"].removeprefix("refused.") if row["what"].startswith("refused.") else ""
        assert heard == refused, f"{told}: {row['what']}"
        await self._settle(told, has, closed=kind is SignalKind.CLOSED)

    async def hears(self, who: str, kind: OfferKind | ReturnKind, **about: object) -> Offer | Return:
        """The message of this kind that reached 911 or a destination on Kafka, with these particulars."""

        def is_it(message: Message) -> bool:
            of_it = message.incident_id == self.incident and message.kind is kind
            return of_it and all(getattr(message, name) == value for name, value in about.items())

        return await self._way(who).hears(who, is_it, SOON_SECONDS)

    async def sees(self, who: str, path: str, **shown: object) -> None:
        """Somebody looks at something by HTTP, and it stands so."""
        seen = await self._http.looks(who, path)
        assert shown.items() <= seen.items(), seen

    async def never_told(self, who: str) -> None:
        """Nothing of this call went to `who`."""
        row = await self.stage.until(
            "select count(*) as n from outbox where incident_key = $1 and destination = $2", self.key, who
        )
        assert row["n"] == 0

    async def reads(self, told: str, who: str, message: Message) -> None:
        """A person opens what came by HTTP; that the bytes came says nothing of a person."""
        said_as = await self._http.reads(who, message)
        row = await self.stage.until(_SAID, self.key, said_as)
        assert row["what"] == "message.read"
        await self._settle(told, row["holder"])

    async def came_over(self, warmth: str) -> None:
        """How the policy calls the handover of the latest transfer: warm, or cold."""
        row = await self.stage.until(
            "select warmth from transfer where incident_key = $1 order by attempt desc", self.key
        )
        assert row["warmth"] == warmth
        self.note(f"    -> the handover was {warmth}")

    def note(self, told: str) -> None:
        """A sentence of the story in which nobody speaks to the bridge."""
        self.story.append(told)

    async def time_line(self) -> str:
        """The story, and below it what `bridge show` prints of the call, without what differs each time."""
        found = await the_history(self.stage.ground.settings, self.key, content=False)
        return "\n".join([*self.story, "", *the_same(lines_of(found))]) + "\n"

    def _begins_at(self, line: str) -> None:
        """By HTTP a hotline gives its own number, and the bridge makes an incident's of it."""
        if line in self.by_http:
            self._opened_as = IncidentId(f"{line}:{self.incident}")

    def _way(self, who: str) -> OverHttp | OverKafka:
        return self._http if who in self.by_http else self.stage.kafka

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
