"""What the rows share: servers that run, names that exist, and one round of load."""
import pathlib
import shutil
import subprocess
import sys

from bench.measure.duikou import Registry, SqliteFile, Suite
from bench.measure.process import LOAD_CORE, ROOT, Disturbed, Refused, pinned, run_json

COLD_NAMES = 100_000
HOT_NAMES = 64
READS_IN_FLIGHT = 64
CREATES_IN_FLIGHT = 256
GET_TASK = '/duikou.taskregistry.v1.TaskRegistry/GetTask'
CREATE_TASK = '/duikou.taskregistry.v1.TaskRegistry/CreateTask'
LIST_TASKS = '/duikou.taskregistry.v1.TaskRegistry/ListTasks'
UNAVAILABLE = '14'
PROGRAMS = ('duikou-load', 'empty_grpc_server', 'raw_writes', 'policy_parse_benchmark', 'fill_store', 'fill_exchange', 'five_trips', 'watch_delivery', 'search_benchmark', 'match_benchmark',
            'duikou-directory', 'duikou-taskregistry', 'duikou-personnel', 'duikou-consultation', 'duikou-techtransfer')


def say(text):
    print(f'  {text}', file=sys.stderr, flush=True)


class Bench:
    """Starts what a row asks for once, and stops all at the end."""

    def __init__(self, binaries, seconds, warmup, full):
        self.binaries, self.seconds, self.warmup, self.full = binaries.resolve(), seconds, warmup, full
        for name in PROGRAMS:
            if not (self.binaries / name).exists():
                raise Refused(f'{self.binaries / name} is not built: run ./dev bench, or build all and give --bin')
        self.folder = ROOT / '.run' / 'bench'
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.built = ROOT / '.run' / 'bench-built'  # What is built here for a peer, kept for the next run.
        self.kept = {}

    def keep(self, name, make):
        """What make() gave when it was first asked for under this name."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def stop(self):
        """Stops everything, also when one does not end well; tells the first that did not."""
        failures = []
        for kept in reversed(list(self.kept.values())):
            try:
                if hasattr(kept, 'stop'):
                    kept.stop()
            except (Refused, AssertionError, OSError, subprocess.SubprocessError) as failure:
                failures.append(failure)
        if failures:
            raise Refused(f'a server did not stop well, its files are in {self.folder}: {failures[0]}')
        shutil.rmtree(self.folder, ignore_errors=True)

    def suite(self):
        return self.keep('suite', lambda: Suite(self.binaries, self.folder))

    def registry(self, name='registry', store=None):
        suite = self.suite()
        return self.keep(name, lambda: Registry(suite, name, store or SqliteFile(self.folder / f'{name}.db'), self.folder))

    def load(self, port, path, *arguments, seconds=None, warmup=None, may_refuse=False):
        """One round of load; with `may_refuse` calls that are told to come again count for nothing, but are no failure."""
        result = run_json(pinned(LOAD_CORE, [
            self.binaries / 'duikou-load', '--port', port, '--path', path, '--seconds', self.seconds if seconds is None else seconds,
            '--warmup', self.warmup if warmup is None else warmup, *arguments]))
        refused = set(result['failed']) == {UNAVAILABLE} and not result['lost']
        if (result['failed'] or result['lost']) and not (may_refuse and refused):
            # A server that had no time to work off its queue refuses what is new, as it should.
            kind = Disturbed if refused else Refused
            raise kind(f'{path}: calls failed {result["failed"]}, lost {result["lost"]}: {result["first_failure"]}')
        if result['measured'] == 0:
            raise Disturbed(f'{path}: no call was answered within the {result["seconds"]:g} s of the round')
        return result

    def call(self, registry, path, *arguments, **window):
        return self.load(registry.port, path, '--header', self.suite().authorization(), *arguments, **window)

    def names(self):
        """A file with the names of COLD_NAMES tasks of the registry, and one with HOT_NAMES; created on first use."""
        names, hot = self.folder / 'names.txt', self.folder / 'hot.txt'
        if not names.exists():
            registry = self.registry()
            say(f'creating {COLD_NAMES:,} tasks …')
            saved = self.folder / 'saved_names.txt'
            self.create(registry, READS_IN_FLIGHT, seconds=600, warmup=0, calls=COLD_NAMES, save=saved)
            lines = saved.read_text().splitlines()
            if len(set(lines)) != COLD_NAMES:
                raise Refused(f'{COLD_NAMES} creates gave {len(set(lines))} different names')
            hot.write_text('\n'.join(lines[:HOT_NAMES]) + '\n')
            saved.rename(names)
        return names, hot

    def create(self, registry, in_flight=CREATES_IN_FLIGHT, calls=0, save=None, seconds=None, warmup=None):
        """Creates a second; refused unless the store holds exactly the acknowledged ones more."""
        before = registry.tasks()
        result = self.call(registry, CREATE_TASK, '--request', registry.create_file, '--in-flight', in_flight, '--calls', calls,
                           *(['--save-names', save] if save else []), seconds=seconds, warmup=warmup)
        held = registry.tasks() - before
        if held != result['ok']:
            raise Refused(f'the store holds {held} new tasks, but {result["ok"]} creates were acknowledged')
        return result['calls_per_second']

    def get(self, registry, names):
        """Reads a second of names drawn at random."""
        result = self.call(registry, GET_TASK, '--names', names, '--in-flight', READS_IN_FLIGHT)
        check_size(result, 200, 'GetTask')
        return result['calls_per_second']

    def list(self, registry, requests, in_flight=READS_IN_FLIGHT):
        """Lists a second of requests drawn at random, each for a full page of 50."""
        result = self.call(registry, LIST_TASKS, '--requests', requests, '--in-flight', in_flight)
        check_size(result, 50 * 200, 'ListTasks')
        return result['calls_per_second']


def check_size(result, least, what):
    if result['response_bytes'] < least * result['ok']:
        raise Refused(f'what {what} answered is too short to be what was created')


def write_delimited(file, messages):
    """A file of requests as duikou-load takes them: each after its length as a varint."""
    out = bytearray()
    for message in messages:
        text = message.SerializeToString()
        length = len(text)
        while length >= 0x80:
            out.append(length & 0x7F | 0x80)
            length >>= 7
        out.append(length)
        out += text
    pathlib.Path(file).write_bytes(out)
    return file
