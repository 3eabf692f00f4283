"""Makes samples/ and templates/ anew: ``python samples/make.py``. All data is fictional."""

from __future__ import annotations

import shutil
from pathlib import Path

from xfkh.samples import make_sample, make_teams
from xfkh.scheme import builtin_ids, load
from xfkh.template import write_blank

ROOT = Path(__file__).resolve().parents[1]


def make(samples: Path, templates: Path) -> None:
    """A filled folder a sample, with the review workbooks of three teams in one, and a blank template a scheme."""
    for scheme in builtin_ids():
        shutil.rmtree(samples / scheme, ignore_errors=True)
        job = make_sample(scheme, samples / scheme)
        if scheme == "district":
            make_teams(job, samples / scheme / "复查组")
        write_blank(load(scheme)[0], templates)


if __name__ == "__main__":
    make(ROOT / "samples", ROOT / "templates")
