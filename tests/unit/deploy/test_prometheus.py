"""Alerts that can fire: metrics are there from the start, the runbook has their section, lanes are read."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.metrics import Metrics, new_metrics

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "prometheus"
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
SCRAPES = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
NAMES = [rule["alert"] for rule in ALERTS]
PROMQL = {
    "sum",
    "absent",
    "increase",
    "time",
    "or",
    "unless",
    "and",
    "offset",
    "by",
    "up",
    "job",
    "rate",
    "count",
    "max",
}
GROUPED_BY = {"digest", "destination"}


def shown() -> Metrics:
    """What a worker shows as soon as it has begun."""
    metrics = new_metrics(destinations=["911"])
    metrics.rules.set_only(1, "0a1b2c3d4e5f")
    metrics.destination_able.set(1, "crisis-line")  # with the first round
    return metrics


SHOWN = {sample.name: sample.labels for family in shown().registry.collect() for sample in family.samples}
FIRST_SEEN_WITH_ITS_FIRST_ALARM = {"bridge_quarantined_records_total"}

promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed here")


def names_in(expression: str) -> set[str]:
    """Metrics and functions of a rule, without label matchers, ranges and strings."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\b\d+[smhd]\b", "", expression)
    return set(re.findall(r"[a-z_][a-z0-9_]*", bare))


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_an_alert_says_how_bad_what_why_and_where_to_read_on(rule):
    assert re.fullmatch(r"Bridge[A-Za-z0-9]+", rule["alert"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert all(rule["annotations"].values())


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_an_alert_asks_only_for_what_is_there(rule):
    for name in names_in(rule["expr"]) - PROMQL - GROUPED_BY:
        assert name in SHOWN or name in FIRST_SEEN_WITH_ITS_FIRST_ALARM, name


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_an_alert_on_growth_sees_the_first_time_too(rule):
    for name in names_in(rule["expr"]) & FIRST_SEEN_WITH_ITS_FIRST_ALARM:
        assert f"{name} unless {name} offset" in rule["expr"]


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_brackets_close_and_labels_exist(rule):
    for opened, closed in ("()", "{}", "[]"):
        assert rule["expr"].count(opened) == rule["expr"].count(closed)
    for name, matcher in re.findall(r"(bridge_\w+)\{([^}]*)\}", rule["expr"]):
        for label, value in re.findall(r"(\w+)=~?\"([^\"]*)\"", matcher):
            values = {
                sample.labels[label]
                for family in new_metrics(destinations=["911"]).registry.collect()
                for sample in family.samples
                if sample.name == name
            }
            assert set(value.split("|")) <= values, f"{name}: {label}={value}"


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_an_alerts_section_is_in_the_runbook_and_names_it(rule):
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    sections = re.split(r"^## ", (ROOT / page).read_text(), flags=re.MULTILINE)[1:]
    by_anchor = {section.splitlines()[0].strip().lower().replace(" ", "-"): section for section in sections}
    assert anchor in by_anchor
    assert rule["alert"] in by_anchor[anchor]


@pytest.mark.parametrize("rule", ALERTS, ids=NAMES)
def test_words_name_only_labels_that_the_alert_has(rule):
    series = names_in(rule["expr"]) & (set(SHOWN) | FIRST_SEEN_WITH_ITS_FIRST_ALARM)
    labels = {"lane", "job", "instance", "reason"} | {
        label for name in series for label in SHOWN.get(name, ())
    }
    said = re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))
    assert set(said) <= labels


def test_both_lanes_are_scraped_where_they_answer():
    port = re.findall(r"BRIDGE_WORKER__PROBES_PORT=(\d+)", (ROOT / "deploy" / "Dockerfile").read_text())[0]
    lanes = {
        f"{name}:{port}": service["command"][-1]
        for name, service in COMPOSE["services"].items()
        if service.get("command", [""])[0] == "worker"
    }
    (job,) = (job for job in SCRAPES["scrape_configs"] if job["job_name"] == "bridge")
    scraped = {target: each["labels"]["lane"] for each in job["static_configs"] for target in each["targets"]}
    assert scraped == lanes
    assert SCRAPES["rule_files"] == ["alerts.yml"]


def test_the_desk_is_scraped_where_it_answers():
    (job,) = (job for job in SCRAPES["scrape_configs"] if job["job_name"] == "desk")
    (each,) = job["static_configs"]
    (target,) = each["targets"]
    name, _, port = target.partition(":")
    assert COMPOSE["services"][name]["command"] == ["desk"]
    assert f":{port}/health/live" in str(COMPOSE["services"][name]["healthcheck"]["test"])
    assert f"two ports above (`{port}`)" in (ROOT / "docs" / "operations.md").read_text()


def test_an_alert_on_who_answers_says_of_which_job():
    jobs = {f'job="{job["job_name"]}"' for job in SCRAPES["scrape_configs"]}
    asked = re.findall(r"up\{([^}]*)\}", str(ALERTS))
    assert set(asked) == jobs


@promtool
def test_promtool_reads_the_configuration():
    done = subprocess.run(
        ["promtool", "check", "config", "prometheus.yml"], cwd=FOLDER, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@promtool
def test_alerts_fire_when_they_should_and_only_then():
    cases = Path(__file__).parent / "alerts_test.yml"
    done = subprocess.run(
        ["promtool", "test", "rules", cases.name], cwd=cases.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
