"""An hour of one leader that 32 consultations want at once: exactly one gets it each time, while the service is killed; on both engines, on PostgreSQL from two replicas."""
import concurrent.futures
import datetime
import os
import random
import signal
import subprocess
import threading
import time

import harness
from consultation_test import GUEST, HOST, at, meeting_day, seed
from fault_table import row
from harness import Failure, Suite, new_id, wait_for
from postgres_server import PostgresServer

CLIENTS = 32
ROUNDS = int(os.environ.get('DUIKOU_HOLD_ROUNDS', '300'))
LEADER = f'{HOST}/calendars/shizhang'
ROUNDS_A_KILL = 20
HOLDS = 'each hour has one winner, who holds it alone; a retry gives the first answer'
AGAIN = ('UNAVAILABLE', 'DEADLINE_EXCEEDED', 'ABORTED', 'UNAUTHENTICATED', 'RESOURCE_EXHAUSTED')  # After a kill: tried again with the same request_id.
AGAIN_SECONDS = 60
TOKEN_LIFE = 600  # Seconds until a person signs in anew: an access token lasts 900.


class Replica:
    """A second process of the consultation service at the same database."""

    def __init__(self, suite):
        self.suite = suite
        suite.ports['consultation-2'] = harness.free_port()

    def command(self):
        return [part.replace(f'127.0.0.1:{self.suite.ports["consultation"]}', f'127.0.0.1:{self.suite.ports["consultation-2"]}') for part in self.suite.command('consultation')]

    def start(self):
        out = open(self.suite.folder / 'consultation-2.out', 'ab')
        self.suite.processes['consultation-2'] = subprocess.Popen(self.command(), stdout=out, stderr=out)
        wait_for(lambda: harness.is_serving(self.suite.ports['consultation-2']), what='the second replica')


class Person:
    """A client of somebody who stays signed in."""

    def __init__(self, suite, account, service, city='210800'):
        self.client, self.sign_in = suite.as_person(account, service, city=city), lambda: suite.sign_in(account, city).access_token
        self.signed_in, self.lock = time.monotonic(), threading.Lock()

    def call(self, method, **fields):
        with self.lock:
            if time.monotonic() - self.signed_in > TOKEN_LIFE:
                self.client.token, self.signed_in = self.sign_in(), time.monotonic()
        return self.client.call(method, patient=True, **fields)


class Contest:
    def __init__(self, suite, replica):
        self.suite, self.replica, self.day = suite, replica, meeting_day()
        seed(suite)
        suite.as_person('wang', 'Calendars').CreateCalendar(parent=HOST, calendar_id='shizhang', calendar={'kind': 1, 'title': '王市长'}, request_id=new_id())
        self.calendars = Person(suite, 'wang', 'Calendars')
        guests = suite.as_person('li', 'Calendars', city='320700')
        # Each consultation has a partner of its own, who is free: they contend for the leader alone.
        for i in range(CLIENTS):
            guests.CreateCalendar(parent=GUEST, calendar_id=f'fu{i}', calendar={'kind': 1, 'title': f'副市长{i}'}, request_id=new_id())
        self.hosts, self.guest = [Person(suite, 'wang', 'Consultations')], Person(suite, 'li', 'Consultations', city='320700')
        if replica:
            suite.ports['consultation'], suite.ports['consultation-2'] = suite.ports['consultation-2'], suite.ports['consultation']
            self.hosts.append(Person(suite, 'wang', 'Consultations'))
            suite.ports['consultation'], suite.ports['consultation-2'] = suite.ports['consultation-2'], suite.ports['consultation']
        self.kills, self.retries, self.dice = 0, 0, random.Random(5)
        self.names = [self.draft(i) for i in range(CLIENTS)]

    def until_answered(self, ask):
        end = time.monotonic() + AGAIN_SECONDS
        while True:
            try:
                return ask()
            except Failure as failure:
                if failure.code not in AGAIN or time.monotonic() > end:
                    raise
                self.retries += 1
                time.sleep(0.05)

    def call(self, client, method, **fields):
        """Until it is answered, with one request_id."""
        fields['request_id'] = new_id()
        return self.until_answered(lambda: client.call(method, **fields))

    def draft(self, i):
        moment = lambda hour: {'seconds': int(datetime.datetime.fromisoformat(at(self.day, hour)).timestamp())}
        name = self.call(self.hosts[0], 'CreateConsultation', parent=HOST, consultation={
            'kind': 1, 'tier': 1, 'topic': f'会商{i}', 'mode': 2, 'length_minutes': 60, 'parties': [{'city': HOST}, {'city': GUEST}],
            'windows': [{'start_time': moment(8), 'end_time': moment(18)}],
            'participants': [{'calendar': LEADER, 'role': 1}]}).name
        self.call(self.guest, 'NameParticipants', name=name, participants=[{'calendar': f'{GUEST}/calendars/fu{i}', 'role': 1}])
        return name

    def propose(self, i, start):
        """Whether this one won."""
        try:
            self.call(self.hosts[i % len(self.hosts)], 'ProposeConsultation', name=self.names[i], start_time=start)
            return True
        except Failure as failure:
            assert (failure.code, failure.reason) == ('FAILED_PRECONDITION', 'SLOT_NOT_FEASIBLE'), failure
            return False

    def round(self, pool, number):
        hour = (9, 10, 11, 14, 15)[number % 5]
        start = {'seconds': int(datetime.datetime.fromisoformat(at(self.day, hour)).timestamp())}
        won = list(pool.map(lambda i: self.propose(i, start), range(CLIENTS)))
        assert sum(won) == 1, f'round {number}: {sum(won)} winners'
        winner = won.index(True)
        holds = self.until_answered(lambda: self.calendars.call('GetCalendar', name=LEADER).holds)
        assert [hold.consultation for hold in holds] == [self.names[winner]], holds
        self.call(self.hosts[0], 'CancelConsultation', name=self.names[winner], reason='下一轮')
        self.names[winner] = self.draft(winner)

    def kill(self):
        """In the middle of a round: one replica after the other."""
        time.sleep(0.05 * self.dice.random())
        if self.replica and self.kills % 2:
            self.suite.stop('consultation-2', signal.SIGKILL)
            self.replica.start()
        else:
            self.suite.stop('consultation', signal.SIGKILL)
            self.suite.start('consultation')
        self.kills += 1

    def run(self, noted):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool, concurrent.futures.ThreadPoolExecutor(1) as killer:
            for number in range(ROUNDS):
                killing = killer.submit(self.kill) if number % ROUNDS_A_KILL == ROUNDS_A_KILL - 1 else None
                self.round(pool, number)
                if killing:
                    killing.result()
        noted.count = f'{self.kills} kills, {ROUNDS} hours'
        noted.result = f'holds: one winner of {CLIENTS} each, {self.retries} retries'


def test_one_winner():
    with Suite(with_redis=False) as suite, row('32 clients at a leader’s hour, the service killed (-9)', HOLDS) as noted:
        Contest(suite, None).run(noted)


def test_one_winner_of_two_replicas_on_postgres():
    with PostgresServer(('consultation',)) as server, Suite(with_redis=False, places={'consultation': server.address}) as suite, \
            row('32 clients at a leader’s hour, two replicas on PostgreSQL killed (-9)', HOLDS) as noted:
        replica = Replica(suite)
        replica.start()
        Contest(suite, replica).run(noted)


if __name__ == '__main__':
    harness.main([test_one_winner, test_one_winner_of_two_replicas_on_postgres])
