"""The `bridge` command itself: its verbs, its exit statuses, and what it says when something stops it."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest
import typer
from typer.testing import CliRunner

from bridge import __version__, cli
from bridge.__main__ import main
from bridge.errors import EngineError, SettingsError


def ended(capsys: pytest.CaptureFixture[str], raised: BaseException) -> tuple[object, str]:
    """Exit status and standard error of a verb that raises this."""
    with pytest.raises(SystemExit) as exit_:
        main(lambda: raises(raised))
    return exit_.value.code, capsys.readouterr().err


def raises(error: BaseException) -> None:
    """A verb that something stops."""
    raise error


def test_the_version_is_told():
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"bridge {__version__}\n"


def test_help_shows_every_verb_that_is_there():
    shown = CliRunner().invoke(cli.app, ["--help"]).output
    there = [verb for verb in cli.VERBS if find_spec(f"bridge.cli.{verb}")]
    assert {"topics", "doctor", "settings"} <= set(there)
    assert all(verb in shown for verb in there)


@pytest.mark.parametrize("verb", [verb for verb in cli.VERBS if find_spec(f"bridge.cli.{verb}")])
def test_every_verb_is_an_application_with_a_help_text(verb):
    assert isinstance(import_module(f"bridge.cli.{verb}").app, typer.Typer)
    shown = CliRunner().invoke(cli.app, [verb, "--help"])
    assert shown.exit_code == 0
    assert f"bridge {verb}" in shown.output


def test_a_verb_that_is_not_installed_is_no_verb():
    assert CliRunner().invoke(cli.app, ["nosuch"]).exit_code == 2


def test_one_verb_imports_no_other():
    code = "import sys, bridge.cli as b; b.app(['settings'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert "bridge.cli.settings" in loaded
    assert not {"bridge.cli.topics", "faust", "aiokafka", "asyncpg"} & set(loaded)


def test_settings_that_cannot_be_used_end_with_2_and_a_line_for_each_mistake(capsys):
    assert ended(capsys, SettingsError("a: b; c\nd: e; f")) == (
        2,
        "bridge: a: b; c\nbridge: d: e; f\n",
    )


def test_anything_else_of_ours_ends_with_1_and_its_sentence(capsys):
    assert ended(capsys, EngineError("kafka is gone")) == (1, "bridge: kafka is gone\n")


def test_an_exception_that_is_not_ours_shows_its_type_and_place_and_none_of_its_words(capsys):
    status, said = ended(capsys, KeyError("a caller's words"))
    assert status == 1
    assert "stopped by KeyError at " in said and "test_command.py:" in said
    assert "words" not in said.splitlines()[0]


def test_a_developer_can_ask_for_the_traceback(monkeypatch):
    monkeypatch.setenv("BRIDGE_DEBUG", "1")
    with pytest.raises(EngineError):
        main(lambda: raises(EngineError("kafka is gone")))


def test_wrong_settings_stop_a_verb_before_it_does_anything(tmp_path):
    (tmp_path / "b.toml").write_text("[kafka]\npartitions = 0\n")
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "--config", str(tmp_path / "b.toml"), "topics"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("bridge: b.toml: kafka.partitions: ") and done.stdout == ""
