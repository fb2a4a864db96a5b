#!/usr/bin/env python3
"""The table of docs/reliability.md: what the fault tests count, and how it went.

    fault_table.py [--write]

Each test notes its rows in build/reports/faults.json as it goes, which ./dev test begins anew; this prints them as a table, and with --write puts it
between the markers of docs/reliability.md. No figure there is typed by hand.
"""
import argparse
import contextlib
import fcntl
import json
import os
import pathlib

ROOT = pathlib.Path(os.environ.get('DUIKOU_SOURCE_DIR', pathlib.Path(__file__).resolve().parents[2]))
ROWS = ROOT / 'build' / 'reports' / 'faults.json'
PAGE = ROOT / 'docs' / 'reliability.md'
BEGIN, END = '<!-- faults: written by tests/e2e/fault_table.py -->\n', '<!-- faults: end -->\n'


def keep(fault, count, invariant, result):
    """Keeps one row, in the place of an earlier one of the same fault."""
    ROWS.parent.mkdir(parents=True, exist_ok=True)
    with open(ROWS, 'a+', encoding='utf-8') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        rows = json.loads(file.read() or '{}')
        rows[fault] = [str(count), invariant, result]
        file.truncate(0)
        file.write(json.dumps(rows, ensure_ascii=False, indent=1))


def note(fault, count, invariant, result):
    print(f'     {fault}: {count}; {result}', flush=True)
    keep(fault, count, invariant, result)


@contextlib.contextmanager
def row(fault, invariant):
    """Notes a row when what it is about ends: set .count and .result of what it gives. Until then, and when the test is killed, the row says so: what
    an earlier run has found is no word on this one."""
    class Row:
        count, result = 0, 'holds'
    made = Row()
    keep(fault, made.count, invariant, 'not finished')
    try:
        yield made
    except BaseException as error:
        note(fault, made.count, invariant, f'not run: {error}' if type(error).__name__ == 'Skip' else f'**fails**: {error}')
        raise
    note(fault, made.count, invariant, made.result)


def table():
    rows = json.loads(ROWS.read_text(encoding='utf-8')) if ROWS.exists() else {}
    lines = ['| fault | count | what must hold | result |', '| --- | --- | --- | --- |']
    lines += [f'| {fault} | {" | ".join(cell.replace("|", "/") for cell in cells)} |' for fault, cells in sorted(rows.items())]
    return '\n'.join(lines) + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--write', action='store_true', help='into docs/reliability.md')
    made = table()
    print(made, end='')
    if parser.parse_args().write:
        text = PAGE.read_text(encoding='utf-8')
        before, rest = text.split(BEGIN)
        PAGE.write_text(before + BEGIN + made + END + rest.split(END)[1], encoding='utf-8')


if __name__ == '__main__':
    main()
