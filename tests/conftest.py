"""Servers that all tests of a run share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from bridge.sandbox.world import World

CHECKOUT = Path(__file__).resolve().parent.parent

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""A busy machine draws examples slowly; that says nothing of what is tested."""


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Kafka and PostgreSQL, new and empty, for as long as the tests run."""
    from bridge.sandbox.world import passing_world  # only tests that ask need the extra `local`

    with passing_world(CHECKOUT / ".bridge") as world:
        yield world
