"""PostgreSQL 15 in a temporary folder, on the core of the load, with its defaults but for memory and connections."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from bench.measure.process import LOAD_CORE, SERVER_CORE, Refused, pinned, run, run_json

PROGRAMS = pathlib.Path('/usr/lib/postgresql/15/bin')
USER = 'duikou'


def account():
    """PostgreSQL does not run as root: then it runs as the user of Debian's package, who needs a folder outside of root's."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam('postgres')
    except KeyError:
        return pwd.getpwnam('nobody')


class Database:
    """A database of the server; as the store of a registry too."""

    def __init__(self, server, name):
        self.name = name
        self.url = self.flag = f'postgres://{USER}@127.0.0.1:{server.port}/{name}'

    def query(self, sql):
        return run(['psql', '-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-c', sql, self.url], f'psql {self.name}').strip()

    def tasks(self):
        """How many tasks our engine's table holds."""
        return int(self.query('SELECT count(*) FROM r_task'))


class Postgres:
    """The server. It never runs with fsync or synchronous_commit off: a commit is durable, as ours is."""

    def __init__(self, folder):
        if not (PROGRAMS / 'postgres').exists():
            raise Refused('PostgreSQL is missing: install the package postgresql-15')
        owner = account()
        # Not on /tmp, which may be memory, where a commit costs nothing.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='duikou-bench-', dir='/var/tmp' if owner else folder))
        if owner:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        # By a program: a child of Python that changes its user is a plain fork, in which gRPC's threads may abort this process.
        self.become = ['setpriv', f'--reuid={owner.pw_uid}', f'--regid={owner.pw_gid}', '--clear-groups'] if owner else []
        run([*self.become, PROGRAMS / 'initdb', '--pgdata', self.folder / 'cluster', '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--locale',
             'C.UTF-8', '--no-instructions'], 'initdb', cwd=self.folder)
        from harness import free_port
        self.port = free_port()
        with open(self.folder / 'log', 'wb') as log:
            self.process = subprocess.Popen(pinned(LOAD_CORE, [
                *self.become, PROGRAMS / 'postgres', '-D', self.folder / 'cluster', '-k', self.folder, '-c', 'listen_addresses=127.0.0.1', '-p', self.port,
                '-c', 'max_connections=200', '-c', 'shared_buffers=512MB', '-c', 'max_wal_size=4GB', '-c', 'fsync=on',
                '-c', 'synchronous_commit=on']), stdout=log, stderr=log, cwd=self.folder)
        end = time.monotonic() + 30
        while subprocess.run([PROGRAMS / 'pg_isready', '-q', '-h', '127.0.0.1', '-p', str(self.port)], check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise Refused(f'PostgreSQL did not start: {(self.folder / "log").read_text()[-1000:]}')
            time.sleep(0.05)

    def database(self, name):
        Database(self, 'postgres').query(f'CREATE DATABASE {name}')
        return Database(self, name)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres(bench):
    bench.suite()  # The module harness is importable from then on.
    return bench.keep('postgres', lambda: Postgres(bench.folder))


def database(bench, name):
    server = postgres(bench)
    return bench.keep(f'database/{name}', lambda: server.database(name))


def five_trips(bench):
    """Creates a second in five round trips each, on 32 connections."""
    registry = bench.registry()
    return run_json(pinned(SERVER_CORE, [
        bench.binaries / 'five_trips', '--database', database(bench, 'five_trips').url, '--message', registry.create_file, '--connections', 32,
        '--seconds', bench.seconds, '--warmup', bench.warmup]))['calls_per_second']
