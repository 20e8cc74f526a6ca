"""The ledger's SQL, one named statement a file under `sql/`, read once."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return files("bridge.ledger").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
