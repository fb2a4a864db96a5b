"""Proposing an engagement, with all its rules: beside creating a task, and in a large store beside a small one."""
import itertools

from bench.measure.bench import CREATES_IN_FLIGHT, say
from bench.measure.duikou import CITY, NUMBER_MARK, UUID_MARK, Server, SqliteFile
from bench.measure.process import LOAD_CORE, SERVER_CORE, Refused, pinned, run_json
from bench.measure.rounds import Row

HOST = 'cities/110106'
SMALL = 10_000
PROPOSALS_OF_ROUND = 3_000  # Each for a person of its own, who is recorded before.
PROPOSALS_OF_GROWTH = 1_000  # Each makes the small store larger.
CREATE_PERSON = '/duikou.personnel.v1.People/CreatePerson'
CREATE_ENGAGEMENT = '/duikou.personnel.v1.Exchange/CreateEngagement'


def host_city(bench):
    """The unit that receives, and the partnership; made once."""
    def make():
        suite = bench.suite().suite
        suite.seed_city('110106', '丰台区', '北京市', 'FT')
        unit = suite.seed_unit('u1', '丰台区教委', city='110106')
        from duikou.directory.v1 import partnership_pb2
        suite.client('Directory', setup=True).CreatePartnership(
            parent=CITY, partnership_id='bench', request_id=bench.suite().harness.new_id(),
            partnership={'kind': partnership_pb2.Partnership.PAIR, 'title': '营口–丰台', 'members': [{'city': CITY}, {'city': HOST}]})
        return unit
    return bench.keep('exchange/host', make)


class Exchange(Server):
    """A personnel service with a quota, on a store with so many engagements of the past."""

    def __init__(self, bench, name, engagements=0):
        self.bench, self.host_unit = bench, host_city(bench)
        store = SqliteFile(bench.folder / f'{name}.db')
        if engagements:
            say(f'filling a store with {engagements:,} engagements …')
            state = bench.folder / f'{name}.state'
            state.mkdir(exist_ok=True)
            run_json(pinned(f'{SERVER_CORE},{LOAD_CORE}', [bench.binaries / 'fill_exchange', '--store', store.path, '--state-dir', state, '--engagements',
                                                           engagements, '--home-unit', bench.suite().unit, '--host-unit', self.host_unit]))
        super().__init__(bench.suite(), 'personnel', name, store, bench.folder)
        self.rounds = itertools.count()
        from duikou.personnel.v1 import exchange_kind_pb2
        bench.suite().suite.ports['personnel'] = self.port
        planning = bench.suite().suite.as_person('bench', 'ExchangePlanning')
        planning.CreateQuota(parent=CITY, request_id=bench.suite().harness.new_id(), quota={
            'partnership': f'{CITY}/partnerships/bench', 'host_city': HOST, 'year': 2030, 'kind': exchange_kind_pb2.SECONDMENT, 'seats': 100_000})

    def request(self, name, message):
        path = self.folder / f'{self.name}.{name}.bin'
        path.write_bytes(message.SerializeToString())
        return path

    def all_of(self, path, file, calls):
        """So many calls, with fresh numbers for the mark."""
        return self.bench.call(self, path, '--request', file, '--in-flight', CREATES_IN_FLIGHT, '--calls', calls, warmup=0, seconds=60)

    def propose(self, calls):
        """Proposals a second; refused unless the store holds exactly the acknowledged ones more."""
        from duikou.personnel.v1 import exchange_kind_pb2, exchange_pb2, people_pb2
        person = f'r{next(self.rounds)}-{NUMBER_MARK}'
        self.all_of(CREATE_PERSON, self.request('person', people_pb2.CreatePersonRequest(
            parent=CITY, person_id=person, request_id=UUID_MARK,
            person={'title': '示例', 'sex': 1, 'birth_date': {'year': 1985, 'month': 5, 'day': 20}, 'home_unit': self.suite.unit, 'rank': '正科级'})), calls)
        before = self.store.records('engagement')
        result = self.all_of(CREATE_ENGAGEMENT, self.request('engagement', exchange_pb2.CreateEngagementRequest(
            parent=CITY, request_id=UUID_MARK, engagement={
                'kind': exchange_kind_pb2.SECONDMENT, 'person': f'{CITY}/persons/{person}', 'partnership': f'{CITY}/partnerships/bench',
                'host_unit': self.host_unit,
                'terms': {'start_date': {'year': 2030, 'month': 3, 'day': 1}, 'end_date': {'year': 2031, 'month': 2, 'day': 28}, 'position': '教委副主任(挂职)'}})), calls)
        held = self.store.records('engagement') - before
        if held != result['ok']:
            raise Refused(f'the store holds {held} new engagements, but {result["ok"]} proposals were acknowledged')
        return result['calls_per_second']


def exchange(bench, name, engagements=0):
    return bench.keep(f'exchange/{name}', lambda: Exchange(bench, name, engagements))


def beside_create(bench):
    registry, ours = bench.registry(), exchange(bench, 'exchange')
    return lambda: ours.propose(PROPOSALS_OF_ROUND), lambda: bench.create(registry, calls=PROPOSALS_OF_ROUND, warmup=0, seconds=60)


def growth(large):
    def sides(bench):
        at_large, at_small = exchange(bench, f'exchange_{large(bench)}', large(bench)), exchange(bench, 'exchange_small', SMALL)
        return lambda: 1e6 / at_large.propose(PROPOSALS_OF_GROWTH), lambda: 1e6 / at_small.propose(PROPOSALS_OF_GROWTH)
    return sides


def large(bench):
    return 1_000_000 if bench.full else 200_000


ROWS = [
    Row('propose/create', 'calls/s', 'CreateTask; ours here CreateEngagement with a quota', beside_create, at_least=0.5),
    Row('overlap/growth', 'µs/call', lambda bench: f'CreateEngagement at {SMALL:,} engagements and {PROPOSALS_OF_GROWTH:,} more after each round; '
        f'ours here at {large(bench):,}', growth(large), at_most=1.3),
]
