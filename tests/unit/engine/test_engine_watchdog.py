"""A loop that stands still is seen from outside and ends the process; so does an end that takes too long."""

import asyncio
import json
import subprocess
import sys
import textwrap
import threading
import time
from http.client import HTTPConnection

import pytest

from bridge.engine.probes import Probes
from bridge.engine.watchdog import EXIT_CODE, Watchdog


def run_python(source: str, timeout_s: float = 20) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def test_a_blocked_loop_ends_the_process_and_shows_where() -> None:
    ended = run_python("""
        import asyncio, time
        from bridge.engine.watchdog import Watchdog

        async def main():
            Watchdog(blocked_s=0.5).start(asyncio.get_running_loop())
            await asyncio.sleep(0.3)
            standing_still()

        def standing_still():
            time.sleep(60)

        asyncio.run(main())
    """)
    assert ended.returncode == EXIT_CODE
    assert "stood still" in ended.stderr
    assert "standing_still" in ended.stderr


def test_an_end_that_takes_too_long_is_cut_short() -> None:
    ended = run_python("""
        import asyncio
        from bridge.engine.watchdog import Watchdog

        async def main():
            watchdog = Watchdog()
            watchdog.start(asyncio.get_running_loop())
            watchdog.end_within(60, "late")
            watchdog.end_within(0.3, "stopping took too long")
            await asyncio.sleep(60)

        asyncio.run(main())
    """)
    assert ended.returncode == EXIT_CODE
    assert "stopping took too long" in ended.stderr


async def test_a_beating_loop_lives_and_a_silent_one_does_not() -> None:
    ended = threading.Event()
    watchdog = Watchdog(blocked_s=1.0, end=lambda _code: ended.set())
    watchdog.start(asyncio.get_running_loop())
    await asyncio.sleep(0.5)
    assert watchdog.alive
    assert not ended.is_set()
    assert await asyncio.to_thread(lambda: watchdog.silent_s) < 1.0
    ended.wait(10)  # holds this loop
    assert ended.is_set()
    assert not watchdog.alive


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/health/live", 200), ("/health/ready", 503), ("/health/started?x=1", 200), ("/", 404)],
)
def test_probes_answer_what_they_are_told(path: str, status: int) -> None:
    probes = Probes(
        "127.0.0.1",
        0,
        exposition=lambda: b"up 1\n",
        live=lambda: (True, {}),
        ready=lambda: (False, {"ledger": "lost"}),
        started=lambda: (True, {}),
    )
    probes.start()
    try:
        found, body = get(probes.port, path)
        assert found == status
        if path == "/health/ready":
            assert json.loads(body) == {"ok": False, "ledger": "lost"}
        assert get(probes.port, "/metrics") == (200, b"up 1\n")
    finally:
        probes.stop()


async def test_a_blocked_loop_is_seen_by_the_probes() -> None:
    watchdog = Watchdog(blocked_s=0.8, end=lambda _code: None)
    probes = Probes(
        "127.0.0.1",
        0,
        exposition=lambda: b"up 1\n",
        live=lambda: (watchdog.alive, {}),
        ready=lambda: (True, {}),
        started=lambda: (True, {}),
    )
    probes.start()
    watchdog.start(asyncio.get_running_loop())
    answers: list[tuple[int, int]] = []
    seen = threading.Event()

    def look() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and not seen.is_set():
            answers.append((get(probes.port, "/health/live")[0], get(probes.port, "/metrics")[0]))
            if answers[-1] == (503, 200):
                seen.set()

    await asyncio.sleep(0)
    looking = threading.Thread(target=look)
    looking.start()
    seen.wait(10)  # holds this loop
    looking.join()
    watchdog.stop()
    probes.stop()
    assert answers[-1] == (503, 200)
