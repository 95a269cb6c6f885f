"""A loss of power at any moment leaves the old report or the new one, whole; what is called made is on the disk.

The landing process calls for everything that touches a finished report. Between any two of its calls the test works
out the worst disks: a file has the bytes that were synced, or half of what was written since; of the names in a folder
those that were synced, those of now, and each single change in between come true or lost by itself. One rename is taken
to happen wholly or not at all, as journals of file systems have it.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import threading

import pytest
from test_notebook_batch import BUOY, GAUGE, RADAR, REPORT, Stations

from careful_tables import landing
from notebook_batch import prune

pytestmark = pytest.mark.slow
CALLS = ("fsync", "rename", "replace", "link", "symlink", "mkdir", "unlink", "remove", "rmdir")


@contextlib.contextmanager
def between_calls(look):
    """Call `look(name, arguments)` after every call of this process that changes a folder or brings it to the disk."""
    lock = threading.Lock()

    def watched(call, name):
        def called(*arguments, **more):
            with lock:
                result = call(*arguments, **more)
                look(name, arguments)
            return result

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, watched(getattr(os, name), name))
        patch.setattr(landing, "_swap", watched(landing._swap, "swap"))
        yield


class Thing:
    """A file or a folder: now, and as it was when it was last synced."""

    def __init__(self):
        self.names, self.content = {}, None  # of a folder; of a file
        self.synced_names, self.synced_content = {}, b""

    def sync(self):
        self.synced_names, self.synced_content = dict(self.names), self.content


class Disk:
    """What may be on the disk below a folder, of which everything is there at first."""

    def __init__(self, top, report):
        self.top, self.report = top, report.split("/")
        self.things, self.states, self.moments = {}, {}, 0
        self.look()
        for thing in self.things.values():
            thing.sync()

    def look(self, call="", arguments=()):
        """Take note of the folder as it is now, and of the reports that a loss of power would leave."""
        living = {}
        self.root = self._thing(os.stat(self.top), self.top, living)
        self.things = living
        if call == "fsync" and (thing := living.get(os.fstat(arguments[0]).st_ino)):
            thing.sync()
        self.moments += 1
        for state in self._worst():
            self.states.setdefault(state, f"moment {self.moments}, after {call} {arguments}")

    def _thing(self, state, path, living):
        thing = living.get(state.st_ino) or self.things.get(state.st_ino) or Thing()
        living[state.st_ino] = thing
        with contextlib.suppress(FileNotFoundError):  # others work here too
            if os.path.isdir(path):
                thing.names = {one.name: self._thing(one.stat(), one.path, living) for one in os.scandir(path)}
            else:
                with open(path, "rb") as handle:
                    thing.content = handle.read()
        return thing

    def _worst(self):
        """Every report that may be found after a loss of power now: names with bytes, or None where there is none."""
        seen = {}
        for now in (False, True):
            self._found(lambda folder, now=now: seen.setdefault(id(folder), folder) and self._names(folder, now))
        changes = [
            (folder, name)
            for folder in seen.values()
            for name in folder.names.keys() | folder.synced_names.keys()
            if folder.names.get(name) is not folder.synced_names.get(name)
        ]
        for now in (False, True):
            for alone in [None, *changes]:

                def names(folder, now=now, alone=alone):
                    found = self._names(folder, now)
                    if alone and alone[0] is folder:
                        found = found | {alone[1]: self._names(folder, not now).get(alone[1])}
                    return found

                yield self._found(names)
                yield self._found(names, damaged=True)

    @staticmethod
    def _names(folder, now):
        return folder.names if now else folder.synced_names

    def _found(self, names, damaged=False):
        thing = self.root
        for part in self.report:
            thing = names(thing).get(part)
            if thing is None:
                return None
        return frozenset(self._files(thing, names, damaged))

    def _files(self, thing, names, damaged, inside=""):
        if thing.content is None:
            for name, below in names(thing).items():
                if below is not None:
                    yield from self._files(below, names, damaged, f"{inside}/{name}")
        elif damaged and thing.content != thing.synced_content:
            yield inside, thing.content[: len(thing.content) // 2]
        else:
            yield inside, thing.content


def tree(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return frozenset((f"/{path.relative_to(folder).as_posix()}", path.read_bytes()) for path in files)


@pytest.fixture
def stations(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return Stations(tmp_path).write(buoy=BUOY, gauge=GAUGE, radar=RADAR)


def test_every_disk_that_a_loss_of_power_may_leave_has_the_old_report_or_the_new(stations):
    reports, report = stations.folder / "reports", stations.folder / "reports" / REPORT
    disk, old = Disk(stations.folder, f"reports/{REPORT}"), None

    def left(new):
        broken = {moment for state, moment in disk.states.items() if state not in (old, new)}
        assert not broken and {old, new} <= disk.states.keys()
        disk.states.clear()
        disk.look()
        assert disk.states.keys() == {new}, "what is called made, or removed, is on the disk"

    for rain in ([4, 5], [6, 7], [8]):
        stations.write(radar=[f"rain = {rain}", *RADAR[1:]])
        with between_calls(disk.look):
            assert stations.run().status == "made"
        assert disk.moments > 50 and stations.batch.verify(REPORT, stations.jobs)[0] == []
        left(tree(report))
        old = tree(report)
    with between_calls(disk.look):
        prune.remove(reports, [prune.Old(REPORT, 0, (report,))])
    left(None)


def command(*arguments):
    done = subprocess.run([*map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"takes ext4 and the right to mount: {' '.join(map(str, arguments))}: {done.stderr.strip()}")


@contextlib.contextmanager
def disk_in_a_file(image, folder):
    """An ext4 that brings nothing to its disk by itself, for minutes."""
    command("mount", "-o", "loop,commit=900", image, folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_real_file_system_has_the_old_report_or_the_new_after_a_loss_of_power(stations, tmp_path):
    """What a disk of ext4 has received, copied between any two calls, is mounted as after a loss of power."""
    image, reports, after = (tmp_path / name for name in ("image", "reports", "after"))
    with open(image, "wb") as handle:
        handle.truncate(16 << 20)
    command("mkfs.ext4", "-q", "-b", "1024", image)
    reports.mkdir()
    after.mkdir()
    copies = {}

    def copy(call, arguments):
        received = hashlib.sha256(image.read_bytes()).hexdigest()
        if received not in copies:
            copies[received] = shutil.copyfile(image, tmp_path / f"image-{len(copies)}")

    def found(image):
        with disk_in_a_file(image, after):
            report = after / REPORT
            return tree(report) if report.exists() else None

    with disk_in_a_file(image, reports):
        (reports / "lost+found").rmdir()
        os.sync()
        states = [None]
        for rain in ([4, 5], [6, 7]):
            stations.write(radar=[f"rain = {rain}", *RADAR[1:]])
            copies.clear()
            with between_calls(copy):
                assert stations.run().status == "made"
            states.append(tree(reports / REPORT))
            seen = [found(path) for path in copies.values()]
            assert len(seen) > 5 and set(seen) == set(states[-2:])
            shutil.copyfile(image, tmp_path / "last")
            assert found(tmp_path / "last") == states[-1], "what is called made is on the disk"
