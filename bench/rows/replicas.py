"""What a request costs when two replicas share a database, beside one that has it alone."""
import concurrent.futures

from bench.measure.bench import CREATE_TASK, GET_TASK
from bench.measure.duikou import Registry
from bench.measure.rounds import Row
from bench.peers.postgres import database

TASKS = 2000
IN_FLIGHT = 64


def processor_seconds(registries):
    return sum(registry.processor_seconds() for registry in registries)


def loaded(bench, registries, path, *arguments):
    """Processor time of a call, in microseconds, with the same calls in flight, shared among the replicas."""
    before = processor_seconds(registries)
    share = IN_FLIGHT // len(registries)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        rounds = [pool.submit(bench.call, registry, path, *arguments, '--in-flight', share, warmup=0) for registry in registries]
        calls = sum(one.result()['measured'] for one in rounds)
    return (processor_seconds(registries) - before) * 1e6 / calls


def cost(bench, registries, names):
    """The mean of a read and a write."""
    reads = loaded(bench, registries, GET_TASK, '--names', names)
    return (reads + loaded(bench, registries, CREATE_TASK, '--request', registries[0].create_file)) / 2


def named_tasks(bench, registry, name):
    client = bench.suite().person(registry.port)
    file = bench.folder / f'{name}.names'
    file.write_text(''.join(client.CreateTask(parent='cities/210800', task=bench.suite().task(registry.plan), request_id=bench.suite().harness.new_id()).name + '\n'
                            for _ in range(TASKS)))
    return file


def sides(bench):
    one = [bench.registry('replica_alone', database(bench, 'alone'))]
    shared = database(bench, 'shared')
    first = bench.registry('replica_first', shared)
    second = bench.keep('replica_second', lambda: Registry(bench.suite(), 'replica_second', shared, bench.folder, state='replica_first'))
    names = {'alone': named_tasks(bench, one[0], 'alone'), 'shared': named_tasks(bench, first, 'shared')}
    return lambda: cost(bench, [first, second], names['shared']), lambda: cost(bench, one, names['alone'])


ROWS = [Row('replicas/cpu', 'µs', 'ours: one replica, processor time of a GetTask and a CreateTask on PostgreSQL, 64 in flight', sides, at_most=1.1)]
