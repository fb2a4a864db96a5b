"""Creates of our registry on PostgreSQL beside the usual five round trips."""
from bench.measure.duikou import registry_takes_postgres
from bench.measure.process import Skipped
from bench.measure.rounds import Row
from bench.peers.postgres import database, five_trips


def create(bench, in_flight):
    if not registry_takes_postgres(bench.binaries):
        raise Skipped('this duikou-taskregistry does not know --store=postgres://…')
    registry = bench.registry('registry_on_postgres', database(bench, 'duikou'))
    return lambda: bench.create(registry, in_flight=in_flight), lambda: five_trips(bench)


PEER = 'libpq, five round trips per create, 32 connections'
ROWS = [
    Row('create_pg/five_trips', 'calls/s', f'{PEER}; ours with 32 in flight', lambda bench: create(bench, 32), at_least=2),
    Row('create_pg/five_trips_256', 'calls/s', f'{PEER}; ours with 256 in flight', lambda bench: create(bench, 256), at_least=2),
]
