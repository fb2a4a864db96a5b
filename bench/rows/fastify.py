"""The same get, create and list of a usual service."""
from bench.measure.bench import write_delimited
from bench.measure.duikou import CITY
from bench.measure.rounds import Row
from bench.peers.fastify import fastify


def get(bench):
    names, _ = bench.names()
    registry, peer = bench.registry(), fastify(bench)
    return lambda: bench.get(registry, names), peer.get


def create(bench):
    bench.names()
    registry, peer = bench.registry(), fastify(bench)
    return lambda: bench.create(registry), peer.create


def list_plan(bench):
    """The first page of a plan with all tasks, on both sides."""
    bench.names()
    from duikou.taskregistry.v1 import task_requests_pb2
    registry, peer = bench.registry(), fastify(bench)
    requests = write_delimited(bench.folder / 'list.bin', [task_requests_pb2.ListTasksRequest(parent=CITY, filter=f'plan = "{registry.plan}"')])
    return lambda: bench.list(registry, requests), peer.list


PEER = 'Fastify 4 with pg and PostgreSQL 15'
ROWS = [
    Row('get/fastify', 'calls/s', PEER, get, at_least=3),
    Row('create/fastify', 'calls/s', PEER, create, at_least=3),
    Row('list/fastify', 'calls/s', PEER, list_plan, at_least=3),
]
