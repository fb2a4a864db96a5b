"""Clients that write all the time, and remember what was acknowledged; and what a store must then hold."""
import hashlib
import pathlib
import random
import shutil
import sqlite3
import sys
import threading
import time
import traceback

from harness import CITY, Failure, new_id

UNIT = f'{CITY}/units/gongxinju'
# What a client repeats a call after, under the same request_id.
AGAIN = ('UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED')
CALL_SECONDS = 10


def prepare(suite):
    """A city with two units, a coordinator and a plan: (a client of the coordinator, the plan's name)."""
    suite.seed_city()
    suite.seed_unit('duikouban', '营口市对口合作办公室')
    suite.seed_unit('gongxinju', '营口市工业和信息化局', ['市工信局'])
    suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
    zhang = suite.as_person('zhang')
    return zhang, zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id()).name


def new_task(plan, title):
    return {'plan': plan, 'title': title, 'duties': [{'kind': 1, 'unit': UNIT}]}


class Writer(threading.Thread):
    """One client: creates, changes and deletes tasks of its own, each call repeated under its request_id until it is answered, and now and then
    sent again after that."""

    def __init__(self, writers, number):
        super().__init__(daemon=True)
        self.writers, self.number = writers, number
        self.dice = random.Random(number)
        self.etags = {}    # Of each task that it has.
        self.gone = set()  # Names of those that it deleted.
        self.answers = []  # (method, request, the first answer's bytes)
        self.pending = None  # What it waits for: (method, name or '', request, since when)
        self.lock = threading.Lock()  # What an answer changes above, it changes at once.
        self.count = 0
        self.replayed = 0  # The last start of the service after which it has sent its last answered call again.

    def run(self):
        try:
            client = self.writers.suite.client(setup=True)
            while not self.writers.stopping.is_set():
                self.step(client)
        except Exception as error:  # pylint: disable=broad-except
            self.writers.errors.append(error)

    def send_again(self, client, answer):
        method, request, first = answer
        answer = self.send(client, method, '', request)
        if answer is not None and answer.SerializeToString() != first:
            raise AssertionError(f'{method} was answered otherwise when it was sent again')

    def step(self, client):
        if self.replayed < self.writers.starts and self.answers:
            starts = self.writers.starts
            self.send_again(client, self.answers[-1])
            self.replayed = starts
        self.count += 1
        title = f'任务-{self.number}-{self.count}'
        chance = self.dice.random()
        if chance < 0.1 and self.answers:
            return self.send_again(client, self.dice.choice(self.answers[-20:]))
        name = self.dice.choice(list(self.etags)) if chance < 0.55 and self.etags else ''
        if chance < 0.2 and name:
            method, fields = 'DeleteTask', {'name': name, 'etag': self.etags[name]}
        elif name:
            method, fields = 'UpdateTask', {'task': {'name': name, 'etag': self.etags[name], 'title': title}}
        else:
            method, fields = 'CreateTask', {'parent': CITY, 'task': new_task(self.writers.plan, title)}
        request = client.messages(method)[0](request_id=new_id(), **fields)
        answer = self.send(client, method, name, request)
        if answer is None:
            return
        self.remember(method, name, request, answer)

    def remember(self, method, name, request, answer):
        with self.lock:
            self.answers.append((method, request, answer.SerializeToString()))
            if method == 'DeleteTask':
                del self.etags[name]
                self.gone.add(name)
            else:
                self.etags[answer.name] = answer.etag
            self.pending = None

    def acknowledged(self):
        with self.lock:
            return dict(self.etags), set(self.gone), [request.request_id for _, request, _ in self.answers], self.pending

    def send(self, client, method, name, request):
        with self.lock:
            self.pending = (method, name, request, time.monotonic())
        while not self.writers.stopping.is_set():
            try:
                return client.call(method, request, timeout=CALL_SECONDS, patient=True)
            except Failure as failure:
                if failure.code not in AGAIN:
                    raise
                self.writers.note_refusal(failure)
                time.sleep(0.05 + self.dice.random() * 0.2)
        return None

    def explain(self):
        """What it waits for, where its thread is, and whether another connection is answered: it tells a service that hangs from a client that does."""
        pending = self.pending
        if not pending:
            return f'writer {self.number} waits for nothing'
        method, _, request, since = pending
        try:
            self.writers.suite.client(setup=True).call(method, request, timeout=CALL_SECONDS, patient=True)
            elsewhere = 'answered'
        except Failure as failure:
            elsewhere = f'refused with {failure}'
        frame = sys._current_frames().get(self.ident)
        where = ' < '.join(f'{f.name}:{f.lineno}' for f in reversed(traceback.extract_stack(frame)[-4:])) if frame else 'an ended thread'
        return f'writer {self.number} has asked {method} for {time.monotonic() - since:.0f} s, in {where}; over a new connection it is {elsewhere}'


