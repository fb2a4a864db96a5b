"""Values planted in personal fields are looked for wherever they should not be: files of the store, logs, Redis, page tokens, changes; before
and after a new key, an export and an erasure."""
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


def found_in(data):
    return [value for value in PLANTED if value.encode() in data]


def leaks(suite):
    """Files of the suite's folder in which a planted value stands."""
    # Uncompressed, as it is started with.
    subprocess.run(['redis-cli', '-p', str(suite.ports['redis']), 'SAVE'], check=True, stdout=subprocess.DEVNULL)
    files = [path for path in suite.folder.rglob('*') if path.is_file() and 'gen' not in path.relative_to(suite.folder).parts]
    names = {path.name for path in files}
    assert {'directory.db', 'directory.log', 'dump.rdb', 'personal.keys'} <= names, names
    return {str(path.relative_to(suite.folder)): found for path in files if (found := found_in(path.read_bytes()))}


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
        suite.stop('taskregistry')
        suite.stop('directory')
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


if __name__ == '__main__':
    harness.main([planted_values_lie_nowhere])
