"""The service on Fastify and PostgreSQL of bench/fastify, with as many tasks as our store."""
import json
import os
import shutil
import urllib.parse

from bench.measure.bench import COLD_NAMES, CREATES_IN_FLIGHT, READS_IN_FLIGHT, check_size
from bench.measure.duikou import UUID_MARK
from bench.measure.process import ROOT, PortPrinter, Refused, run
from bench.peers.postgres import database

FOLDER = ROOT / 'bench' / 'fastify'
KINDS = {1: 'LEAD', 2: 'RESPONSIBLE'}


def install():
    """Fetches the npm packages of the lock file, unless they are there."""
    done, lock = FOLDER / 'node_modules' / '.package-lock.json', FOLDER / 'package-lock.json'
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    if shutil.which('npm') is None:
        raise Refused('npm is missing: install the packages nodejs and npm')
    run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], 'npm ci in bench/fastify', cwd=FOLDER)
    done.touch()


class Fastify:
    """The service, filled; ids and bodies for its load."""

    def __init__(self, bench):
        install()
        self.bench, self.database = bench, database(bench, 'fastify')
        self.server = PortPrinter(['node', FOLDER / 'server.js'],
                                  env={**os.environ, 'NODE_ENV': 'production', 'DATABASE_URL': self.database.url})
        self.port = self.server.port
        body = self.body()
        quoted = json.dumps(body, ensure_ascii=False).replace("'", "''")
        self.database.query(f"""
            INSERT INTO tasks (id, request_id, plan, state, title, description, clause, duties, due_date, report_frequency)
            SELECT lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, t->>'plan', 'DRAFT', t->>'title', t->>'description',
              t->'clause', t->'duties', (t->>'due_date')::date, t->>'report_frequency'
            FROM generate_series(1, {COLD_NAMES}) n, (SELECT '{quoted}'::jsonb AS t) one""")
        self.database.query('VACUUM ANALYZE')
        self.ids, self.create_file = bench.folder / 'fastify.ids.txt', bench.folder / 'fastify.create.json'
        self.ids.write_text(self.database.query('SELECT id FROM tasks') + '\n')
        self.create_file.write_text(json.dumps({**body, 'request_id': UUID_MARK}, ensure_ascii=False))
        self.list_path = '/tasks?plan=' + urllib.parse.quote(body['plan'], safe='')

    def body(self):
        """The task that our creates make, as JSON."""
        registry = self.bench.registry()
        task = self.bench.suite().task(registry.plan)
        date = task['due_date']
        return {**task, 'duties': [{**duty, 'kind': KINDS[duty['kind']]} for duty in task['duties']], 'report_frequency': 'QUARTERLY',
                'due_date': f'{date["year"]}-{date["month"]:02d}-{date["day"]:02d}'}

    def get(self):
        result = self.bench.load(self.port, '/tasks/', '--http', 'get', '--names', self.ids, '--in-flight', READS_IN_FLIGHT)
        check_size(result, 200, 'GET /tasks/ID')
        return result['calls_per_second']

    def list(self):
        result = self.bench.load(self.port, self.list_path, '--http', 'get', '--in-flight', READS_IN_FLIGHT)
        check_size(result, 50 * 200, 'GET /tasks')
        return result['calls_per_second']

    def create(self):
        """Refused unless the tables hold exactly the acknowledged tasks and changes more."""
        before = self.rows()
        result = self.bench.load(self.port, '/tasks', '--http', 'post', '--request', self.create_file, '--in-flight', CREATES_IN_FLIGHT)
        held = [after - was for after, was in zip(self.rows(), before)]
        if held != [result['ok']] * 2:
            raise Refused(f'Fastify\'s tables hold {held} new tasks and changes, but {result["ok"]} creates were acknowledged')
        return result['calls_per_second']

    def rows(self):
        return [int(count) for count in self.database.query('SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM changes)').split('|')]

    def stop(self):
        self.server.stop()


def fastify(bench):
    bench.registry()
    return bench.keep('fastify', lambda: Fastify(bench))
