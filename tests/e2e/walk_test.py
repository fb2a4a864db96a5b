"""The walk of docs/walkthrough.md through the real binaries: from a document to a closed task, every step in the change log."""
import json

import harness
from harness import CITY, Failure, Suite, new_id

PLAN = harness.ROOT / 'examples' / 'yingkou' / 'plan.txt'


def seed(suite):
    """The example's cities and units, and one account for each part of the walk."""
    example = harness.ROOT / 'examples' / 'yingkou'
    suite.seed_city()
    units = json.loads((example / 'units.json').read_text())['units']
    for unit in sorted(units, key=lambda u: u['kind'] == 'GROUP'):
        suite.seed_unit(unit['id'], unit['title'], unit['aliases'], unit['kind'], unit.get('members', ()))
    suite.seed_unit('zongduban', '营口市督查总办')
    suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
    suite.seed_account('li', 'zongduban', ['SUPERVISOR'])
    return {u['id']: u for u in units}


def test_walk():
    with Suite() as suite:
        seed(suite)
        zhang = suite.as_person('zhang')
        # Import: the preview stores nothing, the import stores the plan and its drafts.
        content = PLAN.read_bytes()
        preview = zhang.ImportPlan(parent=CITY, content=content, validate_only=True, request_id=new_id())
        assert len(preview.tasks) == 17, len(preview.tasks)
        assert not zhang.ListPlans(parent=CITY).plans
        request_id = new_id()
        imported = zhang.ImportPlan(parent=CITY, content=content, request_id=request_id)
        again = zhang.ImportPlan(parent=CITY, content=content, request_id=request_id)
        assert again.plan.name == imported.plan.name, 'a replay gives the first answer'
        plan = imported.plan.name
        assert len(imported.tasks) == 17
        assert [t.number for t in imported.tasks] == [f'{imported.plan.number}-{i:02d}' for i in range(1, 18)]
        try:
            zhang.ImportPlan(parent=CITY, content=content, request_id=new_id())
            raise AssertionError('the same document twice')
        except Failure as failure:
            assert failure.reason == 'DOCUMENT_IMPORTED', failure

        # Units: what is open is listed once each; proposals are accepted, groups with 有关 are narrowed to units.
        open_units = zhang.ListUnresolvedUnits(parent=plan).units
        assert len({u.written for u in open_units}) == len(open_units)
        narrow = [{'written': u.written, 'units': [f'{CITY}/units/{first_member(suite)}']} for u in open_units if u.narrow]
        linked = zhang.LinkUnits(parent=plan, links=narrow, accept_proposals=True, request_id=new_id())
        assert not linked.unresolved, list(linked.unresolved)
        assert not zhang.ListUnresolvedUnits(parent=plan).units

        # Issue refuses what is only proposed, names the field, and goes through once it is confirmed.
        tried = zhang.IssuePlan(parent=plan, request_id=new_id())
        assert tried.succeeded == 0 and tried.failed == 17, tried
        year = harness.today().year
        done = zhang.SetPlanDefaults(parent=plan, due_date={'year': year + 1, 'month': 12, 'day': 31}, report_frequency=3,
                                     first_responsible_leads=True, accept_proposals=True, request_id=new_id())
        assert done.failed == 0, done
        issued = zhang.IssuePlan(parent=plan, request_id=new_id())
        assert issued.failed == 0 and issued.succeeded == 17, issued

        task = zhang.GetTask(name=f'{CITY}/tasks/{imported.plan.number}-01')
        leads = [d for d in task.duties if d.kind == 1]
        others = [d for d in task.duties if d.kind == 2]
        officers = {}
        for i, unit in enumerate({d.unit for d in task.duties}):
            suite.seed_account(f'officer{i}', unit, ['UNIT_OFFICER'])
            officers[unit] = suite.as_person(f'officer{i}')
        lead = officers[leads[0].unit]

        # One declines and is replaced; the others acknowledge.
        decliner = others[0]
        officers[decliner.unit].DeclineTask(name=task.name, reason='职责不在我单位', request_id=new_id())
        pending = suite.as_person('zhang', 'Pending').ListPending(parent=CITY).items
        assert any(item.work == 5 and item.subject == task.name for item in pending), 'the decline waits for the coordinator'
        suite.seed_unit('xinbumen', '营口市新设部门')
        task = zhang.ReassignTask(name=task.name, duty=decliner.id, units=[f'{CITY}/units/xinbumen'], reason='改由新设部门承担', request_id=new_id())
        suite.seed_account('xin', 'xinbumen', ['UNIT_OFFICER'])
        officers[f'{CITY}/units/xinbumen'] = suite.as_person('xin')
        for duty in task.duties:
            officers[duty.unit].AcknowledgeTask(name=task.name, request_id=new_id())
        task = zhang.GetTask(name=task.name)
        assert task.state == 3, 'every lead has acknowledged'

        # Reports: units to the first lead, the first lead to the coordinator; the task's percent follows the accepted one.
        today = harness.today()
        period = f'{today.year}-Q{(today.month + 2) // 3}'
        mine = officers[f'{CITY}/units/xinbumen'].CreateProgressReport(parent=task.name, report={'period': period, 'percent': 20, 'done': '已对接'}, request_id=new_id())
        try:
            officers[f'{CITY}/units/xinbumen'].CreateProgressReport(parent=task.name, report={'period': period, 'percent': 30, 'done': '再报'}, request_id=new_id())
            raise AssertionError('two reports for one period')
        except Failure as failure:
            assert failure.reason == 'REPORT_EXISTS', failure
        lead.ReturnProgressReport(name=mine.name, reason='请补充项目名称', request_id=new_id())
        officers[f'{CITY}/units/xinbumen'].UpdateProgressReport(report={'name': mine.name, 'done': '已对接两家企业'}, request_id=new_id())
        assert lead.AcceptProgressReport(name=mine.name, request_id=new_id()).revision == 2
        gathered = lead.CreateProgressReport(parent=task.name, report={'period': period, 'percent': 40, 'done': '汇总'}, request_id=new_id())
        zhang.AcceptProgressReport(name=gathered.name, request_id=new_id())
        assert zhang.GetTask(name=task.name).percent == 40

        # Completion: reported, returned, reported again, closed by a unit without a duty.
        lead.ReportTaskCompletion(name=task.name, summary='任务完成', request_id=new_id())
        zhang.ReturnTask(name=task.name, reason='缺少佐证材料', request_id=new_id())
        lead.ReportTaskCompletion(name=task.name, summary='任务完成,材料已补', request_id=new_id())
        try:
            zhang.CloseTask(name=task.name, etag='1', request_id=new_id())
            raise AssertionError('a stale etag')
        except Failure as failure:
            assert (failure.code, failure.reason) == ('ABORTED', 'ETAG_STALE'), failure
        li = suite.as_person('li')
        closed = li.CloseTask(name=task.name, comment='同意销号', request_id=new_id())
        assert closed.state == 5 and closed.return_count == 1

        # The change log shows each step, with who and when, in order.
        log = suite.as_person('zhang', 'ChangeLog')
        steps, cursor = [], ''
        while True:
            page = log.ListChanges(parent=CITY, name=task.name, cursor=cursor, page_size=200)
            steps += [(c.action, c.actor.rsplit('/', 1)[-1], c.note) for c in page.changes if c.name == task.name]
            cursor = page.next_cursor
            if page.end:
                break
        actions = [s[0] for s in steps]
        expected = ['ImportPlan', 'IssuePlan', 'DeclineTask', 'ReassignTask', 'AcknowledgeTask', 'AcceptProgressReport', 'ReportTaskCompletion',
                    'ReturnTask', 'ReportTaskCompletion', 'CloseTask']
        position = 0
        for action in expected:
            assert action in actions[position:], (action, actions)
            position = actions.index(action, position) + 1
        assert ('CloseTask', 'li', '同意销号') in steps, steps
        assert all(c[1] for c in steps), 'each step has somebody who did it'


