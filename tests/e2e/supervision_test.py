"""Supervision through the real binaries and the command line: a task's light goes from green to red and back as the date moves; and the
registry killed (-9) during the daily run, again and again, reminds of each task once. The services' clocks are moved (common/base/moved_clock.h); the command
line's is not."""
import contextlib
import json
import os
import random
import signal
import time

import harness
from crash_test import needs_hooks
from harness import CITY, Suite, new_id, wait_for
from writers import StoreFiles

TASKS = int(os.environ.get('DUIKOU_SUPERVISED_TASKS', '1000'))
KILLS = int(os.environ.get('DUIKOU_KILLS', '8'))  # Half of them between two batches, half at random moments.
LAST_DAY = '2027-04-30'  # Of the catching up in which it is killed.


def clock_at(day):
    """The environment of services for which it is nine o'clock in Shanghai on that day when they start."""
    return {'DUIKOU_TODAY': day}


class City:
    """A city whose day can be moved: its services end and come up again on the new one; all of them, as an inbox asks all."""

    def __init__(self, suite, day):
        self.suite = suite
        suite.environment = clock_at(day)
        for name in harness.SERVICES:
            suite.start(name)

    def move_to(self, day, *people):
        for name in reversed(harness.SERVICES):
            self.suite.stop(name)
        self.suite.environment = clock_at(day)
        for name in harness.SERVICES:
            self.suite.start(name)
        for account in people:
            password = self.suite.passwords[f'{CITY}/accounts/{account}']
            self.run('--profile', account, '--city', '210800', 'login', account, '--password-stdin', stdin=password + '\n')
            wait_for(lambda account=account: self.run('--profile', account, 'list', 'tasks', check=False).returncode == 0, what='the sign-in to be known')

    def run(self, *arguments, **options):
        return self.suite.cli(*arguments, **options)

    def read(self, *arguments):
        return json.loads(self.run(*arguments, '-o', 'json').stdout)


def seed(suite):
    suite.seed_city()
    suite.seed_unit('duikouban', '营口市对口合作办公室')
    suite.seed_unit('zongduban', '营口市督查总办')
    suite.seed_unit('gongxinju', '营口市工业和信息化局')


def test_lights_move_with_the_date():
    needs_hooks()
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        city = City(suite, '2027-03-01')
        seed(suite)
        for account, unit, roles in (('zhang', 'duikouban', ['COORDINATOR']), ('li', 'zongduban', ['SUPERVISOR']), ('wang', 'gongxinju', ['UNIT_OFFICER'])):
            suite.seed_account(account, unit, roles)
            password = suite.passwords[f'{CITY}/accounts/{account}']
            city.run('--profile', account, '--city', '210800', 'login', account, '--password-stdin', stdin=password + '\n')
            wait_for(lambda account=account: city.run('--profile', account, 'list', 'tasks', check=False).returncode == 0, what='the sign-in to be known')
        zhang, li, wang = (('--profile', account) for account in ('zhang', 'li', 'wang'))

        plan = city.read(*zhang, 'create', 'plan', '--set', 'kind=IMPLEMENTATION', '--set', 'year=2027', '--set', 'title=实施方案')
        task = city.read(*zhang, 'create', 'task', '--set', f'plan={plan["name"]}', '--set', 'title=强化产业对接合作', '--set', 'start_date=2027-03-01',
                         '--set', 'due_date=2027-06-30', '--set', 'report_frequency=QUARTERLY', '--set', 'duties[0].kind=LEAD',
                         '--set', f'duties[0].unit={CITY}/units/gongxinju')['number']
        city.run(*zhang, 'issue', task)
        city.run(*wang, 'acknowledge', task)
        report = city.read(*wang, 'create', 'progress-report', '--parent', task, '--set', 'period=2027-Q1', '--set', 'percent=80', '--set', 'done=完成主体工程')
        city.run(*zhang, 'accept-report', f'{task}/{report["name"].rsplit("/", 1)[-1]}')

        def light():
            shown = city.read(*zhang, 'get', 'task', task)['light']
            assert shown['reason'], shown
            return shown['colour']

        def reminders():
            listed = city.read(*zhang, 'list', 'reminders', '--parent', task).get('reminders', [])
            return sorted((r['kind'], r['date']['month'], r['date']['day']) for r in listed)

        assert light() == 'GREEN'
        assert '绿' in city.run(*zhang, 'board').stdout
        # A rehearsal of a day to come writes nothing.
        rehearsed = city.run(*li, 'supervise', '--date', '2027-06-16', '--rehearse').stdout
        assert '提醒' in rehearsed and '预演' in rehearsed, rehearsed
        assert 'rehearsal' in city.run('--lang', 'en', *li, 'supervise', '--date', '2027-07-01', '--rehearse').stdout
        assert reminders() == []

        city.move_to('2027-06-16', 'zhang', 'li', 'wang')
        city.run(*li, 'supervise')
        assert (light(), reminders()) == ('BLUE', [('NOTICE', 6, 16)]), (light(), reminders())
        assert '待阅提醒' in city.run(*wang, 'inbox').stdout
        city.run(*wang, 'read-reminder', f'{task}/notice-20270616-d1')
        assert '待阅提醒' not in city.run(*wang, 'inbox').stdout

        city.move_to('2027-06-24', 'zhang', 'li', 'wang')
        city.run(*li, 'supervise')
        assert (light(), reminders()) == ('YELLOW', [('NOTICE', 6, 16), ('URGE', 6, 24)]), (light(), reminders())

        city.move_to('2027-07-01', 'zhang', 'li', 'wang')
        city.run(*li, 'supervise')
        assert light() == 'RED'
        assert '红' in city.run(*zhang, 'board').stdout
        order = f'{task}/red-20270701'
        assert '待下发督办单' in city.run(*li, 'inbox').stdout
        city.run(*li, 'update', 'supervision-order', order, '--set', 'deadline=2027-07-09', '--set', 'instruction=请限期整改', '--set', 'urgency=URGENT')
        city.run(*li, 'issue-order', order)
        city.run(*wang, 'reply-order', order, '--reply', '正在整改')
        city.run(*li, 'return-order', order, '--reason', '请说明完成时间')
        assert '待回复督办单' in city.run(*wang, 'inbox').stdout
        city.run(*wang, 'reply-order', order, '--reply', '因设备到货推迟,申请延期至12月31日')
        extension = city.read(*wang, 'create', 'extension-request', '--parent', task, '--set', 'due_date=2027-12-31', '--set', 'reason=设备到货推迟')
        city.run(*zhang, 'approve-extension', f'{task}/{extension["name"].rsplit("/", 1)[-1]}')
        closed = city.read(*li, 'close-order', order)
        assert (closed['state'], closed['return_count']) == ('CLOSED', 1), closed
        assert light() == 'GREEN', 'at once, before any run'

        city.move_to('2027-07-02', 'zhang', 'li', 'wang')
        city.run(*li, 'supervise')
        assert light() == 'GREEN'
        # GREEN ended all spells: the next one is reminded of again.
        spells = city.read(*zhang, 'get', 'task', task).get('spells', {})
        assert not any(spells.get(colour) for colour in ('blue', 'yellow', 'red')), spells
        assert reminders() == [('NOTICE', 6, 16), ('URGE', 6, 24)]
        assert '2027-06' in city.run(*zhang, 'list', 'bulletins').stdout, 'the bulletin of June was drafted on the first workday of July'
        assert '督办' in city.run(*zhang, 'log', task).stdout
    finally:
        suite.__exit__()


