"""The command line as an officer uses it: the example loaded, the board, a task's way, bad input with its exit codes, watch, log, verify."""
import json
import os
import pathlib
import signal
import stat
import subprocess
import tempfile

import harness
from harness import CITY, Suite, wait_for

PLAN = harness.ROOT / 'examples' / 'yingkou' / 'plan.txt'
USAGE, INVALID, NOT_FOUND, PRECONDITION, CONFLICT, NOT_ALLOWED, UNAVAILABLE = 2, 3, 4, 5, 6, 7, 8


def load_example(suite):
    done = subprocess.run([str(harness.ROOT / 'examples' / 'yingkou' / 'load'), str(harness.BIN / 'duikou'), str(suite.folder)], env=suite.cli_environment(),
                          capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # The registry learns the directory's keys within its first seconds.
    wait_for(lambda: suite.cli('list', 'plans', check=False).returncode == 0, what='the sign-in to be known')


def person(suite, account, unit, roles):
    """An account with a session of its own: duikou --profile ACCOUNT."""
    suite.seed_account(account, unit, roles)
    password = suite.passwords[f'{CITY}/accounts/{account}']
    suite.cli('--profile', account, '--city', '210800', 'login', account, '--password-stdin', stdin=password + '\n' + 'Bb2!' + password + '\n')


def refused(suite, code, part, *arguments, **options):
    """The command ends with this exit code, says so on stderr, and prints nothing else."""
    done = suite.cli(*arguments, check=False, **options)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    assert part in done.stderr + (done.stdout if code == USAGE else ''), (arguments, done.stderr)
    return done


def test_example_and_board():
    with Suite() as suite:
        load_example(suite)
        load_example(suite)  # what is there stays as it is
        session = suite.folder / 'config' / 'duikou' / 'session.json'
        assert stat.S_IMODE(session.stat().st_mode) == 0o600
        board = suite.cli('board').stdout
        numbers = [t['number'] for t in json.loads(suite.cli('list', 'tasks', '--all', '-o', 'json').stdout)['tasks']]
        assert len(numbers) == 17 and all(number in board for number in numbers), board
        assert '市' in board and '草稿' in board
        assert 'draft' in suite.cli('--lang', 'en', 'board').stdout
        assert json.loads(suite.cli('whoami', '-o', 'json').stdout)['name'].startswith(f'{CITY}/accounts/')
        for service in ('directory', 'taskregistry'):
            assert service in suite.cli('health', '--service', service).stdout
        assert 'directory' in suite.cli('verify').stdout
        assert '〔镁〕' in suite.cli('listing', 'search', '镁').stdout
        match = json.loads(suite.cli('listing', 'match', 'haishui-timei', '-o', 'json').stdout)
        assert match['matches'][0]['listing'] == 'cities/320700/listings/lushui-timei' and match['considered'] == 4, match
        suite.cli('logout')
        assert not session.exists()
        refused(suite, NOT_ALLOWED, '登录', '--city', '210800', 'inbox')
        refused(suite, NOT_ALLOWED, '--city', 'inbox')
        # Nothing is sent in the clear to another machine.
        refused(suite, INVALID, '--ca', '--ca', '', '--directory', 'example.com:7401', 'whoami')


def test_task_by_command_line():
    with Suite() as suite:
        load_example(suite)
        plan = json.loads(suite.cli('list', 'plans', '-o', 'json').stdout)['plans'][0]['number']
        open_units = json.loads(suite.cli('plan', 'units', plan, '-o', 'json').stdout).get('units', [])
        narrow = [part for unit in open_units if unit.get('narrow') for part in ('--narrow', f'{unit["written"]}=duikouban')]
        suite.cli('plan', 'link', plan, *narrow, '--accept-proposals')
        # Nothing is issued while something is only proposed; each draft says why.
        assert '推定' in refused(suite, PRECONDITION, '', 'plan', 'issue', plan).stdout
        suite.cli('plan', 'set-defaults', plan, '--due', '2099-12-31', '--frequency', 'QUARTERLY', '--first-responsible-leads', '--accept-proposals')
        tried = suite.cli('plan', 'issue', plan, '--validate-only').stdout
        assert '可以办理' in tried and '未保存' in tried and '成功' not in tried, tried
        suite.cli('plan', 'issue', plan)
        task = json.loads(suite.cli('get', 'task', f'{plan}-01', '-o', 'json').stdout)
        assert task['state'] == 'ISSUED', task['state']
        units = list(dict.fromkeys(duty['unit'] for duty in task['duties']))
        for i, unit in enumerate(units):
            person(suite, f'officer{i}', unit, ['UNIT_OFFICER'])
            wait_for(lambda i=i: suite.cli('--profile', f'officer{i}', 'inbox', check=False).returncode == 0, what='the sign-in to be known')
            assert f'{plan}-01' in suite.cli('--profile', f'officer{i}', 'inbox').stdout
            suite.cli('--profile', f'officer{i}', 'acknowledge', f'{plan}-01')
        assert json.loads(suite.cli('get', 'task', f'{plan}-01', '-o', 'json').stdout)['state'] == 'IN_PROGRESS'
        first_lead = units.index(next(duty['unit'] for duty in task['duties'] if duty['kind'] == 'LEAD'))
        suite.cli('--profile', f'officer{first_lead}', 'report-completion', f'{plan}-01', '--summary', '任务完成')
        suite.cli('return', f'{plan}-01', '--reason', '缺少佐证材料')
        suite.cli('--profile', f'officer{first_lead}', 'report-completion', f'{plan}-01', '--summary', '材料已补')
        suite.cli('close', f'{plan}-01', '--comment', '同意销号')
        history = suite.cli('log', f'{plan}-01').stdout
        for word in ('交办', '签收', '申请办结', '退回', '缺少佐证材料', '办结销号', f'officer{first_lead}'):
            assert word in history, (word, history)
        refused(suite, PRECONDITION, '办结', 'cancel', f'{plan}-01', '--reason', '不再需要')
        suite.cli('verify')


def test_bad_input():
    with Suite(with_redis=False) as suite:
        load_example(suite)
        plan = json.loads(suite.cli('list', 'plans', '-o', 'json').stdout)['plans'][0]['number']
        task = f'{plan}-01'
        # Single places of a list leave the others as they are.
        aliases = [alias['text'] for alias in json.loads(suite.cli('get', 'unit', 'gongxinju', '-o', 'json').stdout)['aliases']]
        assert len(aliases) > 1, aliases
        tried = suite.cli('update', 'unit', 'gongxinju', '--set', 'aliases[0].text=工信', '--validate-only').stdout
        assert tried.startswith('可以修改:'), tried
        suite.cli('update', 'unit', 'gongxinju', '--set', 'aliases[0].text=工信')
        changed = [alias['text'] for alias in json.loads(suite.cli('get', 'unit', 'gongxinju', '-o', 'json').stdout)['aliases']]
        assert changed == ['工信', *aliases[1:]], changed
        refused(suite, INVALID, f'现有 {len(aliases)} 项', 'update', 'unit', 'gongxinju', '--set', f'aliases[{len(aliases) + 1}].text=工信')
        assert '没有“no-such-command”' in refused(suite, USAGE, '', 'no-such-command').stderr
        assert 'duikou get task --help' in refused(suite, USAGE, 'NAME is missing', '--lang', 'en', 'get', 'task').stderr
        refused(suite, NOT_FOUND, '', 'get', 'task', 'nowhere')
        refused(suite, INVALID, 'due_date', 'update', 'task', task, '--set', 'due_date=2026-02-30')
        refused(suite, INVALID, 'no_field', 'update', 'task', task, '--set', 'no_field=1')
        refused(suite, INVALID, 'filter', 'list', 'tasks', '--filter', 'state = ')
        refused(suite, INVALID, 'page_size', 'list', 'tasks', '--page-size', '-1')
        refused(suite, INVALID, 'page_token', 'list', 'tasks', '--page-token', 'made-up')
        before_start = refused(suite, INVALID, 'due_date', 'update', 'task', task, '--set', 'start_date=2099-02-01', '--set', 'due_date=2099-01-01')
        assert 'DUE_BEFORE_START' in before_start.stderr, before_start.stderr
        refused(suite, CONFLICT, 'ETAG_STALE', 'update', 'task', task, '--set', 'title=新题', '--etag', 'w0')
        # Every bad field at once, in the language asked for.
        long = refused(suite, INVALID, 'title', 'create', 'task', '--set', f'plan={plan}', '--set', 'title=' + '长' * 201, '--set', 'external_id=' + 'x' * 101)
        assert 'external_id' in long.stderr, long.stderr
        assert any('\u4e00' <= c <= '\u9fff' for c in long.stderr)
        english = refused(suite, INVALID, 'title', '--lang', 'en', 'create', 'task', '--set', f'plan={plan}', '--set', 'title=' + 'x' * 201)
        assert not any('\u4e00' <= c <= '\u9fff' for c in english.stderr), english.stderr
        refused(suite, INVALID, 'units', 'create', 'task', '--set', f'plan={plan}', '--set', 'title=甲', '--set', 'duties[0].kind=LEAD',
                '--set', 'duties[0].unit=nobody')
        refused(suite, NOT_FOUND, '没有叫这个名字的局', 'create', 'task', '--set', f'plan={plan}', '--set', 'title=甲', '--set', 'duties[0].kind=LEAD', '--set',
                'duties[0].unit=没有叫这个名字的局')
        assert len(json.loads(suite.cli('list', 'tasks', '--all', '-o', 'json').stdout)['tasks']) == 17, 'nothing was stored'


def test_import_of_unfit_files():
    with Suite(with_redis=False) as suite:
        load_example(suite)
        folder = suite.folder / 'documents'
        folder.mkdir()
        text = PLAN.read_text(encoding='utf-8')
        files = {'binary': bytes(range(256)) * 64, 'empty': b'', 'huge': '一'.encode() * 17_000_000, 'broken': text.encode()[:2000] + b'\xff\xfe\xff' * 50,
                 'secret': ('机密★5年\n' + text).encode(), 'no tasks': '关于召开会议的通知\n请准时参加。\n'.encode()}
        for name, content in files.items():
            (folder / name).write_bytes(content)
            done = suite.cli('plan', 'import', str(folder / name), check=False)
            assert done.returncode in (INVALID, PRECONDITION), (name, done.returncode, done.stdout[-500:], done.stderr)
            assert done.stderr.strip(), name
        refused(suite, NOT_FOUND, 'absent', 'plan', 'import', str(folder / 'absent'))
        (folder / 'large').write_bytes('一'.encode() * 1_700_000)
        refused(suite, INVALID, '3 MB', 'plan', 'import', str(folder / 'large'))
        assert len(json.loads(suite.cli('list', 'plans', '-o', 'json').stdout)['plans']) == 1, 'nothing was stored'
        # The same document again is known, whatever its encoding was.
        refused(suite, PRECONDITION, 'DOCUMENT_IMPORTED', 'plan', 'import', str(PLAN))
        gb18030 = folder / 'gb18030'
        gb18030.write_bytes(text.encode('gb18030'))
        assert len(json.loads(suite.cli('plan', 'parse', str(gb18030), '--json').stdout)['tasks']) == 17


def test_watch_goes_on_after_restart():
    with Suite(with_redis=False) as suite:
        load_example(suite)
        plan = json.loads(suite.cli('list', 'plans', '-o', 'json').stdout)['plans'][0]['number']
        watch = subprocess.Popen([str(harness.BIN / 'duikou'), 'watch', '--from', 'begin', '--type', 'task', '--count', '19', '-o', 'json'], env=suite.cli_environment(),
                                 stdout=subprocess.PIPE, text=True)
        try:
            seen = [json.loads(watch.stdout.readline()) for _ in range(17)]
            assert all(change['kind'] == 'CREATED' for change in seen)
            suite.cli('update', 'task', f'{plan}-01', '--set', 'title=改过的题目')
            seen.append(json.loads(watch.stdout.readline()))
            suite.stop('taskregistry', signal.SIGKILL)
            suite.start('taskregistry')
            # A call meets the restarted service as it comes up, and is sent again.
            suite.cli('update', 'task', f'{plan}-02', '--set', 'title=又改的题目')
            seen.append(json.loads(watch.stdout.readline()))
            assert watch.wait(timeout=30) == 0
        finally:
            watch.kill()
        assert [change['action'] for change in seen[17:]] == ['UpdateTask', 'UpdateTask'], seen[17:]
        assert len({(change['name'], change['time']) for change in seen}) == 19, 'none twice'
        suite.stop('taskregistry')
        refused(suite, UNAVAILABLE, '', '--timeout', '2', 'inbox')


def test_certificates_of_a_small_authority():
    """What a replaced certificate is revoked by, who is told of one that ends, that a revoked one is made anew, and that nothing takes the place of a list that cannot be read
    or of an authority that lacks its key."""
    with tempfile.TemporaryDirectory() as folder:
        def certs(*arguments, code=0):
            done = subprocess.run([str(harness.BIN / 'duikou'), 'certs', *arguments], capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'zh_CN.UTF-8'}, timeout=60)
            assert done.returncode == code, f'{arguments}: {done.stdout}{done.stderr}'
            return done.stdout + done.stderr
        partner = pathlib.Path(folder) / 'partners' / '320700'
        certs('init', folder)
        certs('partner', folder, '320700/lyg-oa')
        first, = partner.glob('lyg-oa.*.crt')
        certs('partner', folder, '320700/lyg-oa', '--days', '20')
        assert len(list(partner.glob('lyg-oa.*.crt'))) == 2 and first.read_bytes() != (partner / 'lyg-oa.crt').read_bytes()
        assert first.name.split('.')[1].lower() in certs('revoke', folder, str(first)).lower()
        told = certs('init', folder)
        assert '即将到期' in told and told.count('lyg-oa') == 1, told
        certs('revoke', folder, str(partner / 'lyg-oa.crt'))
        assert '即将到期' not in certs('init', folder), 'who was revoked is not asked to renew'
        lost = (partner / 'lyg-oa.crt').read_bytes()
        assert '新签发' in certs('partner', folder, '320700/lyg-oa') and (partner / 'lyg-oa.crt').read_bytes() != lost
        assert '保留' in certs('partner', folder, '320700/lyg-oa')
        revoked = pathlib.Path(folder) / 'partners.crl'
        whole = revoked.read_bytes()
        revoked.write_bytes(b'')
        assert '不会以新列表' in certs('init', folder, code=PRECONDITION)
        assert '不会以新列表' in certs('revoke', folder, str(partner / 'lyg-oa.crt'), code=PRECONDITION)
        assert revoked.read_bytes() == b''
        revoked.write_bytes(whole)
        authority = (pathlib.Path(folder) / 'partner-ca.crt').read_bytes()
        (pathlib.Path(folder) / 'partner-ca.key').rename(pathlib.Path(folder) / 'elsewhere')
        assert '不会另建' in certs('init', folder, code=PRECONDITION)
        assert (pathlib.Path(folder) / 'partner-ca.crt').read_bytes() == authority


def test_addresses_of_a_certificate():
    """An address counts as there in whatever form it was typed, and gets in when it is not."""
    with tempfile.TemporaryDirectory() as folder:
        def certs(*arguments):
            return subprocess.run([str(harness.BIN / 'duikou'), 'certs', *arguments], capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'en_US.UTF-8'}, check=True, timeout=60).stdout
        certs('init', folder)
        assert 'made' in certs('service', folder, 'edge')
        assert 'made' in certs('service', folder, 'edge', '--host', 'fd00::7'), 'an address that it does not have'
        for same in ('fd00::7', 'fd00:0:0:0:0:0:0:7', 'FD00:0::0007'):
            assert 'kept' in certs('service', folder, 'edge', '--host', same), same
        assert 'FD00:0:0:0:0:0:0:7' in certs('show', f'{folder}/edge.crt')


if __name__ == '__main__':
    harness.main([test_example_and_board, test_task_by_command_line, test_bad_input, test_import_of_unfit_files, test_watch_goes_on_after_restart, test_certificates_of_a_small_authority, test_addresses_of_a_certificate])
