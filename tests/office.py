"""LibreOffice as the judge of the files under test: recalculation, pictures, plain re-saving."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

SENTINEL = 987654321
CHUNK = 100
TIMEOUT = 300.0

#: sheet name -> cell reference -> value as openpyxl gives it (dates as datetime, errors as "#N/A")
Values = dict[str, dict[str, Any]]

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8", "pdf": "calc_pdf_Export"}

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Every sheet, in UTF-8: values and no formulas, numbers whole, not as they are shown, and in quotes; texts in quotes
where they must be."""

ALWAYS_RECALCULATE = {"OOXMLRecalcMode": 0, "ODFRecalcMode": 0}

_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>
"""
_REGISTRY_ITEM = (
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
    '<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA_CELL = re.compile(r"<c(\s[^>]*)>(<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))(?:<v>[^<]*</v>|<v\s*/>)?</c>")
_TYPE_ATTRIBUTE = re.compile(r'\st="[^"]*"')
_FORMULA_TAG = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


class OfficeError(RuntimeError):
    """LibreOffice is missing, hung, or did not write what it was asked for."""


# --- presence -----------------------------------------------------------------------------------


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def available() -> bool:
    return _program() is not None


def _marker() -> pytest.MarkDecorator:
    # Where the office is required nothing is skipped: the first harness call of a test then fails.
    required = os.environ.get("XFKH_REQUIRE_OFFICE") == "1"
    return pytest.mark.skipif(not available() and not required, reason="LibreOffice (soffice) is not installed")


require_office = _marker()


# --- running soffice ----------------------------------------------------------------------------


@contextmanager
def _profile(settings: dict[str, int]) -> Iterator[str]:
    """The URL of a throw-away user profile, so that no setting of the machine's user has a say."""
    with tempfile.TemporaryDirectory(prefix="xfkh-profile-", ignore_cleanup_errors=True) as folder:
        items = "".join(_REGISTRY_ITEM.format(name=name, value=value) for name, value in settings.items())
        user = Path(folder, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_REGISTRY.format(items=items), encoding="utf-8")
        yield Path(folder).as_uri()


def _run(command: Sequence[str], timeout: float) -> str:
    # soffice is a chain of child processes: only ending their whole group ends a hung one.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise OfficeError(f"{Path(command[0]).name} did not finish within {timeout:g} s") from None


_GUARD = '("$@" <&-; kill 0) & read _; kill 0'
"""The shell that ends with the office, and the office with who started it, however that ended: its pipe closes."""


