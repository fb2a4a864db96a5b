"""Personnel exchange between two cities through the real binaries and the command line: post, nomination, proposal, approvals, arrival, extension,
evaluation, early end, correction, assessment, a subsidy paid and recovered; and what is refused on the way."""
import datetime
import json

import harness
from crash_test import needs_hooks
from harness import Suite, new_id, wait_for

TODAY = harness.today()
PRECONDITION, CONFLICT, NOT_ALLOWED, INVALID, NOT_FOUND = 5, 6, 7, 3, 4


def after(months):
    """The last day of a term of so many months that begins today."""
    month = TODAY.month - 1 + months
    first = datetime.date(TODAY.year + month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
    return last if TODAY.day > last.day else first.replace(day=TODAY.day) - datetime.timedelta(days=1)


def seed(suite):
    suite.seed_city()
    suite.seed_city('110106', '丰台区', '北京市', 'FT')
    suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
    for unit, title in (('zuzhibu', '营口市委组织部'), ('jiaoyuju', '营口市教育局')):
        suite.seed_unit(unit, title)
    for unit, title in (('zuzhibu', '丰台区委组织部'), ('jiaowei', '丰台区教委')):
        suite.seed_unit(unit, title, city='110106')
    suite.seed_unit('zuzhibu', '连云港市委组织部', city='320700')
    suite.seed_account('wang', 'zuzhibu', ['PERSONNEL_OFFICER'])
    suite.seed_account('duikou', 'zuzhibu', ['COORDINATOR'])
    suite.seed_account('li', 'zuzhibu', ['PERSONNEL_OFFICER'], city='110106')
    suite.seed_account('sun', 'zuzhibu', ['PERSONNEL_OFFICER'], city='320700')
    suite.seed_account('shen', 'zuzhibu', ['AUDITOR'])
    from duikou.directory.v1 import partnership_pb2
    suite.client('Directory', setup=True).CreatePartnership(
        parent='cities/210800', partnership_id='fengtai', request_id=new_id(),
        partnership={'kind': partnership_pb2.Partnership.PAIR, 'title': '营口–丰台', 'members': [{'city': 'cities/210800'}, {'city': 'cities/110106'}]})


def login(suite, account, city='210800', listed='engagements'):
    """Signs in on the command line under a profile of the account's name; gives a function that runs a command and checks its exit code. The account may
    list records of the type `listed`."""
    password = suite.passwords[f'cities/{city}/accounts/{account}']
    suite.cli('--profile', account, '--city', city, 'login', account, '--password-stdin', stdin=f'{password}\n')
    wait_for(lambda: suite.cli('--profile', account, 'list', listed, check=False).returncode == 0, what='the sign-in to be known')

    def run(*arguments, code=0, says=''):
        done = suite.cli('--profile', account, *arguments, check=False)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        assert says in done.stdout + done.stderr, (arguments, done.stdout, done.stderr)
        return done.stdout
    return run


def verify(suite):
    """The auditor holds the personnel service's chain for whole."""
    password = suite.passwords['cities/210800/accounts/shen']
    suite.cli('--profile', 'shen', '--city', '210800', 'login', 'shen', '--password-stdin', stdin=f'{password}\n')
    wait_for(lambda: suite.cli('--profile', 'shen', 'verify', '--service', 'personnel', check=False).returncode == 0, what='a chain that holds')


def record(run, kind, name):
    return json.loads(run('get', kind, name, '-o', 'json'))


def create(run, resource, ident, **fields):
    settings = [part for field, value in fields.items() for part in ('--set', f'{field.replace("__", ".")}={value}')]
    return run('create', resource, '--id', ident, *settings)


def propose(run, ident, person, code=0, says='', **more):
    fields = {'kind': 'SECONDMENT', 'person': person, 'partnership': 'fengtai', 'host_unit': 'cities/110106/units/jiaowei',
              'terms.start_date': TODAY.isoformat(), 'terms.end_date': after(12).isoformat(), **more}
    return run('create', 'engagement', '--id', ident, *[part for f, v in fields.items() for part in ('--set', f'{f}={v}')], code=code, says=says)


def prepare(home, host):
    create(host, 'post', 'p1', title='区教委副主任(挂职)', host_unit='jiaowei', kind='SECONDMENT', seats=1, start_date=TODAY.isoformat(),
           end_date=after(12).isoformat(), access__sharing='UNCONDITIONAL')
    create(home, 'exchange-settings', 'default', number_prefix='YK')
    create(home, 'quota', 'q1', partnership='fengtai', host_city='cities/110106', year=TODAY.year, kind='SECONDMENT', seats=1)
    for ident, name in (('xiaoming', '王小明'), ('xiaohong', '李小红')):
        create(home, 'person', ident, title=name, sex='MALE', birth_date='1985-05-20', home_unit='jiaoyuju', rank='正科级', phone='13800000000')
    create(home, 'nomination', 'n1', person='xiaoming', post='cities/110106/posts/p1', wish=1)


def day_of(date):
    """A date of a record, which is {'year': …, 'month': …, 'day': …}."""
    return datetime.date(date['year'], date['month'], date['day'])


def holiday_moves_the_last_day(suite, coordinator, home):
    """A holiday that the directory learns puts off the last day for 报到 of an engagement that begins today."""
    before = day_of(record(home, 'engagement', 'e1')['lapse_date'])
    off = next(day for day in (TODAY + datetime.timedelta(days=n) for n in range(1, 4)) if day.weekday() < 5)
    year = suite.folder / 'holidays.json'
    year.write_text(json.dumps([{'name': f'cities/210800/holidayYears/{off.year}', 'year': off.year, 'notice': '国办发明电〔2025〕7号',
                                 'holidays': [{'year': off.year, 'month': off.month, 'day': off.day}]}], ensure_ascii=False), encoding='utf-8')
    coordinator('create', 'holiday-years', '--file', str(year))
    wait_for(lambda: day_of(record(home, 'engagement', 'e1')['lapse_date']) > before, what='the holiday to be followed')


def test_secondment_from_nomination_to_assessment():
    with Suite() as suite:
        seed(suite)
        home, host, third = login(suite, 'wang'), login(suite, 'li', '110106'), login(suite, 'sun', '320700')
        coordinator = login(suite, 'duikou')
        prepare(home, host)
        host('rank-nomination', 'cities/210800/nominations/n1', '--host-order', '1', says='已报送')
        home('rank-nomination', 'n1', '--host-order', '1', code=NOT_ALLOWED, says='接收方')

        propose(home, 'e1', 'xiaoming', nomination='n1')
        name = 'cities/210800/engagements/e1'
        engagement = record(host, 'engagement', name)
        assert engagement['number'] == f'YK-JL-{TODAY.year}-01' and engagement['person_title'] == '王小明', engagement
        assert record(home, 'nomination', 'n1')['state'] == 'PROPOSED'
        third('get', 'engagement', name, code=NOT_FOUND)
        assert record(coordinator, 'person', 'xiaoming')['title'] == '***'
        propose(home, 'e2', 'xiaoming', code=PRECONDITION, says='全职交流的时间不能重叠')
        propose(home, 'e2', 'xiaohong', code=PRECONDITION, says='没有剩余')

        host('record-arrival', name, code=PRECONDITION, says='待批准')
        home('approve-engagement', engagement['number'], '--terms-version', '2', code=CONFLICT, says='第 1 版')
        home('approve-engagement', engagement['number'], '--terms-version', '1', says='待批准')
        assert '待批准交流' not in home('inbox') and engagement['number'] in host('inbox')
        host('approve-engagement', name, '--terms-version', '1', says='已批准')
        holiday_moves_the_last_day(suite, coordinator, home)
        home('record-arrival', 'e1', code=NOT_ALLOWED, says='接收方')
        assert '待报到' in host('inbox')
        host('record-arrival', name, says='在岗')
        quota = record(host, 'quota', 'cities/210800/quotas/q1')
        assert quota['consumed'] == 1 and quota.get('reserved', 0) == 0, quota

        home('extend-engagement', 'e1', '--end-date', after(40).isoformat(), code=INVALID, says='36 个月')
        home('extend-engagement', 'e1', '--end-date', after(18).isoformat(), says='在岗')
        for run in (home, host):
            run('approve-engagement', name, '--terms-version', '2')
        assert record(home, 'engagement', 'e1')['end_date'] == record(host, 'engagement', name)['terms']['end_date']
        host('create', 'evaluation', '--parent', name, '--id', 'v1', '--set', 'kind=MID_TERM', '--set', 'grade=EXCELLENT', '--set', 'text=工作扎实')
        assert '优秀' in home('list', 'evaluations', '--parent', name)

        host('end-engagement', name, '--reason', '机构改革', says='提前结束')
        assert record(home, 'engagement', 'e1')['end_reason'] == '机构改革'
        home('end-engagement', 'e1', '--reason', '重复', code=PRECONDITION, says='提前结束')
        assert '机构改革' in home('list', 'exchange-notices')
        home('read-notice', 'e1/ended-early-home', says='已阅')
        home('correct-engagement', 'e1', '--arrival-date', (TODAY - datetime.timedelta(days=1)).isoformat(), '--reason', '误', code=INVALID, says='不能早于开始日期')
        home('assess-engagement', 'e1', '--assessment', '优秀', says='已考核')
        balance = json.loads(host('balance', '--partnership', 'cities/210800/partnerships/fengtai', '--year', str(TODAY.year), '-o', 'json'))
        assert balance['rows'][0]['ended'] == 1 and balance['rows'][0]['consumed'] == 1, balance
        assert '提前结束' in home('log', name)
        verify(suite)


def test_withdrawn_proposal_stays_withdrawn():
    with Suite() as suite:
        seed(suite)
        home, host = login(suite, 'wang'), login(suite, 'li', '110106')
        prepare(home, host)
        propose(home, 'e1', 'xiaoming')
        name = 'cities/210800/engagements/e1'
        host('approve-engagement', name, '--terms-version', '1')
        home('withdraw-engagement', 'e1', '--reason', '人选调整', says='已撤回')
        suite.stop('personnel')
        suite.start('personnel')
        for run, verb in ((host, 'approve-engagement'), (home, 'approve-engagement')):
            run(verb, name, '--terms-version', '1', code=PRECONDITION, says='已撤回')
        host('record-arrival', name, code=PRECONDITION, says='已撤回')
        propose(home, 'e2', 'xiaohong', says='已创建')  # its seat is free


def test_files_and_matching():
    with Suite() as suite:
        seed(suite)
        home, host = login(suite, 'wang'), login(suite, 'li', '110106')
        prepare(home, host)
        create(home, 'nomination', 'n2', person='xiaohong', post='cities/110106/posts/p1')
        host('rank-nomination', 'cities/210800/nominations/n2', '--host-order', '1')
        match = json.loads(home('match', '--partnership', 'fengtai', '-o', 'json'))
        assert match['placements'][0]['person'].endswith('/xiaohong'), match  # whom the host prefers, all else being equal
        assert match['left_out'][0]['obstacles'][0]['reason'] == 'SEATS_TAKEN', match
        propose(home, 'e1', 'xiaoming', nomination='n1')
        roster, form, table = suite.folder / '花名册.csv', suite.folder / '审批表.docx', suite.folder / '人员.csv'
        host('roster', str(roster), says='1 人次')
        assert '王小明' in roster.read_text(encoding='utf-8-sig')
        home('approval-form', 'e1', str(form), says='审批表')
        assert form.read_bytes()[:2] == b'PK'
        nominations = suite.folder / '推荐.csv'
        nominations.write_text('姓名,岗位\n王小明,区教委副主任(挂职)\n没有此人,区教委副主任(挂职)\n', encoding='utf-8')
        home('import-nominations', str(nominations), '--validate-only', code=PRECONDITION, says='没有登记人员')
        table.write_bytes('姓名,性别,出生日期,工作单位\n赵强,男,1990-02-03,市教育局\n钱进,男,昨天,市教育局\n'.encode('gb18030'))
        home('import-persons', str(table), code=INVALID, says='C3')
        home('import-persons', str(table), '--validate-only', code=PRECONDITION, says='可导入 1 行')
        home('import-persons', str(table), '--only-good-rows', code=PRECONDITION, says='可导入 1 行')
        persons = json.loads(home('list', 'persons', '-o', 'json'))['persons']
        assert [p['home_unit'] for p in persons if p['title'] == '赵强'] == ['cities/210800/units/jiaoyuju'], persons


def start_on(suite, day):
    """The services, for which it is nine o'clock in Shanghai on that day (common/base/moved_clock.h)."""
    for name in list(suite.processes):
        suite.stop(name)
    suite.environment = {'DUIKOU_TODAY': day.isoformat()}
    for name in harness.SERVICES:
        suite.start(name)


def propose_by_match(home):
    """匹配, and a batch of what it proposes; gives the engagement's name."""
    match = json.loads(home('match', '--partnership', 'fengtai', '-o', 'json'))
    (placement,) = match['placements']
    assert placement['post'] == 'cities/110106/posts/p1' and placement['fit']['total'] > 0, match
    engagement = {'kind': 'SECONDMENT', 'person': placement['person'], 'partnership': 'cities/210800/partnerships/fengtai', 'nomination': placement['nomination'],
                  'host_unit': 'cities/110106/units/jiaowei',
                  'terms': {field: dict(zip(('year', 'month', 'day'), day.timetuple()[:3])) for field, day in (('start_date', TODAY), ('end_date', after(12)))}}
    twice = ['--engagements', json.dumps(engagement), '--engagements', json.dumps(engagement)]
    batch = json.loads(home('submit-batch', '--batch-id', 'b1', '--batch', '{"document_number": "营组发〔2026〕3号"}', *twice, '-o', 'json'))
    assert [result.get('reason', '') for result in batch['results']][1] != '', 'each is proposed by itself: the second finds the first'
    return batch['results'][0]['engagement']


def test_from_post_to_recovered_subsidy():
    """The whole way: post, nominations, match, batch, both approve, 报到, extension, evaluation, subsidy, early end, recovery."""
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        home, host, coordinator = login(suite, 'wang'), login(suite, 'li', '110106'), login(suite, 'duikou')
        prepare(home, host)
        create(home, 'subsidy-policy', 'p1', title='挂职干部生活补贴', kind='SECONDMENT', monthly_fen=310000, months=12, returned_percent=50)
        name = propose_by_match(home)
        ident = name.rsplit('/', 1)[1]
        claim = f'{ident}/c1'
        assert '待批准交流' in home('inbox') and '待批准交流' in host('inbox')
        home('approve-batch', 'b1')
        host('approve-batch', 'cities/210800/batches/b1')
        last = (TODAY.replace(day=1) + datetime.timedelta(days=70)).replace(day=1)
        apply = ['create', 'subsidy-claim', '--parent', ident, '--set', 'policy=p1', '--set', f'first_month={TODAY.isoformat()}', '--set', f'last_month={last.isoformat()}']
        home(*apply, '--id', 'c0', code=PRECONDITION, says='报到后')
        host('record-arrival', name, says='在岗')
        home('extend-engagement', ident, '--end-date', after(18).isoformat())
        for run in (home, host):
            run('approve-engagement', name, '--terms-version', '2')
        assert day_of(record(home, 'engagement', ident)['end_date']) == after(18)
        host('create', 'evaluation', '--parent', name, '--id', 'v1', '--set', 'kind=MID_TERM', '--set', 'grade=EXCELLENT', '--set', 'text=工作扎实')
        home(*apply, '--id', 'c1', says='已创建')
        home(*apply, '--id', 'c2', code=PRECONDITION, says='同一人同一月份不能重复申请')
        home('review-subsidy', claim, code=NOT_ALLOWED, says='同一账号')
        assert '待审核补贴' in coordinator('inbox') and '待审核补贴' not in home('inbox')
        coordinator('review-subsidy', claim, says='已审核')
        home('approve-subsidy', claim, code=PRECONDITION, says='可以:公示')
        home('publicise-subsidy', claim, says='公示中')
        home('approve-subsidy', claim, code=PRECONDITION, says='公示期到')

        start_on(suite, TODAY + datetime.timedelta(days=8))
        home, host = login(suite, 'wang'), login(suite, 'li', '110106')
        home('approve-subsidy', claim, says='已批准')
        host('pay-subsidy', f'cities/210800/engagements/{claim.replace("/", "/subsidyClaims/")}', '--voucher', 'x', code=NOT_ALLOWED, says='由发放补贴的城市')
        home('pay-subsidy', claim, '--voucher', '2026-记-118', says='已发放')
        paid = record(home, 'subsidy-claim', claim)
        host('end-engagement', name, '--reason', '机构改革', says='提前结束')
        recovering = record(home, 'subsidy-claim', claim)
        assert recovering['state'] == 'RECOVERING' and 0 < int(recovering['recover_fen']) < int(paid['paid_fen']), recovering
        home('recover-subsidy', claim, '--voucher', '2026-记-201', '--fen', '100000000', code=INVALID, says='最多还应追缴')
        home('recover-subsidy', claim, '--voucher', '2026-记-201', says='已追缴')
        balance = json.loads(home('subsidy-balance', '-o', 'json'))
        assert int(balance['balance_fen']) == int(paid['paid_fen']) - int(recovering['recover_fen']) and balance['entries'] == 2, balance
        file = suite.folder / '补贴.csv'
        home('subsidy-list', str(file), says='1 份')
        assert '王小明' in file.read_text(encoding='utf-8-sig')
        verify(suite)
    finally:
        suite.__exit__()


if __name__ == '__main__':
    # The slow one last, as it has a day of its own: the others run while TODAY is today.
    harness.main([test_secondment_from_nomination_to_assessment, test_withdrawn_proposal_stays_withdrawn, test_files_and_matching, test_from_post_to_recovered_subsidy])
