"""What comes of listings besides contracts, through the real binaries and the command line: withdrawn and expired while somebody negotiates; a challenge with bids,
scores and award; an event with sign-ups, a timetable and outcomes."""
import datetime
import json
import signal

import harness
from crash_test import needs_hooks
from harness import Suite, wait_for
from personnel_test import start_on
from technology_market import (FENGTAI, INVALID, LIANYUNGANG, NOT_ALLOWED, NOT_FOUND, PRECONDITION, TODAY, YINGKOU, at, date_of, draft, login, publish, record, seed,
                               write_json)


def on(days):
    return TODAY + datetime.timedelta(days=days)


def messages(run, negotiation):
    return [(message['kind'], message['text']) for message in
            json.loads(run('list', 'negotiation-messages', '--parent', negotiation, '-o', 'json'))['negotiation_messages']]


def moved_to(suite, days, *accounts):
    """All services on a later day; gives the accounts' sessions there."""
    start_on(suite, on(days))
    return [login(suite, account) for account in accounts]


def test_withdrawn_and_expired_while_negotiating():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        guan, jing, xu = (login(suite, account) for account in ('guan', 'jing', 'xu'))
        negotiations = []
        for ident, title, last in (('kept', '节水灌溉控制器', on(2)), ('taken', '土壤墒情传感器', on(100))):
            draft(guan, suite, ident, 'nongkeyuan', title=title, expire_date=date_of(last))
            publish(guan, jing, ident)
            xu('create', 'negotiation', '--id', ident, '--set', f'listing={YINGKOU}/listings/{ident}', '--set', 'unit=nongye')
            negotiations.append(f'{LIANYUNGANG}/negotiations/{ident}')
        guan('withdraw-listing', 'taken', code=INVALID, says='1 个洽谈正在进行')
        guan('withdraw-listing', 'taken', '--reason', '已自行实施', says='已撤回')
        assert messages(xu, negotiations[1]) == [('LISTING_WITHDRAWN', '信息已撤回:已自行实施')], messages(xu, negotiations[1])
        xu('get', 'listing', f'{YINGKOU}/listings/taken', code=NOT_FOUND)
        assert record(xu, 'negotiation', 'taken')['listing_title'] == '土壤墒情传感器', 'what one talks about stays known'
        guan('publish-listing', 'taken', code=NOT_ALLOWED)
        guan('submit-listing', 'taken', code=PRECONDITION, says='已撤回')

        guan, jing, xu = moved_to(suite, 2, 'guan', 'jing', 'xu')
        assert record(guan, 'listing', 'kept')['state'] == 'PUBLISHED', 'its last day is not over'
        guan, jing, xu = moved_to(suite, 3, 'guan', 'jing', 'xu')
        wait_for(lambda: record(guan, 'listing', 'kept')['state'] == 'EXPIRED', what='the listing to expire')
        assert messages(xu, negotiations[0])[-1][0] == 'LISTING_EXPIRED' and '共 0 条' in xu('listing', 'search', '节水')
        xu('get', 'listing', f'{YINGKOU}/listings/kept', code=NOT_FOUND)
        guan('submit-listing', 'kept', code=INVALID, says='有效期已过')
        guan('update', 'listing', 'kept', '--set', f'expire_date={on(30).isoformat()}')
        publish(guan, jing, 'kept')
        assert '〔节水〕' in xu('listing', 'search', '节水')
        xu('break-off', 'kept', '--reason', '价格分歧', says='已终止')
        assert messages(guan, negotiations[0])[-1] == ('BROKEN_OFF', '终止洽谈:价格分歧')
        assert record(guan, 'listing', 'kept').get('open_negotiations', 0) == 0
    finally:
        suite.__exit__()


def bid(run, unit, ident, text, code=0, says=''):
    return run('create', 'bid', '--id', ident, '--set', f'listing={YINGKOU}/listings/saline', '--set', f'unit={unit}', '--set', f'text={text}', '--set', 'price=400000',
               '--set', 'months=18', code=code, says=says)


def set_challenge(suite, wang, jing):
    challenge = {'prize': {'fen': 50000000}, 'deadline': date_of(on(3)), 'criteria': [{'title': '先进性', 'weight': 60}, {'title': '可行性', 'weight': 30}]}
    asked = {'kind': 'DEMAND', 'title': '榜单:盐碱地改良', 'abstract': '征集滨海盐碱地改良方案。'}
    file = write_json(suite, '榜单.json', {**asked, 'owner_unit': f'{YINGKOU}/units/nongkeyuan', 'challenge': challenge})
    wang('create', 'listing', '--id', 'saline', '--file', file, code=INVALID, says='现为 90')
    challenge['criteria'][1]['weight'] = 40
    draft(wang, suite, 'saline', 'nongkeyuan', **asked, challenge=challenge)
    publish(wang, jing, 'saline')


