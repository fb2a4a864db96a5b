"""Faults of the real binaries: killed at random under writers, Redis stopped, killed and wiped, the directory away, bad input."""
import os
import random
import signal
import threading
import time

import grpc
import harness
from harness import CITY, Failure, Suite, new_id, wait_for

WRITERS = 8
KILLS = int(os.environ.get('DUIKOU_KILLS', '6'))


def prepare(suite):
    suite.seed_city()
    suite.seed_unit('duikouban', '营口市对口合作办公室')
    suite.seed_unit('gongxinju', '营口市工业和信息化局', ['市工信局'])
    suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
    zhang = suite.as_person('zhang')
    plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id())
    return zhang, plan.name


def create_until_stopped(suite, token, plan, stop, acknowledged, errors):
    """One writer: each task under one request_id, repeated until it is acknowledged, as a client of the suite does."""
    client = suite.client('TaskRegistry', token=token)
    count = 0
    while not stop.is_set():
        request_id, title = new_id(), f'任务-{threading.get_ident()}-{count}'
        count += 1
        while True:
            try:
                task = client.call('CreateTask', timeout=5, parent=CITY, request_id=request_id,
                                   task={'plan': plan, 'title': title, 'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]})
                acknowledged.append((task.name, task.number, title))
                break
            except Failure as failure:
                if failure.code not in ('UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED') and failure.reason != 'TOKEN_INVALID':
                    errors.append(failure)
                    return
                if stop.is_set():
                    return
                time.sleep(0.05)


def all_tasks(client):
    tasks, token = [], ''
    while True:
        page = client.ListTasks(parent=CITY, page_size=1000, page_token=token)
        tasks += page.tasks
        token = page.next_page_token
        if not token:
            return tasks


def verify_chain(suite):
    """Recomputes the chain of both services as `duikou verify` does."""
    import hashlib
    from duikou.log.v1 import change_log_pb2
    log = suite.client('ChangeLog', setup=True)
    previous, cursor, sequence = bytes(32), '', 0
    while True:
        page = log.ListChanges(parent=CITY, cursor=cursor, page_size=1000, view=2)
        for change in page.changes:
            header = change_log_pb2.ChangeHeader.FromString(change.header)
            sequence += 1
            assert header.sequence == sequence, (header.sequence, sequence)
            previous = hashlib.sha256(previous + change.header).digest()
            assert previous == change.hash, sequence
        cursor = page.next_cursor
        if page.end:
            break
    head = log.GetHead(name=CITY)
    assert (head.sequence, head.hash) == (sequence, previous)
    return sequence


def test_killed_under_writers():
    with Suite(with_redis=False) as suite:
        zhang, plan = prepare(suite)
        stop, acknowledged, errors = threading.Event(), [], []
        token = zhang.token
        writers = [threading.Thread(target=create_until_stopped, args=(suite, token, plan, stop, acknowledged, errors)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        dice = random.Random(7)
        for kill in range(KILLS):
            before = len(acknowledged)
            wait_for(lambda: len(acknowledged) > before + 5 or errors, what='progress of the writers')
            time.sleep(dice.random() * 0.3)
            victim = 'directory' if kill % 3 == 2 else 'taskregistry'
            suite.stop(victim, signal.SIGKILL)
            suite.start(victim)
        before = len(acknowledged)
        wait_for(lambda: len(acknowledged) > before + 5 or errors, what='progress after the last kill')
        stop.set()
        for writer in writers:
            writer.join()
        assert not errors, errors[0]
        stored = all_tasks(suite.client('TaskRegistry', token=token))
        names, titles = [t.name for t in stored], [t.title for t in stored]
        assert len(set(titles)) == len(titles), 'a write was applied twice'
        lost = {name for name, _, _ in acknowledged} - set(names)
        assert not lost, f'{len(lost)} acknowledged writes lost'
        numbers = sorted(int(t.number.rsplit('-', 1)[1]) for t in stored)
        assert numbers == list(range(1, len(stored) + 1)), 'numbers have a gap'
        verify_chain(suite)
        print(f'     {KILLS} kills, {len(acknowledged)} acknowledged, {len(stored)} stored')


def test_redis_stopped_killed_wiped():
    with Suite() as suite:
        zhang, plan = prepare(suite)

        def works():
            task = zhang.CreateTask(parent=CITY, task={'plan': plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]}, request_id=new_id())
            return task.duties[0].unit_title

        assert works() == '营口市工业和信息化局'
        suite.processes['redis'].send_signal(signal.SIGSTOP)
        for _ in range(5):
            begin = time.monotonic()
            works()
            assert time.monotonic() - begin < 2, 'a stopped Redis costs more than its timeout'
        setup = suite.client('Directory', setup=True)
        setup.RenameUnit(name=f'{CITY}/units/gongxinju', title='营口市工信和数据局', date={'year': 2026, 'month': 1, 'day': 1}, request_id=new_id())
        wait_for(lambda: works() == '营口市工信和数据局', seconds=32, what='the new title with Redis stopped')
        suite.stop('redis', signal.SIGKILL)
        works()
        suite.start_redis()
        works()
        import subprocess
        subprocess.run(['redis-cli', '-p', str(suite.ports['redis']), 'FLUSHALL'], check=True, stdout=subprocess.DEVNULL)
        works()
        setup.RenameUnit(name=f'{CITY}/units/gongxinju', title='营口市工业局', date={'year': 2026, 'month': 2, 'day': 1}, request_id=new_id())
        wait_for(lambda: works() == '营口市工业局', seconds=3, what='the new title with Redis alive')


def test_directory_away():
    with Suite(with_redis=False) as suite:
        zhang, plan = prepare(suite)
        time.sleep(1.0)  # Copies in the process run out after half a second.
        suite.stop('directory', signal.SIGKILL)
        assert zhang.ListPlans(parent=CITY).plans, 'reads go on'
        try:
            zhang.CreateTask(parent=CITY, task={'plan': plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]}, request_id=new_id(), timeout=15)
            raise AssertionError('named a unit that nobody looked up')
        except Failure as failure:
            assert (failure.code, failure.reason) == ('UNAVAILABLE', 'PEER_UNAVAILABLE'), failure
        suite.start('directory')


def test_disabled_account_is_out():
    with Suite(with_redis=False) as suite:
        zhang, _ = prepare(suite)
        suite.client('Directory', setup=True).DisableAccount(name=f'{CITY}/accounts/zhang', request_id=new_id())

        def out():
            try:
                zhang.ListPlans(parent=CITY)
                return False
            except Failure as failure:
                return failure.reason == 'SESSION_ENDED'
        wait_for(out, seconds=60, what='the end of a disabled account')


def expect(code, reason, function, **fields):
    try:
        function(**fields)
    except Failure as failure:
        assert (failure.code, failure.reason) == (code, reason), failure
        assert failure.message, 'an error says something'
        return failure
    raise AssertionError(f'{reason} was expected')


def test_bad_input():
    with Suite(with_redis=False) as suite:
        zhang, plan = prepare(suite)
        english = suite.as_person('zhang', language='en')
        for client, required in ((zhang, '必填。'), (english, 'is required.')):
            failure = expect('INVALID_ARGUMENT', 'FIELD_INVALID', client.CreateTask, parent=CITY,
                             task={'title': 'x' * 201, 'duties': [{'written': '市工信局'}], 'percent': 300, 'due_date': {'year': 2026, 'month': 2, 'day': 30}})
            assert set(failure.fields) == {'task.plan', 'task.title', 'task.duties[0].kind', 'task.due_date'}, failure.fields
            assert failure.fields['task.plan'] == required
        expect('INVALID_ARGUMENT', 'DUE_BEFORE_START', zhang.CreateTask, parent=CITY,
               task={'plan': plan, 'title': '任务', 'start_date': {'year': 2026, 'month': 5, 'day': 2}, 'due_date': {'year': 2026, 'month': 5, 'day': 1}})
        failure = expect('INVALID_ARGUMENT', 'REFERENCE_UNKNOWN', zhang.CreateTask, parent=CITY,
                         task={'plan': plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/meiyou'}]})
        assert 'task.duties[0].unit' in failure.fields, failure.fields
        task = zhang.CreateTask(parent=CITY, task={'plan': plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]}, request_id=new_id())
        expect('FAILED_PRECONDITION', 'TASK_STATE_FORBIDS', zhang.CloseTask, name=task.name)
        expect('ABORTED', 'ETAG_STALE', zhang.UpdateTask, task={'name': task.name, 'etag': '1', 'title': '新标题'})
        expect('FAILED_PRECONDITION', 'DUE_DATE_MISSING', zhang.IssueTask, name=task.name)
        expect('INVALID_ARGUMENT', 'FILTER_INVALID', zhang.ListTasks, parent=CITY, filter='state = NONSENSE')
        expect('INVALID_ARGUMENT', 'FILTER_INVALID', zhang.ListTasks, parent=CITY, filter='(state = DRAFT')
        expect('INVALID_ARGUMENT', 'PAGE_TOKEN_INVALID', zhang.ListTasks, parent=CITY, page_token='abc')
        expect('INVALID_ARGUMENT', 'FIELD_INVALID', zhang.ListTasks, parent=CITY, page_size=-1)
        request_id = new_id()
        zhang.CreateTask(parent=CITY, task={'plan': plan, 'title': '甲'}, request_id=request_id)
        expect('INVALID_ARGUMENT', 'REQUEST_ID_REUSED', zhang.CreateTask, parent=CITY, task={'plan': plan, 'title': '乙'}, request_id=request_id)
        for content, reason in ((b'\x00\x01\x02\xff' * 100, 'DOCUMENT_NOT_TEXT'), (' \n'.encode(), 'DOCUMENT_EMPTY'),
                                ('今天天气很好。'.encode('gb18030'), 'DOCUMENT_WITHOUT_TASKS')):
            expect('INVALID_ARGUMENT', reason, zhang.ImportPlan, parent=CITY, content=content)
        expect('FAILED_PRECONDITION', 'DOCUMENT_CLASSIFIED', zhang.ImportPlan, parent=CITY,
               content='机密★5年\n关于某工作的方案\n一、任务\n1.开展工作。(责任单位:市工信局)\n'.encode())
        anonymous = suite.client('TaskRegistry')
        expect('UNAUTHENTICATED', 'LOGIN_REQUIRED', anonymous.CreatePlan, parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '无'})
        garbage = suite.client('TaskRegistry', token='garbage')
        expect('UNAUTHENTICATED', 'TOKEN_INVALID', garbage.ListPlans, parent=CITY)
        sessions = suite.client('Sessions')
        expect('UNAUTHENTICATED', 'SIGN_IN_REFUSED', sessions.SignIn, account=f'{CITY}/accounts/meiyou', password='x')
        for _ in range(5):
            expect('UNAUTHENTICATED', 'SIGN_IN_REFUSED', sessions.SignIn, account=f'{CITY}/accounts/zhang', password='x')
        expect('RESOURCE_EXHAUSTED', 'SIGN_IN_THROTTLED', sessions.SignIn, account=f'{CITY}/accounts/zhang', password=suite.passwords[f'{CITY}/accounts/zhang'])
        # A message beyond the limit is refused by the transport, and the service goes on.
        try:
            zhang.ImportPlan(parent=CITY, content=b'x' * (50 << 20))
            raise AssertionError('50 MB were taken')
        except Failure as failure:
            assert failure.code == 'RESOURCE_EXHAUSTED', failure
        assert len(all_tasks(zhang)) == 2, 'nothing that was refused is stored'


if __name__ == '__main__':
    harness.main([test_killed_under_writers, test_redis_stopped_killed_wiped, test_directory_away, test_disabled_account_is_out, test_bad_input])
