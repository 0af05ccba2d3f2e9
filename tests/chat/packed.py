"""Archives for tests, and what is found in them."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talklike.chat.tree import Tree

DOS, UNIX = 0, 3
"""Systems that a zip may say it was made on."""


def zipped(files: dict[str, bytes], *, system: int = UNIX, links: tuple[str, ...] = ()) -> bytes:
    """Return a zip that a system made, with links to what is no business of ours."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.compress_type = system, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        for name in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def tarred(files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> bytes:
    """Return a tar archive, with such links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
    return buffer.getvalue()


def content(tree: Tree) -> dict[str, bytes]:
    """Return what all files hold, in order."""
    found = {}
    for entry in tree.entries:
        with entry.open() as file:
            found[entry.name] = file.read()
    return found
