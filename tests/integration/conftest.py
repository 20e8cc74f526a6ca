"""A real PostgreSQL for every test: migrated once, copied for each."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import asyncpg
import pytest
from hands import Lane, a_lane

from bridge.ledger.migrate import migrate

if TYPE_CHECKING:
    from bridge.sandbox.world import World

TEMPLATE = "ledger_template"


@pytest.fixture(scope="session")
def template(world: "World") -> str:
    """The name of a migrated, empty database to copy."""
    world.postgres.create_database(TEMPLATE)
    asyncio.run(migrate(world.postgres.dsn(TEMPLATE)))
    return TEMPLATE


@pytest.fixture
def database(world: "World", template: str) -> Iterator[str]:
    """The address of a ledger of this test's own."""
    name = f"ledger_{uuid.uuid4().hex[:12]}"
    world.postgres.create_database(name, template=template)
    yield world.postgres.dsn(name)
    world.postgres.drop_database(name)


@pytest.fixture
async def lane(database: str) -> AsyncIterator[Lane]:
    """Lane a's hands on this test's ledger."""
    async with a_lane(database) as hands:
        yield hands


@pytest.fixture
async def sql(database: str) -> AsyncIterator[asyncpg.Connection]:
    """This test's ledger, to look into and to break."""
    connection = await asyncpg.connect(database, server_settings={"timezone": "UTC"})
    yield connection
    connection.terminate()
