"""Five times the load that fills the server: what it still gets done, and how long those wait who are let in."""
import concurrent.futures
import itertools

from bench.measure.bench import CREATE_TASK, CREATES_IN_FLIGHT, GET_TASK
from bench.measure.rounds import Row

TIMES = 5
WARMUP = 2  # Seconds: the server refuses by the mean of its last second.


def creates(bench, registry):
    return bench.call(registry, CREATE_TASK, '--request', registry.create_file, '--in-flight', CREATES_IN_FLIGHT, warmup=WARMUP, may_refuse=True)


def reads(bench, registry, names, warmup=WARMUP):
    """Of somebody who looks up one task after the other."""
    return bench.call(registry, GET_TASK, '--names', names, '--in-flight', 1, warmup=warmup)


def crowd(bench, registry, names):
    """So many loads at once that each alone would fill the server, and one reader among them: (his, theirs)."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reader = pool.submit(reads, bench, registry, names)
        writers = [pool.submit(creates, bench, registry) for _ in range(TIMES)]
        return reader.result(), [writer.result() for writer in writers]


class Rounds:
    """What the rows share: each takes the n-th round of a kind, which is run when the first asks for it."""

    def __init__(self, bench):
        _, names = bench.names()
        registry = bench.registry()
        self.kinds = {'crowd': lambda: crowd(bench, registry, names), 'full': lambda: creates(bench, registry),
                      'idle': lambda: reads(bench, registry, names, warmup=None)}
        self.taken = {kind: [] for kind in self.kinds}

    def each(self, kind, figure):
        """A function that gives the figure of the first round of the kind, then of the second …"""
        count = itertools.count()

        def take():
            number = next(count)
            while len(self.taken[kind]) <= number:
                self.taken[kind].append(self.kinds[kind]())
            return figure(self.taken[kind][number])
        return take


def sides(of_crowd, kind, of_kind):
    def prepare(bench):
        rounds = bench.keep('overload', lambda: Rounds(bench))
        return rounds.each('crowd', of_crowd), rounds.each(kind, of_kind)
    return prepare


def milliseconds(result):
    return result['p99_us'] / 1e3


FULL = f'ours with {CREATES_IN_FLIGHT} creates in flight; ours here with {TIMES} times as many'
ROWS = [
    Row('overload/goodput', 'calls/s', FULL, sides(lambda c: sum(one['calls_per_second'] for one in c[1]), 'full', lambda f: f['calls_per_second']), at_least=0.9),
    Row('overload/write_p99', 'ms', FULL, sides(lambda c: max(map(milliseconds, c[1])), 'full', milliseconds), at_most=3),
    Row('overload/read_p99', 'ms', 'ours idle; ours here beside all these creates', sides(lambda c: milliseconds(c[0]), 'idle', milliseconds), at_most=5),
]
