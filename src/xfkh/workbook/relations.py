"""Which part of a package leads to which: where a part's relations stand, and the names that they give."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote


def links_of(name: str) -> str:
    """The part with the relations of a part, or of the package itself."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def resolved(name: str, target: str) -> str:
    """The part that a relation of a part leads to."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target)).lstrip("/")


def member(names: Mapping[str, str], name: str) -> str | None:
    """A member by its name in any case; ``names``: each under its folded form."""
    return names.get(name.casefold()) or names.get(unquote(name).casefold())
