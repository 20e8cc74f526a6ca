"""A verb imports what it works with and nothing heavy beside it: somebody waits for it at night."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]

SERVERS = {"faust", "mode", "fastapi", "starlette", "uvicorn", "aiohttp"}
KAFKA = {"aiokafka"}
GEOMETRY = {"shapely", "numpy"}
LOGS = {"structlog"}
EVERYTHING = SERVERS | KAFKA | GEOMETRY | LOGS
NEEDED = {
    "desk": set(),
    "doctor": KAFKA,
    "feed": set(),
    "migrate": set(),
    "policy": set(),
    "report": set(),
    "sandbox": set(),
    "settings": set(),
    "show": set(),
    "tables": set(),
    "topics": KAFKA,
    "verify": KAFKA,
}
"""Of `EVERYTHING`, what each verb is imported with. `worker`, `demo` and `bench` start all there is."""


@pytest.mark.parametrize("verb", NEEDED)
def test_a_verb_is_imported_without_what_it_does_not_need(verb: str):
    assert imported_with(f"bridge.cli.{verb}") & EVERYTHING == NEEDED[verb]


def test_the_command_itself_imports_none_of_it():
    assert imported_with("bridge.__main__") & EVERYTHING == set()


def test_the_table_looks_for_what_there_is():
    """A library that a worker and a desk do not import either is none that could be missed here."""
    both = imported_with("bridge.app.worker") | imported_with("bridge.app.desk")
    assert both >= (SERVERS | KAFKA)


def imported_with(module: str) -> set[str]:
    """The packages that a new Python has imported once it has imported a module."""
    told = "print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; {told}"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())
