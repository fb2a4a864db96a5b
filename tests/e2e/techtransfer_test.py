"""Technology transfer between two cities through the real binaries and the command line: results imported from a table, reviewed, published and matched; a
negotiation with terms and counter terms, the price publicised, a contract, its registration with a supplement; what is counted, and what is refused on the way."""
import csv
import datetime
import json
import signal

import harness
from crash_test import needs_hooks
from harness import Suite, wait_for
from personnel_test import start_on
from technology_market import (INVALID, LIANYUNGANG, NOT_ALLOWED, NOT_FOUND, PRECONDITION, TODAY, YINGKOU, date_of, day_of, draft, login, publish, record, seed,
                               write_json)

RICE, CREDIT, STRAW = '耐盐碱水稻选育技术', '农业信贷数字平台', '秸秆还田机械'
HEADINGS = ('标题', '摘要', '类型', '关键词', '单位', '成熟度', 'IPC 分类', '转化方式', '定价方式', '价格(元)', '专利号', '外部编号')
ROWS = ((RICE, '用 CRISPR/Cas9 编辑获得耐盐碱水稻新品系,在沿海滩涂试种两年,产量稳定。', '成果', '水稻;盐碱地;基因编辑', '营口市农业科学院', '7', 'A01H1/00', '转让', '协议定价',
         '800000', '201710601862.3', 'NKY-1'),
        (CREDIT, '与中国农业发展银行合作,为农户授信提供数据服务。', '成果', '信贷;数据', '营口市农业科学院', '8', '', '普通许可;合作实施', '挂牌交易', '120000.50', '', 'NKY-2'),
        (STRAW, '秸秆粉碎深埋还田一体机。', '成果', '秸秆', '营口市农业科学院', '6', '', '作价投资', '拍卖', '', '', 'NKY-3'))


def table(suite, rows, name='成果.csv'):
    """As a spreadsheet of an office in China saves it."""
    file = suite.folder / name
    with open(file, 'w', encoding='gb18030', newline='') as out:
        csv.writer(out).writerows((HEADINGS, *rows))
    return str(file)


def import_drafts(suite, officer):
    """Gives the numbers of what was imported."""
    bad = [list(row) for row in ROWS]
    bad[0][5], bad[2][10] = '十', '201710601862.4'
    file = table(suite, bad, '有误.csv')
    preview = officer('listing', 'import', file, '--validate-only', code=PRECONDITION)
    assert 'F2 成熟度: 应为 1 至 9 的整数' in preview and 'K4 专利号: 不是有效的专利申请号' in preview and '预览' in preview, preview
    officer('listing', 'import', file, code=INVALID, says='F2')
    assert '共 0 条' in officer('list', 'listings'), 'all rows, or none'
    officer('listing', 'import', table(suite, ROWS), '--public', says='新建 3 条')
    listings = json.loads(officer('list', 'listings', '--order-by', 'number', '-o', 'json'))['listings']
    assert [(one['title'], one['number']) for one in listings] == [(row[0], f'YK-CG-{TODAY.year}-{i + 1:02d}') for i, row in enumerate(ROWS)], listings
    assert listings[0]['rights'][0]['patent_kind'] == 'INVENTION' and listings[1]['price']['fen'] == '12000050', listings[:2]
    return [one['number'] for one in listings]


def review(officer, broker, coordinator, numbers):
    rice, credit, straw = numbers
    officer('submit-listing', rice, says='审核中')
    officer('publish-listing', rice, code=NOT_ALLOWED)
    assert rice in broker('inbox') and '待审核供需信息' not in officer('inbox')
    broker('return-listing', rice, '--reason', '请补充应用场景', says='已退回')
    assert '请补充应用场景' in officer('inbox') and '待修改供需信息' in officer('inbox')
    broker('publish-listing', rice, code=PRECONDITION, says='已退回')
    officer('update', 'listing', rice, '--set', 'abstract=' + ROWS[0][1] + '适用于滨海盐碱地。')
    publish(officer, broker, rice)
    broker('submit-listing', credit)
    broker('publish-listing', credit, code=PRECONDITION, says='由他人审核')
    coordinator('publish-listing', credit, says='已发布')
    publish(officer, broker, straw)


