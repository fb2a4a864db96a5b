"""Partner systems through a real edge (nginx): who gets in, as what; what they may write; what another city's copy holds after a month away. The
clients are those of clients/partner."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import edge as edges
import harness
import personal_test
from edge import Edge
from harness import CITY, Failure, Suite, new_id, wait_for

THEIRS = 'cities/110106'
SYSTEM = f'{THEIRS}/partnerSystems/ft-oa'


def seed(suite):
    edges.make_authority(suite.certs, 'others')
    for name, uri in (('ft-oa', 'spiffe://duikou/partners/110106/ft-oa'), ('lyg-oa', 'spiffe://duikou/partners/320700/lyg-oa'),
                      ('nobody', 'spiffe://duikou/partners/110106/nobody'), ('posing', 'spiffe://duikou/services/taskregistry')):
        edges.make_certificate(suite.certs, name, uri)
    edges.make_certificate(suite.certs, 'foreign', 'spiffe://duikou/partners/110106/ft-oa', authority='others')
    edges.make_certificate(suite.certs, 'expired', 'spiffe://duikou/partners/110106/ft-oa', days=-1)
    suite.seed_city()
    suite.seed_city('110106', '丰台区', '北京市', 'FT')
    suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
    suite.seed_unit('jiaoyuju', '营口市教育局')
    for unit, title in (('jiaowei', '丰台区教委'), ('kexinju', '丰台区科信局'), ('other', '丰台区别的单位')):
        suite.seed_unit(unit, title, city='110106')
    suite.seed_unit('fagaiwei', '连云港市发改委', city='320700')
    suite.seed_account('wang', 'jiaoyuju', ['PERSONNEL_OFFICER'])
    suite.seed_account('zhang', 'jiaoyuju', ['COORDINATOR'])
    suite.seed_account('an', 'jiaowei', ['SECURITY_ADMIN'], city='110106')
    suite.seed_account('li', 'jiaowei', ['PERSONNEL_OFFICER'], city='110106')


def systems(suite, city='110106', account='an'):
    from duikou.directory.v1 import partner_systems_pb2
    token = suite.sign_in(account, city).access_token if account else None
    cert, key = (None, None) if account else (suite.read('setup.crt'), suite.read('setup.key'))
    return harness.Client(suite.ports['directory'], partner_systems_pb2, 'PartnerSystems', suite.read('ca.crt'), cert, key, token)


def register(suite, roles, units=('jiaowei', 'kexinju'), city='110106', name='ft-oa', account='an', **more):
    from duikou.type.v1 import role_pb2
    return systems(suite, city, account).CreatePartnerSystem(parent=f'cities/{city}', partner_system_id=name, request_id=new_id(), partner_system={
        'title': '对口合作平台', 'roles': [role_pb2.Role.Value(r) for r in roles], 'units': [f'cities/{city}/units/{u}' for u in units], **more})


def refused(call, reason, code=None):
    try:
        answer = call()
    except Failure as failure:
        assert failure.reason == reason and (code is None or failure.code == code), failure
        return failure
    raise AssertionError(f'not refused with {reason}: {answer}')


def own(edge, name='ft-oa', **more):
    from duikou.directory.v1 import partner_systems_pb2
    return edge.client(name, partner_systems_pb2, 'PartnerSystems', **more).GetOwnPartnerSystem()


def admitted(edge, module, service, method, name='ft-oa', **fields):
    """Waits until the service knows the partner system, and gives a client."""
    client = edge.client(name, module, service)

    def known():
        try:
            client.call(method, **fields)
        except Failure as failure:
            return failure.reason not in ('PARTNER_UNKNOWN', 'PARTNERS_UNKNOWN', '')
        return True
    wait_for(known, seconds=10, what='the partner system')
    return client


def who_gets_in():
    with Suite() as suite:
        from duikou.directory.v1 import partner_systems_pb2
        from duikou.taskregistry.v1 import registry_pb2
        seed(suite)
        refused(lambda: register(suite, ['ADMIN']), 'FIELD_INVALID')
        refused(lambda: register(suite, ['COORDINATOR'], units=()), 'FIELD_INVALID')
        refused(lambda: register(suite, ['COORDINATOR'], account='li'), 'ROLE_MISSING')
        made = register(suite, ['COORDINATOR'])
        assert made.identity == 'spiffe://duikou/partners/110106/ft-oa', made
        with Edge(suite) as edge:
            admitted(edge, partner_systems_pb2, 'PartnerSystems', 'GetOwnPartnerSystem')
            assert own(edge).name == SYSTEM
            refused(lambda: own(edge, 'nobody'), 'PARTNER_UNKNOWN', 'UNAUTHENTICATED')
            refused(lambda: own(edge, 'posing'), 'CERTIFICATE_INVALID', 'UNAUTHENTICATED')
            for name in ('foreign', 'expired'):
                refused(lambda: own(edge, name), '')  # Not by us: nginx lets none of them through.
            # What a partner says of itself in headers is worth nothing.
            certificate = suite.read('lyg-oa.crt').decode().replace('\n', '%0A').replace(' ', '%20').replace('+', '%2B')
            assert own(edge, more=[('x-client-cert', certificate), ('authorization', 'Bearer stolen')]).name == SYSTEM
            # Nor is the header worth anything to a service, but from the edge.
            direct = harness.Client(suite.ports['directory'], partner_systems_pb2, 'PartnerSystems', suite.read('ca.crt'))
            header = [('x-client-cert', suite.read('ft-oa.crt').decode().replace('\n', '%0A').replace(' ', '%20').replace('+', '%2B'))]
            refused(lambda: direct.call('GetOwnPartnerSystem', metadata=header), 'LOGIN_REQUIRED')
            setup = systems(suite, account=None)
            refused(lambda: setup.call('GetOwnPartnerSystem', metadata=header), 'SERVICE_NOT_ALLOWED')
            from_edge = harness.Client(suite.ports['directory'], partner_systems_pb2, 'PartnerSystems', suite.read('ca.crt'), suite.read('edge.crt'), suite.read('edge.key'))
            assert from_edge.call('GetOwnPartnerSystem', metadata=header).name == SYSTEM
            # The edge by itself is nobody, not a service that sees everything.
            refused(lambda: from_edge.call('GetOwnPartnerSystem', metadata=[]), 'LOGIN_REQUIRED')
            quota_is_kept(suite, edge, made)
            disabled_is_out(suite, edge, registry_pb2)


def quota_is_kept(suite, edge, made):
    change = systems(suite).UpdatePartnerSystem
    made.requests_per_minute = 20
    change(partner_system=made, update_mask={'paths': ['requests_per_minute']}, request_id=new_id())

    def exceeded():
        try:
            own(edge)
        except Failure as failure:
            assert (failure.code, failure.reason) == ('RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'), failure
            assert '20' in failure.message, failure
            return True
        return False
    wait_for(exceeded, what='the end of the quota')
    change(partner_system={'name': made.name, 'requests_per_minute': 6000}, update_mask={'paths': ['requests_per_minute']}, request_id=new_id())
    wait_for(lambda: not exceeded(), what='the new quota')


def disabled_is_out(suite, edge, registry_pb2):
    from duikou.log.v1 import change_log_pb2
    registry = admitted(edge, registry_pb2, 'TaskRegistry', 'ListTasks', parent=THEIRS)
    registry.ListTasks(parent=THEIRS)
    watch = edge.client('ft-oa', change_log_pb2, 'ChangeLog').stream('Watch', parent=THEIRS)
    begin = time.monotonic()
    systems(suite).UpdatePartnerSystem(partner_system={'name': SYSTEM, 'disabled': True}, update_mask={'paths': ['disabled']}, request_id=new_id())

    def out():
        try:
            registry.ListTasks(parent=THEIRS)
        except Failure as failure:
            return failure.reason == 'PARTNER_UNKNOWN'
        return False
    wait_for(out, seconds=6, what='the end of a disabled system')
    import grpc
    try:
        for _ in watch:
            pass
        raise AssertionError('the stream of a disabled system ended well')
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNAUTHENTICATED, error
    assert time.monotonic() - begin < 30, 'a stream is looked at within a heartbeat'


def it_writes_its_own_side():
    with Suite() as suite:
        from duikou.log.v1 import change_log_pb2, receipt_pb2
        from duikou.taskregistry.v1 import registry_pb2
        seed(suite)
        register(suite, ['COORDINATOR', 'UNIT_OFFICER'])
        register(suite, ['COORDINATOR'], name='nobody')
        with Edge(suite) as edge:
            registry = admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', parent=THEIRS)
            admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', name='nobody', parent=THEIRS)
            plan = {'kind': 1, 'year': 2026, 'title': '丰台对口工作', 'external_id': 'oa-17'}
            failure = refused(lambda: edge.client('ft-oa', registry_pb2, 'TaskRegistry', person='').CreatePlan(parent=THEIRS, plan=plan), 'FIELD_INVALID', 'INVALID_ARGUMENT')
            assert set(failure.fields) == {'request_id', 'on-behalf-of'}, failure
            refused(lambda: registry.CreatePlan(parent=CITY, plan=plan, request_id=new_id()), 'OTHER_CITY', 'PERMISSION_DENIED')
            refused(lambda: edge.client('ft-oa', registry_pb2, 'TaskRegistry', unit=f'{THEIRS}/units/other').ListPlans(parent=THEIRS), 'UNIT_NOT_GRANTED')
            edge.client('ft-oa', registry_pb2, 'TaskRegistry', unit=f'{THEIRS}/units/kexinju').ListPlans(parent=THEIRS)
            first_id = new_id()
            made = registry.CreatePlan(parent=THEIRS, plan=plan, request_id=first_id)
            assert made.external_id == 'ft-oa:oa-17', made
            # The same id again is the same record, changed; of another system it is another's.
            plan['title'] = '丰台对口工作(修订)'
            again = registry.CreatePlan(parent=THEIRS, plan=plan, request_id=new_id())
            assert (again.name, again.title, again.etag != made.etag) == (made.name, plan['title'], True), again
            assert registry.CreatePlan(parent=THEIRS, plan={**plan, 'title': '丰台对口工作'}, request_id=first_id).etag == made.etag, 'the first answer again'
            other = edge.client('nobody', registry_pb2, 'TaskRegistry').CreatePlan(parent=THEIRS, plan=plan, request_id=new_id())
            assert (other.external_id, other.name != made.name) == ('nobody:oa-17', True), other
            tried = registry.CreatePlan(parent=THEIRS, plan={**plan, 'external_id': 'oa-18'}, request_id=new_id(), validate_only=True)
            assert tried.external_id == 'ft-oa:oa-18' and len(registry.ListPlans(parent=THEIRS).plans) == 2
            # With its system's prefix an id has room for as many characters less; another's that comes back with the record stays.
            failure = refused(lambda: registry.CreatePlan(parent=THEIRS, plan={**plan, 'external_id': 'x' * 100}, request_id=new_id()), 'FIELD_INVALID', 'INVALID_ARGUMENT')
            assert '94' in failure.fields['plan.external_id'], failure
            whole = registry.UpdatePlan(plan={'name': other.name, 'title': other.title + '(再订)', 'external_id': other.external_id}, request_id=new_id())
            assert whole.external_id == 'nobody:oa-17', whole
            refused(lambda: registry.LinkUnits(parent=made.name, accept_proposals=True, request_id=new_id()), 'LINKED_BY_PERSON', 'PERMISSION_DENIED')
            # Who did it, and for whom, stands in the log.
            log = edge.client('ft-oa', change_log_pb2, 'ChangeLog').ListChanges(parent=THEIRS)
            assert {(c.actor, c.on_behalf_of) for c in log.changes} == {(SYSTEM, 'li'), (SYSTEM.replace('ft-oa', 'nobody'), 'li')}, log
            rows_of_a_table_are_its_own(edge)
            receipts(suite, edge, registry, plan, receipt_pb2, change_log_pb2)
            what_cannot_be_changed_is_not(suite, edge)


def rows_of_a_table_are_its_own(edge):
    """Of two systems that number alike each has its own listing, and its rows again find it."""
    from duikou.techtransfer.v1 import listings_pb2
    table = '标题\t摘要\t类型\t单位\t外部编号\n镁合金压铸\t一种压铸工艺\t成果\t丰台区教委\tl-1\n'.encode()
    kept = {}
    for name in ('ft-oa', 'nobody'):
        listings = admitted(edge, listings_pb2, 'Listings', 'ListListings', name=name, parent=THEIRS)
        imported = listings.ImportListings(parent=THEIRS, content=table, request_id=new_id())
        assert imported.created == 1, imported
        again = listings.ImportListings(parent=THEIRS, content=table, request_id=new_id())
        assert (again.created, again.unchanged) == (0, 1), again
        kept[name] = listings.GetListing(name=imported.listings[0]).external_id
    assert kept == {'ft-oa': 'ft-oa:l-1', 'nobody': 'nobody:l-1'}, kept


def what_cannot_be_changed_is_not(suite, edge):
    """An engagement has no update: its external id again is told, and changes nothing."""
    from duikou.directory.v1 import partnership_pb2
    from duikou.personnel.v1 import exchange_kind_pb2, exchange_pb2, exchange_planning_pb2, people_pb2, person_pb2
    register(suite, ['PERSONNEL_OFFICER'], name='lyg-oa', city='320700', units=['fagaiwei'], account=None)
    city, today = 'cities/320700', harness.today()
    suite.client('Directory', setup=True).CreatePartnership(parent=city, partnership_id='yk', request_id=new_id(), partnership={
        'kind': partnership_pb2.Partnership.PAIR, 'title': '连云港–营口', 'members': [{'city': city}, {'city': CITY}]})
    people = admitted(edge, people_pb2, 'People', 'ListPersons', name='lyg-oa', parent=city)
    person = people.CreatePerson(parent=city, request_id=new_id(), person={
        'title': '李', 'sex': person_pb2.Person.FEMALE, 'birth_date': {'year': 1985, 'month': 1, 'day': 1}, 'home_unit': f'{city}/units/fagaiwei'}).name
    day = {'year': today.year + 1, 'month': 3, 'day': 1}
    engagement = {'kind': exchange_kind_pb2.CONSULTANT, 'person': person, 'partnership': f'{city}/partnerships/yk', 'host_unit': f'{CITY}/units/jiaoyuju',
                  'terms': {'start_date': day, 'end_date': {**day, 'year': today.year + 2}, 'share': 20}, 'external_id': 'e-1'}
    exchange = edge.client('lyg-oa', exchange_pb2, 'Exchange')
    made = exchange.CreateEngagement(parent=city, engagement=engagement, request_id=new_id())
    assert made.external_id == 'lyg-oa:e-1', made
    engagement['terms'] = {**engagement['terms'], 'share': 50}
    refused(lambda: exchange.CreateEngagement(parent=city, engagement=engagement, request_id=new_id()), 'ALREADY_EXISTS', 'ALREADY_EXISTS')
    batch = edge.client('lyg-oa', exchange_planning_pb2, 'ExchangePlanning').SubmitBatch(
        parent=city, batch={'document_number': '连组发〔2026〕3号'}, engagements=[engagement], request_id=new_id())
    assert [result.reason for result in batch.results] == ['ALREADY_EXISTS'], batch
    assert exchange.GetEngagement(name=made.name).etag == made.etag


def receipts(suite, edge, registry, plan, receipt_pb2, change_log_pb2):
    """What a third party needs: the request, the answer, the receipt and the key; and that it holds for nothing else."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    request_type, response_type, path = registry.messages('CreatePlan')
    request = request_type(parent=THEIRS, plan={**plan, 'external_id': 'oa-19'}, request_id=new_id())
    raw = registry.channel.unary_unary(path, request_serializer=request_type.SerializeToString, response_deserializer=bytes)
    response, call = raw.with_call(request, metadata=registry.metadata())
    signed = receipt_pb2.SignedReceipt.FromString(dict(call.trailing_metadata())['duikou-receipt-bin'])
    key = edge.client('ft-oa', change_log_pb2, 'ChangeLog').GetReceiptKey()
    assert (key.service, key.key_id, key.algorithm) == ('taskregistry', signed.key_id, 'ed25519'), key
    public = Ed25519PublicKey.from_public_bytes(key.public_key)
    public.verify(signed.signature, b'duikou-receipt\n' + signed.receipt)
    receipt = receipt_pb2.Receipt.FromString(signed.receipt)
    assert (receipt.method, receipt.caller, receipt.on_behalf_of, receipt.request_id) == (path, SYSTEM, 'li', request.request_id), receipt
    assert receipt.request_digest == hashlib.sha256(request.SerializeToString()).digest()
    assert receipt.response_digest == hashlib.sha256(response).digest()
    receipt.on_behalf_of = 'somebody'
    try:
        public.verify(signed.signature, b'duikou-receipt\n' + receipt.SerializeToString())
        raise AssertionError('a changed receipt holds')
    except InvalidSignature:
        pass
    request.validate_only = True
    request.request_id = new_id()
    _, call = raw.with_call(request, metadata=registry.metadata())
    assert 'duikou-receipt-bin' not in dict(call.trailing_metadata()), 'nothing was written'


