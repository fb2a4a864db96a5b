"""Duties across cities, deputies, attachments, and a project with a support request: through the real binaries and the command line."""
import datetime
import hashlib
import json
import os

import harness
from harness import CITY, Failure, Suite, new_id, wait_for

THEIRS = 'cities/320700'


def seed(suite):
    suite.seed_city()
    suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
    for unit, title in (('duikouban', '营口市对口合作办公室'), ('gongxinju', '营口市工业和信息化局'), ('ziranju', '营口市自然资源局')):
        suite.seed_unit(unit, title)
    for unit, title in (('duikouban', '连云港市对口合作办公室'), ('fagaiwei', '连云港市发展和改革委员会'), ('gongxinju', '连云港市工业和信息化局')):
        suite.seed_unit(unit, title, city='320700')
    suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
    suite.seed_account('wang', 'gongxinju', ['UNIT_OFFICER'])
    suite.seed_account('ziran', 'ziranju', ['UNIT_OFFICER'])
    suite.seed_account('chen', 'duikouban', ['COORDINATOR'], city='320700')
    suite.seed_account('sun', 'gongxinju', ['UNIT_OFFICER'], city='320700')


def login(suite, account, city='210800'):
    """Signs in on the command line under a profile of the account's name."""
    first = suite.passwords[f'cities/{city}/accounts/{account}']
    suite.cli('--profile', account, '--city', city, 'login', account, '--password-stdin', stdin=f'{first}\nBb2!{first}\n')
    wait_for(lambda: suite.cli('--profile', account, 'inbox', check=False).returncode == 0, what='the sign-in to be known')

    def run(*arguments, check=True):
        return suite.cli('--profile', account, *arguments, check=check)
    return run


def issued_task(zhang, more=()):
    """A task of the lead gongxinju, with more duties; its number."""
    zhang('create', 'plan', '--id', 'p1', '--set', 'kind=IMPLEMENTATION', '--set', 'year=2026', '--set', 'title=方案')
    year = harness.today().year + 1
    duties = ['duties[0].kind=LEAD', 'duties[0].unit=gongxinju', 'duties[0].written=市工信局']
    for i, unit in enumerate(more, 1):
        duties += [f'duties[{i}].kind=COOPERATING', f'duties[{i}].unit={unit}']
    settings = [f for d in duties for f in ('--set', d)]
    zhang('create', 'task', '--id', 't1', '--set', 'plan=p1', '--set', 'title=强化产业对接', '--set', f'due_date={year}-12-31',
          '--set', 'report_frequency=MONTHLY', *settings)
    zhang('issue', 't1')
    return json.loads(zhang('get', 'task', 't1', '-o', 'json').stdout)


def test_duty_in_another_city():
    with Suite() as suite:
        seed(suite)
        zhang, chen = login(suite, 'zhang'), login(suite, 'chen', '320700')
        sun = login(suite, 'sun', '320700')
        task = issued_task(zhang, [f'{THEIRS}/units/fagaiwei'])
        name, duty = task['name'], task['duties'][1]
        assert duty['state'] == 'AWAITING_CITY', duty
        assert '待接办' in chen('inbox').stdout and name in chen('inbox').stdout
        assert '没有待办' in sun('inbox').stdout
        assert zhang('take-on', name, '--duty', duty['id'], check=False).returncode != 0, 'one acts for his own side'
        chen('take-on', name, '--duty', duty['id'])
        assert '待转办' in chen('inbox').stdout
        chen('assign', name, '--duty', duty['id'], '--units', 'gongxinju')
        assert '待签收' in sun('inbox').stdout
        sun('acknowledge', name)
        month = harness.today().strftime('%Y-%m')
        sun('create', 'progress-report', '--parent', name, '--set', f'period={month}', '--set', 'done=已对接两家企业', '--set', 'percent=30')
        wang = login(suite, 'wang')
        wang('create', 'project', '--parent', 't1', '--id', 'j1', '--set', 'title=年产6万吨镁质材料项目', '--set', 'cooperation=INVESTMENT',
             '--set', f'their_city={THEIRS}', '--set', 'our_parties[0].title=营口某镁业公司')
        sun('sign-project', f'{name}/projects/j1')
        assert json.loads(zhang('get', 'project', 't1/j1', '-o', 'json').stdout)['state'] == 'SIGNED', 'kept by the units of both cities'
        log = zhang('log', 't1').stdout
        for word in ('接办', '转办', '签收'):
            assert word in log, log