def match_and_feedback(suite, buyer, partner, offer):
    """The demand's own best match is the offer; what is refused of it is lowered."""
    draft(buyer, suite, 'd1', 'nongye', kind='DEMAND', title='滨海盐碱地水稻品种需求', abstract='为滨海盐碱地寻求耐盐碱的水稻新品系,要求已经试种。', keywords=['水稻', '盐碱地'],
          ipc=['A01H1/00'], maturity=6, budget={'fen': 100000000})
    publish(buyer, partner, 'd1')
    shown = buyer('listing', 'match', 'd1')
    assert RICE in shown and '文字/50' in shown and '从 3 条中选出' in shown and '盐碱' in shown, shown
    answer = lambda: json.loads(buyer('listing', 'match', 'd1', '-o', 'json'))
    first = answer()
    best = first['matches'][0]
    assert best['listing'] == offer and best['parts']['field'] == 1000 and best['parts']['price'] == 1000, first
    in_points = lambda match: (sum(first['weights'][part] * match['parts'].get(part, 0) for part in first['weights']) + 50) // 100
    assert [in_points(match) for match in first['matches']] == [match['score_tenths'] for match in first['matches']], first
    buyer('match-feedback', 'd1', '--counterpart', offer, '--code', 'PRICE', '--comment', '超出预算', says='价格不合')
    lowered = next(match for match in answer()['matches'] if match['listing'] == offer)
    assert lowered['score_tenths'] < best['score_tenths'] and 'price' not in lowered['parts'] and lowered['feedback'] == 'PRICE', lowered
    buyer('match-feedback', 'd1', '--counterpart', offer, '--code', 'INTERESTED')
    assert answer()['matches'][0]['score_tenths'] == best['score_tenths']


def negotiate(buyer, seller, offer):
    """Gives the name of the negotiation that the two sides agree in."""
    buyer('create', 'negotiation', '--id', 'n1', '--set', f'listing={offer}', '--set', 'unit=nongye', '--set', f'counter_listing={LIANYUNGANG}/listings/d1')
    name = f'{LIANYUNGANG}/negotiations/n1'
    buyer('create', 'negotiation', '--set', f'listing={offer}', '--set', 'unit=nongye', code=PRECONDITION, says=name)
    buyer('post-message', 'n1', '--text', '请提供试种的检测报告')
    assert '检测报告' in seller('list', 'negotiation-messages', '--parent', name, '-o', 'json')
    seller('accept-terms', name, '--terms-version', '1', code=PRECONDITION, says='尚未提出条款')
    terms = lambda text, yuan: json.dumps({'text': text, 'kind': 'TRANSFER', 'mode': 'ASSIGNMENT', 'amount': {'fen': yuan * 100}}, ensure_ascii=False)
    buyer('propose-terms', 'n1', '--terms', terms('一次付清', 600000), says='洽谈中')
    assert '待答复条款' in seller('inbox') and '待答复条款' not in buyer('inbox')
    buyer('accept-terms', 'n1', '--terms-version', '1', code=PRECONDITION, says='由对方接受')
    seller('propose-terms', name, '--terms', terms('一次付清,含两年指导', 750000))
    buyer('accept-terms', 'n1', '--terms-version', '1', code=PRECONDITION, says='最新条款为第 2 版')
    buyer('accept-terms', 'n1', '--terms-version', '2', says='已达成一致')
    assert record(seller, 'negotiation', name)['terms'][1]['accepted_by'].endswith('/xu')
    seller('propose-terms', name, '--terms', terms('再议', 1), code=PRECONDITION, says='已达成一致')
    assert '待签订合同' in seller('inbox')
    return name


def conclude(run, negotiation, day, code=0, says=''):
    return run('create', 'contract', '--id', 'k1', '--set', 'title=水稻品种权转让合同', '--set', 'kind=TRANSFER', '--set', 'mode=ASSIGNMENT', '--set',
               f'negotiation={negotiation}', '--set', f'sign_date={day.isoformat()}', '--set', 'amount=750000', '--set', 'technology_amount=700000',
               code=code, says=says)


