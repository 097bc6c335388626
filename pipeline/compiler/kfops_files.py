"""Files that the repository's code could have put there: a FIFO, a link, a device, a folder, or gigabytes of nothing."""

import os
import stat
import subprocess
import tempfile

READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# How long a removal may take, in seconds: the code could have made millions of files.
REMOVAL = 10
# Also of folders whose permissions the code took away, and that are deeper than Python's recursion.
REMOVE = 'chmod -R u+rwX -- "$1"; rm -rf -- "$1"'


class TooLarge(Exception):
    """A file has more bytes than are read of it."""

    def __init__(self, size):
        super().__init__(size)
        self.size = size


def read_regular(path, limit):
    """The bytes of a regular file. Opening it doesn't wait, and what was opened is what is looked at.

    Raises OSError where there is none, and TooLarge where it is larger than `limit`.
    """
    descriptor = os.open(path, READ)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is not a regular file")
        if status.st_size > limit:
            raise TooLarge(status.st_size)
        content = file.read(limit + 1)
    if len(content) > limit:
        raise TooLarge(len(content))
    return content


def write_new(path, content):
    """Writes a file in place of whatever is at its path, and never through it."""
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        os.chmod(folder, 0o700)
    remove(path)
    descriptor, new = tempfile.mkstemp(prefix=".kfops-", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.chmod(new, 0o644)
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def remove(path):
    """Removes a file, or a folder as far as that is possible in time; what isn't there is no error."""
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)
            return
        command = ["/bin/sh", "-c", REMOVE, "sh", os.path.abspath(path)]
        subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=REMOVAL, check=False)
    except (OSError, subprocess.TimeoutExpired):
        pass
