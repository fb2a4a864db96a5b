"""Clients that read and conditionally change a few records at once, and whether what they saw can be explained: histories for linearizability.py."""
import random
import threading
import time

from harness import CITY, Failure, new_id
from linearizability import NEVER, Operation, is_linearizable
from writers import AGAIN, new_task


class Histories:
    """Each record is a register: its title is the value, all titles ever written are different, and its etag is what a change is conditional on."""

    def __init__(self, suite, plan, registers=5, clients=12):
        self.suite, self.plan, self.clients = suite, plan, clients
        setup = suite.client(setup=True)
        tasks = [setup.CreateTask(parent=CITY, task=new_task(plan, f'甲-{n}'), request_id=new_id()) for n in range(registers)]
        self.initial = {task.name: (task.etag, task.title) for task in tasks}
        self.operations = {task.name: [] for task in tasks}  # Appending is atomic.
        self.stopping, self.errors, self.unknown = threading.Event(), [], 0
        self.threads = [threading.Thread(target=self.run, args=(number,), daemon=True) for number in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *unused):
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=30)

    def count(self):
        if self.errors:
            raise self.errors[0]
        return sum(len(operations) for operations in self.operations.values())

    def run(self, number):
        try:
            client, dice, seen = self.suite.client(setup=True), random.Random(number), dict(self.initial)
            count = 0
            while not self.stopping.is_set():
                name = dice.choice(list(self.operations))
                chance = dice.random()
                try:
                    if chance < 0.1:
                        self.list(client, seen)
                    elif chance < 0.5:
                        self.get(client, name, seen)
                    else:
                        count += 1
                        self.change(client, dice, name, seen, f'乙-{number}-{count}')
                except Failure as failure:  # A read that failed says nothing.
                    if failure.code not in AGAIN:
                        raise
                    time.sleep(0.05 + dice.random() * 0.2)
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)

    def get(self, client, name, seen):
        called = time.monotonic()
        try:
            task = client.GetTask(name=name, timeout=10, patient=True)
        except Failure as failure:
            if failure.reason != 'NOT_FOUND':
                raise
            # It is there: no order explains such an answer.
            return self.operations[name].append(Operation('read', called, time.monotonic(), None))
        self.saw(task, called, time.monotonic(), seen)

    def list(self, client, seen):
        called = time.monotonic()
        page = client.ListTasks(parent=CITY, page_size=1000, timeout=10, patient=True)
        answered = time.monotonic()
        tasks = [task for task in page.tasks if task.name in self.operations]
        assert len(tasks) == len(self.operations), 'a record is missing from a list'
        for task in tasks:
            self.saw(task, called, answered, seen)

    def saw(self, task, called, answered, seen):
        self.operations[task.name].append(Operation('read', called, answered, task.title))
        seen[task.name] = (task.etag, task.title)

    def change(self, client, dice, name, seen, value):
        etag, expected = seen[name]
        request = client.messages('UpdateTask')[0](task={'name': name, 'etag': etag, 'title': value}, request_id=new_id())
        patient = dice.random() < 0.9
        called = time.monotonic()
        while True:
            try:
                task = client.call('UpdateTask', request, timeout=10, patient=True)
                self.operations[name].append(Operation('write', called, time.monotonic(), value, expected, True))
                seen[name] = (task.etag, value)
                return
            except Failure as failure:
                if failure.reason == 'ETAG_STALE':
                    self.operations[name].append(Operation('write', called, time.monotonic(), value, expected, False))
                    return self.get(client, name, seen)
                if failure.code not in AGAIN:
                    raise
                if self.stopping.is_set() or not patient:
                    # Nobody asks again: it may have happened or not.
                    self.unknown += 1
                    self.operations[name].append(Operation('write', called, NEVER, value, expected, None))
                    return time.sleep(1)
                time.sleep(0.05 + dice.random() * 0.2)

    def check(self):
        """After the clients have ended."""
        if self.errors:
            raise self.errors[0]
        for name, operations in self.operations.items():
            assert is_linearizable(operations, self.initial[name][1]), f'the history of {name} is not linearizable'