def publicise(coordinator, broker, negotiation, number):
    """The price must be publicised before; an objection stops it until it is dismissed."""
    conclude(broker, negotiation, TODAY, code=PRECONDITION, says='须先公示')
    coordinator('publicise-listing', number, '--price', '750000')
    conclude(broker, negotiation, TODAY, code=PRECONDITION, says=f'公示至 {(TODAY + datetime.timedelta(days=15)).isoformat()}')
    coordinator('object-to-listing', number, '--objection', '权属有争议', '--objector', '某企业')
    conclude(broker, negotiation, TODAY, code=PRECONDITION, says='异议尚未处理')
    assert '待处理异议' in coordinator('inbox') and '待处理异议' not in broker('inbox')
    coordinator('settle-objection', number, '--settlement', '经核查不成立')
    conclude(broker, negotiation, TODAY, code=PRECONDITION, says='公示至')


def workdays_after(day, count):
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < 5
    return day


def register(suite, broker, day):
    """Submitted, accepted, papers asked for: the clock stands. Gives the contract's number."""
    contract = record(broker, 'contract', 'k1')
    number = contract['number']
    assert number == f'YK-HT-{day.year}-01' and contract['offer_title'] == RICE and contract['buyer']['title'] == '连云港农业发展公司', contract
    broker('accept-registration', number, code=PRECONDITION, says='已签订')
    broker('submit-registration', number, '--office', '营口市技术合同登记处', says='已申请')
    broker('accept-registration', number, '--date', (day + datetime.timedelta(days=1)).isoformat(), code=INVALID, says='不能晚于今天')
    broker('accept-registration', number, says='已受理')
    accepted = record(broker, 'contract', number)
    assert day_of(accepted['due_date']) == workdays_after(day, 15) and accepted['due_is_tentative'], accepted
    broker('request-supplement', number, '--papers', '缺少技术附件', says='补正')
    assert 'due_date' not in record(broker, 'contract', number) and '缺少技术附件' in broker('inbox')
    before = record(broker, 'contract', number)
    suite.stop('techtransfer', signal.SIGKILL)
    suite.start('techtransfer')
    assert record(broker, 'contract', number) == before
    return number


def holiday_moves_the_due_date(suite, coordinator, number, due):
    """The directory learns the holidays of both years: the last day is a workday more away, and certain."""
    off = next(day for day in (due - datetime.timedelta(days=n) for n in range(1, 9)) if day.weekday() < 5)
    years = [{'name': f'{YINGKOU}/holidayYears/{year}', 'year': year, 'notice': '国办发明电〔2025〕7号', 'holidays': [date_of(off)] if off.year == year else []}
             for year in range(TODAY.year, TODAY.year + 2)]
    coordinator('create', 'holiday-years', '--file', write_json(suite, 'holidays.json', years))
    wait_for(lambda: day_of(record(coordinator, 'contract', number)['due_date']) == workdays_after(due, 1), what='the holiday to be followed')
    wait_for(lambda: 'due_is_tentative' not in record(coordinator, 'contract', number), what='a last day that is certain')


def counts(run):
    return json.loads(run('contract-counts', '--group-by', 'CITY_PAIR', '-o', 'json'))


