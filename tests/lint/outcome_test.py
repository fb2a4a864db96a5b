#!/usr/bin/python3
"""What ./dev test says of a run, by reports as ctest writes them."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSED = '<testcase name="unit" status="run"><system-out>[       OK ] A.B (0 ms)</system-out></testcase>'
FAILED = '<testcase name="bad" status="fail"><failure message=""/></testcase>'
SKIPPED = '<testcase name="office" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>'


class OutcomeTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def outcome(self, *cases, more=()):
        report = self.folder / 'asan.xml'
        report.write_text(f'<testsuite>{"".join(cases)}</testsuite>', encoding='utf-8')
        done = subprocess.run([sys.executable, ROOT / 'tests' / 'outcome.py', *more, report], check=False, capture_output=True, text=True)
        return done.returncode, [line.strip() for line in done.stdout.splitlines()]

    def test_counts(self):
        self.assertEqual(self.outcome(PASSED), (0, ['1 passed, 0 failed']))
        self.assertEqual(self.outcome(PASSED, FAILED), (1, ['1 passed, 1 failed']))
        self.assertEqual(self.outcome(PASSED, SKIPPED), (0, ['skipped, not run: office', '1 passed, 0 failed, 1 skipped']))
        self.assertEqual(self.outcome(PASSED, more=['--skipped', '1']), (0, ['1 passed, 0 failed, 1 skipped']))
        self.assertEqual(self.outcome(SKIPPED)[0], 3)
        self.assertEqual(self.outcome()[0], 3)

    def test_what_ctest_could_not_run_has_failed(self):
        for case in ('<testcase name="gone" status="notrun"><skipped message="Unable to find executable"/></testcase>',
                     '<testcase name="gone" status="notrun"><skipped message="Fixture dependency failed"/></testcase>',
                     '<testcase name="gone" status="disabled"/>'):
            self.assertEqual(self.outcome(PASSED, case), (1, ['failed, not run: gone', '1 passed, 1 failed']))

    def test_a_report_that_is_missing_has_failed(self):
        status, lines = self.outcome(PASSED, more=[self.folder / 'e2e.xml'])
        self.assertEqual(status, 1)
        self.assertEqual(lines, [f'no report: {self.folder}/e2e.xml', '1 passed, 1 failed'])

    def test_parts_that_were_skipped_are_named(self):
        unit = ('<testcase name="unit" status="run"><system-out>[  SKIPPED ] Real/Document.IsRead/0 (0 ms)\n[  SKIPPED ] 1 test, listed below:\n'
                '[  SKIPPED ] Real/Document.IsRead/0\n</system-out></testcase>')
        walk = '<testcase name="e2e_ledger" status="run"><system-out>ok   test_a (1.0 s)\nskip test_b: LibreOffice is not installed\n</system-out></testcase>'
        self.assertEqual(self.outcome(unit, walk), (0, ['skipped in unit: Real/Document.IsRead/0', 'skipped in e2e_ledger: test_b', '2 passed, 0 failed']))

    def test_reports_of_the_harness(self):
        sys.path.insert(0, str(ROOT / 'tests' / 'e2e'))
        try:
            from junit import write_junit
        finally:
            sys.path.pop(0)
        report = self.folder / 'containers.xml'
        write_junit(report, {'a': 'run', 'b': 'fail', 'c': 'notrun'})
        self.assertEqual(self.outcome(PASSED, more=[report]), (1, ['skipped, not run: c', '2 passed, 1 failed, 1 skipped']))


if __name__ == '__main__':
    unittest.main()
