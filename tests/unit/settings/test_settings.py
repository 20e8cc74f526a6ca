"""One file, the environment over it, and every mistake told at once with its remedy."""

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import SettingsError
from bridge.settings import Kafka, Settings, connection, describe, example, find, load

KEY = base64.b64encode(bytes(range(32))).decode()
REPOSITORY = Path(__file__).parents[3]


def a_file(folder: Path, text: str) -> Path:
    """A settings file with this text."""
    file = folder / "bridge.toml"
    file.write_text(text)
    return file


def refusal(file: Path | None, environ: Mapping[str, str] | None = None) -> str:
    """What is said of settings that cannot be used."""
    with pytest.raises(SettingsError) as caught:
        load(file, environ or {})
    return str(caught.value)


def test_without_a_file_everything_has_a_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings.kafka.bootstrap == ("localhost:9092",)
    assert settings.worker.consumer_group == "bridge.a"
    assert settings.paths.policies == tmp_path / "policies"


def test_the_environment_wins_over_the_file(tmp_path):
    file = a_file(tmp_path, '[kafka]\nbootstrap = ["a:1"]\npartitions = 2\ntopics.returns = "r"\n')
    environ = {"BRIDGE_KAFKA__BOOTSTRAP": "b:1, c:2", "BRIDGE_KAFKA__TOPICS__RETURNS": "back"}
    kafka = load(file, environ).kafka
    assert (kafka.bootstrap, kafka.partitions, kafka.topics.returns) == (("b:1", "c:2"), 2, "back")


def test_an_empty_variable_counts_as_not_set(tmp_path):
    assert load(a_file(tmp_path, ""), {"BRIDGE_WORKER__LANE": ""}).worker.lane == "a"


def test_variables_that_kubernetes_sets_for_a_service_named_bridge_are_left_alone(tmp_path):
    load(
        a_file(tmp_path, ""),
        {"BRIDGE_PORT_9911_TCP": "tcp://10.0.0.1:9911", "BRIDGE_SERVICE_HOST": "10.0.0.1"},
    )


def test_the_file_is_the_one_asked_for_then_the_variable_then_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find(None, {}) is None
    here = a_file(tmp_path, "")
    assert find(None, {}) == Path(here.name)
    assert find(None, {"BRIDGE_CONFIG": "/x.toml"}) == Path("/x.toml")
    assert find(Path("/y.toml"), {"BRIDGE_CONFIG": "/x.toml"}) == Path("/y.toml")


