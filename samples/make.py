"""Makes samples/ and templates/ anew: ``python samples/make.py``. All data is fictional."""

from __future__ import annotations

import shutil
from pathlib import Path

from xfkh.samples import ISSUED, RETURNED, make_returns, make_sample, make_teams
from xfkh.scheme import builtin_ids, load
from xfkh.template import Terms, write_blank

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "samples" / "热线月通报"
"""What an office wrote itself: its document, the scheme after it in a workbook, the roster and what is reported."""
MONTH = Terms("2026", "2月", "2026-03-05", "热线办")


def make(samples: Path, templates: Path) -> None:
    """A filled folder a sample, with the review workbooks of three teams in one, and a blank template a scheme."""
    for scheme in builtin_ids():
        shutil.rmtree(samples / scheme, ignore_errors=True)
        job = make_sample(scheme, samples / scheme)
        if scheme == "district":
            make_teams(job, samples / scheme / "复查组")
        write_blank(load(scheme)[0], templates)
    make_own(samples / OWN.name)


def make_own(out: Path) -> None:
    """The templates and returns of a month under an office's own scheme; what it wrote itself stays as it is."""
    for each in (path for path in OWN.iterdir() if path.is_file() and out != OWN):
        out.mkdir(parents=True, exist_ok=True)
        shutil.copy(each, out / each.name)
    for name in (ISSUED, RETURNED):
        shutil.rmtree(out / name, ignore_errors=True)
    make_returns(str(out / "方案.xlsx"), MONTH, out)


if __name__ == "__main__":
    make(ROOT / "samples", ROOT / "templates")
