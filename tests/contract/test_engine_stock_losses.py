"""Faust as shipped loses events in these ways. A version that does not, or does so otherwise, is news.

Each case says what is committed to Kafka although nobody processed it. `test_engine_loses_none.py` puts our
own transport through the same.
"""

import json
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from engine_ground import Broker, Process, unique
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from intervaltree import IntervalTree

SIX = [b"m0", b"m1", b"boom2", b"m3", b"m4", b"m5"]
PLACE = TP("t", 0)


async def test_stock_faust_commits_what_nobody_processed(broker: Broker) -> None:
    group = unique("stock")
    topics = [await broker.topic(name) for name in ("raises", "takes", "decodes", "overtakes")]
    await broker.produce(topics[0], SIX)
    await broker.produce(topics[1], SIX)
    await broker.produce(topics[2], [b"0", b"1", b"not json", b"3"])
    await broker.produce(topics[3], [b"slow0", b"m1", b"m2", b"m3"])
    worker = Process("stock_worker.py", broker.bootstrap, group, *topics)
    try:
        for topic, end in zip(topics, (6, 6, 4, 4), strict=True):
            await broker.until_committed(group, topic, end)
    finally:
        await worker.killed()
    seen: dict[str, list[Any]] = defaultdict(list)
    for line in worker.output.splitlines():
        if line.startswith("["):
            case, value = json.loads(line)
            seen[case].append(value)

    assert seen["raises"] == ["m0", "m1", "m3", "m4", "m5"], "the event that raised is lost"
    assert seen["takes"] == ["m0", "m1"], "take() acks the whole batch: four events are lost"
    assert {"acked_before_handler": True} in seen["decodes"], "acked before the handler is asked"
    assert 3 in seen["decodes"]
    assert seen["overtakes"] == ["m1", "m2", "m3"], "slow0 is in flight, and committed"


def stock_offset(committed: int | None, acked: list[int], gap: IntervalTree | None = None) -> int | None:
    """What stock Faust would commit."""
    consumer = SimpleNamespace(
        _acked={PLACE: acked},
        _acked_index={PLACE: set(acked)},
        _committed_offset={PLACE: committed},
        _gap={PLACE: gap or IntervalTree()},
    )
    return driver.Consumer._new_offset(consumer, PLACE)


def test_stock_faust_commits_over_one_message_in_flight() -> None:
    assert stock_offset(31, [32, 33, 34]) == 35, "31 is in flight (faust-streaming issue 606)"


def test_stock_faust_commits_over_any_head_of_a_new_group() -> None:
    assert stock_offset(None, [5]) == 6, "0..4 are in flight"
    assert stock_offset(0, [5]) == 6, "offset 0 is taken for no offset"
