"""What a call costs in a large store, over what it costs in a small one: both ours, each filled for it alone."""
import shutil

from bench.measure.bench import say, write_delimited
from bench.measure.duikou import CITY, SqliteFile
from bench.measure.process import LOAD_CORE, SERVER_CORE, Refused, pinned, run_json
from bench.measure.rounds import Row

SMALL = 10_000
UNITS = 100
BYTES_OF_TASK = 3_000
CREATES_OF_ROUND = 1_000  # Each makes the small store larger: as few as are still a measure with so many in flight.
LISTS_IN_FLIGHT = 4       # Few enough that slow ones end with their round.


class Filled:
    """A registry on a store with many tasks, and the requests to it."""

    def __init__(self, bench, name, tasks):
        if shutil.disk_usage(bench.folder).free < tasks * BYTES_OF_TASK * 1.2:
            raise Refused(f'{tasks:,} tasks take {tasks * BYTES_OF_TASK / 1e9:,.0f} GB, which the disk of {bench.folder} does not have')
        suite = bench.suite()
        store = SqliteFile(bench.folder / f'{name}.db')
        units, self.names, plans = (bench.folder / f'{name}.{part}.txt' for part in ('units', 'names', 'plans'))
        unit_names = [suite.unit, suite.other, *(f'{CITY}/units/filled{n}' for n in range(UNITS - 2))]
        units.write_text('\n'.join(unit_names) + '\n')
        say(f'filling a store with {tasks:,} tasks …')
        run_json(pinned(f'{SERVER_CORE},{LOAD_CORE}', [bench.binaries / 'fill_store', '--store', store.path, '--tasks', tasks, '--units', units,
                                                       '--names', self.names, '--plans', plans]))
        self.registry = bench.registry(name, store)
        self.registry.wait_until_quiet()
        self.working_set = bench.folder / f'{name}.working_set.txt'
        lines = self.names.read_text().splitlines()
        self.working_set.write_text('\n'.join(lines[::max(1, len(lines) // SMALL)]) + '\n')
        from duikou.taskregistry.v1 import task_requests_pb2
        self.by_plan = write_delimited(bench.folder / f'{name}.by_plan.bin', [
            task_requests_pb2.ListTasksRequest(parent=CITY, filter=f'plan = "{plan}" AND state = IN_PROGRESS')
            for plan in plans.read_text().splitlines()])
        self.by_unit = write_delimited(bench.folder / f'{name}.by_unit.bin', [
            task_requests_pb2.ListTasksRequest(parent=CITY, filter=f'duties.unit = "{unit}"') for unit in unit_names])


def filled(bench, name, tasks):
    bench.suite()
    return bench.keep(f'store/{name}', lambda: Filled(bench, name, tasks))


def both(suffix, large, calls_per_second):
    """Microseconds a call with the server at work all the time. Each size has a small store of its own, as creates make it
    larger."""
    def sides(bench):
        at_large, at_small = filled(bench, f'large{suffix}', large(bench)), filled(bench, f'small{suffix}', SMALL)
        return lambda: 1e6 / calls_per_second(bench, at_large), lambda: 1e6 / calls_per_second(bench, at_small)
    return sides


def get(bench, at):
    return bench.get(at.registry, at.names)


def get_working_set(bench, at):
    return bench.get(at.registry, at.working_set)


def create(bench, at):
    return bench.create(at.registry, calls=CREATES_OF_ROUND, warmup=0, seconds=60)


def list_by_plan(bench, at):
    return bench.list(at.registry, at.by_plan, LISTS_IN_FLIGHT)


def list_by_unit(bench, at):
    return bench.list(at.registry, at.by_unit, LISTS_IN_FLIGHT)


def rows(suffix, large):
    def row(name, calls_per_second, small=f'{SMALL:,} tasks'):
        return Row(f'growth/{name}{suffix}', 'µs/call', lambda bench: f'ours at {small}; ours here at {large(bench):,}',
                   both(suffix, large, calls_per_second), at_most=1.3)
    # The creates come last: they make the small store larger.
    return [row('get', get), row('get_working_set', get_working_set), row('list', list_by_plan), row('list_by_unit', list_by_unit),
            row('create', create, f'{SMALL:,} tasks and {CREATES_OF_ROUND:,} more after each round')]


ROWS = rows('', lambda bench: 1_000_000 if bench.full else 200_000)
FULL_ROWS = rows('_10m', lambda bench: 10_000_000)