def test_from_import_to_counted_contract():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        wang, jing, guan, li, xu, sun = (login(suite, account) for account in ('wang', 'jing', 'guan', 'li', 'xu', 'sun'))
        numbers = import_drafts(suite, guan)
        assert numbers[0] not in li('listing', 'search', '水稻'), 'a draft is seen by nobody else'
        review(guan, jing, wang, numbers)
        offer = record(guan, 'listing', numbers[0])['name']
        match_and_feedback(suite, xu, li, offer)
        negotiation = negotiate(xu, guan, offer)
        sun('get', 'negotiation', negotiation, code=NOT_FOUND)
        publicise(wang, jing, negotiation, numbers[0])

        signed = TODAY + datetime.timedelta(days=16)
        start_on(suite, signed)
        jing, li = login(suite, 'jing'), login(suite, 'li')
        conclude(jing, negotiation, signed, says='YK-HT-')
        closed = record(jing, 'listing', numbers[0])
        assert closed['state'] == 'CLOSED' and closed['closing_contract'] == f'{YINGKOU}/contracts/k1' and numbers[0] not in li('listing', 'search', '水稻'), closed
        number = register(suite, jing, signed)

        later = signed + datetime.timedelta(days=5)
        start_on(suite, later)
        wang, jing, li, sun = (login(suite, account) for account in ('wang', 'jing', 'li', 'sun'))
        came = signed + datetime.timedelta(days=3)
        jing('accept-registration', number, '--date', came.isoformat(), says='已受理')
        contract = record(jing, 'contract', number)
        assert day_of(contract['due_date']) == workdays_after(came, 15) and day_of(contract['accept_date']) == came, contract
        holiday_moves_the_due_date(suite, wang, number, day_of(contract['due_date']))
        assert counts(jing)['total'].get('contracts', 0) == 0, 'it is not registered yet'
        jing('register-contract', number, '--registration-number', '2026210800000001', '--technology-amount', '750000.01', code=INVALID, says='不能大于成交额')
        jing('register-contract', number, '--registration-number', '2026210800000001', says='予以登记')
        for run in (jing, li):
            assert counts(run)['rows'] == [{'key': '210800→320700', 'contracts': 1, 'amount_fen': '75000000', 'technology_amount_fen': '70000000'}], counts(run)
        everywhere = suite.as_person('li', 'Contracts', '320700').CountContracts(parent='cities/-')
        assert everywhere.total.contracts == 1, 'of two cities, and counted once'
        assert counts(sun)['total'].get('contracts', 0) == 0

        jing('cancel-contract', number, '--reason', '双方解除', says='已注销')
        assert counts(li)['total'].get('contracts', 0) == 0
        assert record(jing, 'listing', numbers[0])['state'] == 'PUBLISHED' and numbers[0] in li('listing', 'search', '水稻')
        history = jing('log', f'{YINGKOU}/contracts/k1')
        for word in ('申请认定登记', '受理', '要求补正', '缺少技术附件', '予以登记', '注销', '双方解除'):
            assert word in history, (word, history)
        password = suite.passwords[f'{YINGKOU}/accounts/shen']
        suite.cli('--profile', 'shen', '--city', '210800', 'login', 'shen', '--password-stdin', stdin=f'{password}\n')
        wait_for(lambda: suite.cli('--profile', 'shen', 'verify', '--service', 'techtransfer', check=False).returncode == 0, what='a chain that holds')
    finally:
        suite.__exit__()


def test_export_comes_back_unchanged():
    with Suite(with_redis=False) as suite:
        seed(suite)
        guan, jing = login(suite, 'guan'), login(suite, 'jing')
        import_drafts(suite, guan)
        content = lambda: [{field: value for field, value in one.items() if field not in ('etag', 'update_time')}
                           for one in json.loads(guan('list', 'listings', '-o', 'json'))['listings']]
        before = content()
        for name in ('供需.xlsx', '供需.csv'):
            file = suite.folder / name
            guan('listing', 'export', str(file), '--filter', 'state = DRAFT', says='3 条')
            guan('listing', 'import', str(file), says='新建 0 条,更新 0 条,未变 3 条')
            assert content() == before, name
        assert RICE in file.read_text(encoding='utf-8-sig') and file.read_bytes()[:3] == b'\xef\xbb\xbf'
        publish(guan, jing, before[0]['number'])
        guan('listing', 'import', str(file), '--only-good-rows', code=PRECONDITION, says='已发布')
        guan('create', 'listing', '--id', 'x', '--set', 'kind=OFFER', '--set', 'title=甲', '--set', 'abstract=甲', '--set', f'owner_unit={LIANYUNGANG}/units/nongye',
             code=INVALID, says='不是本市单位')
        guan('create', 'listing', '--id', 'x', '--set', 'kind=OFFER', '--set', 'title=甲', '--set', 'abstract=甲', '--set', 'owner_unit=duikouban', code=NOT_ALLOWED,
             says='本单位')
        guan('create', 'listing', '--id', 'x', '--set', 'kind=OFFER', '--set', 'title=甲', '--set', 'abstract=甲', '--set', 'owner_unit=nongkeyuan')
        guan('submit-listing', 'x', code=INVALID, says='转化方式')


if __name__ == '__main__':
    harness.main([test_from_import_to_counted_contract, test_export_comes_back_unchanged])
