"""A run that would delete a large share of what the index holds is refused: the folder may be empty by mistake."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ingest.server import IngestError

PERCENT = 30
_FEW = 10


@dataclass(frozen=True)
class Guard:
    """`percent` of the documents may be deleted by one run, and 10 in any case, but not all of them.

    100: everything may.
    """

    percent: int = PERCENT

    def check(self, folder: str, known: Set[str], found: Set[str]) -> None:
        """Raises IngestError; nothing has been written then."""
        gone = len(known - found)
        everything = gone and gone == len(known)
        if self.percent >= 100 or not (everything or (gone > _FEW and gone * 100 > self.percent * len(known))):
            return
        raise IngestError(
            f"{gone:,} of the {len(known):,} documents in the index are not in {folder} any more, and a run may delete"
            f" {self.percent} % of them. Nothing was changed. Is the folder there, mounted and whole? If they are to be"
            " deleted: --max-deleted-percent 100 (chatbot_ingest_max_deleted_percent: 100)"
        )
