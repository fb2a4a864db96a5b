"""A partner city's client of Duikou 对口, to take over: it keeps a copy of what another city shares, reconciles it, and writes with receipts.
Debian: python3-grpcio, python3-protobuf, python3-cryptography, protobuf-compiler. docs/partners.md is the walk."""
import argparse
import functools
import hashlib
import json
import pathlib
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid

import grpc
from google.protobuf import json_format, symbol_database

# By pick_first, gRPC's default, a channel of 1.51 to a name of several addresses may never connect again.
CHANNEL = [('grpc.lb_policy_name', 'round_robin'), ('grpc.max_reconnect_backoff_ms', 2000)]
RETRIED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED}


def load_protos(protos):
    """Compiles the public protos with protoc, and makes their messages known."""
    folder = tempfile.mkdtemp(prefix='duikou-protos-')
    files = sorted(str(p.relative_to(protos)) for part in ('duikou', 'google') for p in (pathlib.Path(protos) / part).rglob('*.proto'))
    subprocess.run(['protoc', f'--proto_path={protos}', f'--python_out={folder}', *files], check=True)
    sys.path.insert(0, folder)
    for file in files:
        __import__(file[:-len('.proto')].replace('/', '.') + '_pb2')


def new_request_id():
    """A UUIDv7 (RFC 9562): it sorts by time. The same id again gives the first answer again."""
    ms = int(time.time() * 1000)
    return str(uuid.UUID(int=(ms << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)))


def errors_of(error):
    """The localized message of a grpc.RpcError, with its reason, bad fields, and the seconds after which to retry."""
    from google.rpc import error_details_pb2, status_pb2
    text, reason, fields, delay = error.details(), '', [], None
    for key, value in error.trailing_metadata() or ():
        if key != 'grpc-status-details-bin':
            continue
        for detail in status_pb2.Status.FromString(value).details:
            info, bad, local, retry = (getattr(error_details_pb2, kind)() for kind in ('ErrorInfo', 'BadRequest', 'LocalizedMessage', 'RetryInfo'))
            if detail.Unpack(info):
                reason = info.reason
            elif detail.Unpack(bad):
                fields = [f'{v.field}: {v.description}' for v in bad.field_violations]
            elif detail.Unpack(local):
                text = local.message
            elif detail.Unpack(retry):
                delay = retry.retry_delay.ToNanoseconds() / 1e9
    return ' '.join([error.code().name, reason, text, *fields]), delay


