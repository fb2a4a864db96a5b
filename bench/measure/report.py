"""The figures as people read them: the printed table, bench/results/latest.json and docs/performance.md."""
import datetime
import json
import os
import platform
import subprocess

from bench.measure.chart import chart
from bench.measure.process import ROOT, Refused

BEGIN, END = '<!-- written by ./dev bench --docs: begin -->', '<!-- written by ./dev bench --docs: end -->'


def machine():
    with open('/proc/cpuinfo', encoding='ascii') as lines:
        model = next((line.split(':', 1)[1].strip() for line in lines if line.startswith('model name')), platform.machine())
    return f'{model}, {os.cpu_count()} cores, Linux {platform.release().split("-")[0]}'


def commit():
    """Which code is measured, with "-dirty" where files differ from it; "no commit" outside of a checkout."""
    try:
        found = subprocess.run(['git', '-C', str(ROOT), 'describe', '--always', '--dirty', '--abbrev=10', '--exclude=*'],
                               capture_output=True, text=True)
    except FileNotFoundError:
        return 'no commit'
    return found.stdout.strip() if found.returncode == 0 else 'no commit'


class Results:
    """What a run has measured, and what it has not and why."""

    def __init__(self, rounds, seconds):
        self.rounds, self.seconds = rounds, seconds
        self.date = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec='seconds')
        self.machine, self.commit = machine(), commit()
        self.measured = []  # (Row, its figures)
        self.remarks = {}   # By the name of a row.
        self.refused, self.skipped = [], []

    def json(self):
        rows = [figures for _, figures in self.measured]
        return json.dumps({'date': self.date, 'commit': self.commit, 'machine': self.machine, 'rows': rows}, ensure_ascii=False, indent=2) + '\n'

    def heading(self):
        return f'{self.date}, {self.commit}, {self.machine}; {self.rounds} pairs of rounds of {self.seconds:g} s'

    def table(self):
        lines = [f'{"workload":<25}{"unit":<9}{"ours":>12}{"peer/limit":>12}{"ratio":>9}{"low":>9}{"high":>9}  {"target":<8}{"met":<5}peer or limit']
        for row, figures in self.measured:
            sign = '' if row.target is None else f'≥ {row.target:g}' if row.at_least is not None else f'≤ {row.target:g}'
            met = {None: '', True: 'yes', False: 'NO'}[row.met(figures['ratio'])]
            lines.append(f'{row.name:<25}{row.unit:<9}{figures["ours"]:>12,.1f}{figures["peer"]:>12,.1f}{figures["ratio"]:>9.3f}'
                         f'{figures["low"]:>9.3f}{figures["high"]:>9.3f}  {sign:<8}{met:<5}{figures["peer_name"]}{self.remarks[row.name]}')
        return '\n'.join([*lines, *(f'{name:<25}skipped: {why}' for name, why in self.skipped),
                          *(f'{name:<25}no figure: {why}' for name, why in self.refused)])

    def verdict(self):
        missed = [row.name for row, figures in self.measured if row.met(figures['ratio']) is False]
        reached = sum(row.met(figures['ratio']) is True for row, figures in self.measured)
        return f'{reached} targets met, {len(missed)} missed' + (f': {", ".join(missed)}' if missed else '')

    def write_docs(self):
        page = ROOT / 'docs' / 'performance.md'
        text = page.read_text()
        if BEGIN not in text or END not in text:
            raise Refused(f'{page} lacks the lines between which the table stands: "{BEGIN}" and "{END}"')
        written = f'{BEGIN}\n{self.heading()}\n\n```text\n{self.table()}\n```\n\n**{self.verdict()}.**\n{END}'
        page.write_text(text[:text.index(BEGIN)] + written + text[text.index(END) + len(END):])
        (ROOT / 'docs' / 'performance.svg').write_text(chart(self.measured, self.heading()))
