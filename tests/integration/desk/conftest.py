"""A desk on this test's own ledger."""

from collections.abc import AsyncIterator

import pytest
from desks import Desks, a_desk
from hands import Lane


@pytest.fixture
async def desk(lane: Lane) -> AsyncIterator[Desks]:
    """The HTTP API with a key for 911, the crisis line and the city's 311."""
    async with a_desk(lane) as desks:
        yield desks