def score(run, name, *points, code=0, says=''):
    return run('score-bid', name, *[part for each in points for part in ('--points', str(each))], code=code, says=says)


def test_challenge_with_two_bids():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        wang, jing, guan, xu, qian, sun = (login(suite, account) for account in ('wang', 'jing', 'guan', 'xu', 'qian', 'sun'))
        set_challenge(suite, wang, jing)
        bid(xu, 'nongye', 'b1', '暗管排盐')
        bid(xu, 'nongye', 'b1-again', '暗管排盐', code=PRECONDITION, says=f'{LIANYUNGANG}/bids/b1')
        bid(guan, 'nongkeyuan', 'own', '自己', code=INVALID, says='不能揭自己的榜')
        bid(sun, 'shengtai', 'b2', '耐盐植物')
        bid(xu, 'haiyangyuan', 'b3', '代人', code=NOT_ALLOWED, says='本单位')
        first, second = f'{LIANYUNGANG}/bids/b1', f'{FENGTAI}/bids/b2'
        assert record(wang, 'listing', 'saline')['challenge']['bids'] == 2
        score(wang, first, 80, 90, code=PRECONDITION, says='次日起方可评审')
        # Sealed from rivals, of the same city too.
        for run, other in ((sun, first), (xu, second), (qian, first)):
            run('get', 'bid', other, code=NOT_FOUND)
        assert len(json.loads(xu('list', 'bids', '--parent', 'cities/-', '-o', 'json'))['bids']) == 1

        wang, du, li, xu, sun = moved_to(suite, 4, 'wang', 'du', 'li', 'xu', 'sun')
        xu('update', 'bid', 'b1', '--set', 'text=加深暗管', code=PRECONDITION, says='截止')
        assert '待评审揭榜' in wang('inbox') and '待评审揭榜' in du('inbox')
        score(du, first, 80, code=INVALID, says='2 项')
        score(li, first, 100, 100, code=NOT_ALLOWED, says='发榜城市')
        for run, points in ((wang, ((80, 90), (70, 60))), (du, ((70, 85), (90, 60)))):
            for name, given in zip((first, second), points):
                score(run, name, *given)
        assert [record(wang, 'bid', name)['average_hundredths'] for name in (first, second)] == [8000, 7200]
        assert '待授榜' in wang('inbox')
        du('award-bid', first, code=NOT_ALLOWED)
        wang('award-bid', second, code=INVALID, says='连云港农业发展公司')
        wang('award-bid', first, says='中榜')
        assert record(xu, 'bid', 'b1')['state'] == 'AWARDED' and record(sun, 'bid', 'b2')['state'] == 'NOT_AWARDED'
        wang('award-bid', second, code=PRECONDITION, says='已授予')
        negotiation = record(xu, 'bid', 'b1')['negotiation']
        opened = record(xu, 'negotiation', negotiation)
        assert (opened['state'], opened['seller']['unit'], opened['bid']) == ('OPEN', f'{LIANYUNGANG}/units/nongye', first), opened
        sun('get', 'negotiation', negotiation, code=NOT_FOUND)
        xu('post-message', negotiation, '--text', '请商定开工日期')
        assert messages(wang, negotiation) == [('TEXT', '请商定开工日期')]
    finally:
        suite.__exit__()


def prepare_event(suite, jing):
    session = lambda title, begin, end, **more: {'title': title, 'start_time': at(on(6), *begin), 'end_time': at(on(6), *end), **more}
    event = {'title': '营连农业技术对接会', 'place': '营口会展中心', 'start_time': at(on(6), 9, 30), 'end_time': at(on(6), 17), 'sign_up_until': at(on(5), 17), 'tables': 2,
             'meeting_minutes': 30, 'publication': {'sharing': 'UNCONDITIONAL'},
             'sessions': [session('推介', (9, 30), (11, 0)), session('一对一洽谈', (14, 0), (15, 0), meetings=True)]}
    late = {**event, 'sessions': [session('晚宴', (18, 0), (20, 0))]}
    jing('create', 'event', '--id', 'fair', '--file', write_json(suite, '晚.json', late), code=INVALID, says='超出对接会的时间')
    jing('create', 'event', '--id', 'fair', '--file', write_json(suite, '对接会.json', event), says=f'YK-DJ-{TODAY.year}-01')


