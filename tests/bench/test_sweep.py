"""`bridge bench sweep` from end to end, short: every wait that is over ends once, whoever ends it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
WAITING, DUE = 600, 200


@pytest.fixture(scope="module")
def swept(world):
    """What one short round found."""
    plan = ["--waiting", str(WAITING), "--due", str(DUE), "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "bench", "sweep", *plan, "--here", "--json"],
        env={**os.environ, **world.environment(), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (only,) = json.loads(done.stdout)["rounds"]
    return only


def test_all_that_is_due_is_handled_once(swept):
    assert (swept["due"], swept["twice"], swept["missed"]) == (DUE, 0, 0)
    assert sum(swept["by_lane"].values()) >= DUE


def test_whoever_is_first_does_not_wait_for_the_last(swept):
    """They end turn by turn, not all in one transaction at the end."""
    assert swept["handled"]["p50"] <= swept["handled"]["p99"] <= swept["handled"]["worst"]
