"""A way to PostgreSQL that loses the answer of a COMMIT: the server did it, the client never hears.

Listens on a Unix socket and passes everything on. When told to, it lets the next COMMIT of a transaction
that carried a given text reach the server, waits for the answer, and drops the connection instead.
"""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"
_COMMIT = b"COMMIT;\x00"
_CHUNK = 64 * 1024


class CutsCommits:
    """One proxy before one database. `cut` counts the answers that were lost."""

    def __init__(self, dsn: str, folder: Path, *, mentions: bytes) -> None:
        parts = urlsplit(dsn)
        self._server = str(Path(parse_qs(parts.query)["host"][0]) / SOCKET)
        self._database = parts.path.lstrip("/")
        self._folder = folder
        self._mentions = mentions
        self._to_cut = 0
        self._ways: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None
        self.cut = 0

    @property
    def dsn(self) -> str:
        """The same database by this way."""
        return f"postgresql://postgres@/{self._database}?host={self._folder}"

    def cut_next(self, times: int = 1) -> None:
        """Lose the answers of so many COMMITs from now on."""
        self._to_cut += times

    async def __aenter__(self) -> "CutsCommits":
        self._listening = await asyncio.start_unix_server(self._way, self._folder / SOCKET)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._listening is not None
        self._listening.close()
        for end in self._ends:
            end.transport.abort()
        await asyncio.gather(*self._ways)

    async def _way(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._ways.add(task)
        server, to_server = await asyncio.open_unix_connection(self._server)
        self._ends |= {to_client, to_server}
        doomed = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as both:
                up = both.create_task(self._up(client, to_server, doomed))
                await self._down(server, to_client, doomed)
                up.cancel()
        except* (OSError, asyncio.IncompleteReadError):
            pass  # either end went away: so does the other
        finally:
            self._ways.discard(task)
            self._ends -= {to_client, to_server}
            to_client.transport.abort()
            to_server.transport.abort()

    async def _up(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        said = b""
        while chunk := await client.read(_CHUNK):
            said += chunk
            if _COMMIT in chunk:
                if self._to_cut and self._mentions in said:
                    self._to_cut -= 1
                    doomed.set()
                said = b""
            server.write(chunk)
            await server.drain()
        server.write_eof()

    async def _down(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while chunk := await server.read(_CHUNK):
            if doomed.is_set():
                self.cut += 1
                return
            client.write(chunk)
            await client.drain()