def sign_up(run, unit, *wishes, code=0, says=''):
    wished = [part for i, wish in enumerate(wishes) for part in ('--set', f'wishes[{i}]={wish}')]
    return run('create', 'sign-up', '--id', unit, '--set', f'event={YINGKOU}/events/fair', '--set', f'unit={unit}', '--set', 'contact=张三 13800000000', *wished,
               code=code, says=says)


def test_event_with_timetable_and_outcomes():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        start_on(suite, TODAY)
        seed(suite)
        jing, guan, xu, qian, sun = (login(suite, account) for account in ('jing', 'guan', 'xu', 'qian', 'sun'))
        prepare_event(suite, jing)
        name = f'{YINGKOU}/events/fair'
        sign_up(guan, 'nongkeyuan', code=PRECONDITION, says='草稿')
        jing('open-event', 'fair', says='报名中')
        institute, firm, sea, office = (f'{YINGKOU}/units/nongkeyuan', f'{LIANYUNGANG}/units/nongye', f'{LIANYUNGANG}/units/haiyangyuan', 'cities/110106/units/kewei')
        sign_up(guan, 'nongkeyuan', firm, sea)
        sign_up(guan, 'nongkeyuan', code=PRECONDITION, says='已报名')
        sign_up(xu, 'nongye', institute)
        sign_up(qian, 'haiyangyuan', sea, code=INVALID, says='单位自己')
        sign_up(qian, 'haiyangyuan', institute, office)
        sign_up(sun, 'kewei', firm)
        suite.stop('techtransfer', signal.SIGKILL)
        suite.start('techtransfer')
        listed = jing('list', 'sign-ups', '--parent', 'cities/-', '--filter', f'event = "{name}"', '-o', 'json')
        assert len(json.loads(listed)['sign_ups']) == 4 and '13800000000' in listed and record(guan, 'event', 'fair')['signed_up'] == 4, listed
        assert '13800000000' not in guan('list', 'sign-ups', '-o', 'json'), 'of a person: for the organiser'
        jing('mark-event-held', 'fair', code=PRECONDITION, says='此前不能')

        jing('schedule-event', name, says='已排定')
        meetings = record(jing, 'event', 'fair')['meetings']
        taken = [(meeting['start_time'], who) for meeting in meetings for who in (meeting['first'], meeting['second'], meeting['table'])]
        assert len(meetings) == 4 and len(set(taken)) == len(taken), meetings
        content = suite.as_person('xu', 'Events', '320700').ExportTimetable(name=name, csv=True).content.decode('utf-8-sig')
        assert '营口市农业科学院' in content and '14:30' in content, content
        sun('withdraw-sign-up', 'kewei', says='已退出')
        assert all('kewei' not in meeting['first'] + meeting['second'] for meeting in record(jing, 'event', 'fair')['meetings'])

        jing, xu, guan = moved_to(suite, 7, 'jing', 'xu', 'guan')
        sign_up(xu, 'nongye', code=PRECONDITION, says='已排定')
        assert '待登记对接会结果' in jing('inbox')
        jing('meeting-outcome', 'fair', '--meeting', 'm1', '--outcome', 'INTERESTED', code=PRECONDITION, says='已排定')
        jing('mark-event-held', 'fair', says='已举办')
        jing('meeting-outcome', 'fair', '--meeting', 'm9', '--outcome', 'INTERESTED', code=INVALID, says='日程中没有')
        draft(guan, suite, 'pump', 'nongkeyuan', title='排灌泵')
        publish(guan, jing, 'pump')
        xu('create', 'negotiation', '--id', 'n1', '--set', f'listing={YINGKOU}/listings/pump', '--set', 'unit=nongye', '--set', f'event={name}')
        met = next(meeting['id'] for meeting in record(jing, 'event', 'fair')['meetings'] if {'nongkeyuan', 'nongye'} ==
                   {meeting[side].rsplit('/', 1)[1] for side in ('first', 'second')})
        jing('meeting-outcome', 'fair', '--meeting', met, '--outcome', 'NEGOTIATING', '--note', '下周看样机', '--listing', 'pump', '--negotiation',
             f'{LIANYUNGANG}/negotiations/n1', says='已举办')
        outcome = next(meeting for meeting in record(xu, 'event', name)['meetings'] if meeting['id'] == met)
        assert (outcome['outcome'], outcome['negotiation']) == ('NEGOTIATING', f'{LIANYUNGANG}/negotiations/n1'), outcome
        jing('cancel-event', 'fair', '--reason', '天气', code=PRECONDITION, says='已举办')
    finally:
        suite.__exit__()


if __name__ == '__main__':
    harness.main([test_withdrawn_and_expired_while_negotiating, test_challenge_with_two_bids, test_event_with_timetable_and_outcomes])
