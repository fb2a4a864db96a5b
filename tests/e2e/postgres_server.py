"""A PostgreSQL server of a test, in a folder of its own, that can be made to fail."""
import contextlib
import csv
import io
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from harness import Skip, free_port, is_serving, wait_for
from writers import StoreFiles

PROGRAMS = pathlib.Path('/usr/lib/postgresql/15/bin')


class PostgresServer:
    """`address` has no database at its end: each service has one of its name."""

    def __init__(self, databases=('taskregistry',)):
        if not (PROGRAMS / 'postgres').exists():
            raise Skip('the package postgresql-15 is not installed')
        # The server refuses to run as root; its package makes an account for it.
        self.as_account = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] if os.geteuid() == 0 else []
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='duikou-pg-'))
        self.port, self.databases = free_port(), databases
        self.address = f'postgres://duikou@127.0.0.1:{self.port}'

    def __enter__(self):
        if self.as_account:
            shutil.chown(self.folder, 'postgres', 'postgres')
        subprocess.run([*self.as_account, str(PROGRAMS / 'initdb'), '--pgdata', str(self.folder / 'cluster'), '--username', 'duikou', '--auth', 'trust',
                        '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'], check=True, cwd='/', stdout=subprocess.DEVNULL)
        self.start()
        for name in self.databases:
            self.run('postgres', f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh'")
        return self

    def __exit__(self, *unused):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        log = open(self.folder / 'log', 'ab')
        self.process = subprocess.Popen([*self.as_account, str(PROGRAMS / 'postgres'), '-D', str(self.folder / 'cluster'), '-k', str(self.folder),
                                         '-p', str(self.port), '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=100'],
                                        cwd='/', stdout=log, stderr=log)
        wait_for(lambda: is_serving(self.port) and self.run('postgres', 'SELECT 1', check=False).strip() == '1', what='PostgreSQL')

    def backends(self):
        """Its processes, the server itself first."""
        children = pathlib.Path(f'/proc/{self.process.pid}/task/{self.process.pid}/children').read_text(encoding='ascii')
        return [self.process.pid, *map(int, children.split())]

    def send(self, sig):
        for pid in self.backends():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)

    def stop(self, sig):
        """SIGINT closes connections and ends in order, SIGQUIT at once, SIGKILL as a crash."""
        self.send(sig) if sig == signal.SIGKILL else self.process.send_signal(sig)
        self.process.wait(timeout=60)

    def run(self, database, sql, check=True):
        return subprocess.run([str(PROGRAMS / 'psql'), '-h', '127.0.0.1', '-p', str(self.port), '-U', 'duikou', '-d', database, '-At', '-c', sql],
                              capture_output=True, text=True, check=check, cwd='/').stdout

    def end_backends(self):
        """Ends the connections of all clients; says how many."""
        return len(self.run('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> 'postgres'").split())


class PostgresTables(StoreFiles):
    """What StoreFiles checks, read from a database."""

    COLUMNS = {'changes': ('city', 'sequence', 'header', 'hash', 'salt', 'message'), 'heads': ('city', 'sequence', 'hash'),
               'r_task': ('city', 'id', 'version', 'message'), 'requests': ('request_id',), 'counters': ('name', 'value')}
    BYTES, NUMBERS = ('header', 'hash', 'salt', 'message'), ('sequence', 'version', 'value')

    def __init__(self, suite, server):
        super().__init__(suite)
        self.server = server

    def copy(self):
        copy = sqlite3.connect(':memory:')
        for table, columns in self.COLUMNS.items():
            asked = ', '.join(f"encode({c}, 'hex')" if c in self.BYTES else c for c in columns)
            rows = csv.reader(io.StringIO(self.server.run(self.name, f'COPY (SELECT {asked} FROM {table}) TO STDOUT (FORMAT csv)')))
            copy.execute(f'CREATE TABLE {table} ({", ".join(columns)})')
            copy.executemany(f'INSERT INTO {table} VALUES ({", ".join("?" * len(columns))})', (
                [bytes.fromhex(v) if c in self.BYTES else int(v) if c in self.NUMBERS else v for c, v in zip(columns, row)] for row in rows))
        return copy
