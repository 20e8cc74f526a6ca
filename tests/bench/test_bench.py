"""`bridge bench loop` runs from end to end and loses nothing. How fast a busy machine is, is not asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def findings(world):
    """What one quick run found."""
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "bench", "loop", "--quick", "--here", "--json"],
        env={**os.environ, **world.environment(), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_no_offer_is_lost(findings):
    assert findings["lost"] == 0


def test_every_event_that_may_be_offered_is_offered(findings):
    for run in findings["runs"]:
        assert run["drain"]["delivery"]["expected"] == run["drain"]["events"] * 3 // 4


def test_the_bridge_is_of_the_same_kind_as_the_hand_written_loop(findings):
    """Wide bounds: they catch a worker that waits for a timer with every batch, on however busy a machine."""
    ratios = {row["measure"]: row["ratio"]["median"] for row in findings["rows"]}
    assert ratios["drain to ledger"] > 0.2
    assert ratios["drain to hotline"] > 0.2
    assert ratios["p50 at 50/s"] < 10


def test_plain_faust_stands_in_the_same_table(findings):
    drained = next(row for row in findings["rows"] if row["measure"] == "drain to ledger")
    assert drained["peers"]["plain Faust"]["median"] > 0


def test_screening_is_told(findings):
    assert findings["screening_us"] > 0
