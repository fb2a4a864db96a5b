"""Faults around the real binaries: Redis stopped, killed, wiped and full, the directory away, bad input."""
import signal
import ssl
import subprocess
import time
import urllib.request

import harness
from fault_table import row
from harness import CITY, Failure, Suite, new_id, wait_for
from writers import prepare

def redis_command(suite, *words):
    return subprocess.run(['redis-cli', '-p', str(suite.ports['redis']), *words], check=True, capture_output=True, text=True).stdout


def test_redis_stopped_killed_wiped_full():
    invariant = 'calls go on, none waits over 2 s; a new name of a unit is seen within 32 s without Redis, within 3 s with it'
    with Suite() as suite, row('Redis stopped (SIGSTOP), killed, wiped, out of memory', invariant) as noted:
        zhang, plan = prepare(suite)
        setup = suite.client('Directory', setup=True)
        calls = 0

        def works():
            nonlocal calls
            begin = time.monotonic()
            task = zhang.CreateTask(parent=CITY, task={'plan': plan, 'title': '任务', 'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]}, request_id=new_id())
            assert time.monotonic() - begin < 2, 'a Redis that does not answer costs more than its timeout'
            calls += 1
            return task.duties[0].unit_title

        def rename(title, month, seconds):
            setup.RenameUnit(name=f'{CITY}/units/gongxinju', title=title, date={'year': 2026, 'month': month, 'day': 1}, request_id=new_id())
            wait_for(lambda: works() == title, seconds=seconds, what=f'the new title {title}')

        assert works() == '营口市工业和信息化局'
        suite.processes['redis'].send_signal(signal.SIGSTOP)
        for _ in range(5):
            works()
        rename('营口市工信和数据局', 1, 32)
        suite.stop('redis', signal.SIGKILL)
        works()
        suite.start_redis()
        works()
        redis_command(suite, 'FLUSHALL')
        works()
        rename('营口市工业局', 2, 3)
        # Full: it refuses what it is told, and keeps what it has.
        redis_command(suite, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
        redis_command(suite, 'CONFIG', 'SET', 'maxmemory', '1')
        assert 'OOM' in redis_command(suite, 'SET', 'x', 'y'), 'Redis is full'
        for _ in range(5):
            works()
        rename('营口市工信局', 3, 32)
        redis_command(suite, 'CONFIG', 'SET', 'maxmemory', '0')
        works()
        rename('营口市工业和信息化局', 4, 3)
        noted.count, noted.result = '5 faults', f'holds: {calls} calls'


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


def test_metrics_tell_when_the_certificate_ends():
    with Suite(with_redis=False) as suite:
        suite.stop('techtransfer')
        suite.metrics['techtransfer'] = harness.free_port()
        suite.start('techtransfer')

        def told():
            with urllib.request.urlopen(f'http://127.0.0.1:{suite.metrics["techtransfer"]}/metrics') as answer:
                lines = answer.read().decode().splitlines()
            return next(float(line.split()[1]) for line in lines if line.startswith('duikou_certificate_end_seconds '))

        certificate = suite.certs / 'techtransfer.crt'
        end = subprocess.run(['openssl', 'x509', '-noout', '-enddate', '-in', str(certificate)], capture_output=True, text=True, check=True).stdout
        assert told() == ssl.cert_time_to_seconds(end.strip().split('=')[1]), end
        certificate.rename(certificate.with_suffix('.away'))
        assert told() == 0


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
        assert len(zhang.ListTasks(parent=CITY, page_size=1000).tasks) == 2, 'nothing that was refused is stored'


if __name__ == '__main__':
    harness.main([test_redis_stopped_killed_wiped_full, test_directory_away, test_disabled_account_is_out, test_metrics_tell_when_the_certificate_ends, test_bad_input])
