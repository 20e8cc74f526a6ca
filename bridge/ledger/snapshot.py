"""Looking at the ledger without touching it: one unchanging picture, however long the looking takes.

A picture keeps the server from clearing old rows away, so that it is not held longer than it is needed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from bridge.ledger.connection import translated_errors

if TYPE_CHECKING:
    Reader = asyncpg.Connection[asyncpg.Record]
else:
    Reader = asyncpg.Connection

_LONGEST_STATEMENT_SECONDS = 600


@asynccontextmanager
async def reader(dsn: str) -> AsyncIterator[Reader]:
    """A connection that cannot write. LedgerLostError when PostgreSQL does not answer."""
    with translated_errors():
        connection = await asyncpg.connect(
            dsn,
            timeout=5,
            server_settings={
                "application_name": "bridge reader",
                "default_transaction_read_only": "on",
                "statement_timeout": str(_LONGEST_STATEMENT_SECONDS * 1000),
                "idle_in_transaction_session_timeout": "0",
                "jit": "off",
                "timezone": "UTC",
            },
        )
        try:
            yield connection
        finally:
            connection.terminate()


@asynccontextmanager
async def snapshot(dsn: str) -> AsyncIterator[Reader]:
    """The ledger as it is at the first question, for as long as the block runs."""
    async with reader(dsn) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield connection
