"""What an operator does to a suite that serves, under 32 writers through the edge: `./dev containers upgrade`, and another authority of the services, as
docs/operations.md has it. Nobody who repeats a call notices more than a wait."""
import os
import re
import subprocess
import time

import installation
from container_faults_test import HOLDS, WRITERS, Database, Pauses, ThroughTheEdge
from fault_table import row
from harness import wait_for
from installation import Installation
from postgres_server import PostgresTables
from writers import Writers, check_chain, prepare

NAME = re.compile(r'edge|[a-z]+-[12]')
# As in docs/operations.md, "Another authority of the services".
STEPS = ('duikou certs init next; cp ca.crt old.crt; cat old.crt next/ca.crt >ca.crt',
         'cat next/ca.crt old.crt >ca.crt; mv next/ca.key ca.key',
         'mv next/ca.crt ca.crt; rm -r next old.crt')


def upgrade(writers):
    """Runs it; gives [(what was replaced, longest pause of all meanwhile, slowest call)]."""
    done, pauses = [], Pauses(writers)
    pauses.start()
    with subprocess.Popen(['./dev', 'containers', 'upgrade'], cwd=os.environ['DUIKOU_SOURCE_DIR'], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            if NAME.fullmatch(line.strip()):
                done.append((line.strip(), pauses.worst, pauses.slowest))
                print(f'     {done[-1][0]}: longest pause of all {pauses.worst:.1f} s, slowest call {pauses.slowest:.1f} s', flush=True)
            # Not of what came before: the images are made beside all on this machine.
            pauses.worst = pauses.slowest = 0.0
    pauses.over.set()
    assert run.returncode == 0, f'./dev containers upgrade gave {run.returncode}'
    return done


def test_replicas_are_replaced_while_others_serve():
    suite = Installation()
    before = {name: container.id for name, container in suite.containers.items()}
    _, plan = prepare(suite)
    with Writers(ThroughTheEdge(suite), plan, WRITERS) as writers, row('containers: every replica and the edge replaced in turn', HOLDS) as line:
        # All have signed in.
        wait_for(lambda: all(writer.answers for writer in writers.all), 60, 'the writers')
        done = upgrade(writers)
        suite = Installation()
        replaced = sorted(name for name, container in suite.containers.items() if container.id != before[name])
        assert replaced == sorted(name for name, _, _ in done) == sorted(name for name in before if name not in ('postgres', 'redis')), replaced
        suite.wait_until_well()
        writers.replay()
        writers.wait_for(200)
        check_chain(suite)
        line.count = f'{len(replaced)} containers'
        replicas, edge = [one for one in done if one[0] != 'edge'], done[-1]
        line.result = (f'holds: no answer to anybody for {max(pause for _, pause, _ in replicas):.1f} s at most, {edge[1]:.1f} s at the edge; '
                       f'slowest call {max(call for _, _, call in done):.1f} s')
    assert not writers.errors, writers.errors
    PostgresTables(suite, Database(suite)).check(writers.snapshot())
    print(f'     {writers.acknowledged()} acknowledged, none lost, none doubled; repeated because of {writers.refused}', flush=True)


def give_out():
    """Gives to all what is in /authority, which they take within seconds."""
    subprocess.run(['./dev', 'containers', 'compose', 'up', 'certificates'], cwd=os.environ['DUIKOU_SOURCE_DIR'], check=True, capture_output=True)
    time.sleep(10)


def test_services_get_another_authority():
    suite = Installation()
    _, plan = prepare(suite)
    old = suite.read('ca.crt').strip()
    # Clients believe both before the edge has a certificate of the new one.
    suite.authority(f'cd /authority; {STEPS[0]}')
    give_out()
    suite.ca = suite.read('ca.crt')
    with Writers(ThroughTheEdge(suite), plan, WRITERS) as writers, row('containers: another authority of the services', HOLDS) as line:
        wait_for(lambda: all(writer.answers for writer in writers.all), 60, 'the writers')
        before = dict(writers.refused)
        with Pauses(writers) as pauses:
            for step in STEPS[1:]:
                suite.authority(f'cd /authority; {step}')
                give_out()
                writers.wait_for(200)
        writers.replay()
        after = {reason: count - before.get(reason, 0) for reason, count in writers.refused.items() if count != before.get(reason, 0)}
        assert 'PEER_UNAVAILABLE' not in after, f'services did not believe each other: {after}'
        check_chain(suite)
        line.count = f'{len(STEPS)} steps'
        line.result = f'holds: no answer to anybody for {pauses.worst:.1f} s at most, slowest call {pauses.slowest:.1f} s'
    new = suite.read('ca.crt').strip()
    assert new.count(b'BEGIN') == 1 and new != old, 'the old authority is still believed'
    assert not writers.errors, writers.errors
    PostgresTables(suite, Database(suite)).check(writers.snapshot())


TESTS = [test_replicas_are_replaced_while_others_serve, test_services_get_another_authority]
if __name__ == '__main__':
    installation.harness.main(TESTS)
