"""docker-compose.yml: its commands, variables and secrets are ones that exist, and what is stored is kept."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bridge import cli
from bridge.cli.own_processes import STOP_SECONDS
from bridge.settings import describe

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "bridge911"}
LANES = {name: service for name, service in OURS.items() if service["command"][0] == "worker"}
VARIABLES = {key.variable for key in describe()}


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_that_bridge_takes(name):
    verb, *arguments = OURS[name]["command"]
    shown = CliRunner().invoke(cli.app, [verb, "--help"])
    assert shown.exit_code == 0
    assert all(argument in shown.output for argument in arguments if argument.startswith("--"))


@pytest.mark.parametrize("name", OURS)
def test_each_variable_is_a_setting_and_none_is_a_secret(name):
    secret = {key.variable for key in describe() if key.secret}
    said = OURS[name]["environment"]
    assert set(said) <= VARIABLES - secret
    for variable, value in said.items():
        if variable.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in OURS[name]["secrets"]


def test_two_lanes_run_and_are_restarted_whatever_happens():
    assert sorted(service["command"][-1] for service in LANES.values()) == ["a", "b"]
    for service in LANES.values():
        assert service["restart"] == "always"
        assert int(service["stop_grace_period"].removesuffix("s")) > STOP_SECONDS
        assert service["depends_on"]["topics"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", OURS)
def test_a_worker_writes_nowhere_and_has_no_rights(name):
    assert OURS[name]["read_only"] and OURS[name]["cap_drop"] == ["ALL"]
    assert OURS[name]["security_opt"] == ["no-new-privileges:true"]


def test_every_secret_is_a_file_that_the_head_says_how_to_make_and_nobody_else_sees():
    head = TEXT[: TEXT.index("name: bridge")]
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file']}" in head
        for ignored in (".gitignore", ".dockerignore"):
            assert "/deploy/secrets/" in (ROOT / ignored).read_text().splitlines()
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


def test_what_is_stored_is_on_a_volume():
    kept = {
        name: dict(each.split(":")[:2] for each in one.get("volumes", [])) for name, one in SERVICES.items()
    }
    assert kept["kafka"] == {"kafka": SERVICES["kafka"]["environment"]["KAFKA_LOG_DIRS"]}
    assert kept["postgres"] == {"postgres": "/var/lib/postgresql"}
    assert set(COMPOSE["volumes"]) == {"kafka", "postgres", "prometheus"}


def test_nothing_is_published_beyond_this_machine():
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_kafka_is_reached_where_it_listens():
    environment = SERVICES["kafka"]["environment"]
    advertised = environment["KAFKA_ADVERTISED_LISTENERS"].removeprefix("PLAINTEXT://")
    assert {service["environment"]["BRIDGE_KAFKA__BOOTSTRAP"] for service in OURS.values()} == {advertised}
    assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_services_wait_for_services_that_are_there():
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            assert name in SERVICES
            assert wait["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]
