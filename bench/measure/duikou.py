"""Ours: the directory (TLS), task registries and personnel services (plaintext on loopback, for the load) as they are shipped."""
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

from bench.measure.process import LOAD_CORE, ROOT, SERVER_CORE, Refused, pinned

CITY = 'cities/210800'
UUID_MARK = '00000000-0000-7000-8000-000000000000'  # duikou-load puts fresh values of the same length in place of these
NUMBER_MARK = 'NUMBER000000'
TICKS = os.sysconf('SC_CLK_TCK')
QUIET_WITHIN = 1200  # seconds
TOKEN_SECONDS = 600  # renewed after; it lives for 900


class SqliteFile:
    """The store of a service as a file."""

    def __init__(self, path):
        self.path, self.flag = path, str(path)

    def tasks(self):
        """How many tasks are on disk."""
        return self.records('task')

    def records(self, type_name):
        with sqlite3.connect(f'file:{self.path}?mode=ro', uri=True) as database:
            return database.execute(f'SELECT count(*) FROM r_{type_name}').fetchone()[0]


class Server:
    """A service on the server's core; `state` is another of which it is a replica."""

    def __init__(self, suite, service, name, store, folder, state=None):
        self.suite, self.name, self.store, self.folder = suite, name, store, folder
        self.port = suite.harness.free_port()
        given = {'--listen': f'127.0.0.1:{self.port}', '--store': store.flag, '--state-dir': str(folder / f'{state or name}.state'),
                 '--log': str(folder / f'{name}.log')}
        command = [f'{flag}={given[flag]}' if (flag := word.split('=')[0]) in given else word
                   for word in suite.suite.command(service)]
        output = folder / f'{name}.out'
        with open(output, 'wb') as out:
            self.process = subprocess.Popen(pinned(SERVER_CORE, command), stdout=out, stderr=out)
        suite.servers.append(self)  # Which stops it also when what follows fails.
        while not suite.harness.is_serving(self.port):
            if self.process.poll() is not None:
                raise Refused(f'the service on {store.flag} did not start: {output.read_text()[-1000:].strip()}')
            time.sleep(0.05)

    def processor_seconds(self):
        """What it has used so far."""
        with open(f'/proc/{self.process.pid}/stat', encoding='ascii') as stat:
            return sum(int(word) for word in stat.read().rsplit(')', 1)[1].split()[11:13]) / TICKS

    def wait_until_quiet(self):
        """A service on a large store reads its log, and does the day's work, for a while after it serves."""
        for _ in range(QUIET_WITHIN):
            before = self.processor_seconds()
            time.sleep(1)
            if self.processor_seconds() - before < 0.03:
                return
        raise Refused(f'{self.name} is still at work {QUIET_WITHIN} s after its start')

    def stop(self):
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise Refused(f'{self.name} ended badly: {(self.folder / f"{self.name}.out").read_text()[-1000:]}')


class Registry(Server):
    """A task registry with a plan to create tasks in."""

    def __init__(self, suite, name, store, folder, state=None):
        super().__init__(suite, 'taskregistry', name, store, folder, state)
        client = suite.person(self.port)
        self.plan = client.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '基准测试方案'},
                                      request_id=suite.harness.new_id()).name
        self.create_file = folder / f'{name}.create.bin'
        self.create_file.write_bytes(self.create_request())

    def create_request(self):
        """A serialized CreateTask with marks."""
        from duikou.taskregistry.v1 import task_requests_pb2
        return task_requests_pb2.CreateTaskRequest(parent=CITY, task=self.suite.task(self.plan), request_id=UUID_MARK).SerializeToString()

    def tasks(self):
        return self.store.tasks()


class Suite:
    """The directory with a city, two units and a coordinator; what registries and their load take from it."""

    def __init__(self, binaries, folder):
        os.environ['DUIKOU_SOURCE_DIR'], os.environ['DUIKOU_BIN_DIR'] = str(ROOT), str(binaries)
        sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
        try:
            import harness
        except ImportError as error:
            raise Refused(f'{error}: install the package python3-grpcio') from None
        self.harness = harness
        self.servers = []
        self.suite = harness.Suite(with_redis=False, folder=folder, plaintext_registry=True)
        self.suite.start('directory', prefix=pinned(LOAD_CORE, []))
        self.suite.seed_city()
        self.unit = self.suite.seed_unit('u1', '市工业和信息化局')
        self.other = self.suite.seed_unit('u2', '市商务局')
        self.suite.seed_account('bench', 'u1', ['COORDINATOR', 'PERSONNEL_OFFICER', 'SCHEDULER'])
        self.token, self.token_time = '', 0.0

    def access_token(self):
        if time.monotonic() - self.token_time > TOKEN_SECONDS:
            self.token, self.token_time = self.suite.sign_in('bench').access_token, time.monotonic()
        return self.token

    def authorization(self):
        return f'authorization: Bearer {self.access_token()}'

    def person(self, port):
        """The coordinator's client of a registry, once that knows the directory's keys."""
        self.suite.ports['taskregistry'] = port
        return self.suite.as_person('bench')

    def task(self, plan):
        """A task with two duties, as one of a plan has."""
        return {'plan': plan, 'title': f'推进产业项目对接合作 {NUMBER_MARK}',
                'description': '围绕装备制造、石化、镁质材料等重点产业,组织企业互访对接,推动项目签约落地。' * 2,
                'clause': {'path': '三/(一)/1', 'headings': ['重点任务', '产业合作']},
                'duties': [{'kind': 1, 'unit': self.unit}, {'kind': 2, 'unit': self.other}],
                'due_date': {'year': 2026, 'month': 12, 'day': 31}, 'report_frequency': 3}

    def stop(self):
        for server in self.servers:
            server.stop()
        for name in list(self.suite.processes):
            self.suite.stop(name)


def registry_takes_postgres(binaries):
    """Whether the binary knows --store=postgres://…."""
    usage = subprocess.run([pathlib.Path(binaries) / 'duikou-taskregistry', '--help'], capture_output=True, text=True, check=False)
    return 'postgres://' in usage.stdout