def first_member(suite):
    units = json.loads((harness.ROOT / 'examples' / 'yingkou' / 'units.json').read_text())['units']
    return next(u['members'][0] for u in units if u['kind'] == 'GROUP')


def test_watch_from_python():
    with Suite() as suite:
        suite.seed_city()
        suite.seed_unit('duikouban', '营口市对口合作办公室')
        suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
        zhang = suite.as_person('zhang')
        plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id())
        log = suite.as_person('zhang', 'ChangeLog')
        stream = log.stream('Watch', parent=CITY, cursor='begin', timeout=30)
        seen = []
        created = 0
        for message in stream:
            seen += [c.name for c in message.changes]
            if created < 20:
                created += 1
                zhang.CreateTask(parent=CITY, task={'plan': plan.name, 'title': f'任务{created}'}, request_id=new_id())
            if len([n for n in seen if '/tasks/' in n]) == 20:
                stream.cancel()
                break
        tasks = zhang.ListTasks(parent=CITY, page_size=7, order_by='number')
        names = [t.name for t in tasks.tasks]
        while tasks.next_page_token:
            tasks = zhang.ListTasks(parent=CITY, page_size=7, order_by='number', page_token=tasks.next_page_token)
            names += [t.name for t in tasks.tasks]
        assert names == [n for n in seen if '/tasks/' in n], 'the log gives each change once, in order'


def test_other_city_sees_nothing():
    with Suite(with_redis=False) as suite:
        suite.seed_city()
        suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
        suite.seed_unit('duikouban', '营口市对口合作办公室')
        suite.seed_unit('fagaiwei', '连云港市发展和改革委员会', city='320700')
        suite.seed_account('zhang', 'duikouban', ['COORDINATOR'])
        suite.seed_account('chen', 'fagaiwei', ['COORDINATOR'], city='320700')
        zhang = suite.as_person('zhang')
        chen = suite.as_person('chen', city='320700')
        plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id())
        task = zhang.CreateTask(parent=CITY, task={'plan': plan.name, 'title': '本市任务'}, request_id=new_id())
        shared = zhang.CreateTask(parent=CITY, task={'plan': plan.name, 'title': '共享任务', 'access': {'sharing': 2, 'shared_with': ['cities/320700']}}, request_id=new_id())
        hidden, absent = None, None
        for name in (task.name, task.name[:-1] + 'x'):
            try:
                chen.GetTask(name=name)
                raise AssertionError('seen')
            except Failure as failure:
                hidden, absent = absent, (failure.code, failure.reason, failure.message.replace(name, '*'))
        assert hidden == absent, (hidden, absent)
        assert [t.name for t in chen.ListTasks(parent=CITY).tasks] == [shared.name]
        changes = suite.as_person('chen', 'ChangeLog', city='320700').ListChanges(parent=CITY).changes
        assert {c.name for c in changes} == {shared.name}, changes
        try:
            chen.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '越权'}, request_id=new_id())
            raise AssertionError('wrote into another city')
        except Failure as failure:
            assert failure.reason == 'OTHER_CITY', failure


if __name__ == '__main__':
    harness.main([test_walk, test_watch_from_python, test_other_city_sees_nothing])