class Copies:
    """The clients that others take over, in Python and on Node.js, each with a copy of its own."""

    def __init__(self, suite, edge, name='ft-oa'):
        self.suite, self.edge, self.name = suite, edge, name
        source = harness.ROOT / 'clients' / 'partner' / 'node'
        self.node = pathlib.Path(os.environ.get('DUIKOU_NODE_DIR', harness.BIN.parent / 'partner-node'))
        self.node.mkdir(parents=True, exist_ok=True)
        for file in source.glob('*.js*'):
            shutil.copy(file, self.node / file.name)
        if not (self.node / 'node_modules' / 'protobufjs').exists():
            subprocess.run(['npm', 'ci', '--no-audit', '--no-fund'], cwd=self.node, check=True, stdout=subprocess.DEVNULL)

    def run(self, language, *arguments, check=True):
        certs, folder = self.suite.certs, self.suite.folder
        place = [str(harness.ROOT / 'protos'), f'localhost:{self.edge.port}', str(certs / 'ca.crt'), str(certs / f'{self.name}.crt'), str(certs / f'{self.name}.key')]
        if language == 'node':
            command = ['node', 'duikou_partner.js', *place, 'li', str(folder / f'{self.name}.json'), *arguments]
        else:
            options = [part for pair in zip(('--protos', '--edge', '--ca', '--cert', '--key'), place) for part in pair]
            command = ['/usr/bin/python3', str(harness.ROOT / 'clients' / 'partner' / 'python' / 'duikou_partner.py'), *options, '--person', 'li',
                       '--copy', str(folder / f'{self.name}.sqlite'), *arguments]
        done = subprocess.run(command, cwd=self.node, capture_output=True, text=True, timeout=120, check=False)
        assert not check or done.returncode == 0, f'{arguments}: {done.stdout}{done.stderr}'
        return done

    def bytes(self):
        return b''.join(path.read_bytes() for path in self.suite.folder.glob(f'{self.name}.*') if path.suffix in ('.json', '.sqlite', '.sqlite-wal'))


