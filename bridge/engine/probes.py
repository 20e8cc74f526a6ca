"""Health and metrics over HTTP, served from threads, so that a blocked loop is seen and not only felt.

Knows no metric and no rule of health: it is given functions that any thread may call, and asks them.
"""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

#: (whether all is well, what to print). No narrative, number or name: these pages are open.
Health: TypeAlias = tuple[bool, Mapping[str, str]]

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Probes:
    """`/metrics`, `/health/live`, `/health/ready`, `/health/started`: 200 when well, else 503."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        exposition: Callable[[], bytes],
        live: Callable[[], Health],
        ready: Callable[[], Health],
        started: Callable[[], Health],
        exposition_type: str = _TEXT,
    ) -> None:
        pages = {"/health/live": live, "/health/ready": ready, "/health/started": started}

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            timeout = 5

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    self._answer(200, exposition_type, exposition())
                elif path in pages:
                    well, lines = pages[path]()
                    body = json.dumps({"ok": well, **lines}).encode()
                    self._answer(200 if well else 503, "application/json", body)
                else:
                    self._answer(404, "text/plain", b"not here\n")

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """A scrape every few seconds is not news."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="probes", daemon=True, args=(0.1,)
        )

    @property
    def port(self) -> int:
        """The port served, also when 0 was asked for."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
