"""A table: what every way of showing the result shows, so that page, file and screen say the same.

Numbers stay numbers; how they are written is for whoever shows them.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

Cell = str | int | float | None
"""None: there is no honest number here."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is for files, `title` and `says` are for people. `columns` name what the cells of a row are.

    A `whole` table says little when it is cut.
    """

    name: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    whole: bool = False

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column, from the top."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def without(self, name: str) -> "Table":
        """The table without one column."""
        place = self.columns.index(name)
        rows = tuple((*row[:place], *row[place + 1 :]) for row in self.rows)
        return replace(self, columns=(*self.columns[:place], *self.columns[place + 1 :]), rows=rows)


@dataclass(frozen=True, slots=True)
class Rates:
    """What a number of calls is of all that count, and of a week."""

    total: int
    span: timedelta

    def per_cent(self, calls: int) -> float | None:
        """Of all calls that count."""
        return 100 * calls / self.total if self.total else None

    def one_in(self, calls: int) -> float | None:
        """Among how many calls there is one of these."""
        return self.total / calls if calls else None

    def a_week(self, calls: int) -> float | None:
        """How many in a week; None where the log is shorter than one, because that would be a guess."""
        return calls * (_WEEK / self.span) if self.span >= _WEEK else None
