"""A backtest on the screen: each table with its first rows. Files have all of them."""

from collections.abc import Iterator

from bridge.planning.table import Cell, Table

_WIDEST = 60


def shown(cell: Cell) -> str:
    """A cell as people read it: whole numbers whole, others with as many places as they deserve."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell >= 100 else f"{cell:.1f}" if cell >= 1 or cell == 0 else f"{cell:.2g}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def lines(table: Table, most: int) -> Iterator[str]:
    """A table with its title and at most so many rows, and how many there are more."""
    most = len(table.rows) if table.whole else most
    yield table.title.upper()
    yield table.says
    body = [tuple(_cut(shown(cell)) for cell in row) for row in table.rows[:most]]
    wide = [max(map(len, column)) for column in zip(table.columns, *body, strict=True)]
    right = [_is_number(table, name) for name in table.columns]
    for row in (table.columns, *body):
        cells = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, wide, right, strict=True)
        )
        yield "  " + "  ".join(cells).rstrip()
    if (more := len(table.rows) - most) > 0:
        yield f"  and {more} more, which --csv writes"
    yield ""


def _is_number(table: Table, column: str) -> bool:
    return not any(isinstance(cell, str) for cell in table.column(column))


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
