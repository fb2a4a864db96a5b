"""Values planted in personal fields are looked for wherever they should not be: files of the store, logs, Redis, page tokens, changes; before
and after a new key, an export and an erasure."""
import datetime
import json
import pathlib
import sqlite3
import subprocess
import tempfile

import harness
from harness import CITY, Failure, Suite, new_id, wait_for

PHONE, EMAIL, SUBJECT = '种下的电话13912345678', 'planted.personal@example.cn', 'planted-oidc-subject'
PLANTED = [PHONE, EMAIL, SUBJECT]
ACCOUNT = f'{CITY}/accounts/wang'
# Of a person: name, identity number (GB 11643's own example), text of an evaluation.
NAME, NUMBER, OPINION = '种下的姓名', '11010519491231002X', '种下的鉴定意见'
PERSONS = [NAME, NUMBER, OPINION, PHONE, EMAIL]


def found_in(data, planted=None):
    return [value for value in planted or PLANTED if value.encode() in data]


def leaks(suite, service='directory', planted=None):
    """Files of the suite's folder in which a planted value stands."""
    # Uncompressed, as it is started with.
    subprocess.run(['redis-cli', '-p', str(suite.ports['redis']), 'SAVE'], check=True, stdout=subprocess.DEVNULL)
    files = [path for path in suite.folder.rglob('*') if path.is_file() and 'gen' not in path.relative_to(suite.folder).parts]
    names = {path.name for path in files}
    assert {f'{service}.db', f'{service}.log', 'dump.rdb', 'personal.keys'} <= names, names
    return {str(path.relative_to(suite.folder)): found for path in files if (found := found_in(path.read_bytes(), planted))}


def temporary_files():
    return {path for path in pathlib.Path(tempfile.gettempdir()).glob('*') if path.is_file()}


def meta(suite, name):
    with sqlite3.connect(f'file:{suite.store("directory")}?mode=ro', uri=True) as database:
        row = database.execute('SELECT value FROM kernel_meta WHERE name = ?', (name,)).fetchone()
    return row[0].decode() if row else ''


def rows(suite, sql):
    with sqlite3.connect(f'file:{suite.store("directory")}?mode=ro', uri=True) as database:
        return database.execute(sql).fetchall()


def changes(suite):
    from duikou.log.v1 import change_log_pb2
    client = harness.Client(suite.ports['directory'], change_log_pb2, 'ChangeLog', suite.read('ca.crt'), suite.read('setup.crt'), suite.read('setup.key'))
    return client.ListChanges(parent=CITY, page_size=1000)


def plant(suite):
    suite.seed_city()
    suite.seed_unit('xinxi', '营口市信息中心')
    for account, role in (('admin', 'ADMIN'), ('zhang', 'COORDINATOR')):
        suite.seed_account(account, 'xinxi', [role])
    suite.seed_account('wang', 'xinxi', ['UNIT_OFFICER'])
    admin = suite.as_person('admin', 'Directory')
    request = {'account': {'name': ACCOUNT, 'phone': PHONE, 'email': EMAIL, 'oidc_subject': SUBJECT},
               'update_mask': {'paths': ['phone', 'email', 'oidc_subject']}, 'request_id': new_id()}
    first = admin.UpdateAccount(**request)
    assert admin.UpdateAccount(**request).etag == first.etag, 'a repeated request gets the first answer'
    return admin


def check_answers(suite, admin):
    """In clear for whom the rule unmasks, for nobody else, by whichever way."""
    assert admin.GetAccount(name=ACCOUNT).phone == PHONE
    assert suite.as_person('wang', 'Directory').WhoAmI().email == EMAIL
    zhang = suite.as_person('zhang', 'Directory')
    assert zhang.GetAccount(name=ACCOUNT).phone == '***'
    for message in (zhang.GetAccount(name=ACCOUNT), zhang.ListAccounts(parent=CITY, page_size=2), admin.ListAccounts(parent=CITY), changes(suite)):
        assert not found_in(message.SerializeToString()), message
    assert zhang.ListAccounts(parent=CITY, page_size=2).next_page_token
    for request in ({'filter': f'phone = "{PHONE}"'}, {'order_by': 'email'}):
        try:
            zhang.ListAccounts(parent=CITY, **request)
            raise AssertionError('a masked field answered')
        except Failure as failure:
            assert failure.reason == 'FILTER_INVALID', failure
    # A path that asks for all of them through the shared cache, so that Redis has what it may have.
    suite.as_person('zhang').ListTasks(parent=CITY)


