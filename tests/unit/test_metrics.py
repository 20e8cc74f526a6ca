"""Metrics that can be trusted: bounded, there from the start, on the edges that standards are read at."""

import shutil
import subprocess
from dataclasses import fields
from operator import attrgetter

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bridge.domain.decision import Verdict
from bridge.metrics import PEOPLE_EDGES, Counts, Level, Metrics, Times, new_metrics
from bridge.metrics.legs import LegMetrics

STANDARDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 60, 64, 90, 106, 120, 180, 300, 600]


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What Prometheus reads from these metrics."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """One sample, or None when it is not there."""
    return samples(metrics).get((name, frozenset(labels.items())))


def test_every_metric_is_the_bridges_and_says_what_it_is():
    for family in text_string_to_metric_families(new_metrics().exposition().decode()):
        assert family.name.startswith("bridge_")
        assert family.documentation


def test_intervals_of_people_are_read_on_the_standards_edges_without_interpolation():
    assert list(PEOPLE_EDGES) == STANDARDS
    metrics = new_metrics()
    metrics.alerting.observe(15, "988")
    assert value(metrics, "bridge_alerting_seconds_bucket", destination="988", le="10.0") == 0
    assert value(metrics, "bridge_alerting_seconds_bucket", destination="988", le="15.0") == 1


def test_what_can_alarm_is_there_from_the_start_at_nothing():
    metrics = new_metrics(destinations=["988"])
    for name in ("bridge_ledger_lost_total", "bridge_seek_backs_total", "bridge_group_ahead_total"):
        assert value(metrics, name) == 0
    for number in range(1, 9):
        assert value(metrics, "bridge_invariant_broken", invariant=str(number)) == 0
    for verdict in Verdict:
        assert value(metrics, "bridge_decisions_total", verdict=verdict) == 0
    assert value(metrics, "bridge_deliveries_total", destination="988", result="dead") == 0
    assert value(metrics, "bridge_transfers_ended_total", destination="988", state="expired") == 0


def test_no_label_can_grow_a_metric_without_bound():
    metrics = new_metrics()
    for number in range(1000):
        metrics.clauses.add(f"clause-{number}")
    mine = {key: found for key, found in samples(metrics).items() if key[0] == "bridge_clauses_spoken_total"}
    assert len(mine) == 201
    assert value(metrics, "bridge_clauses_spoken_total", clause="other") == 800
    metrics.clauses.add("clause-3")
    assert value(metrics, "bridge_clauses_spoken_total", clause="clause-3") == 2


FIELDS = [
    *(field.name for field in fields(Metrics) if field.name not in {"registry", "legs"}),
    *(f"legs.{field.name}" for field in fields(LegMetrics)),
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_metric_with_labels_is_bounded(field):
    measure = attrgetter(field)(new_metrics())
    labels = len(measure._labels._names)
    for number in range(1200):
        values = [f"v{number}"] * labels
        if isinstance(measure, Counts):
            measure.add(*values)
        elif isinstance(measure, Times):
            measure.observe(1, *values)
        else:
            assert isinstance(measure, Level)
            measure.set(1, *values)
    assert len(measure._labels._seen) <= 1000


def test_a_destination_whose_messages_have_left_is_no_longer_said_to_wait():
    metrics = new_metrics(destinations=["988"])
    metrics.outbox_oldest.set_all({("988",): 17.0, ("cad.returns",): 18.0})
    metrics.outbox_oldest.set_all({("911",): 19.0})
    oldest = "bridge_outbox_oldest_timestamp_seconds"
    assert [value(metrics, oldest, destination=name) for name in ("988", "cad.returns", "911")] == [0, 0, 19]


def test_a_metric_given_the_wrong_labels_says_which_it_has():
    with pytest.raises(ValueError, match=r"labels \('kind', 'outcome'\)"):
        new_metrics().signals.add("alerting")


def test_a_clock_that_ran_backwards_counts_as_no_time():
    metrics = new_metrics()
    metrics.screening.observe(-3)
    assert value(metrics, "bridge_screening_seconds_sum") == 0


def test_two_sets_of_metrics_do_not_mix():
    one, other = new_metrics(), new_metrics()
    one.seek_backs.add()
    assert value(other, "bridge_seek_backs_total") == 0


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")
def test_promtool_finds_nothing_to_say():
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=new_metrics().exposition(), capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
