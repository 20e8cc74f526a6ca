"""The transfer's table, all its states, by Spin; and faults in it, each of which Spin finds."""

import pytest

from bridge.domain.promela import PROPERTIES, model
from bridge.domain.transfer_table import TABLE
from tests.model.faults import FAULTS
from tests.model.spin import Checker, no_spin

SHORT = [fault for fault in FAULTS if not fault.seeded][:6]


@pytest.fixture(scope="module")
def spin():
    why = no_spin()
    if why:
        pytest.skip(f"the model is not checked: {why}")


@pytest.fixture(scope="module")
def sound(spin, tmp_path_factory):
    return Checker(model(), tmp_path_factory.mktemp("sound"), fast=True)


def test_the_model_has_every_cell_of_the_table():
    text = model()
    for state, row in TABLE.items():
        for signal in row:
            assert f"from_ == S_{state.name} && said == K_{signal.name}" in text
    assert all(f"ltl {name} " in text for name in PROPERTIES)


@pytest.mark.parametrize("name", PROPERTIES)
def test_it_holds_in_every_state(sound, name):
    verdict = sound.verdict(name)
    assert (verdict.holds, verdict.whole) == (True, True)
    assert verdict.states > 10_000


@pytest.mark.parametrize("fault", SHORT, ids=lambda fault: fault.says)
def test_a_fault_in_the_table_is_found(spin, tmp_path, fault):
    assert not Checker(fault.text(), tmp_path, fast=True).verdict(fault.found_by).holds
