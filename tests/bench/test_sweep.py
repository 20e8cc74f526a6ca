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
    """What one short round found: due within a second, and at one instant."""
    plan = ["--waiting", str(WAITING), "--due", str(DUE), "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "bench", "sweep", *plan, "--here", "--json"],
        env={**os.environ, **world.environment(), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)["rounds"]


def test_all_that_is_due_is_handled_once(swept):
    assert [each["within_s"] for each in swept] == [1.0, 0.0]
    for each in swept:
        assert (each["due"], each["twice"], each["missed"]) == (DUE, 0, 0)
        assert sum(each["by_lane"].values()) >= DUE


def test_whoever_is_first_does_not_wait_for_the_last(swept):
    """They end turn by turn, not all in one transaction at the end."""
    for each in swept:
        assert 0 < each["handled"]["p50"] <= each["handled"]["p99"] <= each["handled"]["worst"]
