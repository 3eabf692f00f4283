"""Takes the manual's pictures (docs/图) of a sample, through LibreOffice: ``python docs/pictures.py``."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from xfkh.pipeline import grade, review
from xfkh.publish import write, write_review
from xfkh.samples import make_sample

FOLDER = Path(__file__).parent / "图"
DOTS = 88
"""The resolution, in dots an inch."""


class Shot(NamedTuple):
    """A page of a workbook: the first page that holds a text, from a fraction of its height down to another."""

    name: str
    book: str
    text: str
    bottom: float
    top: float = 0.0


SHOTS = (
    Shot("填报", "收回/东风街道_*.xlsx", "指标 / 填报项", 0.72),
    Shot("总览", "结果/排名.xlsx", "名次靠前", 0.98),
    Shot("总表", "结果/排名.xlsx", "核定减自评", 0.72),
    Shot("得分明细", "结果/排名.xlsx", "底色越深", 0.6),
    Shot("奖励", "结果/奖惩.xlsx", "金额（元）", 0.98),
    Shot("催报", "结果/问题清单.xlsx", "邮箱", 0.5),
    Shot("退回说明", "结果/退回/柳林街道_*.xlsx", "怎样改、怎样发回", 0.36),
    Shot("退回格子", "结果/退回/柳林街道_*.xlsx", "来区异常处置不力次数", 0.9, 0.7),
    Shot("复查表", "复查.xlsx", "单位复查表", 0.72),
    Shot("反馈", "结果/反馈/清河乡_反馈.xlsx", "考核结果反馈", 0.98),
)


def take(folder: Path) -> None:
    """Makes and grades the sample in a scratch folder and takes every picture."""
    job = make_sample("district", folder / "示范")
    write(grade(job), job.out)
    book = folder / "示范" / "复查.xlsx"
    write_review(review(job, book), book)
    FOLDER.mkdir(exist_ok=True)
    made: dict[str, Path] = {}
    for shot in SHOTS:
        if shot.book not in made:
            made[shot.book] = _pdf(next((folder / "示范").glob(shot.book)), folder)
        _picture(shot, made[shot.book])


def _pdf(book: Path, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{book.stem}.pdf"


def _picture(shot: Shot, pdf: Path) -> None:
    pages = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    page = next(k for k, text in enumerate(pages.split("\f"), 1) if shot.text in text)
    wide, high = _size(pdf, page)
    first, last = (round(high * DOTS * edge) for edge in (shot.top, shot.bottom))
    crop = ["-x", "0", "-y", str(first), "-W", str(round(wide * DOTS)), "-H", str(last - first)]
    place = ["-f", str(page), "-l", str(page), "-r", str(DOTS), "-singlefile", "-png"]
    subprocess.run(["pdftoppm", *place, *crop, str(pdf), str(FOLDER / shot.name)], check=True)


def _size(pdf: Path, page: int) -> tuple[float, float]:
    """Width and height of a page in inches."""
    command = ["pdfinfo", "-f", str(page), "-l", str(page), str(pdf)]
    said = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    line = next(line for line in said.splitlines() if "size:" in line)
    wide, high = (float(each) for each in line.split("size:")[1].split(" pts")[0].split(" x "))
    return wide / 72, high / 72


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        take(Path(name))
