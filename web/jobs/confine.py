"""
What a solver process may use, set by itself before it imports anything large.

A signal with its default action is the only clock that works inside a native solver: Python
handlers and watchdog threads do not run while it holds the interpreter lock.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NICE = 10  # a page that comes while the cores are busy goes first


def confine(*, memory_mb: int, keeper_pid: int) -> None:
    """
    Limit memory, yield to the web server, leave no core file, die with the keeper.

    Parameters
    ----------
    memory_mb
        Most address space, MiB. Address space is not memory: solvers reserve far more
        than they use.
    keeper_pid
        Process that started this one; if it is already gone, this one ends.
    """
    limit = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != keeper_pid:  # it died between our birth and the line above
        sys.exit("The keeper is gone.")


def end_after(seconds: float) -> None:
    """Let the system end this process after so many wall-clock seconds, whatever it does."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
