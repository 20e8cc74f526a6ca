"""Mutants: a source with one small fault in it, named by what the line was and what it became.

The name holds no line number, so that an explanation of a mutant stays with it when lines move. Annotations,
decorators, documentation and the arguments of `field` are not mutated: no decision reads them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.mutation.changes import Change, Enums, changes

DOMAIN = Path(__file__).resolve().parents[2] / "bridge" / "domain"

FILES = (
    *("screening.py", "scoping.py", "conditions.py", "dangers.py", "facts.py", "choosing.py", "hours.py"),
    *("policy.py", "ground.py", "when.py", "spoken.py", "saying.py", "determinant.py", "printed.py"),
)
"""The code that decides: what a policy makes of a call."""

_UNREAD = ("field", "TypeVar", "lru_cache", "dataclass", "TypedDict", "NewType")
_TYPES = (
    "Callable",
    "Literal",
    "Mapping",
    "Sequence",
    "Iterable",
    "tuple",
    "dict",
    "list",
    "set",
    "frozenset",
)


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One fault: the file and the function it is in, the line before and after, and the whole source."""

    file: str
    line: int
    within: str
    was: str
    now: str
    source: bytes = field(repr=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it goes by, wherever its line may move."""
        return self.file, self.within, self.was, self.now

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.within}: {self.was}  ->  {self.now}"


def mutants_of(file: str, source: bytes | None = None) -> list[Mutant]:
    """Every mutant of a file of the domain, in the order of its text."""
    source = (DOMAIN / file).read_bytes() if source is None else source
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    made = (
        _mutant(file, source, starts, within, change)
        for within, node, parent in _nodes(ast.parse(source), None, "")
        for change in changes(node, parent, enums())
    )
    known: dict[tuple[int, str], Mutant] = {}
    for mutant in made:
        known.setdefault((mutant.line, mutant.now), mutant)
    return sorted(known.values(), key=lambda mutant: mutant.line)


def _mutant(file: str, source: bytes, starts: list[int], within: str, change: Change) -> Mutant:
    node, text = change
    assert isinstance(node, ast.expr | ast.stmt)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    begin, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
    first, last = starts[node.lineno - 1], starts[node.end_lineno]
    was = source[first:last].decode()
    now = (source[first:begin] + text.encode() + source[end:last]).decode()
    mutated = source[:begin] + text.encode() + source[end:]
    return Mutant(file, node.lineno, within, " ".join(was.split()), " ".join(now.split()), mutated)


def _nodes(
    node: ast.AST, parent: ast.AST | None, within: str
) -> Iterator[tuple[str, ast.AST, ast.AST | None]]:
    """Every node that may be mutated, with its parent and the function it is in."""
    if _unread(node):
        return
    yield within, node, parent
    if isinstance(node, ast.JoinedStr):
        return  # positions inside it are not those of the source (before Python 3.12)
    inner = within
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        inner = f"{within}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and _declares(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes(child, node, inner)


def _declares(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign | ast.arg)


def _unread(node: ast.AST) -> bool:
    """Whether no decision reads this: documentation, types, lists of attributes."""
    match node:
        case ast.Expr(ast.Constant(str())) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Call(ast.Name(name)) if name in _UNREAD:
            return True
        case ast.Subscript(ast.Name(name)) if name in _TYPES:
            return True
        case ast.Assign(targets=[ast.Name("__slots__")]):
            return True
    return False


@cache
def enums() -> Enums:
    """The enumerations of the domain and their members, read from the text of its files."""
    found: dict[str, list[str]] = {}
    for path in sorted(DOMAIN.glob("*.py")):
        tree = ast.parse(path.read_bytes())
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and "StrEnum" in [ast.unparse(base) for base in node.bases]:
                found[node.name] = [
                    target.id
                    for each in node.body
                    if isinstance(each, ast.Assign)
                    for target in each.targets
                    if isinstance(target, ast.Name)
                ]
        if path.name == "clauses.py":
            found["clauses"] = [
                target.id
                for each in tree.body
                if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
                for target in each.targets
                if isinstance(target, ast.Name)
            ]
    return found
