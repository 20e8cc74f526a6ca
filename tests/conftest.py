"""Servers that all tests of a run share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bridge.sandbox.world import World

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """Kafka and PostgreSQL, new and empty, for as long as the tests run."""
    from bridge.sandbox.world import passing_world  # only tests that ask need the extra `local`

    with passing_world(CHECKOUT / ".bridge") as world:
        yield world