WRONG = [
    ('[kafka]\nbootstrap = "a"', "kafka.bootstrap: is not a list of host:port; set it to host:port"),
    ("[kafka]\nbootstrap = []", "kafka.bootstrap: names no broker; set it to host:port"),
    ("[kafka]\nbootsrap = 'a:1'", "there is no such key; remove it, or did you mean kafka.bootstrap?"),
    ("[kafak]\nx = 1", "kafak: there is no such key; remove it"),
    ("kafka = 3", "kafka: is a section, not a value; write it as [kafka]"),
    ("[kafka]\nreplication = 1", "kafka.min_insync_replicas: is more than kafka.replication"),
    ("[kafka]\nsecurity_protocol = 'SASL_SSL'", "kafka.username: SASL_SSL needs it"),
    ("[kafka]\ncert_file = 'c.pem'", "kafka.key_file: a certificate and its key come together"),
    ("[kafka.topics]\nstatus = 'a b'", "kafka.topics.status: string should match pattern"),
    ("[kafka.topics]\nstatus = 'cad.events'", "kafka.topics: two topics have one name"),
    ("[worker]\nlease_seconds = 0", "input should be greater than 0; remove it to get the default, 3.0"),
    ("[worker]\nlease_seconds = inf", "worker.lease_seconds: input should be a finite number"),
    ("[worker]\nsweep_milliseconds = 5000", "worker.sweep_milliseconds: is not shorter than worker.lease"),
    ("[worker]\nlane = 'Ä'", "worker.lane: string should match pattern"),
    ("[ledger]\ndsn = 'mysql://x/y'", "ledger.dsn: is not an address of PostgreSQL; set it to postgresql://"),
    ("[ledger]\nkey_file = 'gone'", "ledger.key_file: the file cannot be read; name a text file"),
    ("[log]\nlevel = 'LOUD'", "log.level: input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ("x = ", "is not TOML (Invalid value (at end of document)); correct it there"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_mistake_is_told_with_path_rule_and_remedy(tmp_path, text, said):
    assert said in refusal(a_file(tmp_path, text))


def test_all_mistakes_of_a_file_are_told_at_once_and_each_names_where_it_was_made(tmp_path):
    file = a_file(tmp_path, "[kafka]\npartitions = 0\nbootsrap = 1\n[wire]\nmax_message_bytes = 'x'\n")
    lines = refusal(file, {"BRIDGE_KAFKA__REPLICATION": "many", "BRIDGE_KAFKA__FOO": "1"}).splitlines()
    assert sorted(line.split(": ")[0] + " " + line.split(": ")[1] for line in lines) == [
        "BRIDGE_KAFKA__FOO there is no key kafka.foo; remove it; `bridge settings` lists all",
        "BRIDGE_KAFKA__REPLICATION kafka.replication",
        "bridge.toml kafka.bootsrap",
        "bridge.toml kafka.partitions",
        "bridge.toml wire.max_message_bytes",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "gone.toml: cannot be read (No such file or directory)" in refusal(tmp_path / "gone.toml")


SECRETS = [
    ("[kafka]\npassword = 'hunter2'", "kafka.password", "BRIDGE_KAFKA__PASSWORD or kafka.password_file"),
    (f"[ledger]\nkey = '{KEY}'", "ledger.key", "BRIDGE_LEDGER__KEY or ledger.key_file"),
    (f"[log]\nhash_key = '{KEY}'", "log.hash_key", "BRIDGE_LOG__HASH_KEY or log.hash_key_file"),
    ("[ledger]\ndsn = 'postgresql://u:hunter2@h/d'", "ledger.dsn", "BRIDGE_LEDGER__DSN or ledger.dsn_file"),
    ("[ledger]\ndsn = 'postgresql://h/d?password=hunter2'", "ledger.dsn", "BRIDGE_LEDGER__DSN or"),
    ("[wire]\nregistry_url = 'https://u:hunter2@h'", "wire.registry_url", "BRIDGE_WIRE__REGISTRY_URL"),
]


@pytest.mark.parametrize(("text", "path", "ways"), SECRETS)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path, text, path, ways):
    said = refusal(a_file(tmp_path, text))
    assert f"bridge.toml: {path}: a secret must not stand in this file; take it out and set {ways}" in said
    assert "hunter2" not in said and KEY not in said


@given(value=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=9))
def test_a_wrong_secret_is_never_repeated(value):
    environ = {"BRIDGE_LEDGER__KEY": value, "BRIDGE_LEDGER__DSN": f"x{value}"}
    assert value not in refusal(None, environ)


def test_a_ledger_without_a_password_may_stand_in_the_file(tmp_path):
    dsn = "postgresql://bridge@db:5432/bridge?sslmode=verify-full"
    assert load(a_file(tmp_path, f"[ledger]\ndsn = '{dsn}'"), {}).ledger.dsn == dsn


def test_a_secret_is_read_from_its_file_beside_the_settings(tmp_path):
    (tmp_path / "key").write_text(KEY + "\n")
    ledger = load(a_file(tmp_path, "[ledger]\nkey_file = 'key'"), {}).ledger
    assert ledger.sealing_key() == bytes(range(32))
    assert ledger.key_file == tmp_path / "key"


def test_a_secret_in_the_environment_wins_over_the_file_that_the_settings_name(tmp_path):
    file = a_file(tmp_path, "[ledger]\nkey_file = 'gone'")
    assert load(file, {"BRIDGE_LEDGER__KEY": KEY}).ledger.key == bytes(range(32))


def test_a_secret_set_in_two_ways_by_the_environment_is_refused():
    said = refusal(None, {"BRIDGE_LEDGER__KEY": KEY, "BRIDGE_LEDGER__KEY_FILE": "/k"})
    assert "ledger.key_file: BRIDGE_LEDGER__KEY is set as well; set one of the two" in said


def test_without_a_key_nothing_that_needs_one_goes_on():
    with pytest.raises(SettingsError, match=r"ledger\.key: there is none.*BRIDGE_LEDGER__KEY"):
        Settings().ledger.sealing_key()


def test_settings_never_show_a_secret():
    environ = {"BRIDGE_LEDGER__KEY": KEY, "BRIDGE_LEDGER__DSN": "postgresql://u:hunter2@h/d"}
    shown = repr(load(None, {**environ, "BRIDGE_KAFKA__PASSWORD": "hunter2"}))
    assert "hunter2" not in shown and "\\x01\\x02" not in shown


def test_a_tls_connection_checks_who_it_speaks_to():
    arguments = connection(replace(Kafka(), security_protocol="SSL"))
    context = arguments["ssl_context"]
    assert context is not None and context.check_hostname
    assert connection(Kafka())["ssl_context"] is None


def test_every_key_says_what_it_means():
    keys = list(describe())
    assert len({key.path for key in keys}) == len(keys) >= 50
    for key in keys:
        assert key.sentence.endswith("."), key.path
        unit = key.path.rsplit("_", 1)[-1]
        assert unit not in {"seconds", "milliseconds", "bytes"} or key.unit == unit, key.path


def test_a_file_made_of_every_default_changes_nothing():
    text = "\n".join(
        line.removeprefix("# ") for line in example().splitlines() if " = " in line or line[:1] == "["
    )
    told = tomllib.loads(text)
    for key in describe():
        node: object = told
        for step in key.path.split("."):
            node = node.get(step) if isinstance(node, dict) else None
        assert (key.default == "") == (node in ("", None)), key.path


def test_the_settings_file_of_the_repository_says_every_key_and_its_default():
    lines = {line.removeprefix("# ") for line in (REPOSITORY / "bridge.toml").read_text().splitlines()}
    for line in example().splitlines():
        if not line.startswith(("# policies", "# destinations", "# words")):
            assert line.removeprefix("# ") in lines
    load(REPOSITORY / "bridge.toml", {})
