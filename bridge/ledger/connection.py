"""How we talk to PostgreSQL: the pool, its limits, and what an error means.

asyncpg reports a killed backend in several ways, all of which mean "connection lost": whether the last
COMMIT happened is then unknown, and every turn can be repeated. A guard's refusal is passed on by the
guard's name only, because the server's text carries the row.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

from bridge.errors import LedgerError, LedgerLostError, LedgerRefusedError
from bridge.ledger.statements import statement

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.pool.PoolConnectionProxy

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,  # 57P01..57P03: the server is going down or coming up
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,  # 25006: this server is a standby now
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,  # our own statement timeout
    asyncpg.InsufficientResourcesError,  # 53xxx: disk or memory full; it may pass
    OSError,
    TimeoutError,
    asyncio.IncompleteReadError,
)

EVERY_TURN = ("claim_events", "write_turn", "close_deliveries", "claim_due_messages")
"""Statements that a worker runs, for connections to be warmed with."""

_PARAMETER = re.compile(r"\$(\d+)")


async def open_pool(
    dsn: str, *, size: int, statement_timeout: float, name: str, warmed: Sequence[str]
) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool whose connections end what hangs: `statement_timeout` seconds for a statement or a lock.

    All of them are opened and warmed now, so that no call pays for it. Raises LedgerLostError when the server
    does not answer, LedgerError when the ledger does not have this version's shape.
    """
    milliseconds = str(int(statement_timeout * 1000))
    with translated_errors():
        return await asyncpg.create_pool(
            dsn,
            min_size=size,
            max_size=size,
            timeout=5,
            command_timeout=statement_timeout + 1,
            max_cached_statement_lifetime=0,  # preparing the turn's statement anew takes as long as a turn
            init=partial(_warm, warmed),
            reset=_left_as_it_is,
            server_settings={
                "application_name": name,
                "statement_timeout": milliseconds,
                "lock_timeout": milliseconds,
                "idle_in_transaction_session_timeout": "10000",
                "synchronous_commit": "on",
                "jit": "off",
                # A turn's statement takes three times as long to plan as to run, and its plan never differs.
                # It must do on an empty ledger and on a full one: a turn needs few rows of tables that grow
                # for years, and looks each of them up.
                "plan_cache_mode": "force_generic_plan",
                "enable_seqscan": "off",
                "enable_mergejoin": "off",
                "timezone": "UTC",
            },
        )


async def _warm(names: Sequence[str], connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Run what every turn runs, on nothing: a new connection's first time takes ten times as long."""
    for name in names:
        text = statement(name)
        nothing = [None] * max(map(int, _PARAMETER.findall(text)))
        await connection.fetch(text, *nothing)


async def _left_as_it_is(_: object) -> None:
    """We never change a session, so that there is nothing to undo and no round trip to be made for it.

    asyncpg has rolled back what was open before it asks.
    """


@asynccontextmanager
async def connected(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Connection]:
    """A pooled connection for single statements, each a transaction by itself.

    A lost connection is not given back to the pool.
    """
    with translated_errors():
        async with pool.acquire(timeout=5) as connection:
            try:
                yield connection
            except _LOST:
                connection.terminate()
                raise


@asynccontextmanager
async def transaction(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Connection]:
    """One transaction on a pooled connection."""
    async with connected(pool) as connection, connection.transaction():
        yield connection


class translated_errors:  # noqa: N801 - a context manager reads as a verb
    """Driver errors become ours on the way out."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            raise LedgerRefusedError(error.constraint_name or "", error.sqlstate or "") from None
        if isinstance(error, _LOST):
            raise LedgerLostError(f"PostgreSQL is not answering ({type(error).__name__})") from None
        if isinstance(error, asyncpg.PostgresError):
            raise LedgerError(f"PostgreSQL refused a statement (SQLSTATE {error.sqlstate})") from None