class Partner:
    """One connection to the edge. `service` is whose change log and keys are meant: "taskregistry"."""

    def __init__(self, edge, ca, cert, key, person='', unit='', language='zh-CN', patience=60):
        self.channel = grpc.secure_channel(edge, grpc.ssl_channel_credentials(*(pathlib.Path(path).read_bytes() for path in (ca, key, cert))), CHANNEL)
        self.headers = [('accept-language', language)] + ([('on-behalf-of', person)] if person else []) + ([('acting-unit', unit)] if unit else [])
        self.patience = patience

    def call(self, service, method, request):
        """Calls "duikou.taskregistry.v1.TaskRegistry/CreateTask" with a dict or message; gives the answer and, of a write, its signed
        receipt. What is worth it is tried again until `patience` seconds are over: a write is known by its request_id, so it is done once; the
        error has it, for one who gives it again later."""
        pool = symbol_database.Default()
        owner, name = method.split('/')
        described = pool.pool.FindServiceByName(owner).methods_by_name[name]
        request = json_format.ParseDict(request, pool.GetPrototype(described.input_type)()) if isinstance(request, dict) else request
        if 'request_id' in described.input_type.fields_by_name and not request.request_id:
            request.request_id = new_request_id()
        parse = pool.GetPrototype(described.output_type).FromString
        stub = self.channel.unary_unary('/' + method, request_serializer=lambda m: m.SerializeToString(), response_deserializer=lambda b: (parse(b), b))
        end, pause = time.monotonic() + self.patience, 0.2
        while True:
            try:
                (response, raw), call = stub.with_call(request, timeout=20, metadata=[*self.headers, ('duikou-service', service)])
                receipt = next((v for k, v in call.trailing_metadata() or () if k == 'duikou-receipt-bin'), None)
                if receipt is not None:
                    self.check_receipt(service, receipt, request.SerializeToString(), raw)
                return response, receipt
            except grpc.RpcError as error:
                if error.code() not in RETRIED or time.monotonic() > end or request.ByteSize() > 4 << 20:  # Larger is refused each time.
                    error.request_id = getattr(request, 'request_id', '')
                    raise
                time.sleep(errors_of(error)[1] or pause * random.uniform(0.5, 1))
                pause = min(2 * pause, 5)

    @functools.lru_cache(maxsize=None)
    def receipt_key(self, service, key_id):
        key, _ = self.call(service, 'duikou.log.v1.ChangeLog/GetReceiptKey', {})
        if key.key_id != key_id:
            raise ValueError(f'the receipt is signed by the key {key_id}, the service has {key.key_id}')
        return key.public_key

    def check_receipt(self, service, receipt, request, response):
        """ValueError unless the service signed for exactly this request and this answer."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from duikou.log.v1 import receipt_pb2
        signed = receipt_pb2.SignedReceipt.FromString(receipt)
        Ed25519PublicKey.from_public_bytes(self.receipt_key(service, signed.key_id)).verify(signed.signature, b'duikou-receipt\n' + signed.receipt)
        told = receipt_pb2.Receipt.FromString(signed.receipt)
        if told.request_digest != hashlib.sha256(request).digest() or told.response_digest != hashlib.sha256(response).digest():
            raise ValueError('the receipt is of another request or answer')


class Copy:
    """What a city shares, in a file of SQLite: each page of changes and the cursor after it are committed together."""

    def __init__(self, partner, path):
        self.partner, self.db = partner, sqlite3.connect(path, isolation_level=None)
        self.db.executescript('PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS records (service TEXT, name TEXT, type TEXT, etag TEXT, json TEXT, '
                              'PRIMARY KEY (service, name)); CREATE TABLE IF NOT EXISTS cursors (service TEXT, city TEXT, cursor TEXT, PRIMARY KEY (service, city));')

    def cursor(self, service, city):
        row = self.db.execute('SELECT cursor FROM cursors WHERE service = ? AND city = ?', (service, city)).fetchone()
        return row[0] if row else ''

    def pull(self, service, city):
        """Reads the changes since the last time, to the end; gives how many there were."""
        count = 0
        while True:
            page, _ = self.partner.call(service, 'duikou.log.v1.ChangeLog/ListChanges', {'parent': city, 'cursor': self.cursor(service, city), 'page_size': 500})
            self.db.execute('BEGIN IMMEDIATE')
            for change in page.changes:
                self.apply(service, change)
            self.db.execute('INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)', (service, city, page.next_cursor))
            self.db.execute('COMMIT')
            count += len(page.changes)
            if page.end:
                return count

    def apply(self, service, change):
        if not change.HasField('record'):  # DELETED, UNSHARED: with all that is below it, and the attachments of it.
            self.db.execute("DELETE FROM records WHERE service = ?1 AND (name = ?2 OR substr(name, 1, length(?2) + 1) = ?2 || '/' OR "
                            "substr(json_extract(json, '$.record') || '/', 1, length(?2) + 1) = ?2 || '/')", (service, change.name))
            return
        record = symbol_database.Default().GetPrototype(symbol_database.Default().pool.FindMessageTypeByName(change.record.type_url.split('/')[-1]))()
        change.record.Unpack(record)
        kind = record.DESCRIPTOR.GetOptions().Extensions[sys.modules['duikou.options.v1.options_pb2'].resource].type
        self.db.execute('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)',
                        (service, change.name, kind, record.etag, json_format.MessageToJson(record, preserving_proto_field_name=True, ensure_ascii=False)))

    def differs(self, service, city, kind):
        """对账: None when the copy is what the city shares of a type; else what differs. Reads what is new first."""
        while True:
            self.pull(service, city)
            told, _ = self.partner.call(service, 'duikou.log.v1.ChangeLog/Reconcile', {'parent': city, 'type': kind, 'cursor': self.cursor(service, city)})
            if not told.behind:
                break
        digest = count = 0
        for name, etag in self.db.execute("SELECT name, etag FROM records WHERE service = ? AND type = ? AND substr(name, 1, ?) = ?",
                                          (service, kind, len(city) + 1, city + '/')):
            digest, count = digest ^ int.from_bytes(hashlib.sha256(f'{name}\n{etag}\n'.encode()).digest(), 'big'), count + 1
        return None if (count, digest) == (told.count, int.from_bytes(told.digest, 'big')) else f'{kind}: {count} here, {told.count} there'

    def begin_anew(self, service, city):
        """Forgets the copy of a city: for one that differs, as when a backup of it was restored."""
        self.db.execute('DELETE FROM cursors WHERE service = ? AND city = ?', (service, city))  # First: what is left is read again.
        self.db.execute('DELETE FROM records WHERE service = ? AND substr(name, 1, ?) = ?', (service, len(city) + 1, city + '/'))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ('protos', 'edge', 'ca', 'cert', 'key'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--person', default='', help='the person acted for, for writes')
    parser.add_argument('--unit', default='', help='the unit acted as, if not the first')
    parser.add_argument('--copy', default='duikou.sqlite', help='file of the copy')
    commands = parser.add_subparsers(dest='command', required=True)
    for name, arguments in {'pull': ['service', 'city'], 'reconcile': ['service', 'city', 'types'], 'call': ['service', 'method', 'json']}.items():
        command = commands.add_parser(name)
        for argument in arguments:
            command.add_argument(argument, nargs='+' if argument == 'types' else None)
    options = parser.parse_args()
    load_protos(options.protos)
    partner = Partner(options.edge, options.ca, options.cert, options.key, options.person, options.unit)
    try:
        if options.command == 'call':
            answer, _ = partner.call(options.service, options.method, json.loads(options.json))
            return print(json_format.MessageToJson(answer, preserving_proto_field_name=True, ensure_ascii=False))
        copy = Copy(partner, options.copy)
        if options.command == 'pull':
            return print(copy.pull(options.service, options.city))
        differences = list(filter(None, (copy.differs(options.service, options.city, kind) for kind in options.types)))
        return print('\n'.join(differences) or 'the same') or int(bool(differences))
    except grpc.RpcError as error:
        return ' '.join([errors_of(error)[0], f'request_id={error.request_id}' if error.request_id else ''])


if __name__ == '__main__':
    sys.exit(main())
