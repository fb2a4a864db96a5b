"""Creates beside SQLite writing the same rows in one process: what group commit wins and what the service costs."""
from bench.measure.rounds import Row
from bench.peers.sqlite import raw_writes


def create(bench, batch):
    bench.names()
    registry = bench.registry()
    return lambda: bench.create(registry), lambda: raw_writes(bench, batch)


ROWS = [
    Row('create/commit_each', 'calls/s', 'SQLite, one commit per create', lambda bench: create(bench, 1), at_least=7),
    Row('create/raw_batch', 'calls/s', 'SQLite, 256 creates per commit', lambda bench: create(bench, 256), at_least=0.5),
]
