"""A server for the HTTP API: it takes no new requests when it is to end, and finishes those it has."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import uvicorn

from bridge.desk.door import Door
from bridge.desk.feeds import Waiting

FINISH_SECONDS = 10
"""How long requests may take that were begun before the end."""

_KEEP_ALIVE_SECONDS = 30
_CONNECTIONS = 2000


class _Server(uvicorn.Server):
    """Leaves signals to the process: the library would kill it by the same signal before it has closed."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """No signal is anybody's here."""
        return nullcontext()


class Server:
    """Serves one API until `end` is called. `port` is known once it has been bound."""

    def __init__(self, api: Door, waiting: Waiting, *, host: str, port: int) -> None:
        self._waiting = waiting
        self._socket = socket.create_server((host, port), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self._server = _Server(
            uvicorn.Config(
                api,
                log_config=None,
                access_log=False,
                server_header=False,
                http="h11",  # the one that bounds what comes before a body
                lifespan="off",
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=FINISH_SECONDS,
                limit_concurrency=_CONNECTIONS,
                h11_max_incomplete_event_size=16 * 1024,
            )
        )

    async def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Serve until the end; whoever asked before is answered, for `FINISH_SECONDS`."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        ending = asyncio.create_task(self._let_go())
        started()
        try:
            await serving
        finally:
            ending.cancel()
            self._socket.close()

    def end(self) -> None:
        """Take nothing new, let those go who wait, and finish."""
        self._server.should_exit = True

    @property
    def ending(self) -> bool:
        """Whether nothing new is taken any more."""
        return self._server.should_exit

    async def _let_go(self) -> None:
        """Whoever waits for news is answered when the server is to end."""
        while not self._server.should_exit:  # noqa: ASYNC110 - the server has a flag, and no event
            await asyncio.sleep(0.1)
        self._waiting.closing.set()
