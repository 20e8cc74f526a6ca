"""The small faults that can be put into a line of Python: the node that each replaces, and its new text.

What matters are decisions: an operand forgotten, a comparison turned, an answer or a verdict mistaken for
another, a statement left out. Nothing is known of what the code is for but the names of its enumerations.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

Change = tuple[ast.AST, str]
"""The node that goes, and what stands there instead."""

Enums = Mapping[str, Sequence[str]]
"""Members by the name of their enumeration."""

_TURNED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_RECKONED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OPPOSITE = {"max": "min", "min": "max", "any": "all", "all": "any"}
_ANSWERS = ("YES", "NO", "UNKNOWN")
"""Short names under which the answers go about."""
_FULLY = ("Verdict", "Answer", "Weight")
"""Enumerations whose every member is put in the place of every other; of the rest, the next one."""
_PLAIN_TEXT = ("strip", "upper", "lower")
_FOLDED = ("folded", "bool")
"""Functions of one argument that are left out."""


def changes(node: ast.AST, parent: ast.AST | None, enums: Enums) -> Iterator[Change]:
    """Every fault that can be made of this node alone."""
    for make in _MAKERS:
        yield from make(node, parent)
    yield from _members(node, enums)


def _comparisons(node: ast.AST, _: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for turned in _TURNED[type(operator)]:
                ops = [*node.ops[:at], turned(), *node.ops[at + 1 :]]
                yield node, _closed(ast.Compare(node.left, ops, node.comparators))


def _operands(node: ast.AST, _: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield node, _closed(ast.BoolOp(other, node.values))
        for at in range(len(node.values)):
            left = [*node.values[:at], *node.values[at + 1 :]]
            yield node, _closed(left[0] if len(left) == 1 else ast.BoolOp(node.op, left))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, _closed(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _RECKONED:
        yield node, _closed(ast.BinOp(node.left, _RECKONED[type(node.op)](), node.right))


def _branches(node: ast.AST, _: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.If):
        yield node.test, "True"
        yield node.test, "False"
    if isinstance(node, ast.While):
        yield node.test, "False"
    if isinstance(node, ast.IfExp):
        yield node, _closed(node.body)
        yield node, _closed(node.orelse)
    if isinstance(node, ast.comprehension):
        for condition in node.ifs:
            yield condition, "True"


def _constants(node: ast.AST, _: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.JoinedStr):
        yield node, '""'
    if isinstance(node, ast.Constant):
        match node.value:
            case bool(value):
                yield node, str(not value)
            case int(value) | float(value):
                yield node, str(value + 1)
            case str(value):
                yield node, '""' if value else '"OTHER"'


def _calls(node: ast.AST, _: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.Name) and node.id in _OPPOSITE:
        yield node, _OPPOSITE[node.id]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield node, ast.unparse(node.value)
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        rest = [each for each in node.keywords if each is not keyword]
        yield node, ast.unparse(ast.Call(node.func, node.args, rest))
    if isinstance(node.func, ast.Attribute) and node.func.attr in _PLAIN_TEXT:
        yield node, ast.unparse(node.func.value)
    if isinstance(node.func, ast.Name) and node.func.id in _FOLDED and len(node.args) == 1:
        yield node, ast.unparse(node.args[0])


def _statements(node: ast.AST, parent: ast.AST | None) -> Iterator[Change]:
    match node:
        case ast.Expr(ast.Yield() | ast.YieldFrom()):
            yield node, "yield from ()"  # what yields still yields
        case ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break():
            yield node, "pass"
        case ast.Assign() if isinstance(parent, ast.If | ast.For | ast.While):
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "pass"
        case ast.Return():
            if not (isinstance(parent, ast.FunctionDef) and parent.body[-1] is node):
                yield node, "pass"
            if node.value is not None and not _is_none(node.value):
                yield node, "return None"


def _members(node: ast.AST, enums: Enums) -> Iterator[Change]:
    if isinstance(node, ast.Name) and node.id in _ANSWERS and isinstance(node.ctx, ast.Load):
        yield from ((node, name) for name in _ANSWERS if name != node.id)
    match node:
        case ast.Attribute(ast.Name(kind), name) if name in enums.get(kind, ()):
            members = [*enums[kind], *enums[kind]]
            others = members[members.index(name) + 1 :][: len(enums[kind]) - 1]
            for other in others if kind in _FULLY else others[:1]:
                yield node, f"{kind}.{other}"


def _closed(expression: ast.expr) -> str:
    """Its text, so that it can stand wherever the text of an expression stood."""
    text = ast.unparse(expression)
    plain = isinstance(expression, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript)
    return text if plain else f"({text})"


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


_MAKERS: Sequence[Callable[[ast.AST, ast.AST | None], Iterator[Change]]] = (
    _comparisons,
    _operands,
    _branches,
    _constants,
    _calls,
    _statements,
)
