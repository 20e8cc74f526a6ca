"""Our transport on Faust's aiokafka driver: batches in, exact commits out, positions from the ledger.

Every way Faust moves a consumer ends in `perform_seek` here. What is handed on was fetched after a completed
move to the ledger's positions, in the epoch that is open now; anything else is dropped and read again. What
an ack of an ended epoch says is not heard. Whatever ends the fetching ends the worker.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, cast

from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage, Message
from mode.types import ServiceT

from bridge.engine.batch import Batch
from bridge.engine.fetching import Fetched, FetchingThread, LaneTransport
from bridge.engine.prefix import Prefix
from bridge.errors import EngineError

#: How long a fetch waits in aiokafka; short while a partition is held back, so that it goes on soon.
IDLE_S, HELD_S = 1.0, 0.02


class LedgerConsumer(driver.Consumer):
    """Faust's consumer with our way of reading, acking and committing."""

    _thread: FetchingThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lane = cast(LaneTransport, self.transport).lane
        self._reading = self._lane.reading
        #: Rises whenever what was read so far stops counting.
        self.epoch = 0
        self._prefixes: dict[TP, Prefix] = {}
        self._held: set[TP] = set()
        self._room = asyncio.Event()
        self._unmoved_since: float | None = None
        self._stopped_reading = False

    def _new_consumer_thread(self) -> FetchingThread:
        return FetchingThread(self, loop=self.loop, beacon=self.beacon)

    # -- reading ------------------------------------------------------------------------------

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        """Hand batches on until the worker stops. Anything else that ends this ends the worker."""
        try:
            while not self._stopping(fetcher):
                await asyncio.sleep(0)
                async for message in self._next_messages():
                    await self.callback(message)
        except asyncio.CancelledError:
            if not self._stopping(fetcher):
                raise EngineError("fetching was cancelled: restart the worker") from None
            raise
        except Exception as error:
            if not self._stopping(fetcher):
                raise EngineError(f"fetching failed: {type(error).__name__}") from error

    def _stopping(self, fetcher: ServiceT) -> bool:
        return self.should_stop or fetcher.should_stop or self.app.should_stop

    async def _next_messages(self) -> AsyncIterator[ConsumerMessage]:
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
            return
        if not (wanted := frozenset(self._active_partitions - self._held)):
            self._room.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._room.wait(), HELD_S if self._held else IDLE_S)
            return
        fetched = await self._thread.fetch(wanted, HELD_S if self._held else IDLE_S)
        self._check_moved()
        self._note(fetched)
        for where, records in fetched.records.items():
            if fetched.epoch != self.epoch or not self.flow_active:
                self._reading.stale_batches += 1
                continue
            batch: Batch[None] = Batch(where[0], where[1], records, fetched.epoch)
            yield self._deliver(TP(*where), batch)

    def _deliver(self, where: TP, batch: Batch[None]) -> ConsumerMessage:
        self._prefixes.setdefault(where, Prefix()).deliver(batch.last_offset)
        newest = batch.records[-1]
        return ConsumerMessage(
            where.topic,
            where.partition,
            batch.last_offset,
            newest.timestamp / 1000,
            newest.timestamp_type,
            None,
            None,
            cast(Any, batch),
            None,
            0,
            0,
            where,
            generation_id=self.app.consumer_generation_id,
        )

    def _check_moved(self) -> None:
        since = self._unmoved_since
        if since is not None and monotonic() - since > 2 * self._lane.settings.seek_s:
            raise EngineError("reading goes on, but not from the ledger's positions: restart")

    def _note(self, fetched: Fetched) -> None:
        if fetched.epoch != self.epoch:
            return
        self._reading.heard_ms = fetched.heard_ms or self._reading.heard_ms
        self._reading.behind.update(fetched.behind)
        for where, offset in fetched.out_of_range.items():
            self._reading.out_of_range[where] = offset
            self.log.error("%s/%s has no offset %s: this partition stands still", *where, offset)
            self._lane.alarms.out_of_range(where, offset)

    def on_buffer_full(self, tp: TP) -> None:
        self._held.add(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        self._held.discard(tp)
        self._room.set()

    # -- positions ----------------------------------------------------------------------------

    async def perform_seek(self) -> None:
        """Ask the ledger, then move every assigned partition there. A failure ends the worker."""
        epoch = self._forget()
        assigned = frozenset(self.assignment())
        self._reading.assigned = frozenset((tp.topic, tp.partition) for tp in assigned)
        if not assigned:
            self._unmoved_since = None
            return
        try:
            async with asyncio.timeout(self._lane.settings.seek_s):
                positions = await self._lane.positions.load(assigned)
                if assigned - positions.keys():
                    raise EngineError("the ledger did not answer for every partition")
                places = {where: positions[where] for where in assigned}
                moved = await self._thread.move(epoch, places)
        except Exception as error:
            raise EngineError(f"positions not taken up: {type(error).__name__}") from error
        if moved and epoch == self.epoch:
            self._committed_offset.update(places)
            self._unmoved_since = None
            self._reading.positions_known = True
            self.add_future(self._compare_with_group(places))

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Faust's word for going back to the safe place: here the ledger's positions."""
        await self.perform_seek()
        return {}

    async def _compare_with_group(self, positions: Mapping[TP, int | None]) -> None:
        try:
            async with asyncio.timeout(self._lane.settings.request_s):
                group = await self._thread.committed(positions.keys())
        except (KafkaError, TimeoutError) as error:
            self.log.warning("the group's offsets are unknown: %s", type(error).__name__)
            return
        for where, committed in group.items():
            ledger = positions[where] or 0
            if committed is not None and committed > ledger:
                self._reading.group_ahead += 1
                self.log.error("%s/%s: group at %s, ledger at %s", *where, committed, ledger)
                self._lane.alarms.group_ahead(where, ledger, committed)

    def _forget(self) -> int:
        """Close the epoch: what was fetched, delivered or acked in it no longer counts."""
        self.epoch += 1
        self._prefixes.clear()
        self._committed_offset.clear()
        self._reading.out_of_range.clear()
        self._reading.behind.clear()
        self._reading.heard_ms = None
        self._reading.positions_known = False
        self._unmoved_since = monotonic()
        return self.epoch

    # -- acks and commits ---------------------------------------------------------------------

    def ack(self, message: Message) -> bool:
        """Note that a batch is in the ledger. One of an ended epoch is not heard."""
        message.acked = True
        self._unacked_messages.discard(message)
        if cast(Batch[None], message.value).epoch != self.epoch:
            return False
        self._prefixes[message.tp].ack(message.offset)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in self._prefixes if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        prefix = self._prefixes.get(tp)
        return None if prefix is None else prefix.end

    async def _commit_tps(self, tps: Iterable[TP], start_new_transaction: bool) -> bool:
        epoch, offsets = self.epoch, self._filter_committable_offsets(tps)
        if not offsets:
            return False
        committed = await self._commit(offsets)
        if not committed:
            self._reading.commits_failed += 1
        elif epoch == self.epoch:
            self._committed_offset.update(offsets)
        return committed

    async def wait_empty(self) -> None:
        """Drop what no turn has begun, let the running turns end within a bound, and commit.

        When the worker stops this is done once; after a crash not at all: what is not in the ledger is read
        again.
        """
        if self._stopped_reading or self.app.crashed:
            return
        self._stopped_reading = self.app.should_stop
        bound = self._lane.settings.settle_s
        await self._lane.settle(bound)
        with suppress(TimeoutError):
            # not commit(): that one swallows the cancellation of a bound while another commit hangs
            await asyncio.wait_for(self.force_commit(), bound)

    # -- assignments --------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """aiokafka logs what is raised here and goes on; so a failure ends the worker itself."""
        self._reading.rebalances += 1
        try:
            await super().on_partitions_revoked(revoked)
        except Exception as error:
            await self.app.crash(error)
            raise
        finally:
            self._forget()
            self._reading.assigned = frozenset()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """As above. Faust resumes after this, through `perform_seek`."""
        self._forget()
        self._held.clear()
        try:
            await super().on_partitions_assigned(assigned, generation_id)
        except Exception as error:
            await self.app.crash(error)
            raise

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's check only logs, and reads state a rebalance may have taken away."""


class LedgerTransport(LaneTransport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = LedgerConsumer
