"""What the crash tests read a store by: a store that was tampered with is found."""
import hashlib
import pathlib
import shutil
import sqlite3
import tempfile
import types
import unittest

from harness import CITY, make_messages
from writers import StoreFiles

TASKS = 3


class StoreFilesTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.messages = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.messages)
        make_messages(cls.messages)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = sqlite3.connect(self.folder / 'taskregistry.db')
        self.addCleanup(self.store.close)
        self.store.executescript('CREATE TABLE changes (city, sequence, header, hash, salt, message); CREATE TABLE heads (city, sequence, hash);'
                                 'CREATE TABLE r_task (city, id, version, message); CREATE TABLE requests (request_id); CREATE TABLE counters (name, value);')
        self.fill()
        self.files = StoreFiles(types.SimpleNamespace(folder=self.folder, store=lambda name: str(self.folder / f'{name}.db')))

    def fill(self):
        """Some tasks, each created and nothing else."""
        from duikou.log.v1 import change_log_pb2
        city, chain = CITY.split('/')[1], bytes(32)
        for i in range(1, TASKS + 1):
            salt, message = bytes([i]) * 16, f'任务{i}'.encode()
            header = change_log_pb2.ChangeHeader(city=city, sequence=i, kind=change_log_pb2.ChangeHeader.CREATED, type='task', name=f'{CITY}/tasks/t{i}',
                                                 request_id=f'r{i}', content_digest=hashlib.sha256(salt + message).digest()).SerializeToString()
            chain = hashlib.sha256(chain + header).digest()
            self.store.execute('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)', (city, i, header, chain, salt, message))
            self.store.execute('INSERT INTO r_task VALUES (?, ?, ?, ?)', (city, f't{i}', i, message))
            self.store.execute('INSERT INTO requests VALUES (?)', (f'r{i}',))
        self.store.execute('INSERT INTO heads VALUES (?, ?, ?)', (city, TASKS, chain))
        self.store.execute("INSERT INTO counters VALUES ('task/1', ?)", (TASKS,))
        self.store.commit()

    def found_after(self, *statements):
        for statement in statements:
            self.store.execute(statement)
        self.store.commit()
        with self.assertRaises(AssertionError) as found:
            self.files.check()
        return str(found.exception)

    def test_one_that_is_whole_passes(self):
        self.files.check()
        self.files.check()

    def test_a_record_alone(self):
        self.assertIn('the content of a record', self.found_after("UPDATE r_task SET message = x'00' WHERE id = 't2'"))

    def test_a_record_and_the_log_with_it(self):
        self.assertIn('the content of 2 is not', self.found_after("UPDATE r_task SET message = x'00' WHERE id = 't2'",
                                                                  "UPDATE changes SET message = x'00' WHERE sequence = 2"))

    def test_content_that_is_gone(self):
        self.assertIn('2 has lost its content', self.found_after("UPDATE changes SET message = x'', salt = x'' WHERE sequence = 2"))

    def test_a_header(self):
        self.assertIn('the chain breaks at 2', self.found_after("UPDATE changes SET header = CAST(header || x'00' AS BLOB) WHERE sequence = 2"))


if __name__ == '__main__':
    unittest.main()
