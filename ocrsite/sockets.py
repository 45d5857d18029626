"""Where unix sockets lie, so that every process of one site agrees on it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

LONGEST_SOCKET_PATH = 107  # bytes in sockaddr_un.sun_path on Linux, less the closing zero: unix(7)
SHORT_FOLDER = Path("/tmp")  # not TMPDIR, which may differ between the site and a command started by hand


def socket_path(wanted: Path) -> Path:
    """Return `wanted`, or a path below /tmp when the kernel cannot take one that long.

    The short path is made from `wanted` alone, so that commands started by hand find the same socket. Its folder
    may have been made by somebody else: `private_folder` must come before the first use.
    """
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return SHORT_FOLDER / f"ocrsite-{os.getuid()}-{digest}" / wanted.name


def private_folder(folder: Path) -> Path:
    """Return `folder`, made if need be, with mode 0700. Raises PermissionError when it belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    if folder.is_symlink() or about.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user; please remove it or choose another DATA_DIR.")
    folder.chmod(0o700)
    return folder