TYPES = {'taskregistry': ['plan', 'task', 'progress_report', 'attachment'], 'personnel': ['engagement', 'evaluation', 'person']}


def moved(suite, days):
    """The services anew, days later."""
    import datetime
    suite.environment['DUIKOU_TODAY'] = str(harness.today() + datetime.timedelta(days=days))
    for name in reversed(harness.SERVICES):
        suite.stop(name)
    for name in harness.SERVICES:
        suite.start(name)


def share(person, name, *cities):
    from duikou.type.v1 import access_pb2
    person.UpdateTask(task={'name': name, 'access': {'sharing': access_pb2.Access.CONDITIONAL if cities else access_pb2.Access.NOT_SHARED, 'shared_with': cities}},
                      update_mask={'paths': ['access']}, request_id=new_id())


def task(person, plan, title):
    return person.CreateTask(parent=CITY, task={'plan': plan, 'title': title}, request_id=new_id()).name


def a_month_away():
    with Suite(binaries=harness.HOOKS_BIN) as suite:
        seed(suite)
        from duikou.taskregistry.v1 import registry_pb2
        register(suite, ['COORDINATOR', 'PERSONNEL_OFFICER'])
        register(suite, ['COORDINATOR', 'PERSONNEL_OFFICER'], units=['fagaiwei'], city='320700', name='lyg-oa', account=None)
        with Edge(suite) as edge:
            copies, others = Copies(suite, edge), Copies(suite, edge, 'lyg-oa')
            for name in ('ft-oa', 'lyg-oa'):
                admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', name=name, parent=CITY)
            zhang = suite.as_person('zhang')
            plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id()).name
            kept, withdrawn, later, gone = (task(zhang, plan, f'标记任务{i}') for i in range(4))
            for name in (kept, withdrawn, gone):
                share(zhang, name, THEIRS)
            person, engagement = personal_test.exchange(suite, lambda service: suite.as_person('wang', service), lambda service: suite.as_person('li', service, city='110106'))
            same(copies)
            assert '标记任务1' in json.dumps(json.loads((suite.folder / 'ft-oa.json').read_text()), ensure_ascii=False)
            # It stays away.
            moved(suite, 10)
            zhang = suite.as_person('zhang')
            share(zhang, withdrawn)
            zhang.UpdateTask(task={'name': kept, 'title': '标记任务0改'}, update_mask={'paths': ['title']}, request_id=new_id())
            zhang.UpdateTask(task={'name': withdrawn, 'title': '标记撤回后'}, update_mask={'paths': ['title']}, request_id=new_id())
            moved(suite, 20)
            zhang = suite.as_person('zhang')
            share(zhang, later, THEIRS)
            zhang.DeleteTask(name=gone, request_id=new_id())
            never = task(zhang, plan, '标记从未共享')
            share(zhang, never, THEIRS)
            share(zhang, never)
            moved(suite, 30)
            for name in ('ft-oa', 'lyg-oa'):
                admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', name=name, parent=CITY)
            wang = suite.as_person('wang', 'Exchange')
            wang.EndEngagementEarly(name=engagement, reason='工作需要', request_id=new_id())
            suite.as_person('wang', 'People').ErasePerson(name=person, reason='本人申请', request_id=new_id())
            # Back, it holds what it may see, and nothing else.
            same(copies)
            held = json.loads((suite.folder / 'ft-oa.json').read_text())
            names = {name for part in held.values() for name in part['records']}
            assert {kept, later, engagement} <= names and not {withdrawn, gone, never} & names, names
            text = json.dumps(held, ensure_ascii=False)
            assert '标记任务0改' in text and '标记撤回后' not in text and '标记从未共享' not in text and '标记任务3' not in text, text
            assert not personal_test.found_in(copies.bytes(), personal_test.PERSONS), 'a personal field was handed out in clear'
            # Another partner has been given nothing of it.
            same(others)
            assert '标记'.encode() not in others.bytes() and json.dumps('标记').strip('"').encode() not in others.bytes()
            assert kept.encode() not in others.bytes()


