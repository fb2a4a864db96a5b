"""What the task registry takes, and that whoever asks for more is refused without harm to others: messages, headers, watchers, load."""
import json
import sqlite3
import subprocess
import threading
import time

import grpc
import harness
from harness import BIN, CITY, Failure, Suite, new_id, wait_for

WATCHERS = 1000
MAX_RSS = 512 << 20
CREATES_IN_FLIGHT, LOAD_SECONDS = 256, 3
SERVER_CORE, LOAD_CORE = '0', '1'
UUID_MARK, NUMBER_MARK = '00000000-0000-7000-8000-000000000000', 'NUMBER000000'  # of duikou-load


class Registry:
    """A registry that serves without TLS on loopback, with a plan, a task and a coordinator."""

    def __init__(self, suite):
        self.suite = suite
        suite.seed_city()
        suite.seed_unit('duikouban', '营口市对口合作办公室')
        suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
        self.zhang = suite.as_person('zhang')
        self.plan = self.zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id()).name
        self.task = self.create('任务').name
        from duikou.taskregistry.v1 import task_requests_pb2
        self.request = suite.folder / 'create.bin'
        self.request.write_bytes(task_requests_pb2.CreateTaskRequest(parent=CITY, task={'plan': self.plan, 'title': f'任务 {NUMBER_MARK}'},
                                                                request_id=UUID_MARK).SerializeToString())

    def create(self, title, client=None):
        return (client or self.zhang).CreateTask(parent=CITY, task={'plan': self.plan, 'title': title}, request_id=new_id())

    def rss(self):
        with open(f'/proc/{self.suite.processes["taskregistry"].pid}/status', encoding='ascii') as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith('VmRSS'))

    def load(self, *arguments):
        """Starts duikou-load; finish() gives what it measured."""
        return subprocess.Popen(['taskset', '-c', LOAD_CORE, str(BIN / 'duikou-load'), '--port', str(self.suite.ports['taskregistry']), '--header',
                                 f'authorization: Bearer {self.zhang.token}', '--warmup', '0.5', '--seconds', str(LOAD_SECONDS), *map(str, arguments)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def creates(self):
        return self.load('--path', '/duikou.taskregistry.v1.TaskRegistry/CreateTask', '--request', self.request, '--in-flight', CREATES_IN_FLIGHT)


def finish(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


class Bystander:
    """Somebody who works on meanwhile: reads and creates one after the other; any failure is one of the test, but
    that a patient one may be asked to come again."""

    def __init__(self, registry, patient=False):
        self.registry, self.client, self.patient = registry, registry.suite.as_person('zhang'), patient
        self.stop, self.error, self.calls, self.slowest = threading.Event(), None, 0, 0.0
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.stop.is_set() and self.error is None:
            begin = time.monotonic()
            try:
                self.client.GetTask(name=self.registry.task)
                self.registry.create('旁人的任务', self.client)
            except Failure as failure:
                if not (self.patient and failure.reason == 'OVERLOADED'):
                    self.error = failure
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.calls += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.stop.set()
        self.thread.join()
        if self.error is not None:
            raise self.error
        assert self.calls > 0, 'the bystander did nothing'


def started():
    return Suite(with_redis=False, plaintext_registry=True)


def test_huge_messages_and_headers_are_refused():
    with started() as suite:
        registry = Registry(suite)
        with Bystander(registry):
            client = suite.as_person('zhang')
            for _ in range(5):
                try:
                    client.CreateTask(parent=CITY, task={'plan': registry.plan, 'title': '长', 'description': '长' * (11 << 20)}, request_id=new_id())
                    raise AssertionError('a message of 32 MB was taken')
                except Failure as failure:
                    assert failure.code == 'RESOURCE_EXHAUSTED', failure
                # Over a connection of its own, which the server may close for it.
                large = suite.client(token=client.token)
                try:
                    large.call('GetTask', name=registry.task, metadata=client.metadata() + [('x-large', 'x' * (1 << 20))])
                    raise AssertionError('headers of 1 MB were taken')
                except Failure as failure:
                    # 1.51 of gRPC answers with the first; it may also close the connection while they still come in.
                    assert failure.code in ('RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'INTERNAL'), failure
            assert client.GetTask(name=registry.task).name == registry.task
        assert registry.rss() < MAX_RSS, registry.rss()


def test_slow_watchers_hold_up_nobody():
    with started() as suite:
        registry = Registry(suite)
        log = registry.suite.as_person('zhang', 'ChangeLog')
        # Streams that are opened and never read, over connections of their own so that nothing reads for them.
        slow, channels = [], []
        for i in range(WATCHERS):
            if i % 100 == 0:
                channels.append(suite.client('ChangeLog', token=log.token))
            slow.append(channels[-1].stream('Watch', timeout=300, parent=CITY))
        quick, seen, ended = log.stream('Watch', timeout=300, parent=CITY), [], []

        def read():
            try:
                for response in quick:
                    seen.extend(change.name for change in response.changes)
            except grpc.RpcError as error:
                ended.append(error.code())
        reader = threading.Thread(target=read)
        reader.start()
        assert all(stream.is_active() for stream in slow), 'a watcher was refused'
        before = registry.rss()
        begin = time.monotonic()
        with Bystander(registry) as bystander:
            created = [registry.create(f'任务{i} ' + '述' * 100).name for i in range(300)]
            wait_for(lambda: set(created) <= set(seen), seconds=60, what='the watcher that reads sees every change')
        assert bystander.slowest < 5, bystander.slowest
        print(f'     {WATCHERS} watchers that do not read: 300 creates in {time.monotonic() - begin:.1f} s, RSS {before >> 20} MB, then {registry.rss() >> 20} MB')
        assert registry.rss() < MAX_RSS, registry.rss()
        # Their headers come with the first change, which says that each was served; one that was ended would be so by now.
        assert all(stream.initial_metadata() is not None and stream.is_active() for stream in slow), 'a watcher was ended'
        quick.cancel()
        reader.join()
        for stream in slow:
            stream.cancel()


def test_overload_is_shed_and_loses_nothing():
    """Five times the load that fills it: what is refused says so, what is acknowledged is stored, work goes on. (How well: `./dev bench`.)"""
    with started() as suite:
        suite.stop('taskregistry')
        suite.start('taskregistry', prefix=['taskset', '-c', SERVER_CORE])
        registry = Registry(suite)
        full = finish(registry.creates())
        with Bystander(registry, patient=True):
            crowded = [finish(process) for process in [registry.creates() for _ in range(5)]]
        assert all(set(one['failed']) <= {'14'} for one in [full, *crowded]), [one['failed'] for one in crowded]  # UNAVAILABLE
        assert all(one['lost'] == 0 for one in [full, *crowded]), 'calls without an answer: ' + str([one['lost'] for one in [full, *crowded]])
        goodput = sum(one['calls_per_second'] for one in crowded) / full['calls_per_second']
        assert goodput >= 0.3, f'goodput fell to {goodput:.2f} of that at full load'
        with sqlite3.connect(f'file:{suite.folder}/taskregistry.db?mode=ro', uri=True) as database:
            stored = database.execute('SELECT count(*) FROM r_task').fetchone()[0]
        acknowledged = sum(one['ok'] for one in [full, *crowded])
        assert stored >= acknowledged, (stored, acknowledged)
        assert registry.rss() < MAX_RSS, registry.rss()
        print(f'     five times the load: goodput {goodput:.2f}, p99 {max(one["p99_us"] for one in crowded) / full["p99_us"]:.1f} times that at full load')


if __name__ == '__main__':
    harness.main([test_huge_messages_and_headers_are_refused, test_slow_watchers_hold_up_nobody, test_overload_is_shed_and_loses_nothing])
