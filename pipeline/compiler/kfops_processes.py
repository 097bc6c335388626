"""The end of everything that the repository's code started."""

import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
# How long processes may take to end after SIGKILL, in seconds.
PATIENCE = 5


def adopt_orphans():
    """From now on a process whose parent ends becomes a child of this one, so that none gets away. Linux only."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (AttributeError, OSError):
        pass  # macOS: what leaves the worker's group stays


def end_all(worker):
    """Kills the worker, its group, and whatever left it."""
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    worker.kill()
    worker.wait()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for pid in descendants(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
        except ChildProcessError:
            return


def descendants(pid):
    """The processes below one, as far as the system shows them."""
    children = {}
    try:
        names = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    for name in names:
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # The name is in parentheses, and may itself hold some.
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, open_ = [], [pid]
    while open_:
        below = children.get(open_.pop(), [])
        found += below
        open_ += below
    return found
