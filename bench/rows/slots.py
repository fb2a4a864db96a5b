"""FindSlots against merging intervals, and the largest question against its limit."""
from bench.measure.process import SERVER_CORE, pinned, run_json
from bench.measure.rounds import Row

LIMIT_MS = 8.0  # In the process, of the 20 that a call may take.


def median_us(bench, what):
    return run_json(pinned(SERVER_CORE, [bench.binaries / 'slots_benchmark', what]))['median_us']


ROWS = [
    Row('slots64/merge', 'searches/s', 'sort and merge',
        lambda bench: (lambda: 1e6 / median_us(bench, 'find64'), lambda: 1e6 / median_us(bench, 'merge64')), at_least=4),
    Row('slots500', 'ms', 'limit', lambda bench: (lambda: median_us(bench, 'find500') / 1e3, lambda: LIMIT_MS), at_least=1, limit_over_ours=True),
]
