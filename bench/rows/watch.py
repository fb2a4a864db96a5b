"""How long a change takes to 100 watchers, in commits."""
from bench.measure.duikou import CITY
from bench.measure.process import LOAD_CORE, pinned, run_json
from bench.measure.rounds import Row
from bench.peers.sqlite import raw_writes

WATCHERS = 100


def delivery_ms(bench, registry):
    token = bench.suite().access_token()
    return run_json(pinned(LOAD_CORE, [
        bench.binaries / 'watch_delivery', '--port', registry.port, '--request', registry.create_file, '--authorization', f'Bearer {token}',
        '--city', CITY, '--watchers', WATCHERS, '--seconds', bench.seconds]))['last_ms']


def watch(bench):
    bench.names()
    registry = bench.registry()
    return lambda: delivery_ms(bench, registry), lambda: 1e3 / raw_writes(bench, 1)


ROWS = [Row('watch/commits', 'ms', f'one commit of a create by SQLite; ours: answer of a create to the last of {WATCHERS} watchers', watch,
            at_most=4)]
