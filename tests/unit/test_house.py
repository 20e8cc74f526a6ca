"""Every file keeps the rules of this house, and every rule is shown a source that breaks it."""

import ast
from pathlib import Path

import house
import house_words
import pytest
from house import Rule

BREAKS: dict[Rule, list[tuple[str, str]]] = {
    house.opens_the_right_doors: [
        ("bridge.domain.x", "from bridge.ledger.rows import Row"),
        ("bridge.engine.x", "def f():\n    import bridge.domain.cad"),
        ("bridge.app", "from bridge.cli import app"),
        ("bridge.wire.x", "from bridge import logs"),
        ("bridge.somewhere", "from bridge.domain import cad"),
    ],
    house.keeps_libraries_at_home: [
        ("bridge.handling.x", "import asyncpg"),
        ("bridge.wire.x", "from faust import App"),
    ],
    house.keeps_the_domain_pure: [
        ("bridge.domain.x", "import pydantic"),
        ("bridge.domain.x", "import random"),
        ("bridge.domain.x", "from datetime import datetime\nat = datetime.now()"),
    ],
    house.reads_the_environment_in_settings: [
        ("bridge.app", "import os\nx = os.environ['X']"),
        ("bridge.app", "os.getenv('X')"),
    ],
    house.does_not_swallow: [
        ("bridge.x", "try:\n    f()\nexcept Exception:\n    pass"),
        ("bridge.x", "try:\n    f()\nexcept:\n    print('x')"),
        ("bridge.x", "for x in y:\n try:\n  f()\n except Exception:\n  logs.logger().error(1)\n  continue"),
        ("bridge.x", "try:\n    f()\nexcept BaseException:\n    self.log.exception('x')"),
    ],
    house.says_what_it_is_for: [("bridge.x", "x = 1")],
    house_words.uses_our_words: [
        ("bridge.x", "class CaseFile: ..."),
        ("bridge.x", "def open_ticket(): ..."),
        ("bridge.x", "def f(*, referral): ..."),
        ("bridge.x", "class A:\n    agent_id: str"),
        ("bridge.ledger.db", ""),
    ],
    house_words.logs_known_keys: [
        ("bridge.x", "logs.logger().info('offered', address='x')"),
        ("bridge.x", "log.error('x', **given)"),
    ],
    house_words.tells_nobodys_words: [
        ("bridge.x", "raise ValueError(f'cannot read {event.callback}')"),
        ("bridge.x", "logs.logger().info('offered', reason=narrative)"),
    ],
}

FILES_BREAK = {
    house_words.stays_short: [("bridge/x.py", "\n" * 301)],
    house_words.has_a_name: [("bridge/utils.py", ""), ("bridge/core/x.py", "")],
    house_words.speaks_of_itself: [
        ("a.md", "see DESIGN" + ".md"),
        ("a.py", "# TO" + "DO: later"),
        ("a.py", "# asked for in the " + "issue"),
    ],
    house_words.names_no_registry: [("a.toml", "https://" + ".".join(["files", "pythonhosted", "org"]))],
}


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.__name__)
def test_every_source_keeps(rule: Rule):
    assert [
        said for path in house.SOURCES for said in rule(house.module_of(path), ast.parse(path.read_text()))
    ] == []


@pytest.mark.parametrize(
    ("rule", "module", "source"), [(rule, *seed) for rule, seeds in BREAKS.items() for seed in seeds]
)
def test_a_source_that_breaks_a_rule_is_found(rule: Rule, module: str, source: str):
    assert list(rule(module, ast.parse(source)))


@pytest.mark.parametrize("rule", FILES_BREAK, ids=lambda rule: rule.__name__)
def test_every_file_keeps(rule):
    assert [said for path, text in house_words.every_file() for said in rule(path, text)] == []


@pytest.mark.parametrize(
    ("rule", "path", "text"), [(rule, *seed) for rule, seeds in FILES_BREAK.items() for seed in seeds]
)
def test_a_file_that_breaks_a_rule_is_found(rule, path, text):
    assert list(rule(Path(path), text))


def test_the_rules_look_at_something():
    assert len(house.SOURCES) > 30
    assert {Path("bridge.toml"), Path("tests/unit/house.py")} <= {
        path for path, _ in house_words.every_file()
    }
