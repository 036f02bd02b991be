"""Batches of rows: cutting them up, and reading the verdict that each row gets."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from joinery.type.v1 import row_verdict_pb2

ROWS_PER_BATCH = 1_000
"""More in one request is refused."""


class RowsRefused(Exception):
    """A batch of which not every row was taken."""

    def __init__(self, verdicts: list[row_verdict_pb2.RowVerdict]) -> None:
        self.verdicts = verdicts
        rows = [
            f"\n  row {v.row} {v.code}: {r.field}: {r.message} ({r.reason})"
            for v in verdicts
            for r in v.violations
        ]
        super().__init__(f"{len(verdicts)} rows were refused" + "".join(rows))

    @classmethod
    def check(cls, verdicts: Iterable[row_verdict_pb2.RowVerdict]) -> None:
        """Raises when there is a refused row among the verdicts."""
        refused = [v for v in verdicts if v.outcome == row_verdict_pb2.ROW_OUTCOME_REFUSED]
        if refused:
            raise cls(refused)


def batches(rows: Iterable[Any], size: int = ROWS_PER_BATCH) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
