"""32 writers through the edge while each container in turn is killed, paused and cut off the network: no acknowledged write is lost, none doubled, and
clients that repeat their calls end without errors."""
import itertools
import os
import threading
import time

import installation
from installation import Installation, docker
from fault_table import row
from harness import wait_for
from postgres_server import PostgresTables
from writers import Writers, check_chain, prepare

WRITERS, SYSTEMS = 32, 4
AWAY = float(os.environ.get('DUIKOU_AWAY', '6'))  # Seconds that a container is paused or cut off.
HOLDS = ('acknowledged writes there exactly once; sent again, the first answer; sequence and numbers gap-free; records are those of the log; '
         '`duikou verify`; clients that repeat their calls see no error; all containers healthy again by themselves')
KINDS = {'a replica of the registry': ('taskregistry-1', 'taskregistry-2'),
         'a replica of another service': tuple(f'{service}-{n}' for service in ('directory', 'personnel', 'consultation', 'techtransfer') for n in (1, 2)),
         'Redis': ('redis',), 'PostgreSQL': ('postgres',), 'the edge': ('edge',)}


class ThroughTheEdge:
    """What the writers take for a suite: each has a connection of its own. Half of them are people with sessions, half partners' systems with certificates."""

    def __init__(self, suite):
        self.suite = suite
        self.systems = itertools.cycle([suite.seed_partner(f'210800/oa-{number}', ['duikouban']) for number in range(SYSTEMS)])
        self.turn, self.lock = 0, threading.Lock()

    def client(self, setup=True):
        del setup
        with self.lock:
            self.turn += 1
            if self.turn % 2:
                return self.suite.people('TaskRegistry', lambda: self.suite.sign_in('zhang').access_token)
            return self.suite.partner(*next(self.systems), headers=[('on-behalf-of', 'zhang')])


class Database:
    """The PostgreSQL container, as the check of tables reads it."""

    def __init__(self, suite):
        self.suite = suite

    def run(self, database, sql):
        return self.suite['postgres'].run('psql', '-U', 'duikou', '-d', database, '-At', '-c', sql) + '\n'


class Pauses(threading.Thread):
    """How long nothing was acknowledged, at worst, and how long one call took with all its repeats. On a thread of its own, as Docker takes its time."""

    def __init__(self, writers):
        super().__init__(daemon=True)
        self.writers, self.over = writers, threading.Event()
        self.count, self.since, self.worst, self.slowest = writers.acknowledged(), time.monotonic(), 0.0, 0.0
        self.answers = [(len(writer.answers), self.since) for writer in writers.all]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.over.set()
        self.join()

    def run(self):
        while not self.over.wait(0.01):
            now = time.monotonic()
            counts = [len(writer.answers) for writer in self.writers.all]
            self.worst = max(self.worst, now - self.since)
            if sum(counts) != self.count:
                self.count, self.since = sum(counts), now
            for number, count in enumerate(counts):
                seen, since = self.answers[number]
                self.slowest = max(self.slowest, now - since)
                if count != seen:
                    self.answers[number] = (count, now)


def killed(container):
    before = docker('inspect', '--format', '{{.State.StartedAt}}', container.id)
    container.kill()
    wait_for(lambda: docker('inspect', '--format', '{{.State.StartedAt}}', container.id) != before, 30, 'the restart')


def paused(container):
    container.pause()
    time.sleep(AWAY)
    container.resume()


def cut_off(container):
    container.cut_off()
    time.sleep(AWAY)
    container.join()


def fault(writers, container, act):
    """Gives (longest pause of all, slowest call of one client, seconds until the container is healthy again)."""
    with Pauses(writers) as pauses:
        act(container)
        lifted = time.monotonic()
        wait_for(container.is_well, 60, f'health of {container.name}')
        back = time.monotonic() - lifted
        writers.wait_for(200)
    writers.replay()
    print(f'     {container.service} {act.__name__.replace("_", " ")}: longest pause of all {pauses.worst:.1f} s, slowest call {pauses.slowest:.1f} s, '
          f'healthy {back:.1f} s later', flush=True)
    return pauses.worst, pauses.slowest, back


def chosen():
    """(kind, names of its containers) of those in DUIKOU_CONTAINERS, all when that is not set."""
    only = os.environ.get('DUIKOU_CONTAINERS', '').split()
    for kind, names in KINDS.items():
        names = [name for name in names if not only or name in only]
        if names:
            yield kind, names


def test_each_container_fails_in_turn():
    suite = Installation()
    _, plan = prepare(suite)
    with Writers(ThroughTheEdge(suite), plan, WRITERS) as writers:
        writers.wait_for(200)
        for act in (killed, paused, cut_off):
            for kind, names in chosen():
                with row(f'containers: {kind} {act.__name__.replace("_", " ")}', HOLDS) as line:
                    seen = [fault(writers, suite[name], act) for name in names]
                    check_chain(suite)
                    pause, call, back = (max(column) for column in zip(*seen))
                    line.count = f'{len(seen)} time{"s" if len(seen) > 1 else ""}'
                    line.result = f'holds: no answer to anybody for {pause:.1f} s at most, slowest call {call:.1f} s, healthy again after {back:.1f} s'
        suite.wait_until_well()
        writers.wait_for(200)
    assert not writers.errors, writers.errors
    PostgresTables(suite, Database(suite)).check(writers.snapshot())
    print(f'     {writers.acknowledged()} acknowledged, none lost, none doubled; repeated because of {writers.refused}', flush=True)


TESTS = [test_each_container_fails_in_turn]
if __name__ == '__main__':
    installation.harness.main(TESTS)
