"""`bridge topics` and `bridge doctor` against a real Kafka, as an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from bridge.sandbox.world import World
from bridge.settings import Topics

DESTINATION = """\
id = "crisis-line"
name = "Crisis line"
channel = "kafka"
address = "{prefix}.crisis-line.offers"

[privacy]
fields = ["call_type"]
"""


class Installation:
    """One installation on the shared Kafka, with topics of its own. `run` is the command line."""

    def __init__(self, world: World, folder: Path) -> None:
        prefix = f"t{uuid4().hex[:8]}"
        self.folder = folder
        self.names = [f"{prefix}.{name.replace('_', '.')}" for name in Topics.__slots__]
        self.names.append(f"{prefix}.crisis-line.offers")
        self._environ: dict[str, str] = {
            **{key: value for key, value in os.environ.items() if not key.startswith("BRIDGE_")},
            **world.environment(),
            "BRIDGE_KAFKA__REPLICATION": "1",
            "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": "1",
        }
        for slot, name in zip(Topics.__slots__, self.names, strict=False):
            self._environ[f"BRIDGE_KAFKA__TOPICS__{slot.upper()}"] = name
        (folder / "bridge.toml").write_text("")
        (folder / "policies").mkdir()
        (folder / "destinations").mkdir()
        (folder / "destinations" / "crisis-line.toml").write_text(DESTINATION.format(prefix=prefix))

    def run(self, *verb: str, but: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """`bridge <verb>` in the installation's folder, with these variables changed."""
        return subprocess.run(
            [sys.executable, "-m", "bridge", *verb],
            cwd=self.folder,
            env={**self._environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(but or {})},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def installation(world: World, tmp_path: Path) -> Installation:
    """An installation that has no topic yet."""
    return Installation(world, tmp_path)


def test_topics_are_made_once_and_a_dry_run_makes_none(installation):
    dry = installation.run("topics", "--dry-run")
    assert [line.split(":")[0] for line in dry.stdout.splitlines()] == [
        f"missing  {name}" for name in installation.names
    ]
    made = installation.run("topics")
    assert made.stdout == dry.stdout.replace("missing", "created")
    again = installation.run("topics")
    assert again.stdout.splitlines() == [f"exists   {name}" for name in installation.names]
    assert {run.returncode for run in (dry, made, again)} == {0}


def test_a_topic_that_differs_is_told_and_left_as_it_is(installation):
    installation.run("topics")
    cad_events = installation.names[0]
    but = {"BRIDGE_KAFKA__PARTITIONS": "8", "BRIDGE_KAFKA__RETENTION_HOURS__CAD_EVENTS": "1"}
    said = installation.run("topics", but=but).stdout.splitlines()
    assert said[0].startswith(
        f"differs  {cad_events}: has 4 partitions, kafka.partitions says 8; stop whoever"
    )
    assert said[1].startswith(f"differs  {cad_events}: retention.ms is 259200000, the settings say 3600000")
    assert installation.run("topics").stdout.splitlines()[0] == f"exists   {cad_events}"


def test_more_copies_than_brokers_are_refused_with_the_key_to_change(installation):
    refused = installation.run("topics", but={"BRIDGE_KAFKA__REPLICATION": "3"})
    assert refused.returncode == 2
    assert "InvalidReplicationFactorError; set kafka.replication to the number of brokers" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_kafka_that_does_not_answer_is_named(installation):
    gone = installation.run("topics", but={"BRIDGE_KAFKA__BOOTSTRAP": "127.0.0.1:1"})
    assert gone.returncode == 1
    assert "bridge: kafka.bootstrap: 127.0.0.1:1 failed with KafkaConnectionError" in gone.stderr


def test_the_doctor_says_what_is_missing_until_it_is_there(installation):
    first = installation.run("doctor")
    assert first.returncode == 1
    for name in installation.names:
        assert f"wrong  topics: {name} is missing; run `bridge topics`" in first.stdout.splitlines()
    installation.run("topics")
    lines = installation.run("doctor").stdout.splitlines()
    assert "ok     topics: all 7 are there and as they should be" in lines
    assert any(line.startswith("ok     kafka: 1 brokers at ") for line in lines)
    assert any(line.startswith("wrong  policies: none in ") for line in lines)