def kill_between_batches(suite, turn):
    """Lets the registry do so many batches of the daily run, and ends it."""
    suite.environment = {**clock_at(LAST_DAY), 'DUIKOU_FAILPOINTS': f'between_daily_batches@{turn}'}
    process = suite.launch('taskregistry')
    wait_for(lambda: process.poll() is not None, seconds=90, what='the kill between two batches')
    assert suite.processes.pop('taskregistry').returncode == -signal.SIGKILL, process.returncode


def stored_reminders(suite):
    with contextlib.closing(StoreFiles(suite).copy()) as store:
        return store.execute('SELECT count(*) FROM r_reminder').fetchone()[0]


def test_killed_during_the_run_none_is_lost_or_doubled():
    needs_hooks()
    dice = random.Random(11)
    suite = Suite(with_redis=False, binaries=harness.HOOKS_BIN)
    try:
        City(suite, '2027-03-01')
        seed(suite)
        suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
        zhang = suite.as_person('zhang')
        plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2027, 'title': '方案'}, request_id=new_id())
        for i in range(TASKS):
            # Long before its end and behind: YELLOW on a later day.
            zhang.CreateTask(parent=CITY, task={'plan': plan.name, 'title': f'任务{i}', 'report_frequency': 3, 'start_date': {'year': 2027, 'month': 3, 'day': 1},
                                                'due_date': {'year': 2027, 'month': 12, 'day': 31},
                                                'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju'}]}, request_id=new_id())
        assert zhang.IssuePlan(parent=plan.name, request_id=new_id()).failed == 0
        suite.stop('taskregistry')
        suite.stop('directory')
        # Nobody has acknowledged (reminded on 4 March, without holidays), and progress lags from 15 April on.
        suite.environment = clock_at(LAST_DAY)
        suite.start('directory')
        for _ in range(KILLS - KILLS // 2):
            kill_between_batches(suite, dice.randint(1, 20))
        assert stored_reminders(suite) < 2 * TASKS, 'the daily run was over before the last kill between its batches'
        suite.environment = clock_at(LAST_DAY)
        for _ in range(KILLS // 2):
            suite.start('taskregistry')
            time.sleep(dice.random() * 1.2)
            suite.stop('taskregistry', signal.SIGKILL)
        suite.start('taskregistry')
        supervision = suite.as_person('zhang', 'Supervision')

        def reminded():
            names, token = [], ''
            while True:
                page = supervision.ListReminders(parent=CITY, page_size=1000, page_token=token)
                names += [(r.task, r.kind) for r in page.reminders]
                token = page.next_page_token
                if not token:
                    return names
        wait_for(lambda: len(reminded()) >= 2 * TASKS, seconds=300, what='the daily run to be over')
        found = reminded()
        assert len(found) == 2 * TASKS, len(found)
        assert len(set(found)) == 2 * TASKS, 'a task was reminded of twice for one cause'
        assert {kind for _, kind in found} == {2, 5}, 'URGE and LATE_ACKNOWLEDGE'
        print(f'     {TASKS} tasks, {KILLS} kills during 60 days of catching up: {len(found)} reminders, none lost or doubled')
    finally:
        suite.__exit__()


if __name__ == '__main__':
    harness.main([test_lights_move_with_the_date, test_killed_during_the_run_none_is_lost_or_doubled])
