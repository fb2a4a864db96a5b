"""Tests of the tests: each deliberate bug of common/base/failpoint.h, switched on in the real binary, makes the check fail that is there to find
it; with none switched on, each check passes."""
import base64
import concurrent.futures
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import harness
from crash_test import needs_hooks
from fault_table import row
from harness import CITY, Failure, Suite, TimedOut, new_id, wait_for
from histories import Histories
from storage_faults_test import NOT_SERVING, health
from writers import check_chain, new_task, prepare

SERVICES = ('directory', 'taskregistry')


class Bench:
    """A suite in which each check begins with what was seeded, and with one bug or none."""

    def __init__(self, suite):
        self.suite, self.bug = suite, ''
        self.zhang, self.plan = prepare(suite)
        # Checks count the groups that are written: the day's own work must be among what was seeded.
        wait_for(self.day_is_done, what='the daily work')
        suite.stop('taskregistry')
        self.seeded = suite.folder / 'seeded'
        self.seeded.mkdir()
        for path in self.suite.folder.glob('taskregistry*'):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, self.seeded / path.name)

    def day_is_done(self):
        with sqlite3.connect(f'file:{self.suite.store("taskregistry")}?mode=ro', uri=True) as store:
            return store.execute('SELECT count(*) FROM r_daily_run').fetchone()[0] > 0

    def restore(self, bug):
        if 'taskregistry' in self.suite.processes:
            self.suite.stop('taskregistry', signal.SIGKILL)
        for path in self.suite.folder.glob('taskregistry*'):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self.seeded.iterdir():
            (shutil.copytree if path.is_dir() else shutil.copy)(path, self.suite.folder / path.name)
        self.bug = bug
        self.start()

    def start(self, *failpoints):
        self.suite.environment = {'DUIKOU_FAILPOINTS': ','.join(filter(None, (self.bug, *failpoints)))}
        self.suite.start('taskregistry')
        wait_for(lambda: self.answers(), what='the registry')

    def answers(self):
        try:
            return self.setup().ListPlans(parent=CITY, page_size=1)
        except Failure:
            return None

    def restart(self, *failpoints):
        self.suite.stop('taskregistry')
        self.start(*failpoints)

    def setup(self, service='TaskRegistry'):
        return self.suite.client(service, setup=True)

    def create(self, client=None, **more):
        return (client or self.setup()).CreateTask(parent=CITY, task=new_task(self.plan, '任务'), request_id=new_id(), **more)


def refused(reason, function, *arguments, **fields):
    try:
        function(*arguments, **fields)
    except Failure as failure:
        assert failure.reason == reason, failure
        return
    raise AssertionError(f'{reason} was expected')


def survives_a_power_cut(bench):
    bench.restart('before_group@6', 'power_loss')
    client, made = bench.setup(), []
    try:
        for _ in range(20):
            made.append(bench.create(client))
    except Failure:
        pass
    process = bench.suite.processes.pop('taskregistry')
    if process.wait(timeout=30) != -signal.SIGKILL or len(made) != 5:
        raise RuntimeError(f'the power was not cut at the sixth group: {len(made)} were made')
    bench.start()
    kept = {task.name for task in bench.setup().ListTasks(parent=CITY, page_size=1000).tasks}
    assert {task.name for task in made} <= kept, 'acknowledged writes are lost'


def is_linearizable(bench):
    with Histories(bench.suite, bench.plan, registers=3, clients=8) as histories:
        wait_for(lambda: histories.count() > 500, what='progress of the clients')
    histories.check()


def replay_gives_the_first_answer(bench):
    client, request_id = bench.setup(), new_id()
    answers = [client.CreateTask(parent=CITY, task=new_task(bench.plan, '任务'), request_id=request_id) for _ in range(2)]
    assert answers[0] == answers[1], 'a call sent again was done again'


def reused_request_id_is_refused(bench):
    client, request_id = bench.setup(), new_id()
    client.CreateTask(parent=CITY, task=new_task(bench.plan, '甲'), request_id=request_id)
    refused('REQUEST_ID_REUSED', client.CreateTask, parent=CITY, task=new_task(bench.plan, '乙'), request_id=request_id)


def chain_is_whole(bench):
    for _ in range(3):
        bench.create()
    check_chain(bench.suite)


def numbers_have_no_gap(bench):
    before = bench.create(task_id=f't{new_id()}')
    refused('ALREADY_EXISTS', bench.create, task_id=before.name.rsplit('/', 1)[1])
    after = bench.create()
    numbers = [int(task.number.rsplit('-', 1)[1]) for task in (before, after)]
    assert numbers[1] == numbers[0] + 1, f'numbers {numbers}'


def log_tells_what_was_done(bench):
    task = bench.create()
    bench.setup().DeleteTask(name=task.name, request_id=new_id())
    page = bench.setup('ChangeLog').ListChanges(parent=CITY, name=task.name)
    assert [change.action for change in page.changes] == ['CreateTask', 'DeleteTask'], page


def watch_tells_each_change_once(bench):
    zhang = bench.suite.as_person('zhang', 'ChangeLog')
    stream = zhang.stream('Watch', parent=CITY, cursor='begin', types=['task'])
    made, seen = [bench.create().name for _ in range(3)], []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        def follow():
            for response in stream:
                seen.extend(change.name for change in response.changes)
                if made[-1] in seen:
                    return
        pool.submit(follow).result(timeout=30)
    stream.cancel()
    assert seen[-3:] == made, f'{made} were made, {seen} were told'


def referred_record_stays(bench):
    bench.create()
    refused('RECORD_REFERRED', bench.setup().DeletePlan, name=bench.plan, request_id=new_id())


