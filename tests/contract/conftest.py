"""The broker the contract tests share with all tests of a run."""

from typing import TYPE_CHECKING

import pytest
from engine_ground import Broker

if TYPE_CHECKING:
    from bridge.sandbox.world import World


@pytest.fixture(scope="session")
def broker(world: "World") -> Broker:
    return Broker(world.kafka.bootstrap)
