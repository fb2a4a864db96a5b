"""Clients that others write: Node.js with @grpc/grpc-js. (The whole suite here is a client with grpcio.)"""
import json
import os
import pathlib
import shutil
import subprocess

import harness
from harness import CITY, Suite, new_id


def test_node_lists_and_watches():
    source = harness.ROOT / 'tests' / 'e2e' / 'node'
    folder = pathlib.Path(os.environ.get('DUIKOU_NODE_DIR', harness.BIN.parent / 'e2e-node'))
    folder.mkdir(parents=True, exist_ok=True)
    for name in ('package.json', 'package-lock.json', 'client.js'):
        shutil.copy(source / name, folder / name)
    if not (folder / 'node_modules' / '@grpc' / 'proto-loader').exists():
        subprocess.run(['npm', 'ci', '--no-audit', '--no-fund'], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with Suite(with_redis=False) as suite:
        suite.seed_city()
        suite.seed_unit('duikouban', '营口市对口合作办公室')
        suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
        zhang = suite.as_person('zhang')
        plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id())
        tasks = [zhang.CreateTask(parent=CITY, task={'plan': plan.name, 'title': f'任务{i}'}, request_id=new_id()).name for i in range(10)]
        done = subprocess.run(['node', 'client.js', str(harness.ROOT / 'protos'), f'localhost:{suite.ports["taskregistry"]}', str(suite.certs / 'ca.crt'),
                               zhang.token, '10'], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer['names'] == tasks, answer
        assert answer['watched'] == tasks, answer


if __name__ == '__main__':
    harness.main([test_node_lists_and_watches])
