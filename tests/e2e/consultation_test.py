"""Consultations of two cities through the real binaries and the command line: calendars imported, a slot found and held, answered, confirmed; a principal
declines and his alternate steps in; held, minutes signed by both, decisions that become tasks; next year's turn at the other city; and what is refused on the way."""
import datetime
import json

import harness
from crash_test import needs_hooks
from harness import Suite, wait_for
from personnel_test import start_on
from personnel_test import login as login_and_wait

TODAY = harness.today()
INVALID, NOT_FOUND, PRECONDITION, NOT_ALLOWED = 3, 4, 5, 7
HOST, GUEST = 'cities/210800', 'cities/320700'


def login(suite, account, city='210800'):
    return login_and_wait(suite, account, city, listed='consultations')


def meeting_day():
    """A Wednesday one to two weeks ahead: in no window does a weekend count."""
    return TODAY + datetime.timedelta(days=7 + (2 - TODAY.weekday()) % 7)


def at(day, hour, minute=0):
    return f'{day.isoformat()}T{hour:02d}:{minute:02d}:00+08:00'


def seed(suite):
    suite.seed_city()
    suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
    for city in ('210800', '320700'):
        suite.seed_unit('fagaiwei', '市发展和改革委员会', city=city)
    suite.seed_account('wang', 'fagaiwei', ['COORDINATOR', 'SCHEDULER'])
    suite.seed_account('li', 'fagaiwei', ['COORDINATOR', 'SCHEDULER'], city='320700')
    suite.seed_account('mishu', 'fagaiwei', ['UNIT_OFFICER'], city='320700')


def busy(run, suite, calendar, day, begin, end, code=0, says='1 段'):
    """Imports a day's appointment as Outlook writes it."""
    file = suite.folder / f'{calendar}.ics'
    stamp = lambda hour: f'{day.strftime("%Y%m%d")}T{hour:02d}0000'
    file.write_text('\r\n'.join((
        'BEGIN:VCALENDAR', 'PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN', 'VERSION:2.0', 'METHOD:PUBLISH', 'BEGIN:VTIMEZONE',
        'TZID:China Standard Time', 'BEGIN:STANDARD', 'DTSTART:16010101T000000', 'TZOFFSETFROM:+0800', 'TZOFFSETTO:+0800', 'END:STANDARD', 'END:VTIMEZONE',
        'BEGIN:VEVENT', f'UID:{calendar}@outlook', f'DTSTAMP:{day.strftime("%Y%m%d")}T000000Z', f'DTSTART;TZID="China Standard Time":{stamp(begin)}',
        f'DTEND;TZID="China Standard Time":{stamp(end)}', 'SUMMARY:常务会议', 'TRANSP:OPAQUE', 'END:VEVENT', 'END:VCALENDAR', '')), encoding='utf-8')
    return run('import-calendar', calendar, str(file), '--source', 'outlook', code=code, says=says)


def draft(suite, day):
    """By video, an hour of the day, between the mayors: the host's part."""
    record = [{'name': f'{HOST}/consultations/c1', 'kind': 'MEETING', 'tier': 'DECISION', 'topic': '对口合作年度会商', 'mode': 'VIDEO', 'lengthMinutes': 60,
               'parties': [{'city': HOST, 'quorum': 1}, {'city': GUEST, 'quorum': 1}],
               'windows': [{'startTime': at(day, 0), 'endTime': at(day + datetime.timedelta(days=1), 0)}],
               'participants': [{'calendar': f'{HOST}/calendars/shizhang', 'role': 'PRINCIPAL'}]}]
    file = suite.folder / '会商.json'
    file.write_text(json.dumps(record, ensure_ascii=False), encoding='utf-8')
    return str(file)


def name_guests(run):
    """The guest's mayor, and an alternate for him."""
    mayor = {'calendar': f'{GUEST}/calendars/shizhang', 'role': 'PRINCIPAL'}
    alternate = {'calendar': f'{GUEST}/calendars/fushizhang', 'role': 'ALTERNATE', 'alternateFor': mayor['calendar']}
    run('name-participants', f'{HOST}/consultations/c1', '--participants', json.dumps(mayor), '--participants', json.dumps(alternate), '--quorum', '1')


def answer(run, calendar, kind, code=0, says=''):
    return run('answer-consultation', f'{HOST}/consultations/c1', '--calendar', calendar, '--answer', json.dumps({'kind': kind}), code=code, says=says)


def people(suite, host, guest, day):
    for run, ident, title in ((host, 'shizhang', '王市长'), (guest, 'shizhang', '李市长'), (guest, 'fushizhang', '付副市长')):
        run('create', 'calendar', '--id', ident, '--set', 'kind=PERSON', '--set', f'title={title}', *(
            ('--set', f'liaisons[0]={GUEST}/accounts/mishu') if run is guest else ()))
    busy(host, suite, 'shizhang', day, 9, 10)
    busy(guest, suite, 'shizhang', day, 11, 18)


