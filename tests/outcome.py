#!/usr/bin/env python3
"""What the tests came to: reads JUnit files of ctest, names what was not run, and counts.

    outcome.py [--skipped N] FILE...

The last line reads 'N passed, N failed', and how many tests were skipped if any were; N of --skipped are added to those. A
test that ctest could not run has failed, and so has a file that is not there. Parts of a test that were skipped while the
others passed are named. Ends with 1 where anything failed, with 3 where nothing ran.
"""
import argparse
import collections
import pathlib
import re
import sys
from xml.etree import ElementTree

# The lines of a part that was skipped: of GoogleTest, and of tests/e2e/harness.py.
SKIPPED_PARTS = (re.compile(r'^\[  SKIPPED \] (\w[\w/]*\.[\w/]+)', re.M), re.compile(r'^skip (\w+):', re.M))


def outcome_of(case):
    """'passed', 'failed' or 'skipped'. Only a test that itself said so is skipped: ctest writes the same status for one whose program is
    missing."""
    if case.get('status') == 'run':
        return 'passed'
    said = case.find('skipped')
    by_itself = said is not None and said.get('message', '').startswith('SKIP_')
    return 'skipped' if by_itself else 'failed'


def skipped_parts(case):
    text = case.findtext('system-out') or ''
    return sorted({name for pattern in SKIPPED_PARTS for name in pattern.findall(text)})


def count(files):
    """(the number of each outcome, a line for each thing that was not run)."""
    counts, lines = collections.Counter(), []
    for file in map(pathlib.Path, files):
        if not file.exists():
            counts['failed'] += 1
            lines.append(f'no report: {file}')
            continue
        for case in ElementTree.parse(file).getroot().iter('testcase'):
            outcome, name = outcome_of(case), case.get('name')
            counts[outcome] += 1
            if outcome == 'passed':
                lines += [f'skipped in {name}: {part}' for part in skipped_parts(case)]
            elif case.get('status') != 'fail':
                lines.append(f'{outcome}, not run: {name}')
    return counts, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--skipped', type=int, default=0)
    parser.add_argument('file', nargs='+')
    arguments = parser.parse_args()
    counts, lines = count(arguments.file)
    counts['skipped'] += arguments.skipped
    for line in lines:
        print(f'    {line}')
    if counts['passed'] + counts['failed'] == 0:
        sys.exit(3)
    print(f'{counts["passed"]} passed, {counts["failed"]} failed' + (f', {counts["skipped"]} skipped' if counts['skipped'] else ''))
    sys.exit(1 if counts['failed'] else 0)


if __name__ == '__main__':
    main()
