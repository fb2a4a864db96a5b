"""The ledger out, changed in a spreadsheet, and in again; figures and the annual report; through the command line."""
import datetime
import json
import os
import shutil
import subprocess
import zipfile

import openpyxl

import harness
from harness import CITY, Skip, Suite, new_id

INVALID, PRECONDITION = 3, 5


def set_up(suite, tasks):
    """A coordinator zhang and an officer wang of the unit that leads all of the tasks, which wait for its reports."""
    suite.seed_city()
    suite.seed_unit('duikouban', '营口市对口合作办公室')
    suite.seed_unit('gongxinju', '营口市工业和信息化局', aliases=['市工信局'])
    suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
    suite.seed_account('wang', 'gongxinju', ['UNIT_OFFICER'])
    zhang, wang = suite.as_person('zhang'), suite.as_person('wang')
    plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': harness.today().year, 'title': '营口市与连云港市对口合作实施方案'}, request_id=new_id())
    due = harness.today() + datetime.timedelta(days=300)
    for n in range(1, tasks + 1):
        task = zhang.CreateTask(parent=CITY, task={
            'plan': plan.name, 'title': f'任务{n}:强化产业对接合作,共建园区', 'report_frequency': 2,
            'clause': {'path': '三/(一)', 'headings': ['主要任务', f'第{n % 7 + 1}节']},
            'due_date': {'year': due.year, 'month': due.month, 'day': due.day},
            'duties': [{'kind': 1, 'unit': f'{CITY}/units/gongxinju', 'written': '市工信局'}]}, request_id=new_id())
        zhang.IssueTask(name=task.name, request_id=new_id())
        wang.AcknowledgeTask(name=task.name, request_id=new_id())
    for account in ('zhang', 'wang'):
        password = suite.passwords[f'{CITY}/accounts/{account}']
        suite.cli('--profile', account, '--city', '210800', 'login', account, '--password-stdin', stdin=password + '\n' + 'Bb2!' + password + '\n')
    return plan


def rows_of(path):
    sheet = openpyxl.load_workbook(path).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def edit(path, changes):
    book = openpyxl.load_workbook(path)
    for cell, value in changes.items():
        book.active[cell] = value
    book.save(path)