def test_declined_by_the_other_city():
    with Suite(with_redis=False) as suite:
        seed(suite)
        zhang, chen = login(suite, 'zhang'), login(suite, 'chen', '320700')
        task = issued_task(zhang, [f'{THEIRS}/units/fagaiwei'])
        chen('decline-duty', task['name'], '--duty', 'd2', '--reason', '我市无此业务')
        inbox = zhang('inbox').stdout
        assert '待改派' in inbox and '我市无此业务' in inbox, inbox
        zhang('reassign', 't1', '--duty', 'd2', '--units', 'ziranju')
        assert chen('get', 'task', task['name'], check=False).returncode != 0, 'its city is no party any more'


def test_project_with_support_and_attachment():
    with Suite() as suite:
        seed(suite)
        zhang, wang, ziran = login(suite, 'zhang'), login(suite, 'wang'), login(suite, 'ziran')
        issued_task(zhang)
        wang('acknowledge', 't1')
        wang('create', 'project', '--parent', 't1', '--id', 'j1', '--set', 'title=年产6万吨镁质材料项目', '--set', 'cooperation=INVESTMENT',
             '--set', f'their_city={THEIRS}', '--set', 'investment=300000000', '--set', 'our_parties[0].title=营口某镁业公司')
        wang('sign-project', 't1/j1')
        wang('start-project', 't1/j1')
        project = json.loads(wang('get', 'project', 't1/j1', '-o', 'json').stdout)
        assert project['state'] == 'STARTED' and len(project['steps']) == 3, project
        assert project['investment']['fen'] == '30000000000' and project['their_city_title'] == '连云港市', project

        wang('create', 'support-request', '--parent', 't1', '--id', 's1', '--set', 'project=t1/j1', '--set', 'kind=LAND', '--set', 'amount=120.5',
             '--set', 'reason=项目用地', '--set', 'decider=ziranju')
        assert '待落实要素' in ziran('inbox').stdout
        ziran('grant-support', 't1/s1', '--amount', '80')
        counted = json.loads(zhang('count-supports', '-o', 'json').stdout)['rows']
        assert counted[0]['partly_granted'] == 1 and counted[0]['granted_amount'] == '80', counted

        content = os.urandom(700_001)
        source, copy = suite.folder / '协议.pdf', suite.folder / 'copy.pdf'
        source.write_bytes(content)
        attached = json.loads(wang('attach', str(source), 't1/projects/j1', '-o', 'json').stdout)
        assert attached['state'] == 'STORED' and attached['sha256'] == hashlib.sha256(content).hexdigest()
        wang('attach', str(source), 't1/projects/j1')
        assert len(json.loads(zhang('list', 'attachments', '-o', 'json').stdout)['attachments']) == 1, 'again is no second one'
        zhang('download', attached['name'].rsplit('/', 1)[-1], '--out', str(copy))
        assert copy.read_bytes() == content
        secret = suite.folder / '通知.txt'
        secret.write_text('机密★5年\n\n关于某事项的通知\n')
        refused = wang('attach', str(secret), 't1', check=False)
        assert refused.returncode != 0 and '机密' in refused.stdout + refused.stderr, refused

        # Killed in the middle of an upload, the service goes on from what is there.
        client = suite.client(token=suite.sign_in('wang').access_token)
        big = os.urandom(1_000_000)
        wait_for(lambda: known(client), what='the sign-in to be known')
        part = client.CreateAttachment(parent=CITY, attachment={'record': f'{CITY}/tasks/t1', 'title': 'b.bin', 'size': len(big),
                                                                'sha256': hashlib.sha256(big).hexdigest()}, request_id=new_id())
        chunk = 250_000
        for offset in (0, chunk):
            client.UploadChunk(name=part.name, offset=offset, content=big[offset:offset + chunk])
        suite.stop('taskregistry', harness.signal.SIGKILL)
        suite.start('taskregistry')
        client = suite.client(token=suite.sign_in('wang').access_token)
        wait_for(lambda: known(client), what='the service to be back')
        received = client.UploadChunk(name=part.name).received
        while received < len(big):
            received = client.UploadChunk(name=part.name, offset=received, content=big[received:received + chunk]).received
        got = b''
        while len(got) < len(big):
            got += client.DownloadChunk(name=part.name, offset=len(got)).content
        assert got == big


