"""Files become rules as a whole or not at all; a shadow that cannot be used is left out and said."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.app.reloading import Reloading
from bridge.app.rules import Loaded, first_rules, load_rules, rules_from
from bridge.errors import SettingsError
from bridge.metrics import new_metrics
from bridge.settings import Call, Ledger, Paths, Settings
from bridge.settings.bundle import Bundle

DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The shipped rules, to be changed."""
    for name in ("policies", "destinations"):
        shutil.copytree(DEPLOY / name, tmp_path / name)
    paths = Paths(tmp_path / "policies", tmp_path / "destinations", DEPLOY / "words", tmp_path / "shadow")
    return replace(Settings(), paths=paths, ledger=Ledger(dsn=f"postgresql://nobody@/x?host={tmp_path}"))


def policy_of(settings: Settings) -> Path:
    return settings.paths.policies / "dallas.toml"


def on_trial(settings: Settings, text: str) -> None:
    assert settings.paths.shadow is not None
    settings.paths.shadow.mkdir()
    (settings.paths.shadow / "trial.toml").write_text(text)


def test_what_was_loaded_is_what_the_bundle_holds(settings):
    on_trial(settings, policy_of(settings).read_text())
    loaded = load_rules(settings)
    assert loaded.rules is not None and loaded.rules.digest == loaded.bundle.digest
    assert loaded.rules.shadow == loaded.rules.policies
    again = rules_from(Bundle(loaded.bundle.content), settings.call)
    assert (again.rules, again.refused) == (loaded.rules, {})


def test_time_limits_come_from_the_settings_and_not_from_the_bundle(settings):
    bundle = load_rules(settings).bundle
    rules = rules_from(bundle, Call(budget_seconds=7, waits_scale=2)).rules
    assert rules is not None and (rules.budget_seconds, rules.waits_scale) == (7, 2)


def test_one_file_that_cannot_be_used_refuses_all(settings):
    (settings.paths.destinations / "city-311.toml").unlink()
    loaded = load_rules(settings)
    assert loaded.rules is None
    assert "'city-311' is no destination" in loaded.refused["live"]


@pytest.mark.parametrize("text", ["x =", 'agency = ""'])
def test_a_shadow_that_cannot_be_used_is_left_out_and_the_rest_decides(settings, text):
    on_trial(settings, text)
    loaded = load_rules(settings)
    assert loaded.rules is not None and loaded.rules.policies and not loaded.rules.shadow
    assert list(loaded.refused) == ["shadow"] and "trial.toml" in loaded.refused["shadow"]


def test_files_that_are_being_written_are_never_mixed(settings):
    """Whatever moment it is read at, what decides is what the ledger will keep."""
    path, done = policy_of(settings), threading.Event()
    text = path.read_text()

    def write() -> None:
        for number in range(10_000):
            path.write_text(text.replace('version = "1"', f'version = "{number}"', 1))
            if done.wait(number % 30 / 100):
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [load_rules(settings) for _ in range(3)]
    finally:
        done.set()
        writer.join()
    for loaded in found:
        if loaded.rules is None:
            assert loaded.refused["live"]
        else:
            assert rules_from(Bundle(loaded.bundle.content), settings.call).rules == loaded.rules


def test_a_worker_without_any_rules_to_go_back_to_does_not_begin(settings):
    policy_of(settings).write_text("x =")
    with pytest.raises(SettingsError, match=r"dallas\.toml: is not TOML"):
        first_rules(settings)


def test_a_new_destination_is_shown_as_soon_as_its_file_is_loaded(settings):
    metrics = new_metrics()
    loaded: Loaded = load_rules(settings)
    Reloading(settings, loaded, metrics)
    assert b'bridge_outbox_rows{destination="mediation"} 0.0' in metrics.exposition()