def test_ledger_figures_report():
    with Suite(with_redis=False) as suite:
        set_up(suite, 3)
        ledger = str(suite.folder / '台账.xlsx')
        suite.cli('--profile', 'wang', 'ledger', 'export', ledger)
        rows = rows_of(ledger)
        assert rows[0][0] == '营口市对口合作任务督办台账', rows[0]
        assert [str(c) for c in rows[2][:10]] == ['序号', '编号', '任务', '牵头', '责任', '时限', '进展', '灯', '问题', '下步']
        assert isinstance(rows[3][5], datetime.datetime) and rows[3][7] == '绿'
        assert openpyxl.load_workbook(ledger).active.freeze_panes == 'A4'

        # As it was, and as another program saves it again: nothing to do.
        for changes in ({}, {'A5': 2}):
            edit(ledger, changes)
            assert '有改动 0 行,有误 0 格,未改动 3 行' in suite.cli('--profile', 'wang', 'ledger', 'import', ledger).stdout

        # Bad cells are named, and nothing is stored; in the other language too.
        edit(ledger, {'G4': '40% 已对接两家企业', 'F5': datetime.date(2099, 1, 1), 'G6': '快了'})
        done = suite.cli('--profile', 'wang', 'ledger', 'import', ledger, check=False)
        assert done.returncode == INVALID and 'F5' in done.stderr and '延期申请' in done.stderr and 'G6' in done.stderr, done
        done = suite.cli('--profile', 'wang', '--lang', 'en', 'ledger', 'import', ledger, '--validate-only', check=False)
        assert done.returncode == PRECONDITION and 'F5 Due: A due date moves by an extension' in done.stdout, done.stdout
        reports = ['--profile', 'zhang', 'list', 'progress-reports', '-o', 'json']
        assert not json.loads(suite.cli(*reports).stdout).get('reports')

        # The good row alone; then the ledger of the coordinator shows it.
        done = suite.cli('--profile', 'wang', 'ledger', 'import', ledger, '--only-good-rows', check=False)
        assert done.returncode == PRECONDITION and '有改动 1 行,有误 2 格' in done.stdout, done.stdout
        report = json.loads(suite.cli(*reports).stdout)['reports'][0]
        assert (report['percent'], report['done']) == (40, '已对接两家企业')
        suite.cli('--profile', 'zhang', 'ledger', 'export', str(suite.folder / 'all.csv'))
        assert '40% 已对接两家企业' in (suite.folder / 'all.csv').read_text(encoding='utf-8-sig')

        # Figures: drawn, as JSON, of yesterday, as a file.
        drawn = suite.cli('--profile', 'zhang', 'figures', '--by', 'unit', '--trend', '2').stdout
        assert '任务 3 项' in drawn and '营口市工业和信息化局' in drawn and '█' in drawn and '走势' in drawn, drawn
        figures = json.loads(suite.cli('--profile', 'zhang', 'figures', '-o', 'json').stdout)
        assert figures['figures']['total'] == 3 and figures['figures']['lights'][0]['colour'] == 'GREEN', figures
        yesterday = str(harness.today() - datetime.timedelta(days=2))
        assert '任务 0 项' in suite.cli('--profile', 'zhang', 'figures', '--date', yesterday).stdout
        assert suite.cli('--profile', 'zhang', 'figures', '--date', '2099-01-01', check=False).returncode == INVALID
        suite.cli('--profile', 'zhang', 'figures', '--by', 'section', '--out', str(suite.folder / 'figures.xlsx'))
        assert rows_of(suite.folder / 'figures.xlsx')[3][:3] == ['合计', None, 3]

        # The annual report, with what the accepted reports say.
        suite.cli('--profile', 'zhang', 'accept-report', report['name'])
        year = str(harness.today().year)
        suite.cli('--profile', 'zhang', 'report', 'annual', '--year', year, '--out', str(suite.folder / 'r.md'))
        text = (suite.folder / 'r.md').read_text()
        for part in (f'营口市{year}年度对口合作工作报告', '一、年度工作计划', '二、工作进展情况', '三、互访交流情况', '四、存在的问题', '五、下一步工作打算', '已对接两家企业'):
            assert part in text, (part, text)
        suite.cli('--profile', 'zhang', 'report', 'annual', '--year', year, '--out', str(suite.folder / 'r.docx'))
        assert '已对接两家企业' in zipfile.ZipFile(suite.folder / 'r.docx').read('word/document.xml').decode()


def convert(suite, path, kind):
    out = suite.folder / 'office'
    subprocess.run(['soffice', f'-env:UserInstallation=file://{suite.folder}/profile', '--headless', '--convert-to', kind, '--outdir', str(out), str(path)],
                   check=True, timeout=300, capture_output=True)
    return out / (path.stem + '.' + kind)


def test_opens_in_an_office():
    """A ledger of DUIKOU_LEDGER_ROWS through LibreOffice and in again without a difference; the report becomes a PDF."""
    count = int(os.environ['DUIKOU_LEDGER_ROWS'])
    if shutil.which('soffice') is None:
        raise Skip('LibreOffice is not installed')
    with Suite(with_redis=False) as suite:
        set_up(suite, count)
        ledger = suite.folder / 'ledger.xlsx'
        suite.cli('--profile', 'wang', 'ledger', 'export', str(ledger))
        saved = convert(suite, ledger, 'xlsx')
        before, after = rows_of(ledger), rows_of(saved)
        assert len(before) == count + 3 and before == after, next((a, b) for a, b in zip(before, after) if a != b)
        done = suite.cli('--profile', 'wang', 'ledger', 'import', str(saved)).stdout
        assert f'有改动 0 行,有误 0 格,未改动 {count} 行' in done, done
        year = str(harness.today().year)
        suite.cli('--profile', 'zhang', 'report', 'annual', '--year', year, '--out', str(suite.folder / 'r.docx'))
        assert convert(suite, suite.folder / 'r.docx', 'pdf').read_bytes().startswith(b'%PDF')


if __name__ == '__main__':
    harness.main([test_opens_in_an_office] if 'DUIKOU_LEDGER_ROWS' in os.environ else [test_ledger_figures_report])