class _Office:
    """An office that stays open, as it does at work: to start one takes longer than most of what it is asked. A
    workbook of its own keeps it from leaving once it has answered."""

    def __init__(self, program: str, settings: dict[str, int]) -> None:
        self._made = ExitStack()
        profile = self._made.enter_context(_profile(settings))
        folder = Path(self._made.enter_context(tempfile.TemporaryDirectory(prefix="xfkh-open-")))
        self.command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        self._said, self._sign = folder / "said.txt", folder / ".~lock.own.slk#"
        # while a workbook in XML is loaded other questions are answered, of which it may never come back
        own = folder / "own.slk"
        own.write_text("ID;P\nC;Y1;X1;K1\nE\n", encoding="ascii")
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                ["sh", "-c", _GUARD, "sh", *self.command, str(own)],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def ask(self, options: Sequence[str], timeout: float) -> str:
        """What it says to a question. Raises OfficeError where that takes too long."""
        end = time.monotonic() + timeout
        while not self._sign.exists() and self.process.poll() is None:
            if time.monotonic() > end:
                raise OfficeError(f"{Path(self.command[0]).name} did not finish within {timeout:g} s")
            time.sleep(0.05)
        before = self._said.stat().st_size
        return _run([*self.command, *options], timeout) + self._said.read_bytes()[before:].decode(errors="replace")

    def close(self) -> None:
        """Ask it to end, and its children with it; one that does not is ended."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(self.process.pid, sign)
                self.process.wait(5)
                break
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self._made.close()


_open: dict[str, _Office] = {}
"""By their settings."""


def close(which: str | None = None) -> None:
    """End the offices that are open, or one of them."""
    for each in list(_open) if which is None else [which]:
        _open.pop(each).close()


atexit.register(close)


def _soffice(sources: Sequence[Path], folder: Path, kind: str, settings: dict[str, int], timeout: float) -> str:
    program = _program()
    if program is None:
        raise OfficeError("LibreOffice (soffice) is needed but not installed")
    key = repr(settings)
    if key in _open and _open[key].process.poll() is not None:
        close(key)
    if key not in _open:
        _open[key] = _Office(program, settings)
    wanted = CSV if kind == "csv" else f"{kind}:{FILTERS[kind]}"
    try:
        return _open[key].ask(["--convert-to", wanted, "--outdir", str(folder), *map(str, sources)], timeout)
    except OfficeError:
        close(key)
        raise


def _convert_chunk(jobs: Sequence[tuple[Path, Path]], kind: str, settings: dict[str, int], timeout: float) -> None:
    with tempfile.TemporaryDirectory(prefix="xfkh-office-") as name:
        # Numbered copies: equal file names cannot collide, and no locale can spoil a Chinese one.
        work, staged, made = Path(name), [], []
        for number, (source, _) in enumerate(jobs):
            staged.append(work / f"{number}{source.suffix}")
            made.append(work / "made" / f"{number}.{kind}")
            shutil.copyfile(source, staged[-1])
        said = _soffice(staged, work / "made", kind, settings, timeout)
        missing = [str(source) for (source, _), file in zip(jobs, made, strict=True) if not file.exists()]
        if missing:
            raise OfficeError(f"LibreOffice wrote no {kind} for {', '.join(missing)}; it said:\n{said}")
        for (_, target), file in zip(jobs, made, strict=True):
            shutil.move(file, target)


def _convert(jobs: Sequence[tuple[Path, Path]], kind: str, settings: dict[str, int], timeout: float = TIMEOUT) -> None:
    for _, target in jobs:
        target.parent.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(jobs), CHUNK):
        _convert_chunk(jobs[start : start + CHUNK], kind, settings, timeout)


# --- recalculation ------------------------------------------------------------------------------


def recalculate(paths: Sequence[Path], out: Path, timeout: float = TIMEOUT) -> dict[Path, Path]:
    """Load every workbook with all formulas computed anew and save it as xlsx in the folder `out`."""
    jobs = [(path, out / f"{number:04d}-{path.stem}.xlsx") for number, path in enumerate(dict.fromkeys(paths))]
    _convert(jobs, "xlsx", ALWAYS_RECALCULATE, timeout)
    return dict(jobs)


def recalculated_texts(paths: Sequence[Path], timeout: float = TIMEOUT) -> dict[Path, dict[str, str]]:
    """Every sheet of the workbooks as CSV, with all formulas computed anew: half as dear as saving as xlsx."""
    found = {}
    for start in range(0, len(paths), CHUNK):
        with tempfile.TemporaryDirectory(prefix="xfkh-office-") as name:
            work, chunk = Path(name), paths[start : start + CHUNK]
            staged = [work / f"{number}{path.suffix}" for number, path in enumerate(chunk)]
            for source, copy in zip(chunk, staged, strict=True):
                shutil.copyfile(source, copy)
            said = _soffice(staged, work / "made", "csv", ALWAYS_RECALCULATE, timeout)
            for source, copy in zip(chunk, staged, strict=True):
                made = sorted((work / "made").glob(f"{copy.stem}-*.csv"))
                if not made:
                    raise OfficeError(f"LibreOffice wrote no csv for {source}; it said:\n{said}")
                found[source] = {each.stem.partition("-")[2]: each.read_bytes().decode() for each in made}
    return found


def _with_sentinel(match: re.Match[str]) -> str:
    attributes, formula = match.groups()
    return f"<c{_TYPE_ATTRIBUTE.sub('', attributes)}>{formula}<v>{SENTINEL}</v></c>"


def _sheet_with_sentinels(data: bytes, where: str) -> bytes:
    text, replaced = _FORMULA_CELL.subn(_with_sentinel, data.decode("utf-8"))
    # The pattern keeps every other byte as it is; the parser says whether it found all formulas.
    formulas = sum(1 for _ in ElementTree.fromstring(data).iter(_FORMULA_TAG))
    if replaced != formulas:
        raise AssertionError(f"{where}: {formulas} formula cells, but {replaced} recognised")
    return text.encode("utf-8")


def with_sentinels(path: Path, out: Path) -> Path:
    """Copy the workbook to the file `out`, every formula's cached value replaced by the sentinel."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if _SHEET_PART.fullmatch(info.filename):
                data = _sheet_with_sentinels(data, f"{path}: {info.filename}")
            target.writestr(info, data)
    return out


