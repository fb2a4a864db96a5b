"""32 writers through the edge while each container in turn is killed, paused and cut off the network: no acknowledged write is lost, none doubled, and
clients that repeat their calls end without errors."""
import os
import time

import installation
from installation import Installation, docker
from fault_table import row
from harness import Suite, wait_for
from postgres_server import PostgresTables
from writers import Writers, check_chain, prepare

WRITERS = 32
AWAY = float(os.environ.get('DUIKOU_AWAY', '6'))  # Seconds that a container is paused or cut off.
HOLDS = ('acknowledged writes there exactly once; sent again, the first answer; sequence and numbers gap-free; records are those of the log; '
         '`duikou verify`; clients that repeat their calls see no error; all containers healthy again by themselves')
KINDS = {'a replica of the registry': ('taskregistry-1', 'taskregistry-2'),
         'a replica of another service': tuple(f'{service}-{n}' for service in ('directory', 'personnel', 'consultation', 'techtransfer') for n in (1, 2)),
         'Redis': ('redis',), 'PostgreSQL': ('postgres',), 'the edge': ('edge',)}


class ThroughTheEdge:
    """What the writers take for a suite: each has a connection and a session of its own at the people's port."""

    def __init__(self, suite):
        self.suite = suite

    def client(self, setup=True):
        del setup
        return self.suite.people('TaskRegistry', lambda: Suite.sign_in(self.suite, 'zhang').access_token)


class Database:
    """The PostgreSQL container, as the check of tables reads it."""

    def __init__(self, suite):
        self.suite = suite

    def run(self, database, sql):
        return self.suite['postgres'].run('psql', '-U', 'duikou', '-d', database, '-At', '-c', sql) + '\n'


class Pauses:
    """How long nothing was acknowledged, at worst, and how long one call took with all its repeats."""

    def __init__(self, writers):
        self.writers, self.begin = writers, time.monotonic()
        self.count, self.since, self.worst = writers.acknowledged(), self.begin, 0.0
        self.answers = [(len(writer.answers), self.begin) for writer in writers.all]
        self.slowest = 0.0

    def look(self):
        now, count = time.monotonic(), self.writers.acknowledged()
        self.worst = max(self.worst, now - self.since)
        if count != self.count:
            self.count, self.since = count, now
        for number, writer in enumerate(self.writers.all):
            seen, since = self.answers[number]
            self.slowest = max(self.slowest, now - since)
            if len(writer.answers) != seen:
                self.answers[number] = (len(writer.answers), now)

    def during(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(0.005)

    def until(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f'{what} did not come true within {seconds} s'
            self.during(0.3)


def killed(container, pauses):
    before = docker('inspect', '--format', '{{.State.StartedAt}}', container.id)
    container.kill()
    pauses.until(lambda: docker('inspect', '--format', '{{.State.StartedAt}}', container.id) != before, 30, 'the restart')


def paused(container, pauses):
    container.pause()
    pauses.during(AWAY)
    container.resume()


def cut_off(container, pauses):
    container.cut_off()
    pauses.during(AWAY)
    container.join()


def fault(suite, writers, container, act):
    """Gives (longest pause of all, slowest call of one client, seconds until the container is healthy again)."""
    pauses = Pauses(writers)
    act(container, pauses)
    lifted = time.monotonic()
    pauses.until(container.is_well, 60, f'health of {container.name}')
    back = time.monotonic() - lifted
    goal = writers.acknowledged() + 200
    pauses.until(lambda: writers.acknowledged() >= goal, 60, f'progress of the writers, refused with {writers.refused}')
    writers.replay()
    print(f'     {container.service} {act.__name__.replace("_", " ")}: longest pause of all {pauses.worst:.1f} s, slowest call {pauses.slowest:.1f} s, '
          f'healthy {back:.1f} s later', flush=True)
    return pauses.worst, pauses.slowest, back


def test_each_container_fails_in_turn():
    suite = Installation()
    coordinator, plan = prepare(suite)
    del coordinator
    tables = PostgresTables.__new__(PostgresTables)
    tables.suite, tables.name, tables.server = suite, 'taskregistry', Database(suite)
    tables.sequence, tables.hash, tables.versions, tables.requests, tables.created = 0, bytes(32), {}, set(), 0
    only = os.environ.get('DUIKOU_CONTAINERS', '').split()
    noted = []
    with Writers(ThroughTheEdge(suite), plan, WRITERS) as writers:
        writers.wait_for(200)
        for act in (killed, paused, cut_off):
            for kind, names in KINDS.items():
                with row(f'containers: {kind} {act.__name__.replace("_", " ")}', HOLDS) as line:
                    seen = []
                    for name in names:
                        if only and name not in only:
                            continue
                        seen.append(fault(suite, writers, suite[name], act))
                        line.count = f'{len(seen)} time{"s" if len(seen) > 1 else ""}'
                    check_chain(suite)
                    if seen:
                        worst = [max(column) for column in zip(*seen)]
                        line.result = f'holds: no answer to anybody for {worst[0]:.1f} s at most, slowest call {worst[1]:.1f} s, healthy again after {worst[2]:.1f} s'
                noted.append(kind)
        suite.wait_until_well()
        writers.wait_for(200)
    assert not writers.errors, writers.errors
    tables.check(writers.snapshot())
    print(f'     {writers.acknowledged()} acknowledged, none lost, none doubled; repeated because of {writers.refused}', flush=True)


TESTS = [test_each_container_fails_in_turn]
if __name__ == '__main__':
    installation.harness.main(TESTS)
