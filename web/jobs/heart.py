"""The keeper's heartbeat: says in the job row, every few seconds, that somebody minds the job."""

import logging
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from data.db import Database
from data.store.jobs import Claim, ClaimLost, beat

log = logging.getLogger("zoufang.jobs")


class Heart(threading.Thread):
    """
    Extends the lease from its own thread until told to stop or until the claim is lost.

    Parameters
    ----------
    beat_s, lease_s
        Seconds between beats, and how long one beat is good for.
    """

    def __init__(self, db: Database, claim: Claim, *, beat_s: float, lease_s: float) -> None:
        super().__init__(name="heart", daemon=True)
        self.lease_s = lease_s
        self.lost = threading.Event()
        self._db, self._claim, self._beat_s = db, claim, beat_s
        self._stop_asked = threading.Event()
        self._good_until = time.monotonic() + lease_s

    def run(self) -> None:
        """Beat; a database that does not answer is forgiven for as long as the lease holds."""
        while not self._stop_asked.wait(self._beat_s):
            try:
                self.beat()
            except ClaimLost:
                self.lost.set()
                return
            except SQLAlchemyError as error:
                log.warning("job=%s heartbeat failed: %s", self._claim.job_id, type(error).__name__)
                if time.monotonic() > self._good_until:
                    self.lost.set()
                    return

    def beat(self) -> None:
        """Extend the lease once, now."""
        before = time.monotonic()
        with self._db.write.begin() as session:
            beat(session, self._claim, lease_s=self.lease_s)
        self._good_until = before + self.lease_s

    def stop(self) -> None:
        """Beat no more."""
        self._stop_asked.set()