def unknown_unit_is_refused(bench):
    task = {'plan': bench.plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/meiyou'}]}
    refused('REFERENCE_UNKNOWN', bench.setup().CreateTask, parent=CITY, task=task, request_id=new_id())


def expired_token_is_refused(bench):
    """A token signed with the directory's own key that ran out a minute ago."""
    from duikou.auth.v1 import token_pb2
    key = bench.setup('TokenKeys').GetTokenStatus().keys[0].id
    claims = token_pb2.AccessClaims(key_id=key, account=f'{CITY}/accounts/zhang', unit=f'{CITY}/units/duikouban', roles=0xffff, session='none',
                                    expire_time=int(time.time()) - 60).SerializeToString()
    body = bench.suite.folder / 'claims'
    body.write_bytes(claims)
    signature = subprocess.run(['openssl', 'pkeyutl', '-sign', '-rawin', '-inkey', str(bench.suite.folder / 'directory' / 'token.key'), '-in', str(body)],
                               check=True, capture_output=True).stdout
    token = '.'.join(base64.urlsafe_b64encode(part).decode().rstrip('=') for part in (claims, signature))
    bench.suite.as_person('zhang')  # The registry knows the key once this holds.
    refused('TOKEN_EXPIRED', bench.suite.client(token=token).ListPlans, parent=CITY)


def failed_sync_ends_writing(bench):
    bench.restart('fsync_fails@4')
    client = bench.setup()
    try:
        for _ in range(20):
            bench.create(client)
    except Failure as failure:
        assert failure.reason == 'STORE_BROKEN', failure
    else:
        raise AssertionError('a write was acknowledged that was not synced')
    refused('STORE_BROKEN', bench.create, client)
    wait_for(lambda: health(bench.suite) == NOT_SERVING, seconds=5, what='health to say that it does not serve')


def cut_log_is_found(bench):
    bench.create()
    bench.suite.stop('taskregistry')  # Signs the head.
    store = sqlite3.connect(bench.suite.store('taskregistry'))
    with store:
        store.execute('DELETE FROM changes WHERE sequence = (SELECT max(sequence) FROM changes)')
        store.execute('UPDATE heads SET (sequence, hash) = (SELECT sequence, hash FROM changes ORDER BY sequence DESC LIMIT 1)')
    store.close()
    try:
        bench.start()
    except AssertionError as ended:
        assert 'restore it from a backup' in str(ended), ended
        bench.suite.processes.pop('taskregistry')
        return
    raise AssertionError('a log that was cut back was accepted')


def dry_run_leaves_nothing(bench):
    before = len(bench.setup().ListPlans(parent=CITY).plans)
    bench.setup().CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '试'}, validate_only=True, request_id=new_id())
    assert len(bench.setup().ListPlans(parent=CITY).plans) == before, 'a dry run was kept'


def draft_is_not_seen_by_strangers(bench):
    task = bench.create()
    refused('NOT_FOUND', bench.suite.client().GetTask, name=task.name)


# Switched on in the same way, but what a disk does, and no bug.
DISK_FAULTS = {'power_loss', 'power_loss_torn', 'fsync_fails'}
MUTANTS = {
    'reply_before_fsync': survives_a_power_cut,
    'etag_ignored': is_linearizable,
    'cache_not_invalidated': is_linearizable,
    'snapshot_kept': is_linearizable,
    'request_not_kept': replay_gives_the_first_answer,
    'request_body_ignored': reused_request_id_is_refused,
    'sequence_skipped': chain_is_whole,
    'rollback_forgets_counter': numbers_have_no_gap,
    'delete_not_logged': log_tells_what_was_done,
    'change_published_twice': watch_tells_each_change_once,
    'referrers_ignored': referred_record_stays,
    'reference_unchecked': unknown_unit_is_refused,
    'token_expiry_ignored': expired_token_is_refused,
    'fsync_error_forgiven': failed_sync_ends_writing,
    'cut_log_accepted': cut_log_is_found,
    'dry_run_kept': dry_run_leaves_nothing,
    'seen_by_everybody': draft_is_not_seen_by_strangers,
}


def test_each_bug_is_found_by_its_check():
    needs_hooks()
    invariant = 'the check that is there to find it fails; without the bug it passes'
    with Suite(with_redis=False, binaries=harness.HOOKS_BIN) as suite, row('deliberate bugs', invariant) as noted:
        bench, missed = Bench(suite), []
        for check in dict.fromkeys(MUTANTS.values()):
            bench.restore('')
            check(bench)
        for bug, check in MUTANTS.items():
            bench.restore(bug)
            try:
                check(bench)
            except TimedOut:
                raise  # Slow is not found.
            except AssertionError as found:
                print(f'     {bug}: found by {check.__name__}: {str(found).splitlines()[0][:100]}', flush=True)
            else:
                missed.append(f'{bug} by {check.__name__}')
        bench.restore('')
        noted.count = f'{len(MUTANTS)} bugs'
        assert not missed, f'not found: {", ".join(missed)}'
        noted.result = f'all found, by {len(set(MUTANTS.values()))} checks'


def test_each_bug_of_the_sources_is_tried():
    done = subprocess.run(['grep', '-rhoE', r'testing::Bug\("[a-z_]+"\)', '--include=*.cc', str(harness.ROOT / 'common'),
                           str(harness.ROOT / 'services')], capture_output=True, text=True, check=True)
    bugs = {line.split('"')[1] for line in done.stdout.splitlines()}
    assert bugs - DISK_FAULTS == MUTANTS.keys(), (bugs - DISK_FAULTS) ^ MUTANTS.keys()


if __name__ == '__main__':
    os.environ.setdefault('PYTHONUNBUFFERED', '1')
    harness.main([test_each_bug_is_found_by_its_check, test_each_bug_of_the_sources_is_tried])