class Writers:
    """Many of them."""

    def __init__(self, suite, plan, count=32):
        self.suite, self.plan = suite, plan
        self.stopping, self.errors, self.refused = threading.Event(), [], {}
        self.starts = 0
        self.all = [Writer(self, number) for number in range(count)]

    def __enter__(self):
        for writer in self.all:
            writer.start()
        return self

    def __exit__(self, *unused):
        self.stopping.set()
        for writer in self.all:
            writer.join(timeout=30)

    def acknowledged(self):
        if self.errors:
            raise self.errors[0]
        return sum(len(writer.answers) for writer in self.all)

    def note_refusal(self, failure):
        """By its reason, or what gRPC says where the service said nothing."""
        said = failure.reason or f'{failure.code}: {failure.message}'
        self.refused[said] = self.refused.get(said, 0) + 1

    def wait_for(self, more, seconds=60):
        """Until so many more calls are acknowledged."""
        goal = self.acknowledged() + more
        self.wait(lambda: [] if self.acknowledged() >= goal else self.all, seconds)

    def replay(self, seconds=60):
        """Until each has sent its last answered call again, and has got the first answer."""
        self.starts += 1
        self.wait(lambda: [writer for writer in self.all if writer.replayed < self.starts and writer.answers], seconds)

    def wait(self, behind, seconds):
        """Until `behind` gives no more writers."""
        end = time.monotonic() + seconds
        while late := behind():
            self.acknowledged()
            if time.monotonic() > end:
                told = [writer.explain() for writer in late[:4]]
                raise AssertionError(f'no progress of {len(late)} writers; refused with {self.refused}; ' + '; '.join(told))
            time.sleep(0.005)

    def snapshot(self):
        """What was acknowledged by now: [(etags, gone, request ids, what it waits for)] of each writer. The services must not run."""
        return [writer.acknowledged() for writer in self.all]


class StoreFiles:
    """Reads the files of an embedded store as a crash has left them: a copy, so that the service finds them untouched."""

    def __init__(self, suite, name='taskregistry'):
        self.suite, self.name = suite, name
        self.sequence, self.hash = 0, bytes(32)  # As far as the chain has been checked.
        self.versions, self.requests, self.created = {}, set(), 0
        self.contents = {}  # A digest of each task's last message.

    def copy(self):
        target = self.suite.folder / 'copy'
        target.mkdir(exist_ok=True)
        for suffix in ('.db', '.db-wal'):
            (target / f'x{suffix}').unlink(missing_ok=True)
            source = pathlib.Path(self.suite.store(self.name).removesuffix('.db') + suffix)
            if source.exists():
                shutil.copyfile(source, target / f'x{suffix}')
        return sqlite3.connect(target / 'x.db')

    def check(self, writers=()):
        """Sound, its chain whole, its records and what they hold those that the chain tells of; with all that `writers` (Writers.snapshot) were told of."""
        store = self.copy()
        try:
            assert store.execute('PRAGMA integrity_check').fetchall() == [('ok',)], 'the database is corrupt'
            self.follow_log(store)
            self.compare(store)
        finally:
            store.close()
        for etags, gone, requests, pending in writers:
            lost = set(requests) - self.requests
            assert not lost, f'{len(lost)} acknowledged writes are lost'
            waits_for = pending[1] if pending else ''
            for name, etag in etags.items():
                assert self.versions.get(name) == int(etag) or name == waits_for, f'{name} is not as it was acknowledged'
            assert not gone & self.versions.keys(), 'a deleted record is there'

    def follow_log(self, store):
        from duikou.log.v1 import change_log_pb2
        city = CITY.split('/')[1]
        if self.sequence:
            (there,) = store.execute('SELECT hash FROM changes WHERE city = ? AND sequence = ?', (city, self.sequence)).fetchone() or (None,)
            assert there == self.hash, 'the chain was rewritten'
        rows = store.execute('SELECT sequence, header, hash, salt, message FROM changes WHERE city = ? AND sequence > ? ORDER BY sequence',
                             (city, self.sequence))
        for sequence, header_bytes, digest, salt, message in rows:
            header = change_log_pb2.ChangeHeader.FromString(header_bytes)
            assert sequence == header.sequence == self.sequence + 1, f'after {self.sequence} comes {sequence}'
            assert digest == hashlib.sha256(self.hash + header_bytes).digest(), f'the chain breaks at {sequence}'
            self.sequence, self.hash = sequence, digest
            # Of types with personal fields the salt is sealed with them.
            if salt:
                assert header.content_digest == hashlib.sha256(salt + message).digest(), f'the content of {sequence} is not what its header says'
            if header.type != 'task':
                continue
            assert salt or not header.content_digest, f'{sequence} has lost its content'
            assert header.request_id not in self.requests, 'a write was applied twice'
            self.requests.add(header.request_id)
            self.created += header.kind == change_log_pb2.ChangeHeader.CREATED
            if header.kind == change_log_pb2.ChangeHeader.DELETED:
                del self.versions[header.name], self.contents[header.name]
            else:
                self.versions[header.name] = sequence
                self.contents[header.name] = hashlib.sha256(message).digest()
        head = store.execute('SELECT sequence, hash FROM heads WHERE city = ?', (city,)).fetchone()
        assert head == (self.sequence, self.hash), 'the head is not that of the last change'

    def compare(self, store):
        if self.name != 'taskregistry':
            return
        stored, contents = {}, {}
        for city, task, version, message in store.execute('SELECT city, id, version, message FROM r_task'):
            name = f'cities/{city}/tasks/{task}'
            stored[name], contents[name] = version, hashlib.sha256(message).digest()
        assert stored == self.versions, 'the records are not those of the change log'
        assert contents == self.contents, 'the content of a record is not that of its last change'
        kept = {row[0] for row in store.execute('SELECT request_id FROM requests')}
        assert self.requests <= kept, 'the answer of a write was not kept'
        (count,) = store.execute("SELECT coalesce(sum(value), 0) FROM counters WHERE name LIKE 'task/%'").fetchone()
        assert count == self.created, 'numbers have a gap'


def check_chain(suite):
    """duikou verify: both chains over the wire."""
    suite.cli(f'--cert={suite.certs / "setup.crt"}', f'--key={suite.certs / "setup.key"}', '--city=210800', 'verify')
