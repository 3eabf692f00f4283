"""What hundreds of tests ask of the program with the same words: worked out once in a process.

Only what depends on its arguments alone: a scheme's text, read and checked, and what its templates print.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, wraps

import pytest

import xfkh.scheme
import xfkh.template
from xfkh.intake.printed import Print
from xfkh.model import Scheme, Source
from xfkh.scheme import Examined
from xfkh.template import Issue, Terms

_text, _printed = xfkh.scheme._text, xfkh.template.printed
_prints: dict[tuple[str, Terms], list[tuple[Scheme, Print]]] = {}
_read = lru_cache(100)(_text)


@wraps(_text)
def _text_once(text: str, source: Source) -> Examined:
    found = _read(text, source)
    return replace(found, findings=[*found.findings])


@wraps(_printed)
def _printed_once(scheme: Scheme, terms: Terms, issue: Issue | None = None) -> Print:
    if issue is not None:
        return _printed(scheme, terms, issue)
    # a scheme has its text's digest also where a setting or a test changed it
    known = _prints.setdefault((scheme.digest, terms), [])
    for other, print_ in known:
        if other == scheme:
            return print_
    known.append((scheme, _printed(scheme, terms)))
    return known[-1][1]


@contextmanager
def remembered(wanted: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if wanted:
            patch.setattr(xfkh.scheme, "_text", _text_once)
            patch.setattr(xfkh.template, "printed", _printed_once)
        yield
