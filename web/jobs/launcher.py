"""The port through which a supervisor starts keepers, wherever they run."""

from typing import Protocol

from data.store.jobs import Claim


class Launcher(Protocol):
    """Starts keepers. It chooses *where* a job runs and owns no state: the job row is the truth."""

    def warm(self) -> None:
        """Have a keeper with its solver ready, so that the next start is quick."""

    def start(self, claim: Claim) -> None:
        """Start a keeper for a claim; it goes on when this process ends."""

    def alive(self, claim: Claim) -> bool:
        """Whether the keeper of a claim started here still runs."""

    def stop(self, claim: Claim, *, force: bool = False) -> None:
        """End a keeper: politely, so that it puts its job back, or by force."""

    def close(self) -> None:
        """Let go of what is ready but idle; running keepers stay."""
