"""The real binaries killed under 32 writers: at random moments as they are shipped, at named places and with the power cut with failpoints built
in. After each kill all that was acknowledged is there, once. DUIKOU_KILLS is their number in all."""
import contextlib
import itertools
import os
import random
import signal
import time

import harness
from fault_table import row
from harness import Skip, Suite, wait_for
from histories import Histories
from writers import StoreFiles, Writers, check_chain, prepare

KILLS = int(os.environ.get('DUIKOU_KILLS', '60'))
KILLS_OF_STORE = 40
HOLDS = ('acknowledged writes there exactly once; sent again, the first answer; sequence and numbers gap-free; records are those of the log; '
         '`duikou verify`; `integrity_check`')
POINTS = ('mid_batch', 'before_fsync', 'after_fsync', 'after_commit', 'checkpoint_write', 'checkpoint_fsync')
ENDS = ('', 'power_loss', 'power_loss_torn')
ENDS_SAID = {'': 'killed', 'power_loss': 'power cut, nothing unsynced left', 'power_loss_torn': 'power cut, unsynced writes left by chance'}


def needs_hooks():
    binary = harness.HOOKS_BIN / 'duikou-taskregistry'
    if not binary.exists() or b'DUIKOU_FAILPOINTS' not in binary.read_bytes():
        raise Skip(f'no binaries with failpoints in {harness.HOOKS_BIN}: ./dev test builds them')


def go_on(suite, files, writers):
    """After the registry has died: checks its files, starts it again, checks what it serves."""
    files.check(writers.snapshot())
    suite.environment = {}
    suite.start('taskregistry')
    check_chain(suite)
    writers.replay()


def test_shipped_binaries_have_no_hooks():
    for name in harness.SERVICES:
        for hook in (b'DUIKOU_FAILPOINTS', b'DUIKOU_TODAY'):
            assert hook not in (harness.BIN / f'duikou-{name}').read_bytes(), f'{name} obeys {hook.decode()}'


def rounds(kills):
    """The numbers of the kills, by stores: after each kill the whole store is checked, so none is to become too large."""
    return [range(first, min(first + KILLS_OF_STORE, kills)) for first in range(0, kills, KILLS_OF_STORE)]


def kill_at_random(kills, dice, noted):
    """Gives how many calls were acknowledged."""
    with Suite(with_redis=False) as suite:
        _, plan = prepare(suite)
        files, others = StoreFiles(suite), StoreFiles(suite, 'directory')
        with Writers(suite, plan) as writers:
            writers.wait_for(100)
            for kill in kills:
                time.sleep(dice.random() * 0.4)
                if kill % 10 == 9:
                    suite.stop('directory', signal.SIGKILL)
                    others.check()
                    suite.start('directory')
                suite.stop('taskregistry', signal.SIGKILL)
                go_on(suite, files, writers)
                noted.count = f'{kill + 1} kills'
        suite.stop('taskregistry')
        files.check(writers.snapshot())
        return writers.acknowledged()


def test_killed_at_random():
    dice = random.Random(7)
    with row('killed (-9) at random moments', HOLDS) as noted:
        acknowledged = sum(kill_at_random(kills, dice, noted) for kills in rounds(KILLS * 2 // 3))
        noted.result = f'holds: {acknowledged} acknowledged, none lost'


def kill_at(places, dice, counts, noted):
    with Suite(with_redis=False, binaries=harness.HOOKS_BIN) as suite:
        _, plan = prepare(suite)
        files = StoreFiles(suite)
        with Writers(suite, plan) as writers:
            writers.wait_for(100)
            for point, end in places:
                suite.stop('taskregistry')
                # Checkpoints come once in many commits, pages of theirs in hundreds.
                turn = dice.randint(1, {'checkpoint_fsync': 1, 'mid_batch': 5, 'checkpoint_write': 300}.get(point, 40))
                suite.environment = {'DUIKOU_FAILPOINTS': ','.join(filter(None, (f'{point}@{turn}', end)))}
                # The writers wait for it: it may die before anybody else has seen it serve.
                process = suite.launch('taskregistry')
                wait_for(lambda p=process: p.poll() is not None, seconds=90, what=f'the kill at {point}')
                assert suite.processes.pop('taskregistry').returncode == -signal.SIGKILL, process.returncode
                go_on(suite, files, writers)
                counts[end] += 1
                noted[end].count = f'{counts[end]} kills'


def test_killed_at_failpoints():
    needs_hooks()
    kills = KILLS - KILLS * 2 // 3
    places, dice, ends = itertools.cycle(itertools.product(POINTS, ENDS)), random.Random(8), ENDS[:kills]
    with contextlib.ExitStack() as rows:
        noted = {end: rows.enter_context(row(f'{ENDS_SAID[end]} at {", ".join(POINTS)}', HOLDS)) for end in ends}
        counts = dict.fromkeys(ends, 0)
        for numbers in rounds(kills):
            kill_at(itertools.islice(places, len(numbers)), dice, counts, noted)
        assert sum(counts.values()) == kills, counts


def test_conditional_updates_are_linearizable():
    kills = max(4, KILLS // 12)
    with Suite(with_redis=False) as suite, row('killed (-9) under conditional updates and reads', 'each record is linearizable') as noted:
        _, plan = prepare(suite)
        with Histories(suite, plan) as histories:
            dice = random.Random(9)
            for _ in range(kills):
                goal = histories.count() + 300
                wait_for(lambda: histories.count() > goal, what='progress of the clients')
                time.sleep(dice.random() * 0.3)
                suite.stop('taskregistry', signal.SIGKILL)
                suite.start('taskregistry')
            goal = histories.count() + 300
            wait_for(lambda: histories.count() > goal, what='progress of the clients')
        noted.count = f'{kills} kills'
        histories.check()
        noted.result = f'holds: {histories.count()} operations of {histories.clients} clients on {len(histories.operations)} records, {histories.unknown} unanswered'


if __name__ == '__main__':
    harness.main([test_shipped_binaries_have_no_hooks, test_killed_at_random, test_killed_at_failpoints, test_conditional_updates_are_linearizable])