def new_key(suite):
    keys = suite.folder / 'directory' / 'personal.keys'
    assert keys.stat().st_mode & 0o777 == 0o600
    key = json.loads(suite.cli('-o', 'json', 'store', 'new-key', '--keys', str(keys)).stdout)['key']
    suite.stop('directory')
    suite.start('directory')
    wait_for(lambda: meta(suite, 'personal/sealed').startswith(key), what='sealing anew')
    assert meta(suite, 'personal/keys') == key


def planted_values_lie_nowhere():
    before = temporary_files()
    with Suite(with_redis=False) as suite:
        suite.with_redis = True
        for name in ('personnel', 'taskregistry', 'directory'):
            suite.stop(name)
        suite.start_redis('--rdbcompression', 'no', '--dir', str(suite.folder))
        suite.start('directory')
        suite.start('taskregistry')
        admin = plant(suite)
        check_answers(suite, admin)
        assert not leaks(suite), leaks(suite)
        new_key(suite)
        admin = suite.as_person('admin', 'Directory')
        check_answers(suite, admin)
        exported = admin.ExportAccount(name=ACCOUNT).json
        assert all(value in exported for value in PLANTED), exported
        assert len(json.loads(exported)['changes']) >= 3
        try:
            suite.as_person('zhang', 'Directory').ExportAccount(name=ACCOUNT)
            raise AssertionError('a coordinator exported')
        except Failure as failure:
            assert failure.code == 'PERMISSION_DENIED', failure
        assert not leaks(suite), leaks(suite)
        erase(suite, admin)
    assert not [path for path in temporary_files() - before if found_in(path.read_bytes())]


def erase(suite, admin):
    try:
        admin.EraseAccount(name=ACCOUNT, reason='本人申请', request_id=new_id())
        raise AssertionError('an account in use was erased')
    except Failure as failure:
        assert failure.reason == 'ACCOUNT_NOT_DISABLED', failure
    admin.DisableAccount(name=ACCOUNT, request_id=new_id())
    erased = admin.EraseAccount(name=ACCOUNT, reason='本人申请', request_id=new_id())
    assert (erased.phone, erased.email, erased.oidc_subject, erased.title) == ('', '', '', 'wang')
    exported = admin.ExportAccount(name=ACCOUNT).json
    assert not found_in(exported.encode())
    last = json.loads(exported)['changes'][-1]['change']
    assert (last['kind'], last['note'], last['actor']) == ('ERASED', '本人申请', f'{CITY}/accounts/admin'), last
    kept = rows(suite, f"SELECT LENGTH(message), LENGTH(salt) FROM changes WHERE name = '{ACCOUNT}' ORDER BY sequence")
    assert all(row == (0, 0) for row in kept[:-1]) and kept[-1][0] > 0, kept
    # The service still holds the chain for whole, and starts on the heads that it signed.
    suite.stop('directory')
    suite.start('directory')
    assert admin.GetAccount(name=ACCOUNT).state == erased.state


def day(date):
    return {'year': date.year, 'month': date.month, 'day': date.day}