def known(client):
    try:
        client.ListTasks(parent=CITY, page_size=1)
        return True
    except Failure as failure:
        return failure.reason not in ('TOKEN_INVALID', 'TOKEN_KEYS_UNKNOWN', '')


def test_deputy():
    with Suite() as suite:
        seed(suite)
        zhang, wang, ziran = login(suite, 'zhang'), login(suite, 'wang'), login(suite, 'ziran')
        issued_task(zhang)
        assert ziran('--as', 'wang', 'acknowledge', 't1', check=False).returncode != 0
        today, directory = harness.today(), suite.client('Directory', setup=True)
        # A day before and after, so that midnight in Shanghai changes nothing.
        days = [today + datetime.timedelta(days=d) for d in (-1, 1)]
        period = dict(zip(('from', 'until'), ({'year': d.year, 'month': d.month, 'day': d.day} for d in days)))
        directory.UpdateAccount(account={'name': f'{CITY}/accounts/wang', 'deputies': [{'account': f'{CITY}/accounts/ziran', **period}]},
                                update_mask={'paths': ['deputies']}, request_id=new_id())
        wait_for(lambda: '代 wang' in ziran('inbox').stdout, what='the deputy to be known')
        ziran('--as', 'wang', 'acknowledge', 't1')
        duty = json.loads(zhang('get', 'task', 't1', '-o', 'json').stdout)['duties'][0]
        assert duty['acknowledged_by'] == f'{CITY}/accounts/ziran' and duty['acknowledged_on_behalf_of'] == f'{CITY}/accounts/wang', duty
        assert 'ziran 代 wang' in zhang('log', 't1').stdout
        # A disabled account is acted for no more.
        directory.DisableAccount(name=f'{CITY}/accounts/wang', request_id=new_id())
        wait_for(lambda: ziran('--as', 'wang', 'get', 'task', 't1', check=False).returncode != 0, seconds=10, what='the end of the deputy')


def test_duties_follow_their_unit():
    with Suite() as suite:
        seed(suite)
        zhang = login(suite, 'zhang')
        issued_task(zhang, ['ziranju'])
        directory = suite.client('Directory', setup=True)
        today = harness.today()
        day = {'year': today.year, 'month': today.month, 'day': today.day}

        def unit(i):
            return json.loads(zhang('get', 'task', 't1', '-o', 'json').stdout)['duties'][i]
        # Merged while the registry is down: followed when it is back, once.
        suite.stop('taskregistry', harness.signal.SIGKILL)
        suite.seed_unit('gongshuju', '营口市工业和数据局')
        directory.MergeUnits(name=f'{CITY}/units/gongshuju', merged=[f'{CITY}/units/gongxinju'], date=day, request_id=new_id())
        suite.start('taskregistry')
        wait_for(lambda: zhang('get', 'task', 't1', check=False).returncode == 0, what='the service to be back')
        wait_for(lambda: unit(0)['unit'].endswith('/gongshuju'), what='the duty to follow')
        assert unit(0)['unit_title'] == '营口市工业和数据局' and unit(0)['written'] == '市工信局'
        for successor in ('guihuaju', 'linye'):
            suite.seed_unit(successor, successor)
        directory.SplitUnit(name=f'{CITY}/units/ziranju', successors=[f'{CITY}/units/{u}' for u in ('guihuaju', 'linye')], date=day, request_id=new_id())
        wait_for(lambda: unit(1)['state'] == 'DECLINE_REQUESTED', what='the split to be followed')
        assert '待改派' in zhang('inbox').stdout
        log = zhang('log', 't1').stdout
        assert log.count('随名录调整') == 2, log


if __name__ == '__main__':
    harness.main([test_duty_in_another_city, test_declined_by_the_other_city, test_project_with_support_and_attachment, test_deputy, test_duties_follow_their_unit])
