"""A run that is killed, a disk that is full, a result that is open: no result is half of anything, and the next run
mends it all."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Any

import pytest

from tests.rounds import call, sample_of
from tests.surgery import zipped
from tests.test_kept import comment, files
from tests.test_lint import OUR_FAULTS, parts_of
from xfkh import cli, publish
from xfkh.kept import HOLD, RECORD, STAGE, UNDONE, LastRun, Made, check, hold, last_run, put_in_place
from xfkh.report import feedback, mending
from xfkh.samples import type_in

STAYED = ("北苑街道", "南湖乡", "东风街道")
"""The units whose returns lie in the folder; the last one's is taken away between the two runs."""
MENDED = "南湖乡"


class Office:
    """A folder of returns with an earlier result in which a person has written since, and other returns by now;
    ``old`` the results that stand there, ``new`` those of a run that nobody disturbs."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder, self.image = folder, image
        self.out, self.returned = folder / "结果", folder / "收回"
        self.command = ["grade", self.returned, "-o", self.out, "--review", folder / "复查.csv", "--jobs", 1]

    def prepare(self) -> None:
        sample_of("district", self.folder)
        for path in self.returned.iterdir():
            if not path.name.startswith(STAYED):
                path.unlink()
        assert call(*self.command) == 1
        comment(self.out / "排名.xlsx")
        comment(self.out / "反馈" / "北苑街道_反馈.xlsx")
        next(self.returned.glob("东风街道_*")).unlink()
        path = next(self.returned.glob(f"{MENDED}_*"))
        path.write_bytes(type_in(path.read_bytes(), {"进京个访批次": "若干"}))
        shutil.copytree(self.folder, self.image)
        self.old = files(self.out)
        self.status = call(*self.command)
        self.new = files(self.out)
        assert any(name.startswith("退回/") for name in self.new) and self.mine and self.status == 1
        assert "反馈/东风街道_反馈.xlsx" in self.old.keys() - self.new.keys()

    @property
    def mine(self) -> dict[str, bytes]:
        """The copies of what a person wrote."""
        return {name: data for name, data in self.new.items() if "_另存_" in name}

    def again(self) -> None:
        """All as it was before the second run."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.image, self.folder)

    def look(self) -> tuple[dict[str, bytes], bool]:
        """What stands in the results; whether old and new are mixed there. Asserts that each is one of the two."""
        there = {name: data for name, data in files(self.out).items() if not hidden(name)}
        told = there.pop(UNDONE, None) is not None
        results = {name: data for name, data in there.items() if name != RECORD and "_另存_" not in name}
        assert all(data in (self.old.get(name), self.new.get(name)) for name, data in results.items())
        assert all(self.mine[name] == data for name, data in there.items() if "_另存_" in name)
        was = {name: data for name, data in self.old.items() if name != RECORD}
        now = {name: data for name, data in self.new.items() if name != RECORD and "_另存_" not in name}
        mixed = results not in (was, now)
        assert told or not mixed, "nobody is told"
        if results != was:
            assert self.mine.items() <= there.items(), "what a person wrote is overwritten"
        return results, mixed

    def mend(self) -> None:
        """The next run makes it as though nothing had happened."""
        assert call(*self.command) == self.status
        assert files(self.out) == self.new


def hidden(name: str) -> bool:
    temporary = Path(name).name.startswith(".xfkh-") and name.endswith(".tmp")
    return name.startswith(f"{STAGE}/") or name == HOLD or temporary


def stands_as_before(office: Office) -> None:
    """The old results are whole, nothing but copies of a person's work is new."""
    there = {name: data for name, data in files(office.out).items() if "_另存_" not in name and name != RECORD}
    assert there == {name: data for name, data in office.old.items() if name != RECORD}
    assert not (office.out / STAGE).exists()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Office:
    base = tmp_path_factory.mktemp("断")
    made = Office(base / "样", base / "原样")
    made.prepare()
    return made


@pytest.fixture
def office(prepared: Office) -> Office:
    prepared.again()
    return prepared


# --- killed ----------------------------------------------------------------------------------------


Act = Callable[[int, int], None]
"""What to do before a change: its number, and how many results were on their way to their place by then, this one
included."""


def watched(out: Path, act: Act) -> None:
    """Calls ``act`` before each change to a folder, until this process ends."""
    count, moves, root = 0, 0, str(out)
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count, moves
        moved = event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")
        opened = event == "open" and isinstance(args[2], int) and bool(args[2] & writing)
        if (moved or opened) and (str(args[0]).startswith(root) or event in ("os.remove", "os.rmdir")):
            count += 1
            moves += event == "os.rename" and STAGE in Path(args[0]).parts and STAGE not in Path(args[1]).parts
            act(count, moves)

    sys.addaudithook(hook)


