"""What is promised of every life, by every cell of every table: transfer, delivery, leg, consult, rescue."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bridge.domain import consult, delivery, leg, rescue, transfer_table
from bridge.domain.consult import ConsultWaits
from bridge.domain.destination import Waits
from bridge.domain.leg import LegWaits
from bridge.domain.rescue import RescueWaits


@dataclass(frozen=True)
class Life:
    """A table with its ends, its signals, where it begins, which is the clock's and how long it waits."""

    table: dict
    ends: frozenset
    signals: tuple
    begins: tuple
    clock: object
    waits: object = None


LIVES = {
    "transfer": Life(
        transfer_table.TABLE,
        transfer_table.ENDS,
        transfer_table.TRANSFER_SIGNALS,
        (transfer_table.State.PROPOSED, transfer_table.State.OFFERED),
        transfer_table.SignalKind.DEADLINE,
        Waits(),
    ),
    "delivery": Life(
        delivery.TABLE,
        delivery.DELIVERY_ENDS,
        tuple(delivery.DeliveryEvent),
        (delivery.DeliveryState.PENDING,),
        delivery.DeliveryEvent.BUDGET_ENDED,
    ),
    "leg": Life(
        leg.TABLE,
        leg.LEG_ENDS,
        tuple(leg.LegSignal),
        (leg.LegState.REQUESTED,),
        leg.LegSignal.DEADLINE,
        LegWaits(),
    ),
    "consult": Life(
        consult.TABLE,
        consult.CONSULT_ENDS,
        tuple(consult.ConsultSignal),
        (consult.ConsultState.ASKED,),
        consult.ConsultSignal.DEADLINE,
        ConsultWaits(),
    ),
    "rescue": Life(
        rescue.TABLE,
        rescue.RESCUE_ENDS,
        tuple(rescue.RescueSignal),
        (rescue.RescueState.REQUESTED,),
        rescue.RescueSignal.DEADLINE,
        RescueWaits(),
    ),
}


def cells() -> Iterator[tuple[str, object, object]]:
    for name, life in LIVES.items():
        for state in life.table:
            for signal in life.signals:
                yield name, state, signal


def reached_from(life: Life, *begins: object) -> set[object]:
    reached, border = set(begins), list(begins)
    while border:
        for target in life.table[border.pop()].values():
            if target not in reached:
                reached.add(target)
                border.append(target)
    return reached


@pytest.mark.parametrize(("name", "state", "signal"), list(cells()))
def test_a_cell_is_a_state_of_its_life_or_a_refusal_and_an_end_refuses_everything(name, state, signal):
    life = LIVES[name]
    target = life.table[state].get(signal)
    assert target is None or target in life.table
    if state in life.ends:
        assert target is None


@pytest.mark.parametrize("name", LIVES)
def test_every_state_has_a_row_whose_signals_are_of_this_life(name):
    life = LIVES[name]
    assert set(life.table) == set(type(next(iter(life.table))))
    assert {signal for row in life.table.values() for signal in row} <= set(life.signals)
    assert {state for state, row in life.table.items() if not row} == life.ends


@pytest.mark.parametrize("name", LIVES)
def test_every_wait_is_ended_or_alarmed_by_the_clock(name):
    life = LIVES[name]
    for state in set(life.table) - life.ends:
        assert life.clock in life.table[state], f"{state} waits without a deadline"
        assert life.waits is None or getattr(life.waits, state.value) > 0


@pytest.mark.parametrize("name", LIVES)
def test_every_state_is_reached_and_an_end_can_be_reached_from_it(name):
    life = LIVES[name]
    assert reached_from(life, *life.begins) == set(life.table)
    for state in life.table:
        assert reached_from(life, state) & life.ends
