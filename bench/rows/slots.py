"""FindSlots against merging intervals, and the largest question against its limits: in the process, and as a call."""
import datetime
import random

from bench.measure.bench import say
from bench.measure.duikou import CITY, Server, SqliteFile
from bench.measure.process import SERVER_CORE, Refused, pinned, run_json
from bench.measure.rounds import Row

LIMIT_MS, RPC_LIMIT_MS = 8.0, 20.0  # In the process, of the 20 that a call may take.
PEOPLE, ROOMS, DAYS = 500, 20, 366
GUESTS = [f'cities/{320100 + 100 * i}' for i in range(1, 8)]
FIND_SLOTS = '/duikou.consultation.v1.Consultations/FindSlots'


def median_us(bench, what):
    return run_json(pinned(SERVER_CORE, [bench.binaries / 'slots_benchmark', what]))['median_us']


def moment(time):
    return {'seconds': int(time.timestamp())}


class Scheduling(Server):
    """A consultation service with one question: 500 people of 8 cities, each with some three appointments a day, and 20 rooms, over 366 days."""

    def __init__(self, bench):
        self.bench, suite = bench, bench.suite().suite
        super().__init__(bench.suite(), 'consultation', 'scheduling', SqliteFile(bench.folder / 'scheduling.db'), bench.folder)
        suite.ports['consultation'] = self.port
        say(f'writing the calendars of {PEOPLE} people over {DAYS} days …')
        self.begin = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).replace(hour=0, minute=0, second=0, microsecond=0)
        self.begin += datetime.timedelta(days=7 - self.begin.weekday())  # A Monday.
        self.draw = random.Random(64)
        clients = {CITY: suite.as_person('bench', 'Calendars')}
        for city in GUESTS:
            code = city.split('/')[1]
            suite.seed_city(code, f'城市{code}', '江苏省', 'C')
            suite.seed_unit('u1', f'{code}办公室', city=code)
            suite.seed_account('bench', 'u1', ['SCHEDULER'], city=code)
            clients[city] = suite.as_person('bench', 'Calendars', city=code)
        people = [self.calendar(clients, ([CITY] + GUESTS)[i // 4 % 8], i, {'kind': 1, 'title': f'人员{i}'}) for i in range(PEOPLE)]
        for i in range(ROOMS):
            self.calendar(clients, CITY, PEOPLE + i, {'kind': 2, 'title': f'会议室{i}', 'seats': 300, 'equipment': ['视频会议']})
        self.request_file = bench.folder / 'find_slots.bin'
        schedulers = {city: suite.as_person('bench', 'Consultations', city=city.split('/')[1]) for city in [CITY] + GUESTS}
        self.request_file.write_bytes(self.question(schedulers, people).SerializeToString())

    def calendar(self, clients, city, ident, calendar):
        """One with the appointments of a year; every second Thursday nothing from ten on."""
        new_id = self.suite.harness.new_id
        name = clients[city].CreateCalendar(parent=city, calendar_id=f'c{ident}', calendar=calendar, request_id=new_id()).name
        blocks = []
        for day in range(DAYS):
            midnight, minute = self.begin + datetime.timedelta(days=day), 8 * 60
            while True:
                minute += 5 * self.draw.randrange(36)
                end = minute + 5 * self.draw.randrange(3, 25)
                if end > (10 if day % 14 == 3 else 18) * 60:
                    break
                blocks.append({'start_time': moment(midnight + datetime.timedelta(minutes=minute)), 'end_time': moment(midnight + datetime.timedelta(minutes=end))})
                minute = end
        clients[city].CreateBusySource(parent=name, busy_source_id='year', busy_source={'title': '日程', 'blocks': blocks}, request_id=new_id())
        return name

    def question(self, schedulers, people):
        """A FindSlots request for a draft of all of them: of each four a principal, his alternate, OPTIONAL and OBSERVER. Each city names its own."""
        from duikou.consultation.v1 import consultations_pb2
        participants, client, new_id = {city: [] for city in schedulers}, schedulers[CITY], self.suite.harness.new_id
        for i, name in enumerate(people):
            participants[name.split('/calendars/')[0]].append({'calendar': name, 'role': i % 4 + 1, **({'alternate_for': people[i - 1]} if i % 4 == 1 else {})})
        consultation = client.CreateConsultation(parent=CITY, request_id=new_id(), consultation={
            'kind': 1, 'tier': 1, 'topic': '年度会商', 'length_minutes': 120, 'room_need': {'seats': 200, 'equipment': ['视频会议']},
            'parties': [{'city': city, 'quorum': 8} for city in [CITY] + GUESTS], 'participants': participants[CITY],
            'windows': [{'start_time': moment(self.begin), 'end_time': moment(self.begin + datetime.timedelta(days=DAYS))}]}, timeout=60)
        for city in GUESTS:
            schedulers[city].NameParticipants(name=consultation.name, participants=participants[city], quorum=8, request_id=new_id())
        found = client.FindSlots(name=consultation.name, timeout=60)
        if not found.slots:
            raise Refused('the question has no answer')
        return consultations_pb2.FindSlotsRequest(name=consultation.name)

    def milliseconds(self):
        """The median of a call, one after the other."""
        return self.bench.call(self, FIND_SLOTS, '--request', self.request_file, '--in-flight', 1)['p50_us'] / 1e3


def by_call(bench):
    server = bench.keep('scheduling', lambda: Scheduling(bench))
    return server.milliseconds, lambda: RPC_LIMIT_MS


ROWS = [
    Row('slots64/merge', 'searches/s', 'sort and merge',
        lambda bench: (lambda: 1e6 / median_us(bench, 'find64'), lambda: 1e6 / median_us(bench, 'merge64')), at_least=4),
    Row('slots500', 'ms', 'limit', lambda bench: (lambda: median_us(bench, 'find500') / 1e3, lambda: LIMIT_MS), at_least=1, limit_over_ours=True),
    Row('slots500/rpc', 'ms', 'limit; ours here a FindSlots call', by_call, at_least=1, limit_over_ours=True),
]
