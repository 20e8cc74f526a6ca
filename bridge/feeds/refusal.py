"""Why nothing of a row could be used. The list is closed; a row is refused for nothing else."""

from enum import StrEnum


class Refusal(StrEnum):
    """One reason, as it is counted and reported. It stands in the place of the row."""

    EMPTY = "empty"  # no cell that the mapping reads says anything
    HEADER = "header"  # the table's header once more
    BROKEN = "broken"  # could not be taken apart into cells
    NOT_A_ROW = "not-a-row"  # JSON that has no columns