def formula_cells(path: Path) -> dict[str, list[str]]:
    """Where the formulas are: sheet name -> cell references."""
    book = load_workbook(path)
    return {
        sheet.title: [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        for sheet in book.worksheets
    }


def cached_values(path: Path) -> Values:
    """The values a workbook file holds, of all sheets; a formula's empty text is "" and no gap."""
    book = load_workbook(path, data_only=True)
    values: Values = {}
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        found = {cell.coordinate: "" if _is_empty_text(cell) else cell.value for cell in cells}
        values[sheet.title] = {ref: value for ref, value in found.items() if value is not None}
    return values


def _is_empty_text(cell: Any) -> bool:
    # openpyxl reads the cached value "" as None, but leaves the cell its text type.
    return cell.value is None and cell.data_type in ("s", "str")


def _check_computed(path: Path, values: Values) -> None:
    for sheet, refs in formula_cells(path).items():
        for ref in refs:
            value = values.get(sheet, {}).get(ref)
            if value is None:
                raise AssertionError(f"{path}: {sheet}!{ref} has no value after recalculation")
            if value == SENTINEL:
                raise AssertionError(f"{path}: {sheet}!{ref} was not recalculated (the sentinel is left)")


def recalculated_values(paths: Sequence[Path], timeout: float = TIMEOUT) -> dict[Path, Values]:
    """What LibreOffice computes for every workbook, whatever values the files came with."""
    unique = list(dict.fromkeys(paths))
    with tempfile.TemporaryDirectory(prefix="xfkh-values-") as name:
        marked = [with_sentinels(path, Path(name, f"{number}-{path.stem}.xlsx")) for number, path in enumerate(unique)]
        saved = recalculate(marked, Path(name, "saved"), timeout)
        results = {path: cached_values(saved[copy]) for path, copy in zip(unique, marked, strict=True)}
    for path, values in results.items():
        _check_computed(path, values)
    return results


# --- looking and re-saving ----------------------------------------------------------------------


def to_pictures(path: Path, out: Path, timeout: float = TIMEOUT) -> list[Path]:
    """The workbook as it prints, a PNG for each page, in page order, in the folder `out`."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise OfficeError("pdftoppm is needed but not installed")
    with tempfile.TemporaryDirectory(prefix="xfkh-pictures-") as name:
        pdf, pages = Path(name, "book.pdf"), Path(name, "pages")
        pages.mkdir()
        _convert([(path, pdf)], "pdf", ALWAYS_RECALCULATE, timeout)
        said = _run([program, "-r", "70", "-png", str(pdf), str(pages / "page")], timeout)
        made = sorted(pages.iterdir())
        if not made:
            raise OfficeError(f"pdftoppm made no picture of {path}; it said:\n{said}")
        out.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(page, out / f"{path.stem}-{page.name}")) for page in made]


def resave_all(paths: Sequence[Path], out_dir: Path, kind: str = "xlsx", timeout: float = TIMEOUT) -> list[Path]:
    """As resave, all by one office."""
    jobs = [(path, out_dir / f"{path.stem}.{kind}") for path in paths]
    _convert(jobs, kind, {}, timeout)
    return [target for _, target in jobs]


def resave(path: Path, out_dir: Path, kind: str = "xlsx", timeout: float = TIMEOUT) -> Path:
    """Open and save as a user with default settings does; values are not recalculated on loading."""
    target = out_dir / f"{path.stem}.{kind}"
    if target.resolve() == path.resolve():
        raise ValueError(f"re-saving {path} would overwrite it")
    _convert([(path, target)], kind, {}, timeout)
    return target