def exchange(suite, home, host):
    """A person with planted values in all that repeats them: nomination, engagement with an evaluation, subsidy."""
    today = harness.today()
    year = datetime.timedelta(days=365)
    from duikou.directory.v1 import partnership_pb2
    from duikou.personnel.v1 import evaluation_pb2, exchange_kind_pb2, person_pb2
    suite.client('Directory', setup=True).CreatePartnership(
        parent=CITY, partnership_id='fengtai', request_id=new_id(),
        partnership={'kind': partnership_pb2.Partnership.PAIR, 'title': '营口–丰台', 'members': [{'city': CITY}, {'city': 'cities/110106'}]})
    person = home('People').CreatePerson(parent=CITY, person_id='li', request_id=new_id(), person={
        'title': NAME, 'sex': person_pb2.Person.FEMALE, 'birth_date': {'year': 1949, 'month': 12, 'day': 31}, 'home_unit': f'{CITY}/units/jiaoyuju',
        'phone': PHONE, 'email': EMAIL, 'identity_number': NUMBER})
    assert person.title == NAME and not person.identity_number and len(person.identity_digest) == 73, person
    engagement = home('Exchange').CreateEngagement(parent=CITY, engagement_id='e1', request_id=new_id(), engagement={
        'kind': exchange_kind_pb2.CONSULTANT, 'person': person.name, 'partnership': f'{CITY}/partnerships/fengtai', 'host_unit': 'cities/110106/units/jiaowei',
        'terms': {'start_date': day(today), 'end_date': day(today + year), 'share': 20}})
    for side in (home, host):
        side('Exchange').ApproveEngagement(name=engagement.name, terms_version=1, request_id=new_id())
    host('Exchange').RecordArrival(name=engagement.name, request_id=new_id())
    host('Exchange').CreateEvaluation(parent=engagement.name, evaluation_id='v1', request_id=new_id(), evaluation={
        'kind': evaluation_pb2.Evaluation.MID_TERM, 'grade': evaluation_pb2.Evaluation.COMPETENT, 'text': OPINION})
    return person.name, engagement.name


def persons_lie_nowhere():
    before = temporary_files()
    with Suite(with_redis=False) as suite:
        suite.with_redis = True
        for name in ('personnel', 'taskregistry', 'directory'):
            suite.stop(name)
        suite.start_redis('--rdbcompression', 'no', '--dir', str(suite.folder))
        for name in ('directory', 'personnel'):
            suite.start(name)
        suite.seed_city()
        suite.seed_city('110106', '丰台区', '北京市', 'FT')
        suite.seed_unit('jiaoyuju', '营口市教育局')
        suite.seed_unit('jiaowei', '丰台区教委', city='110106')
        suite.seed_account('wang', 'jiaoyuju', ['PERSONNEL_OFFICER'])
        suite.seed_account('zhang', 'jiaoyuju', ['COORDINATOR'])
        suite.seed_account('li', 'jiaowei', ['PERSONNEL_OFFICER'], city='110106')

        def home(service):
            return suite.as_person('wang', service)

        def host(service):
            return suite.as_person('li', service, city='110106')
        person, engagement = exchange(suite, home, host)
        zhang = suite.as_person('zhang', 'People')
        assert zhang.GetPerson(name=person).title == '***'
        for message in (zhang.ListPersons(parent=CITY), suite.as_person('zhang', 'Exchange').GetEngagement(name=engagement),
                        suite.as_person('zhang', 'ExchangePlanning').ExportRoster(parent=CITY, csv=True)):
            assert not found_in(message.SerializeToString(), PERSONS), message
        assert NAME.encode() in home('ExchangePlanning').ExportRoster(parent=CITY, csv=True).content
        assert not leaks(suite, 'personnel', PERSONS), leaks(suite, 'personnel', PERSONS)

        exported = home('People').ExportPerson(name=person).json
        assert all(value in exported for value in (NAME, PHONE, EMAIL)) and NUMBER not in exported, exported
        try:
            home('People').ErasePerson(name=person, reason='本人申请', request_id=new_id())
            raise AssertionError('who is in exchange was erased')
        except Failure as failure:
            assert failure.reason == 'PERSON_IN_EXCHANGE', failure
        home('Exchange').EndEngagementEarly(name=engagement, reason='工作需要', request_id=new_id())
        assert not home('People').ErasePerson(name=person, reason='本人申请', request_id=new_id()).title
        assert not found_in(home('People').ExportPerson(name=person).json.encode(), PERSONS)
        assert not home('Exchange').GetEngagement(name=engagement).person_title
        assert not home('Exchange').GetEvaluation(name=f'{engagement}/evaluations/v1').text
        suite.stop('personnel')
        suite.start('personnel')
        assert not leaks(suite, 'personnel', PERSONS), leaks(suite, 'personnel', PERSONS)
    assert not [path for path in temporary_files() - before if found_in(path.read_bytes(), PERSONS)]


if __name__ == '__main__':
    harness.main([planted_values_lie_nowhere, persons_lie_nowhere])
