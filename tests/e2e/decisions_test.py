"""Decisions of consultations become tasks of the registry: in each lead unit's city one, linked both ways, whoever is killed wherever, on both engines."""
import contextlib
import datetime
import os
import random
import signal
import time

import harness
from consultation_test import GUEST, HOST, TODAY, at, meeting_day, seed
from crash_test import needs_hooks
from fault_table import row
from harness import Failure, Suite, new_id, wait_for
from personnel_test import start_on
from postgres_server import PostgresServer
from writers import check_chain

DECISIONS = 4
KILLS = int(os.environ.get('DUIKOU_KILLS', '4'))  # At random, besides those at failpoints; four a consultation.
HOLDS = 'each decision has one task in each lead city, linked both ways; the chain verifies'
# Of the registry: before it has told of a task, between its tellings, before, in and after its commit.
REGISTRY = ('decision_linked@1', 'decision_linked@5', 'before_group@1', 'after_commit@1', 'followed@1')
# Of the consultation service: before and after it has stored a link.
CONSULTATION = ('before_group@1', 'after_commit@1', 'after_commit@3')


def moment(time_of_day):
    return {'seconds': int(time_of_day.timestamp())}


class Minutes:
    """Consultations that were held, with decisions that the guest has signed; the host's signature is still to come."""

    def __init__(self, suite, count):
        # 1-d1 of c0 and d1 of c0-1 are to be kept apart.
        self.suite, self.names = suite, [f'{HOST}/consultations/{"c0-1" if i == 1 else f"c{i}"}' for i in range(count)]
        day = meeting_day()
        start_on(suite, TODAY)
        seed(suite)
        for city, account in (('210800', 'wang'), ('320700', 'li')):
            calendars = suite.as_person(account, 'Calendars', city=city)
            calendars.CreateCalendar(parent=f'cities/{city}', calendar_id='shizhang', calendar={'kind': 1, 'title': '市长'}, request_id=new_id())
        host, guest = suite.as_person('wang', 'Consultations'), suite.as_person('li', 'Consultations', city='320700')
        mayors = [{'calendar': f'{city}/calendars/shizhang', 'role': 1} for city in (HOST, GUEST)]
        for i, name in enumerate(self.names):
            start = datetime.datetime.fromisoformat(at(day, 9)) + datetime.timedelta(minutes=15 * i)
            host.CreateConsultation(parent=HOST, consultation_id=name.rsplit('/', 1)[1], request_id=new_id(), consultation={
                'kind': 1, 'tier': 1, 'topic': f'第{i}次会商', 'mode': 2, 'length_minutes': 15, 'parties': [{'city': HOST}, {'city': GUEST}],
                'windows': [{'start_time': moment(start), 'end_time': moment(start + datetime.timedelta(minutes=15))}],
                'participants': mayors[:1]})
            guest.NameParticipants(name=name, participants=mayors[1:], request_id=new_id())
            host.ProposeConsultation(name=name, start_time=moment(start), request_id=new_id())
            host.ConfirmConsultation(name=name, request_id=new_id())
        start_on(suite, day + datetime.timedelta(days=1))
        host = suite.as_person('wang', 'Consultations')
        self.host, self.guest = suite.as_person('wang', 'Proceedings'), suite.as_person('li', 'Proceedings', city='320700')
        for name in self.names:
            host.RecordAttendance(name=name, attended=[f'{city}/calendars/shizhang' for city in (HOST, GUEST)], request_id=new_id())
            self.host.CreateMinutes(parent=name, minutes_id='m1', minutes={'text': '会议议定如下。'}, request_id=new_id())
            for position in range(1, DECISIONS + 1):
                # The last is the guest's alone.
                leads = [GUEST] if position == DECISIONS else [HOST, GUEST]
                self.host.CreateDecision(parent=name, decision_id='1-d1' if (name, position) == (self.names[0], 1) else f'd{position}', request_id=new_id(), decision={
                    'position': position, 'title': f'事项{position}', 'due_date': {'year': day.year + 1, 'month': 6, 'day': 30},
                    'lead_units': [{'unit': f'{city}/units/fagaiwei'} for city in leads]})
            self.sign(self.guest, name)

    def sign(self, client, name):
        minutes = f'{name}/minutes/m1'
        client.SignMinutes(name=minutes, digest=client.GetMinutesDigest(name=minutes).digest, request_id=new_id())

    def decisions(self, name):
        return self.host.ListDecisions(parent=name).decisions

    def await_tasks(self, name):
        """All its decisions are TASKED (3)."""
        def tasked():
            with contextlib.suppress(Failure):
                return all(decision.state == 3 for decision in self.decisions(name))
            return False
        wait_for(tasked, seconds=60, what=f'the tasks of {name}')

    def check(self):
        """Holds the registry's tasks against the decisions."""
        wanted = {}
        for name in self.names:
            self.await_tasks(name)
            for decision in self.decisions(name):
                wanted.update({place.task: decision.name for place in decision.tasks})
        assert len(wanted) == len(self.names) * (2 * DECISIONS - 1), 'each has a name of its own'
        found = {}

        def arrived():
            found.clear()
            for city, account in ((HOST, 'wang'), (GUEST, 'li')):
                registry = self.suite.as_person(account, city=city.split('/')[1])
                for task in registry.ListTasks(parent=city, page_size=1000).tasks:
                    assert task.decision and task.name not in found, task
                    found[task.name] = task
            return len(found) >= len(wanted)
        wait_for(arrived, seconds=30, what='the tasks')
        assert {name: task.decision for name, task in found.items()} == wanted, 'linked both ways, and there is no other'
        for city in (HOST, GUEST):
            mine = sorted(task.number for task in found.values() if task.name.startswith(city))
            assert len(set(mine)) == len(mine), 'a number each'
        check_chain(self.suite)
        return len(found)


