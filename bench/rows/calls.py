"""A call beside an empty one: what identity, rules, log line and store add to the transport."""
from bench.measure.bench import CREATES_IN_FLIGHT, READS_IN_FLIGHT
from bench.measure.rounds import Row
from bench.peers.empty import CALL, empty_cpp, empty_go


def call_empty(bench, peer, *calls):
    """The same calls, bodies and headers alike, on an empty service."""
    return bench.load(peer.port, CALL, '--header', bench.suite().authorization(), *calls)['calls_per_second']


def get(bench, peer, names):
    registry = bench.registry()
    return lambda: bench.get(registry, names), lambda: call_empty(bench, peer, '--names', names, '--in-flight', READS_IN_FLIGHT)


def create(bench):
    bench.names()
    registry, peer = bench.registry(), empty_cpp(bench)
    return (lambda: bench.create(registry),
            lambda: call_empty(bench, peer, '--request', registry.create_file, '--in-flight', CREATES_IN_FLIGHT))


CPP = 'empty gRPC C++ callback service'
ROWS = [
    Row('get_hot/empty_cpp', 'calls/s', CPP, lambda bench: get(bench, empty_cpp(bench), bench.names()[1]), at_least=0.9),
    Row('get_hot/empty_go', 'calls/s', 'empty grpc-go service', lambda bench: get(bench, empty_go(bench), bench.names()[1])),
    Row('get_cold/empty_cpp', 'calls/s', CPP, lambda bench: get(bench, empty_cpp(bench), bench.names()[0]), at_least=0.6),
    Row('create/empty_cpp', 'calls/s', CPP, create, at_least=0.35),
]
