"""Storage that fails under writers: a full disk, and a sync that reports an error."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import harness
from fault_table import row
from harness import Skip, Suite, channel_to, wait_for
from writers import StoreFiles, Writers, check_chain, prepare

SERVING, NOT_SERVING = 1, 2


def health(suite):
    """What the registry's standard health service says."""
    with channel_to(suite.ports['taskregistry'], suite.read('ca.crt')) as channel:
        answer = channel.unary_unary('/grpc.health.v1.Health/Check')(b'', timeout=10, wait_for_ready=True)
    return answer[1] if answer else 0  # The one field of the response: its status.


class SmallDisk:
    """A file system of some megabytes, which can be filled and emptied."""

    def __init__(self, megabytes):
        self.megabytes = megabytes

    def __enter__(self):
        if os.geteuid() != 0:
            raise Skip('a file system of its own needs root to mount it')
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='duikou-disk-'))
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={self.megabytes}m', 'tmpfs', str(self.folder)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.folder.rmdir()
            raise Skip(f'no tmpfs can be mounted here: {done.stderr.strip()}')
        return self

    def __exit__(self, *unused):
        subprocess.run(['umount', '-l', str(self.folder)], check=True)
        self.folder.rmdir()

    def fill(self):
        with open(self.folder / 'ballast', 'ab', buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def empty(self):
        (self.folder / 'ballast').unlink()


def test_disk_full():
    invariant = 'what does not fit is refused (STORAGE_FULL); nothing acknowledged is lost; writes go on when there is room, without a restart and after one'
    with SmallDisk(24) as disk, Suite(with_redis=False) as suite, row('disk full (tmpfs)', invariant) as noted:
        _, plan = prepare(suite)
        suite.stop('taskregistry')
        shutil.move(suite.store('taskregistry'), disk.folder)
        assert not os.path.exists(suite.store('taskregistry') + '-wal'), 'a store that was closed is one file'
        suite.places['taskregistry'] = disk.folder
        suite.start('taskregistry')
        files = StoreFiles(suite)
        with Writers(suite, plan) as writers:
            for fill in range(6):
                writers.wait_for(200)
                full_before = writers.refused.get('STORAGE_FULL', 0)
                disk.fill()
                wait_for(lambda: writers.refused.get('STORAGE_FULL', 0) >= full_before + 32, what='the disk to be full')
                assert not writers.refused.get('STORE_BROKEN'), 'a full disk is no reason to give up'
                assert health(suite) == SERVING
                if fill % 3 == 1:  # Killed while it is full, started when there is room.
                    suite.stop('taskregistry', signal.SIGKILL)
                    files.check(writers.snapshot())
                    disk.empty()
                    suite.start('taskregistry')
                elif fill % 3 == 2:  # Stopped in order while it is full.
                    suite.stop('taskregistry')
                    files.check(writers.snapshot())
                    disk.empty()
                    suite.start('taskregistry')
                else:
                    disk.empty()
                writers.wait_for(100)
                noted.count = f'{fill + 1} times'
            check_chain(suite)
        suite.stop('taskregistry')
        files.check(writers.snapshot())
        noted.result = f'holds: {writers.refused["STORAGE_FULL"]} refused, {writers.acknowledged()} acknowledged, none lost'


def breaks_for_good(suite, plan, fail, mend, noted):
    """`fail` makes syncs fail; from then on nothing is acknowledged, also after `mend`, until the service is started again."""
    files = StoreFiles(suite)
    with Writers(suite, plan) as writers:
        writers.wait_for(200)
        fail()
        wait_for(lambda: health(suite) == NOT_SERVING, what='health to say that it does not serve')
        time.sleep(0.5)  # Answers on their way.
        before = writers.acknowledged()
        mend()
        time.sleep(2)
        assert writers.acknowledged() == before, 'a write was acknowledged after a sync had failed'
        assert health(suite) == NOT_SERVING, 'it serves again without a restart'
        assert set(writers.refused) >= {'STORE_BROKEN'}, writers.refused
        name = next(name for writer in writers.all for name in writer.etags)
        assert suite.client(setup=True).GetTask(name=name, patient=True).name == name, 'reads go on'
        suite.stop('taskregistry')
        files.check(writers.snapshot())
        suite.environment = {}
        suite.start('taskregistry')
        assert health(suite) == SERVING
        writers.replay()
        writers.wait_for(100)
    check_chain(suite)
    suite.stop('taskregistry')
    files.check(writers.snapshot())
    noted.count = '1 time'
    noted.result = f'holds: {writers.acknowledged()} acknowledged, none lost'


BREAKS = 'from the error on nothing is acknowledged, health says NOT_SERVING, reads go on; after a restart all that was acknowledged is there'


def test_fdatasync_reports_an_error():
    with Suite(with_redis=False) as suite, row('EIO of fdatasync (binaries as shipped)', BREAKS) as noted:
        _, plan = prepare(suite)
        suite.stop('taskregistry')
        library, flag = suite.folder / 'failing_sync.so', suite.folder / 'fail'
        subprocess.run(['g++', '-shared', '-fPIC', '-O1', '-o', str(library), str(harness.ROOT / 'tests' / 'e2e' / 'failing_sync.cc')], check=True)
        suite.environment = {'LD_PRELOAD': str(library), 'FAIL_SYNC_WHILE': str(flag)}
        suite.start('taskregistry')
        breaks_for_good(suite, plan, flag.touch, flag.unlink, noted)


if __name__ == '__main__':
    harness.main([test_disk_full, test_fdatasync_reports_an_error])