def restart(suite, name, point=''):
    """Starts a service anew, with a failpoint."""
    if name in suite.processes:
        suite.stop(name)
    kept = dict(suite.environment)
    if point:
        suite.environment['DUIKOU_FAILPOINTS'] = point
    suite.start(name)
    suite.environment = kept


def await_kill(suite, name, point):
    process = suite.processes[name]
    wait_for(lambda: process.poll() is not None, seconds=60, what=f'the kill of {name} at {point}')
    assert suite.processes.pop(name).returncode == -signal.SIGKILL, point


def killed_anywhere(suite, noted):
    minutes = Minutes(suite, len(REGISTRY) + len(CONSULTATION) + KILLS // 4)
    names, kills = iter(minutes.names), 0
    for point in REGISTRY:
        name = next(names)
        restart(suite, 'taskregistry', point)
        minutes.sign(minutes.host, name)
        await_kill(suite, 'taskregistry', point)
        restart(suite, 'taskregistry')
        minutes.await_tasks(name)
        kills += 1
    for point in CONSULTATION:
        name = next(names)
        suite.stop('taskregistry')
        minutes.sign(minutes.host, name)
        restart(suite, 'consultation', point)
        suite.start('taskregistry')
        await_kill(suite, 'consultation', point)
        restart(suite, 'consultation')
        minutes.await_tasks(name)
        kills += 1
    dice = random.Random(11)
    for name in names:
        minutes.sign(minutes.host, name)
        for _ in range(4):
            victim = dice.choice(('taskregistry', 'consultation'))
            time.sleep(2.5 * dice.random())
            suite.stop(victim, signal.SIGKILL)
            restart(suite, victim)
            kills += 1
        minutes.await_tasks(name)
    noted.count = f'{kills} kills'
    noted.result = f'holds: {minutes.check()} tasks'


def test_killed_anywhere():
    needs_hooks()
    with Suite(with_redis=False, binaries=harness.HOOKS_BIN) as suite, row('decisions become tasks: registry and consultation service killed', HOLDS) as noted:
        killed_anywhere(suite, noted)


def test_killed_anywhere_on_postgres():
    needs_hooks()
    with PostgresServer(('taskregistry', 'consultation')) as server, \
            Suite(with_redis=False, binaries=harness.HOOKS_BIN, places={'taskregistry': server.address, 'consultation': server.address}) as suite, \
            row('decisions become tasks, on PostgreSQL: registry and consultation service killed', HOLDS) as noted:
        killed_anywhere(suite, noted)


def test_what_becomes_of_them_is_the_coordinators():
    needs_hooks()
    with Suite(with_redis=False, binaries=harness.HOOKS_BIN) as suite:
        minutes = Minutes(suite, 1)
        minutes.sign(minutes.host, minutes.names[0])
        minutes.check()
        for account, city, tasks in (('wang', HOST, DECISIONS - 1), ('li', GUEST, DECISIONS)):
            registry = suite.as_person(account, city=city.split('/')[1])
            inbox = suite.as_person(account, 'Pending', city=city.split('/')[1]).ListPending(parent=city).items
            assert sum('decided-' in item.name for item in inbox) == tasks, 'they wait to be issued'
            (plan,) = registry.ListPlans(parent=city).plans
            assert (plan.consultation, plan.title) == (minutes.names[0], '第0次会商议定事项'), plan
            name = f'{city}/tasks/decided-210800-c0-d{DECISIONS}' if city == GUEST else f'{city}/tasks/decided-210800-c0-d2'
            task = registry.GetTask(name=name)
            assert [duty.unit for duty in task.duties] == [f'{city}/units/fagaiwei'] and list(task.partner_cities) == [GUEST if city == HOST else HOST], task
            for reason, refused in (('DECISION_BINDS', lambda: registry.DeleteTask(name=name, request_id=new_id())),
                                    ('FIELD_INVALID', lambda: registry.CreateTask(parent=city, task_id='decided-x', task={'plan': plan.name, 'title': '冒名'}, request_id=new_id()))):
                try:
                    refused()
                    raise AssertionError(f'{reason} was expected')
                except Failure as failure:
                    assert failure.reason == reason, failure
        suite.as_person('wang', 'Proceedings').IssueMinutes(name=f'{minutes.names[0]}/minutes/m1', request_id=new_id())
        closed = suite.as_person('wang', 'Consultations').CloseConsultation(name=minutes.names[0], request_id=new_id())
        assert closed.state == 6, 'with all tasks made it can be closed'


if __name__ == '__main__':
    harness.main([test_what_becomes_of_them_is_the_coordinators, test_killed_anywhere, test_killed_anywhere_on_postgres])
