"""A real PostgreSQL for every test: migrated once, copied for each.

Making a ledger and taking it away wait for the disk. Both are done beside the tests: the next test's ledger
while this one runs, the removal after it.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import asyncpg
import pytest
from hands import Lane, a_lane

from bridge.ledger.migrate import migrate

if TYPE_CHECKING:
    from bridge.sandbox.postgres import Postgres
    from bridge.sandbox.world import World

TEMPLATE = "ledger_template"


@pytest.fixture(scope="session")
def template(world: "World") -> str:
    """The name of a migrated, empty database to copy."""
    world.postgres.create_database(TEMPLATE)
    asyncio.run(migrate(world.postgres.dsn(TEMPLATE)))
    return TEMPLATE


class Ledgers:
    """New ledgers, by the name of their database; one is always made ahead."""

    def __init__(self, postgres: "Postgres", template: str) -> None:
        self._postgres = postgres
        self._template = template
        self._beside = ThreadPoolExecutor(1)
        self._next = self._beside.submit(self._make)
        self._removals: list[Future[None]] = []

    def take(self) -> str:
        """A ledger that nobody used."""
        name = self._next.result()
        self._next = self._beside.submit(self._make)
        return name

    def remove(self, name: str) -> None:
        """Take it away, soon."""
        self._removals.append(self._beside.submit(self._postgres.drop_database, name))

    def close(self) -> None:
        """Return when all is done; raise what went wrong with it."""
        self._beside.shutdown()
        for done in (self._next, *self._removals):
            done.result()

    def _make(self) -> str:
        name = f"ledger_{uuid.uuid4().hex[:12]}"
        self._postgres.create_database(name, template=self._template)
        return name


@pytest.fixture(scope="session")
def ledgers(world: "World", template: str) -> Iterator[Ledgers]:
    """A ledger for each test that asks."""
    made = Ledgers(world.postgres, template)
    yield made
    made.close()


@pytest.fixture
def database(world: "World", ledgers: Ledgers) -> Iterator[str]:
    """The address of a ledger of this test's own."""
    name = ledgers.take()
    yield world.postgres.dsn(name)
    ledgers.remove(name)


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
