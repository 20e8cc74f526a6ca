"""One way to write a determinant: `25A1`, `25A01` and `25-A-1` become `25-A-1`, a suffix stays: `25-A-2V`."""

from bridge.domain.determinant import determinant_of

_LONGEST = 40


def normalise_determinant(written: str) -> str:
    """The determinant as the domain writes it; text that is none stays as it is written."""
    found = determinant_of(written) if len(written) <= _LONGEST else None
    if found is None:
        return written
    return f"{found.card}-{found.level}-{found.number}{found.suffix}"
