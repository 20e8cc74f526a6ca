"""Scenarios in which workers die: at a named point, at random, in a backlog, by a defect of their own.

Each sends events that the killed worker was at work on, starts it again as a supervisor would, and reckons.
"""

import asyncio
import random
import signal
from time import monotonic
from uuid import uuid4

from bridge.domain.transfer_table import State
from bridge.sandbox.behaviour import Behaviour
from bridge.sandbox.hotlines import Hotline
from tests.faults.calls import AGENCY, Course, evening
from tests.faults.ground import HOTLINE, Ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import Outcome, reckon
from tests.faults.seams import Fault, Order, Point
from tests.faults.traffic import send

KILL_POINTS = (
    Point.BEFORE_TRANSACTION,
    Point.AFTER_CLAIM,
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT,
    Point.BEFORE_ACK,
    Point.AFTER_ACK,
    Point.AFTER_SEND,
)

DEFECTS = (
    (Point.BEFORE_TRANSACTION, Fault.RAISE),
    (Point.BEFORE_TRANSACTION, Fault.CANCEL),
    (Point.BEFORE_TRANSACTION, Fault.HANG),
    (Point.BEFORE_TRANSACTION, Fault.BLOCK),
    (Point.IN_THE_COALESCER, Fault.RAISE),
    (Point.IN_THE_COALESCER, Fault.CANCEL),
    (Point.IN_THE_RELAY, Fault.RAISE),
    (Point.IN_THE_RELAY, Fault.CANCEL),
    (Point.IN_THE_SENDING, Fault.RAISE),
    (Point.IN_THE_SENDING, Fault.CANCEL),
    (Point.IN_THE_ROUNDS, Fault.RAISE),
    (Point.IN_THE_ROUNDS, Fault.CANCEL),
    (Point.IN_THE_FETCHING, Fault.RAISE),
    (Point.IN_THE_FETCHING, Fault.CANCEL),
)
"""A turn that raises, is cancelled, never ends or blocks the loop; every task that may not die alone."""


def a_prefix() -> str:
    """A name for one scenario's incidents."""
    return f"F{uuid4().hex[:6]}"


async def killed_at(lane: Lane, point: Point, *, events: int = 60, nth: int = 3) -> Outcome:
    """SIGKILL a ready worker the `nth` time it reaches `point`, while events flow; start it again at once."""
    return await _ended_by(lane, Order(point, nth, Fault.KILL), f"killed {point}", events)


async def falls_at(lane: Lane, point: Point, fault: Fault, *, events: int = 60) -> Outcome:
    """A defect at `point`: the worker must end by itself, with a status that is not 0, and never stall."""
    return await _ended_by(lane, Order(point, 2, fault), f"{fault} in {point}", events)


async def _ended_by(lane: Lane, order: Order, cell: str, events: int) -> Outcome:
    began, prefix = monotonic(), a_prefix()
    lane.order(order)
    sending = asyncio.create_task(send(lane.ground, evening(prefix, events), rate=100))
    status = await lane.ended()
    ended_after = monotonic() - began
    sent = await sending
    lane.start()
    await lane.ready()
    outcome = await reckon(lane.ground, cell, sent, prefix)
    killed = status == -signal.SIGKILL
    if killed is not (order.fault is Fault.KILL) or status == 0:
        outcome.wrong.append(f"the worker ended with {status}")
    if order.fault is not Fault.KILL:
        outcome.takeover = f"ended in {ended_after:.1f} s, status {status}"
    outcome.seconds = monotonic() - began
    return outcome


async def killed_every_second(ground: Ground, *, seconds: float, seed: int = 0) -> Outcome:
    """Two lanes; every second one of them, chosen by chance, is killed and started again at once."""
    began, prefix, chance = monotonic(), a_prefix(), random.Random(seed)
    async with running(ground, "a", "b") as lanes:
        rate = 100
        sending = asyncio.create_task(send(ground, evening(prefix, int(seconds * rate)), rate=rate))
        kills = 0
        until = monotonic() + seconds
        while monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            lane = chance.choice(lanes)
            lane.kill()
            lane.start()
            kills += 1
        for lane in lanes:
            await lane.ready()
        outcome = await reckon(ground, f"killed every second for {seconds:.0f} s", await sending, prefix)
    outcome.takeover = f"{kills} kills"
    outcome.seconds = monotonic() - began
    return outcome


async def killed_in_a_backlog(ground: Ground, *, events: int) -> Outcome:
    """Two lanes work off a backlog; one is killed when a third is decided, and stays dead."""
    began, prefix = monotonic(), a_prefix()
    sent = await send(ground, evening(prefix, events, together=50))
    async with running(ground, "a", "b") as lanes:
        await _decided(ground, len(sent) // 3, prefix)
        lanes[0].kill()
        left = len(sent) - await _decided(ground, 0, prefix)
        outcome = await reckon(ground, f"lane killed in a backlog of {len(sent)}", sent, prefix)
    share = outcome.sent_twice / max(outcome.offers_read, 1)
    outcome.takeover = f"{left} undecided at the kill, {share:.1%} sent twice"
    if not left:
        outcome.wrong.append("the backlog was gone before the kill: nothing was shown")
    outcome.seconds = monotonic() - began
    return outcome


async def killed_while_a_hotline_answers(lane: Lane, *, events: int = 60) -> Outcome:
    """A hotline accepts and closes every call, while the worker is killed twice: each signal counts once."""
    ground, began, prefix = lane.ground, monotonic(), a_prefix()
    told = [one for one in evening(prefix, events) if one.course is Course.OPEN]
    hotline = Hotline(HOTLINE, ground.offers, ground.settings.kafka, ground.frames, Behaviour(), speed=10.0)
    answering = asyncio.create_task(hotline.run())
    try:
        lane.order(Order(Point.BEFORE_COMMIT, 12))
        sending = asyncio.create_task(send(ground, told, rate=20))
        await lane.ended()
        lane.start()
        await lane.ready()
        lane.order(Order(Point.AFTER_SEND, 3))
        await lane.ended()
        lane.start()
        await lane.ready()
        sent = await sending
        outcome = await reckon(ground, "killed while a hotline answers", sent, prefix)
        wanted = len({one.incident_id for one in told})
        outcome.takeover = f"{await _closed(ground, wanted, prefix)} of {wanted} calls closed"
        if outcome.takeover.split()[0] != str(wanted):
            outcome.wrong.append("not every call that the hotline took was closed")
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
    outcome.seconds = monotonic() - began
    return outcome


async def _closed(ground: Ground, wanted: int, prefix: str) -> int:
    return await _counted(
        ground,
        "select count(*) from transfer where incident_key like $1 and state = $2",
        wanted,
        f"{AGENCY}/{prefix}%",
        State.CLOSED.value,
    )


async def _decided(ground: Ground, wanted: int, prefix: str) -> int:
    return await _counted(
        ground, "select count(*) from decision where incident_key like $1", wanted, f"{AGENCY}/{prefix}%"
    )


async def _counted(ground: Ground, question: str, wanted: int, *given: object) -> int:
    """Wait until the count is reached, a minute at most; answer the count."""
    ledger = await ground.ledger()
    until = monotonic() + 60
    try:
        count = await ledger.fetchval(question, *given)
        while count < wanted and monotonic() < until:
            await asyncio.sleep(0.02)
            count = await ledger.fetchval(question, *given)
        return int(count)
    finally:
        await ledger.close()