def same(copies):
    for language in ('python', 'node'):
        for service, types in TYPES.items():
            assert copies.run(language, 'reconcile', service, CITY, *types).stdout.strip() == 'the same'


def files_of_a_report_go_with_its_task():
    """Both clients forget what lies below a withdrawn record and the files of all of that, and nothing that is only named alike."""
    task, other = f'{CITY}/tasks/t1', f'{CITY}/tasks/t10'
    held = {task: {}, f'{task}/reports/r1': {}, f'{CITY}/attachments/a1': {'record': f'{task}/reports/r1'}, f'{CITY}/attachments/a2': {'record': task},
            other: {}, f'{CITY}/attachments/a3': {'record': other}}
    kept = {other, f'{CITY}/attachments/a3'}
    sys.path.insert(0, str(harness.ROOT / 'clients' / 'partner' / 'python'))
    import duikou_partner

    class Withdrawal:
        name = task

        @staticmethod
        def HasField(_):
            return False
    copy = duikou_partner.Copy(None, ':memory:')
    for name, message in held.items():
        copy.db.execute('INSERT INTO records VALUES (?, ?, ?, ?, ?)', ('taskregistry', name, '', '', json.dumps(message)))
    copy.apply('taskregistry', Withdrawal)
    assert {name for name, in copy.db.execute('SELECT name FROM records')} == kept
    script = (f'const {{Copy}} = require("./duikou_partner.js"); const records = {json.dumps({n: {"message": m} for n, m in held.items()})}; '
              f'Copy.prototype.apply(records, {{name: {json.dumps(task)}}}); console.log(JSON.stringify(Object.keys(records)))')
    done = subprocess.run(['node', '-e', script], cwd=Copies(None, None).node, capture_output=True, text=True, check=True, timeout=60)
    assert set(json.loads(done.stdout)) == kept, done.stdout