def test_from_calendars_to_tasks():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        day = meeting_day()
        host, guest, liaison = login(suite, 'wang'), login(suite, 'li', '320700'), login(suite, 'mishu', '320700')
        people(suite, host, guest, day)
        host('create', 'consultation', '--file', draft(suite, day), says='c1')
        name_guests(guest)
        name = f'{HOST}/consultations/c1'
        found = host('find-slots', 'c1')
        assert f'{day.isoformat()} 10:00' in found and f'{day.isoformat()} 11:00' in found, found
        assert '常务会议' not in guest('free-busy', '--calendars', f'{HOST}/calendars/shizhang', '--from-time', at(day, 0), '--until-time', at(day, 23), '-o', 'json')

        host('propose-consultation', 'c1', '--start-time', at(day, 9, 30), code=PRECONDITION, says='不可行')
        host('propose-consultation', 'c1', '--start-time', at(day, 10), says='征求意见')
        assert '待答复' in liaison('inbox')
        host('confirm-consultation', 'c1', says='已确认')
        answer(host, f'{GUEST}/calendars/shizhang', 'DECLINE', code=NOT_ALLOWED, says='联络员')
        answer(liaison, f'{GUEST}/calendars/shizhang', 'DECLINE', says='已确认')
        assert '付副市长' in host('list', 'consultation-notices', '--parent', name, '-o', 'json'), 'the alternate steps in, and the host is told'
        invitation = suite.folder / '邀请.ics'
        host('invitation', 'c1', str(invitation))
        assert b'METHOD:REQUEST' in invitation.read_bytes()
        for verb, file in (('meeting-notice', '通知.docx'), ('receipts', '回执.xlsx'), ('attendance-list', '名单.xlsx')):
            host(verb, 'c1', str(suite.folder / file))
            assert (suite.folder / file).read_bytes()[:2] == b'PK'
        attended = [part for calendar in (f'{HOST}/calendars/shizhang', f'{GUEST}/calendars/fushizhang') for part in ('--attended', calendar)]
        host('record-attendance', 'c1', *attended, code=PRECONDITION, says='开始')

        start_on(suite, day + datetime.timedelta(days=1))
        host, guest = login(suite, 'wang'), login(suite, 'li', '320700')
        assert '待登记出席' in host('inbox')
        host('record-attendance', 'c1', *attended, says='已召开')
        host('create', 'minutes', '--parent', 'c1', '--id', 'm1', '--set', 'text=会议议定共建产业园。')
        guest('create', 'decision', '--parent', name, '--id', 'd1', '--set', 'position=1', '--set', 'title=共建产业园', '--set', f'due_date={day.year + 1}-12-31',
              '--set', f'lead_units[0].unit={HOST}/units/fagaiwei', '--set', f'lead_units[1].unit={GUEST}/units/fagaiwei')
        host('sign-minutes', 'c1/m1', says='已会签')
        host('issue-minutes', 'c1/m1', code=PRECONDITION, says='会签')
        assert '待会签纪要' in guest('inbox') and '待会签纪要' not in host('inbox')
        suite.stop('taskregistry')
        guest('sign-minutes', f'{name}/minutes/m1', says='各方均已会签')
        assert json.loads(host('get', 'decision', 'c1/d1', '-o', 'json'))['state'] == 'AGREED'
        host('issue-minutes', 'c1/m1')
        host('close-consultation', 'c1', code=PRECONDITION, says='尚未转为任务')
        suite.start('taskregistry')
        wait_for(lambda: json.loads(host('get', 'decision', 'c1/d1', '-o', 'json'))['state'] == 'TASKED', what='the tasks')
        for run, city in ((host, HOST), (guest, GUEST)):
            wait_for(lambda run=run: '共建产业园' in suite.cli('--profile', 'wang' if run is host else 'li', 'list', 'tasks', check=False).stdout, what='the task')
            assert json.loads(run('get', 'task', f'{city}/tasks/decided-210800-c1-d1', '-o', 'json'))['decision'] == f'{name}/decisions/d1'
            assert '待交办' in run('inbox')
        host('close-consultation', 'c1')
        counts = json.loads(guest('consultation-counts', '--year', str(day.year), '-o', 'json'))['counts']
        assert counts[0]['meetings'] == 1, counts
    finally:
        suite.__exit__()


def test_series_proposes_the_next_turn_at_the_other_city():
    with Suite() as suite:
        seed(suite)
        host, guest = login(suite, 'wang'), login(suite, 'li', '320700')
        host('create', 'series', '--id', 's1', '--set', 'title=年度会商', '--set', 'kind=MEETING', '--set', 'tier=DECISION', '--set', 'recurrence.by_month=3',
             '--set', f'first_date={TODAY.isoformat()}', '--set', f'hosts[0]={HOST}', '--set', f'hosts[1]={GUEST}', '--set', 'length_minutes=120')
        turns = json.loads(host('turns', 's1', '-o', 'json'))['turns']
        assert [turn['host_city'] for turn in turns[:2]] == [HOST, GUEST], turns
        host('skip-turn', 's1', '--reason', '换届')
        name = json.loads(guest('next-turn', f'{HOST}/series/s1', '-o', 'json'))['name']
        assert name.startswith(f'{GUEST}/consultations/'), name


def test_who_blocks_is_said():
    with Suite() as suite:
        seed(suite)
        day = meeting_day()
        host, guest = login(suite, 'wang'), login(suite, 'li', '320700')
        people(suite, host, guest, day)
        busy(guest, suite, 'fushizhang', day, 8, 18)
        busy(guest, suite, 'shizhang', day, 8, 18)
        host('create', 'consultation', '--file', draft(suite, day))
        name_guests(guest)
        blocked = host('find-slots', 'c1', says='没有可行时间')
        assert f'{GUEST}/calendars/shizhang' in blocked and f'{GUEST}/calendars/fushizhang' in blocked, blocked
        bad = suite.folder / '坏.ics'
        bad.write_text('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:昨天\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n', encoding='utf-8')
        host('import-calendar', 'shizhang', str(bad), code=INVALID, says='line 3')


if __name__ == '__main__':
    harness.main([test_from_calendars_to_tasks, test_series_proposes_the_next_turn_at_the_other_city, test_who_blocks_is_said])
