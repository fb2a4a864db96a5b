#!/usr/bin/python3
"""What the table of faults says of tests that ended, and of those that did not."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEFORE = '''
import os, sys
sys.path.insert(0, sys.argv[1])
from fault_table import row
class Skip(Exception): pass
def test(act):
    try:
        with row('a kill', 'nothing lost') as noted:
            noted.count = '3 kills'
            act(noted)
    except Exception: pass
def raising(error):
    raise error
'''


class FaultTableTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def table_after(self, test):
        where = {**os.environ, 'DUIKOU_SOURCE_DIR': str(self.folder)}
        subprocess.run([sys.executable, '-c', BEFORE + test, ROOT / 'tests' / 'e2e'], check=True, capture_output=True, env=where)
        made = subprocess.run([sys.executable, ROOT / 'tests' / 'e2e' / 'fault_table.py'], check=True, capture_output=True, text=True, env=where).stdout
        return made.splitlines()[2:]

    def test_the_last_run_counts(self):
        self.assertEqual(self.table_after('test(lambda noted: None)'), ['| a kill | 3 kills | nothing lost | holds |'])
        self.assertEqual(self.table_after('test(lambda noted: raising(AssertionError("lost")))'), ['| a kill | 3 kills | nothing lost | **fails**: lost |'])
        self.assertEqual(self.table_after('test(lambda noted: None)'), ['| a kill | 3 kills | nothing lost | holds |'])
        self.assertEqual(self.table_after('test(lambda noted: raising(Skip("no root")))'), ['| a kill | 3 kills | nothing lost | not run: no root |'])

    def test_one_that_was_killed_has_not_finished(self):
        self.table_after('test(lambda noted: None)')
        self.assertEqual(self.table_after('test(lambda noted: os._exit(0))'), ['| a kill | 0 | nothing lost | not finished |'])


if __name__ == '__main__':
    unittest.main()