def carried_across_a_gap():
    """duikou bundle: a partner's changes as signed files, read where no service is; and the code lists to show them by."""
    with Suite() as suite:
        seed(suite)
        from duikou.taskregistry.v1 import registry_pb2
        register(suite, ['COORDINATOR'])
        suite.make_certificates('gateway')
        with Edge(suite) as edge:
            admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', parent=CITY)
            zhang = suite.as_person('zhang')
            plan = zhang.CreatePlan(parent=CITY, plan={'kind': 1, 'year': 2026, 'title': '方案'}, request_id=new_id()).name
            kept, withdrawn, hidden = (task(zhang, plan, f'标记任务{i}') for i in range(3))
            share(zhang, kept, THEIRS)
            share(zhang, withdrawn, THEIRS)
            through_edge = {'DUIKOU_TASKREGISTRY': f'localhost:{edge.port}', 'DUIKOU_CERT': str(suite.certs / 'ft-oa.crt'), 'DUIKOU_KEY': str(suite.certs / 'ft-oa.key')}
            certs, first, second, folder = suite.certs, suite.folder / '1.dkb', suite.folder / '2.dkb', suite.folder / 'yingkou'

            def write(file, *more):
                return suite.cli('--city', '210800', 'bundle', 'write', str(file), '--sign-cert', str(certs / 'gateway.crt'), '--sign-key', str(certs / 'gateway.key'), *more,
                                 env=through_edge).stdout

            def read(*files, check=True, trust='ca', signer='gateway'):
                # Nothing of the network is there.
                return suite.cli('bundle', 'read', *map(str, files), '--into', str(folder), '--trust', str(certs / f'{trust}.crt'), '--from', f'spiffe://duikou/services/{signer}',
                                 check=check, env={f'DUIKOU_{name.upper()}': 'localhost:1' for name in harness.SERVICES})
            assert '2 条变更' in write(first)
            share(zhang, withdrawn)
            zhang.UpdateTask(task={'name': kept, 'title': '标记改'}, update_mask={'paths': ['title']}, request_id=new_id())
            write(second, '--after', str(first))
            # The authority need not be typed: that of the session will do.
            (suite.folder / 'config' / 'duikou').mkdir(parents=True, exist_ok=True)
            (suite.folder / 'config' / 'duikou' / 'kept.json').write_text(json.dumps({'ca': str(certs / 'ca.crt')}))
            assert '0 条变更' in suite.cli('--profile', 'kept', '--cert', str(certs / 'ft-oa.crt'), '--key', str(certs / 'ft-oa.key'), '--city', '210800', 'bundle', 'write',
                                       str(suite.folder / '3.dkb'), '--after', str(second), '--sign-cert', str(certs / 'gateway.crt'), '--sign-key', str(certs / 'gateway.key'),
                                       env={**through_edge, 'DUIKOU_CA': ''}).stdout
            assert read(second, check=False).returncode == 5, 'one is missing'
            assert '写入 2 条' in read(first).stdout
            assert json.loads((folder / f'{withdrawn}.json').read_text())['title'] == '标记任务1'
            assert '移除 1 条' in read(first, second).stdout
            assert json.loads((folder / f'{kept}.json').read_text())['title'] == '标记改'
            assert sorted(path.name for path in (folder / CITY / 'tasks').iterdir()) == [f'{kept.rsplit("/", 1)[1]}.json']
            # Changed, of another signer, of another authority: refused.
            damaged = bytearray(second.read_bytes())
            damaged[len(damaged) // 2] ^= 1
            (suite.folder / 'damaged.dkb').write_bytes(damaged)
            for done in (read(suite.folder / 'damaged.dkb', check=False), read(second, check=False, trust='others'), read(second, check=False, signer='directory')):
                assert done.returncode in (3, 7), done
            # What others read it with.
            subprocess.run(['openssl', 'cms', '-verify', '-inform', 'DER', '-in', str(second), '-CAfile', str(certs / 'ca.crt'), '-purpose', 'any', '-binary', '-out', '/dev/null'],
                           check=True, capture_output=True)
            from duikou.code.v1 import code_list_pb2
            codes = edge.client('ft-oa', code_list_pb2, 'CodeLists').ListCodeLists(name='duikou.taskregistry.v1.Task.State').code_lists[0].codes
            assert {(c.value, c.title, c.title_en) for c in codes} >= {('IN_PROGRESS', '办理中', 'in progress')}, codes


def clients_tell_errors():
    with Suite() as suite:
        seed(suite)
        from duikou.taskregistry.v1 import registry_pb2
        register(suite, ['COORDINATOR'])
        with Edge(suite) as edge:
            admitted(edge, registry_pb2, 'TaskRegistry', 'ListPlans', parent=THEIRS)
            copies = Copies(suite, edge)
            for language in ('python', 'node'):
                done = copies.run(language, 'call', 'taskregistry', 'duikou.taskregistry.v1.TaskRegistry/CreatePlan',
                                  json.dumps({'parent': THEIRS, 'plan': {'kind': 'ANNUAL', 'year': 2026, 'title': '计划'}}))
                assert '计划' in done.stdout, done
                done = copies.run(language, 'call', 'taskregistry', 'duikou.taskregistry.v1.TaskRegistry/CreatePlan', json.dumps({'parent': THEIRS, 'plan': {'year': 2026}}), check=False)
                assert done.returncode == 1 and 'INVALID_ARGUMENT FIELD_INVALID' in done.stderr and 'plan.title' in done.stderr, done


if __name__ == '__main__':
    harness.main([who_gets_in, it_writes_its_own_side, carried_across_a_gap, clients_tell_errors, files_of_a_report_go_with_its_task, a_month_away])
