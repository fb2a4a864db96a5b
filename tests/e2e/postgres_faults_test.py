"""The registry on PostgreSQL under writers: killed itself, its connections ended, the server stopped, restarted and killed."""
import os
import random
import signal
import subprocess
import time

import harness
from crash_test import HOLDS
from fault_table import row
from harness import Skip, Suite, wait_for
from histories import Histories
from postgres_server import PostgresServer, PostgresTables
from writers import Writers, check_chain, prepare

ROUNDS = int(os.environ.get('DUIKOU_ROUNDS', '2'))
INVARIANT = HOLDS.replace('; `integrity_check`', '') + '; goes on by itself'


def needs_engine():
    said = subprocess.run([str(harness.BIN / 'duikou-taskregistry'), '--help'], capture_output=True, text=True, check=True).stdout
    if 'postgres://' not in said:
        raise Skip('this duikou-taskregistry does not know --store=postgres://')


def under_writers(fault, rounds, fail):
    """Calls `fail(suite, server)` under writers, and checks after each that all goes on, and at the end all that is stored."""
    needs_engine()
    with PostgresServer() as server, Suite(with_redis=False, places={'taskregistry': server.address}) as suite, row(f'PostgreSQL: {fault}', INVARIANT) as noted:
        _, plan = prepare(suite)
        tables, dice = PostgresTables(suite, server), random.Random(3)
        with Writers(suite, plan) as writers:
            writers.wait_for(100)
            for count in range(rounds):
                time.sleep(dice.random() * 0.4)
                fail(suite, server)
                writers.replay()
                writers.wait_for(64)
                assert 'STORE_BROKEN' not in writers.refused, 'the store is broken for good'
                noted.count = f'{count + 1} times'
            check_chain(suite)
        suite.stop('taskregistry')
        tables.check(writers.snapshot())
        noted.result = f'holds: {writers.acknowledged()} acknowledged, none lost'


def test_service_killed():
    def fail(suite, _):
        suite.stop('taskregistry', signal.SIGKILL)
        suite.start('taskregistry')
    under_writers('the service killed (-9)', 2 * ROUNDS, fail)


def test_connections_ended():
    under_writers('its connections ended', 4 * ROUNDS, lambda _, server: server.end_backends())


def test_server_restarted():
    def fail(_, server):
        server.stop(random.choice((signal.SIGINT, signal.SIGQUIT)))
        server.start()
    under_writers('the server restarted', ROUNDS, fail)


def test_server_killed():
    def fail(_, server):
        server.stop(signal.SIGKILL)
        time.sleep(0.5)
        server.start()
    under_writers('the server killed (-9)', ROUNDS, fail)


def test_server_stopped():
    def fail(_, server):
        server.send(signal.SIGSTOP)
        time.sleep(3)
        server.send(signal.SIGCONT)
    under_writers('the server stopped for 3 s (SIGSTOP)', max(2, ROUNDS // 2), fail)


def test_conditional_updates_are_linearizable():
    needs_engine()
    with PostgresServer() as server, Suite(with_redis=False, places={'taskregistry': server.address}) as suite, \
            row('PostgreSQL: connections ended under conditional updates and reads', 'each record is linearizable') as noted:
        _, plan = prepare(suite)
        with Histories(suite, plan) as histories:
            for _ in range(2 * ROUNDS):
                goal = histories.count() + 200
                wait_for(lambda: histories.count() > goal, what='progress of the clients')
                server.end_backends()
            goal = histories.count() + 200
            wait_for(lambda: histories.count() > goal, what='progress of the clients')
        noted.count = f'{2 * ROUNDS} times'
        histories.check()
        noted.result = f'holds: {histories.count()} operations, {histories.unknown} unanswered'


if __name__ == '__main__':
    harness.main([test_service_killed, test_connections_ended, test_server_restarted, test_server_killed, test_server_stopped,
                  test_conditional_updates_are_linearizable])