def child_of(office: Office, act: Act) -> int:
    """The command in a child of this process."""
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        watched(office.out, act)
        os._exit(call(*office.command))
    return child


def ended(child: int) -> int:
    """How it ended, as os.waitpid has it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run_in_child(office: Office, act: Act) -> int:
    return ended(child_of(office, act))


def kill_at(k: int = 0, move: int = 0) -> Act:
    """Before the k-th change, or before the first after so many moves."""
    return lambda count, moves: os.kill(os.getpid(), signal.SIGKILL) if count == k or moves > move > 0 else None


@pytest.fixture(scope="module")
def changes(prepared: Office) -> int:
    """How many changes to the folder of results one run makes."""
    prepared.again()
    read, write = os.pipe()
    assert run_in_child(prepared, lambda *_: void(os.write(write, b"."))) == prepared.status
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        return len(stream.read())


def void(_: object) -> None:
    pass


SHARES = 8
# all of them on demand: each kill is a run of its own
ALL = bool(os.environ.get("XFKH_FUZZ"))
TAKEN = range(SHARES) if ALL else (3,)


@pytest.mark.parametrize("share", TAKEN)
def test_killed_before_any_change_the_results_are_old_or_new_and_the_next_run_mends_them(
    share: int, office: Office, changes: int
) -> None:
    """At the changes to the folder in turn: each share takes every eighth."""
    assert changes > 60
    mixed = []
    for k in range(share + 1, changes + 1, SHARES):
        office.again()
        assert run_in_child(office, kill_at(k)) == -signal.SIGKILL, k
        mixed.append(office.look()[1])
        office.mend()
    assert any(mixed) and not all(mixed)


def test_killed_again_and_again_a_person_s_work_is_copied_once(office: Office) -> None:
    """Two runs are killed between two moves, the second sooner, and over other returns: what the first left is
    nobody's work."""
    assert run_in_child(office, kill_at(move=4)) == -signal.SIGKILL
    assert office.look()[1]
    path = next(office.returned.glob(f"{MENDED}_*"))
    path.write_bytes(type_in(path.read_bytes(), {"进京个访批次": 7}))
    assert run_in_child(office, kill_at(move=1)) == -signal.SIGKILL
    assert (office.out / UNDONE).is_file()
    assert call(*office.command) in (0, 1)
    assert {name: data for name, data in files(office.out).items() if "_另存_" in name} == office.mine
    assert not (office.out / UNDONE).exists()


