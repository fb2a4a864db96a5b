"""SQLite alone in one process, writing the rows that our server has written."""
from bench.measure.process import SERVER_CORE, pinned, run_json

# More creates a second than the peer reaches, so that its rows do not run out and few are read for nothing.
MOST_A_SECOND = {1: 5_000, 256: 60_000}


def raw_writes(bench, batch):
    """Creates a second with one commit for each `batch`."""
    target = bench.folder / 'raw_writes.db'
    for file in bench.folder.glob('raw_writes.db*'):
        file.unlink()
    registry = bench.registry()
    return run_json(pinned(SERVER_CORE, [
        bench.binaries / 'raw_writes', '--source', registry.store.path, '--target', target, '--batch', batch, '--creates', registry.tasks(),
        '--limit', round(MOST_A_SECOND[batch] * max(bench.seconds, 1)), '--seconds', bench.seconds]))['calls_per_second']
