"""Whatever is sent, nothing breaks, and nothing of the other hotline's is seen."""

import asyncio

import pytest
from building import CANARIES, a_record, an_event
from desks import Desks

from tests.races.anything import try_anything


@pytest.mark.parametrize("side", ["crisis-line", "911"])
async def test_nothing_breaks_and_nothing_of_another_s_is_seen(desk: Desks, side: str) -> None:
    await desk.lane.reads(*(a_record(an_event(f"INV-{n}", f"e{n}"), n) for n in range(3)))
    other = (
        "city-311"
        if side == "crisis-line"
        else await desk.key("elsewhere", agency="police.elsewhere.example")
    )
    keys = [desk.keys[side], desk.keys.get(other, other)]
    tried = await asyncio.to_thread(try_anything, desk.url, keys, forbidden=CANARIES, examples=2)
    assert tried > 100