@pytest.mark.parametrize("tenth", range(1, 10, 2))
def test_what_a_killed_run_left_is_no_return(
    tenth: int, office: Office, changes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The results lie in the folder of returns, and there are slips among what was being written."""
    assert call(*office.command[:3], office.folder / "别处", *office.command[4:]) == 1
    wanted = json.loads((office.folder / "别处" / "results.json").read_text("utf-8"))
    shutil.rmtree(office.folder / "别处")
    inner = Office(office.folder, office.image)
    inner.out = office.returned / "结果"
    inner.command[3] = inner.out
    office.out.rename(inner.out)
    assert run_in_child(inner, kill_at(changes * tenth // 10)) == -signal.SIGKILL
    left = [each for each in inner.out.rglob("*") if each.is_file()]
    capsys.readouterr()
    call(*inner.command, "--dry-run", "--json")
    found = json.loads(capsys.readouterr().out)
    assert {each["fate"] for each in found["files"] if each["file"].startswith("结果/")} == {"忽略"}
    assert sum(each["file"].startswith("结果/") for each in found["files"]) == len(left)
    assert found["subjects"] == wanted["subjects"]
    assert "slip-unmended" not in [each["code"] for each in found["findings"]]


@pytest.mark.parametrize("part", [0.4, 0.75, 0.95])
def test_the_program_killed_with_all_its_processes(part: float, office: Office) -> None:
    """The command as it is called, by several processes, killed by the clock."""
    command = [sys.executable, "-m", "xfkh", *map(str, office.command[:-1]), "2"]

    def run(seconds: float | None) -> float:
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        return time.perf_counter() - start

    whole = run(None)
    assert files(office.out) == office.new
    office.again()
    run(whole * part)
    office.look()
    office.mend()


ORPHANS = """
import time
from xfkh.workers import Workers
if __name__ == "__main__":
    with Workers(2) as workers:
        list(workers.map(abs, range(100)))
        doing = workers.map(time.sleep, [60.0] * 100)
        print("at work", flush=True)
        time.sleep(60)
"""


def test_no_process_outlives_the_one_that_started_it(tmp_path: Path) -> None:
    """They hold its output open: that ends when the last of them does."""
    script = tmp_path / "工.py"
    script.write_text(ORPHANS, "utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"at work\n"
        process.kill()
        assert process.communicate(timeout=10)[0] == b""


@pytest.mark.parametrize("many", [False, True])
def test_interrupted_from_the_keyboard_all_of_it_ends_in_one_word(many: bool, office: Office) -> None:
    command = [sys.executable, "-m", "xfkh", *map(str, office.command[:-1]), "2" if many else "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        deadline = time.monotonic() + 60
        while not (office.out / STAGE).exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 2 and said.strip() == "已中断"
    stands_as_before(office)
    office.mend()


# --- two at once ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenth", [4, 6, 9])
def test_while_one_run_writes_another_into_the_same_folder_is_refused_and_touches_nothing(
    tenth: int, office: Office, changes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first stands still in the middle of its work while the second is called."""
    (said, say), (heard, tell) = os.pipe(), os.pipe()

    def pause(count: int, _: int) -> None:
        if count == changes * tenth // 10:
            os.write(say, b".")
            os.read(heard, 1)

    first = child_of(office, pause)
    os.read(said, 1)
    before = files(office.out)
    capsys.readouterr()
    second, told = call(*office.command), capsys.readouterr().err
    after = files(office.out)
    os.write(tell, b".")
    assert ended(first) == office.status and files(office.out) == office.new
    assert second == 2 and after == before
    assert told == f"错误：另一次运行正在往 {office.out} 写结果，这一次没有写。请等它写完，再重新运行\n"
    for each in (said, say, heard, tell):
        os.close(each)


def test_a_run_that_was_refused_leaves_the_folder_held_by_the_first(office: Office) -> None:
    with hold(office.out):
        for _ in range(2):
            assert call(*office.command) == 2
        stands = {name for name in files(office.out) if not hidden(name)}
    assert stands == office.old.keys()
    office.mend()


def test_what_a_killed_run_held_holds_nobody_up(office: Office) -> None:
    (office.out / HOLD).write_bytes(b"")
    office.mend()
    assert not (office.out / HOLD).exists()


@pytest.mark.parametrize("reason", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL])
def test_where_the_system_holds_no_files_a_run_goes_on_without(
    reason: int, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(fcntl, "flock", refuse)
    office.mend()


def test_a_file_that_somebody_exchanges_after_it_was_checked_is_not_taken_for_our_own(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exchanged(before: LastRun, stage: Path, made: dict[str, str]) -> None:
        (stage / "奖惩.xlsx").write_bytes(b"")
        put_in_place(before, stage, made)

    with monkeypatch.context() as patch:
        patch.setattr(publish, "put_in_place", exchanged)
        assert call(*office.command) == office.status
    assert last_run(office.out).changed("奖惩.xlsx") and not last_run(office.out).changed("排名.xlsx")


# --- what cannot be written -------------------------------------------------------------------------


class Full:
    """A file on a disk that is full: half of what is written still fits."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, data: bytes) -> None:
        self.stream.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


class Disk:
    """Has room for so many files; then it is full, until there is room again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room, self.opened, self._open = room, 0, os.fdopen
        monkeypatch.setattr(os, "fdopen", self.open)

    def open(self, handle: int, *args: Any, **more: Any) -> Any:
        stream = self._open(handle, *args, **more)
        self.opened += 1
        return stream if self.opened <= self.room else Full(stream)


def test_processes_that_are_still_writing_leave_nothing_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no room for the ranking while others are only beginning with the feedback."""

    def refuse(path: Path, _: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(publish, "FEW", 1)
        patch.setattr(publish, "write_ranking", refuse)
        assert call(*office.command[:-1], 2) == 2
    assert f"{office.out / '排名.xlsx'}（磁盘满了）" in capsys.readouterr().err
    stands_as_before(office)
    office.mend()


def test_a_file_that_the_system_finds_too_large_is_said_in_words(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, _: object) -> None:
        raise OSError(errno.EFBIG, "File too large", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(publish, "write_ranking", refuse)
        assert call(*office.command) == 2
    said = capsys.readouterr().err
    assert "文件超过系统允许的大小" in said and "请放宽文件大小的限制" in said and "系统错误" not in said
    stands_as_before(office)


@pytest.fixture(scope="module")
def written(prepared: Office) -> int:
    """How many files one run writes."""
    prepared.again()
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, 10_000)
        assert call(*prepared.command) == prepared.status
        return disk.opened


def test_on_a_full_disk_the_old_results_stay_whole(
    office: Office, written: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever file is the first for which there is no room."""
    assert written > len([name for name in office.new if "/" not in name]) + 3
    for room in range(written):
        office.again()
        with pytest.MonkeyPatch.context() as patch:
            Disk(patch, room)
            capsys.readouterr()
            assert call(*office.command) == 2
        said = capsys.readouterr().err
        assert re.fullmatch(r"错误：结果没有写完：.+（磁盘满了）。原来的结果没有动。请腾出空间，再重新运行\n", said)
        assert STAGE not in said and ".tmp" not in said
        stands_as_before(office)
    office.mend()


def test_a_file_that_grows_over_the_limit_of_the_system(office: Office) -> None:
    """No simulation: the system itself cuts the file off."""
    import resource

    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
        os._exit(call(*office.command))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    stands_as_before(office)
    office.mend()


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch, office: Office) -> Iterator[tuple[list[str], dict[str, bool]]]:
    """The moves of results to their place; those in the second are refused, as Windows does for an open file."""
    seen, refused, replace = list[str](), dict[str, bool](), os.replace

    def move(source: Any, target: Any) -> None:
        if Path(source).is_relative_to(office.out / STAGE) and not Path(target).is_relative_to(office.out / STAGE):
            seen.append(str(target))
            if refused.get(str(target)):
                raise PermissionError(errno.EACCES, "in use", str(source), None, str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", move)
    yield seen, refused


def test_a_result_that_is_opened_while_the_others_are_moved(
    office: Office, moves: tuple[list[str], dict[str, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    seen, refused = moves
    assert call(*office.command) == office.status
    targets = list(seen)
    assert len(targets) > 8
    for target in targets if ALL else (targets[0], targets[len(targets) // 2], targets[-1]):
        office.again()
        refused[target] = True
        capsys.readouterr()
        assert call(*office.command) == 2, target
        said = capsys.readouterr().err
        assert target in said and "可能新旧混在一起。请关闭打开它的程序" in said and "Traceback" not in said
        assert (office.out / UNDONE).is_file() and not (office.out / STAGE).exists()
        office.look()
        refused.clear()
        office.mend()


# --- what was written, looked at once more ----------------------------------------------------------


def plant(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[bytes], bytes]) -> None:
    """Damages one file after it was made."""

    def changed(stage: Path, made: str, linked: bool = False) -> Made:
        if fnmatch(made, name):
            (stage / made).write_bytes(change((stage / made).read_bytes()))
        return check(stage, made, linked)

    for module in (publish, feedback, mending):
        monkeypatch.setattr(module, "check", changed)


@pytest.mark.parametrize("kind", ["half of it", "one bit", "a macro", "a link to the web", "a text as a formula"])
@pytest.mark.parametrize("name", ["排名.xlsx", "反馈/北苑街道_反馈.xlsx"])
def test_nothing_is_put_in_place_when_one_file_on_the_disk_is_not_as_it_should_be(
    kind: str, name: str, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(monkeypatch, name, OUR_FAULTS[kind])
    assert call(*office.command) == 2
    said = capsys.readouterr().err
    assert "没有通过检查，原来的结果没有动（程序错误，请反馈）" in said and name in said and "Traceback" not in said
    stands_as_before(office)
    assert not list(office.out.rglob("*_另存_*")) and not (office.out / UNDONE).exists()


def test_a_slip_that_is_damaged_or_holds_a_macro_is_not_put_in_place(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for change in (
        lambda data: data[:-100],
        lambda data: zipped(parts_of(data) | {"xl/vbaProject.bin": b"x"}),
    ):
        with monkeypatch.context() as patch:
            plant(patch, "退回/*.xlsx", change)
            assert call(*office.command) == 2
        assert "退回/" in capsys.readouterr().err
        stands_as_before(office)


def test_a_return_that_holds_another_file_gets_the_list_only(office: Office) -> None:
    """What is embedded in it does not leave the office again."""
    path = next(office.returned.glob(f"{MENDED}_*"))
    path.write_bytes(zipped(parts_of(path.read_bytes()) | {"xl/activeX/activeX1.bin": b"x" * 50}))
    assert call(*office.command) == office.status
    (slip,) = (office.out / "退回").glob("*.xlsx")
    parts = parts_of(slip.read_bytes())
    assert not any("activeX" in name for name in parts) and "xl/worksheets/sheet3.xml" not in parts


def test_the_program_speaks_of_what_it_could_not_write_in_a_folder_that_is_read_only(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(office.out / STAGE))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert cli.run([str(each) for each in office.command]) == 2
    said = capsys.readouterr().err
    assert "磁盘是只读的" in said and "原来的结果没有动" in said
