"""Starts the real binaries on free ports and calls them as a partner's Python client would: with grpcio and messages made by protoc."""
import datetime
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

from junit import write_junit

# gRPC would wait at each fork until its threads are idle, and for ever when one is not; who is started here uses none of it.
os.environ['GRPC_ENABLE_FORK_SUPPORT'] = '0'
import grpc  # noqa: E402

ROOT = pathlib.Path(os.environ.get('DUIKOU_SOURCE_DIR', pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get('DUIKOU_BIN_DIR', ROOT / 'build' / 'bin'))
# Binaries with failpoints and deliberate bugs (common/base/failpoint.h), as ./dev test builds them.
HOOKS_BIN = pathlib.Path(os.environ.get('DUIKOU_HOOKS_BIN_DIR', ROOT / 'build-asan' / 'bin'))
CITY = 'cities/210800'
# In the order in which they start: all others ask the directory.
SERVICES = ('directory', 'taskregistry', 'personnel', 'consultation', 'techtransfer')
# Services come and go in these tests; a client that waits a second or more before it connects again would wait for nothing.
# Each client has a connection of its own: channels with equal arguments would share one.
CHANNEL = [('grpc.use_local_subchannel_pool', 1), ('grpc.initial_reconnect_backoff_ms', 50), ('grpc.min_reconnect_backoff_ms', 5000), ('grpc.max_reconnect_backoff_ms', 200)]


class Skip(Exception):
    """What a test needs is not here."""


def make_messages(folder):
    """Compiles the protos to Python with protoc and makes them importable."""
    protos = ROOT / 'protos'
    files = [str(p.relative_to(protos)) for p in protos.rglob('*.proto')]
    subprocess.run(['protoc', f'--proto_path={protos}', f'--python_out={folder}', *files], check=True)
    sys.path.insert(0, str(folder))


def ports_to_listen_on():
    """Ports that nobody listens on, each once. None is of those that the kernel gives to connections: between the asking and the listening, or while a
    service is down to be started again, a connection of anybody would take it. Processes that run side by side begin at different places."""
    low, high = map(int, pathlib.Path('/proc/sys/net/ipv4/ip_local_port_range').read_text().split())
    ports = [port for port in range(10_000, 65_536) if not low <= port <= high]
    start = os.getpid() * 64 % len(ports)
    for port in ports[start:] + ports[:start]:
        with socket.socket() as s:
            try:
                s.bind(('127.0.0.1', port))
            except OSError:
                continue
        yield port
    raise AssertionError('there is no port left to listen on')


PORTS = ports_to_listen_on()


def free_port():
    return next(PORTS)


class TimedOut(AssertionError):
    """Something did not come true in time: it may be wrong, or slow."""


def wait_for(condition, seconds=30, what='condition'):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise TimedOut(f'{what} did not come true within {seconds} s')


def is_serving(port):
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(('127.0.0.1', port)) == 0


def today():
    """The day in China, on which the services count, wherever the test runs."""
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()


class Failure(Exception):
    """A call that failed: its code, reason, localized message and bad fields."""

    def __init__(self, error):
        from google.rpc import error_details_pb2, status_pb2
        self.code = error.code().name
        self.reason, self.message, self.fields, self.metadata = '', error.details(), {}, {}
        for key, value in error.trailing_metadata() or ():
            if key != 'grpc-status-details-bin':
                continue
            for detail in status_pb2.Status.FromString(value).details:
                info, bad, text = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.LocalizedMessage()
                if detail.Unpack(info):
                    self.reason, self.metadata = info.reason, dict(info.metadata)
                elif detail.Unpack(bad):
                    self.fields = {v.field: v.description for v in bad.field_violations}
                elif detail.Unpack(text):
                    self.message = text.message
        super().__init__(f'{self.code} {self.reason}: {self.message} {self.fields or ""}')


def channel_to(port, ca, key=None, cert=None):
    """By address: with gRPC's default, pick_first, a channel of 1.51 to a name of two addresses ("localhost") never connects again when it asks for
    them anew while it tries the first. Round robin, as the services have it, fails a call at once that comes before the next attempt."""
    return grpc.secure_channel(f'127.0.0.1:{port}', grpc.ssl_channel_credentials(ca, key, cert), [*CHANNEL, ('grpc.ssl_target_name_override', 'localhost')])


class Client:
    """A channel to one service; methods by name: client.GetTask(name=…)."""

    def __init__(self, port, module, service, ca, cert=None, key=None, token=None, language='zh-CN', plaintext=False):
        if plaintext:
            self.channel = grpc.insecure_channel(f'127.0.0.1:{port}', CHANNEL)
        else:
            self.channel = channel_to(port, ca, key, cert)
        self.service = module.DESCRIPTOR.services_by_name[service]
        self.token, self.language = token, language

    def metadata(self):
        out = [('accept-language', self.language)]
        return out + [('authorization', f'Bearer {self.token}')] if self.token else out

    def messages(self, method):
        from google.protobuf import symbol_database
        database = symbol_database.Default()
        d = self.service.methods_by_name[method]
        return database.GetPrototype(d.input_type), database.GetPrototype(d.output_type), f'/{self.service.full_name}/{method}'

    def call(self, method, request=None, timeout=20, metadata=None, patient=False, **fields):
        """With `patient` the call waits for a connection; one that does not fails at once, and then nobody drives the channel's next attempt."""
        request_type, response_type, path = self.messages(method)
        if request is None:
            request = request_type(**fields)
        unary = self.channel.unary_unary(path, request_serializer=request_type.SerializeToString, response_deserializer=response_type.FromString)
        try:
            return unary(request, timeout=timeout, metadata=metadata if metadata is not None else self.metadata(), wait_for_ready=patient)
        except grpc.RpcError as error:
            raise Failure(error) from None

    def stream(self, method, timeout=60, **fields):
        request_type, response_type, path = self.messages(method)
        many = self.channel.unary_stream(path, request_serializer=request_type.SerializeToString, response_deserializer=response_type.FromString)
        return many(request_type(**fields), timeout=timeout, metadata=self.metadata())

    def __getattr__(self, method):
        if method[:1].isupper():
            return lambda request=None, **fields: self.call(method, request, **fields)
        raise AttributeError(method)


class Suite:
    """The services and Redis of a test, in a folder of their own. `binaries` is the folder of the services; `places` is where
    stores lie that do not lie in the folder, by the service's name: a folder, or postgres://USER@HOST:PORT, where it has a database of its name."""

    def __init__(self, with_redis=True, folder=None, plaintext_registry=False, binaries=BIN, places=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix='duikou-e2e-'))
        self.keep = folder is not None
        self.binaries, self.places = binaries, places or {}
        self.environment = {}  # More for the services started from now on.
        self.metrics = {}  # Ports of those that serve metrics, by service.
        # With sanitizers: what c-ares itself loses at the end is not ours.
        (self.folder / 'leaks').write_text('leak:libcares\n')
        self.processes = {}
        self.plaintext_registry = plaintext_registry
        self.ports = {name: free_port() for name in (*SERVICES, 'redis')}
        self.with_redis = with_redis
        self.certs = self.folder / 'certs'
        self.make_certificates(*SERVICES, 'setup')
        gen = self.folder / 'gen'
        gen.mkdir(exist_ok=True)
        make_messages(gen)
        self.passwords = {}

    def make_certificates(self, *names):
        for command in (['init', str(self.certs)], ['service', str(self.certs), *names]):
            subprocess.run([str(BIN / 'duikou'), 'certs', *command], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        try:
            if self.with_redis:
                self.start_redis()
            for name in SERVICES:
                self.start(name)
        except BaseException:
            self.kill()  # What has started would outlive the test.
            raise
        return self

    def kill(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()

    def __exit__(self, *unused):
        for name in list(self.processes):
            self.stop(name)
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start_redis(self, *more):
        self.processes['redis'] = subprocess.Popen(
            ['redis-server', '--port', str(self.ports['redis']), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', *more],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: is_serving(self.ports['redis']), what='Redis')

    def store(self, name):
        place = str(self.places.get(name, self.folder))
        return f'{place}/{name}' if place.startswith('postgres') else f'{place}/{name}.db'

    def command(self, name):
        command = [str(self.binaries / f'duikou-{name}'), f'--listen=127.0.0.1:{self.ports[name]}', f'--store={self.store(name)}',
                   f'--state-dir={self.folder / name}', f'--ca={self.certs / "ca.crt"}', f'--cert={self.certs / name}.crt',
                   f'--key={self.certs / name}.key', f'--log={self.folder / name}.log', f'--partner-ca={self.certs / "partner-ca.crt"}']
        if name in self.metrics:
            command.append(f'--metrics=127.0.0.1:{self.metrics[name]}')
        if self.with_redis:
            command.append(f'--redis=127.0.0.1:{self.ports["redis"]}')
        if name != 'directory':
            command.append(f'--directory=localhost:{self.ports["directory"]}')
            if self.plaintext_registry:
                command.append('--plaintext')
        if name == 'taskregistry' and not self.plaintext_registry:
            command.append(f'--consultation=localhost:{self.ports["consultation"]}')
        return command

    def start(self, name, prefix=()):
        process = self.launch(name, prefix)

        def up():
            if process.poll() is not None:
                raise AssertionError(f'{name} ended: {(self.folder / (name + ".out")).read_text()[-2000:]}')
            return is_serving(self.ports[name])
        wait_for(up, what=name)

    def launch(self, name, prefix=()):
        """Starts it and does not wait until it serves."""
        out = open(self.folder / f'{name}.out', 'ab')
        self.processes[name] = subprocess.Popen([*prefix, *self.command(name)], stdout=out, stderr=out,
                                                env={**os.environ, 'LSAN_OPTIONS': f'suppressions={self.folder / "leaks"}', **self.environment})
        return self.processes[name]

    def stop(self, name, sig=signal.SIGTERM):
        process = self.processes.pop(name)
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(sig)
        code = process.wait(timeout=30)
        if sig == signal.SIGTERM and name != 'redis' and code != 0:
            raise AssertionError(f'{name} ended with {code}: {(self.folder / (name + ".out")).read_text()[-3000:]}')

    def read(self, name):
        return (self.certs / name).read_bytes()

    def client(self, service='TaskRegistry', token=None, setup=False, language='zh-CN'):
        from duikou.auth.v1 import token_pb2
        from duikou.consultation.v1 import calendars_pb2, consultations_pb2, proceedings_pb2
        from duikou.directory.v1 import directory_pb2
        from duikou.log.v1 import change_log_pb2
        from duikou.pending.v1 import pending_pb2
        from duikou.personnel.v1 import exchange_pb2, exchange_planning_pb2, people_pb2
        from duikou.taskregistry.v1 import registry_pb2, supervision_pb2
        from duikou.techtransfer.v1 import challenges_pb2, contracts_pb2, events_pb2, listings_pb2, matching_pb2, negotiations_pb2
        modules = {'TaskRegistry': (registry_pb2, 'taskregistry'), 'Directory': (directory_pb2, 'directory'), 'Sessions': (directory_pb2, 'directory'),
                   'TokenKeys': (token_pb2, 'directory'), 'Supervision': (supervision_pb2, 'taskregistry'), 'ChangeLog': (change_log_pb2, 'taskregistry'), 'Pending': (pending_pb2, 'taskregistry'),
                   'People': (people_pb2, 'personnel'), 'Exchange': (exchange_pb2, 'personnel'), 'ExchangePlanning': (exchange_planning_pb2, 'personnel'),
                   'Calendars': (calendars_pb2, 'consultation'), 'Consultations': (consultations_pb2, 'consultation'), 'Proceedings': (proceedings_pb2, 'consultation'),
                   'Listings': (listings_pb2, 'techtransfer'), 'Matching': (matching_pb2, 'techtransfer'), 'Challenges': (challenges_pb2, 'techtransfer'),
                   'Negotiations': (negotiations_pb2, 'techtransfer'), 'Contracts': (contracts_pb2, 'techtransfer'), 'Events': (events_pb2, 'techtransfer')}
        module, name = modules[service]
        plaintext = self.plaintext_registry and name != 'directory'
        cert, key = (self.read('setup.crt'), self.read('setup.key')) if setup else (None, None)
        return Client(self.ports[name], module, service, self.read('ca.crt'), cert, key, token, language, plaintext)

    # ------------------------------------------------------------------------------------------------------------- people and places

    def seed_city(self, code='210800', title='营口市', province='辽宁省', prefix='YK'):
        setup = self.client('Directory', setup=True)
        setup.CreateCity(city_id=code, city={'code': code, 'title': title, 'province': province, 'number_prefix': prefix}, request_id=new_id())

    def seed_unit(self, unit, title, aliases=(), kind='GOVERNMENT', members=(), city='210800'):
        from duikou.directory.v1 import unit_pb2
        setup = self.client('Directory', setup=True)
        return setup.CreateUnit(parent=f'cities/{city}', unit_id=unit, unit={
            'title': title, 'kind': unit_pb2.Unit.Kind.Value(kind), 'aliases': [{'text': a} for a in aliases],
            'members': [{'unit': f'cities/{city}/units/{m}'} for m in members]}, request_id=new_id()).name

    def seed_account(self, account, unit, roles, city='210800', language=''):
        from duikou.type.v1 import role_pb2
        setup = self.client('Directory', setup=True)
        name = f'cities/{city}/accounts/{account}'
        setup.CreateAccount(parent=f'cities/{city}', account_id=account,
                            account={'title': account, 'unit': unit if '/' in unit else f'cities/{city}/units/{unit}', 'language': language}, request_id=new_id())
        setup.GrantRoles(name=name, roles=[role_pb2.Role.Value(r) for r in roles], request_id=new_id())
        self.set_password(name)
        return name

    def set_password(self, account):
        # Digits: a password must not contain the account's name, which random letters may.
        self.passwords[account] = f'Aa1!{secrets.randbits(64):020d}'
        self.client('Directory', setup=True).SetPassword(name=account, password=self.passwords[account], request_id=new_id())

    def sign_in(self, account, city='210800'):
        name = f'cities/{city}/accounts/{account}'
        return self.client('Sessions').SignIn(account=name, password=self.passwords[name])

    def as_person(self, account, service='TaskRegistry', city='210800', language='zh-CN'):
        client = self.client(service, token=self.sign_in(account, city).access_token, language=language)
        if service not in ('Directory', 'Sessions', 'TokenKeys'):
            # A service learns the directory's keys within its first seconds.
            def known():
                try:
                    client.call({'TaskRegistry': 'ListTasks', 'Supervision': 'ListReminders', 'ChangeLog': 'ListChanges', 'Pending': 'ListPending', 'People': 'ListPersons',
                                 'Exchange': 'ListEngagements', 'ExchangePlanning': 'ListQuotas', 'Calendars': 'ListCalendars', 'Consultations': 'ListConsultations',
                                 'Proceedings': 'ListAgendaItems', 'Listings': 'ListListings', 'Matching': 'ListMatchFeedback', 'Challenges': 'ListBids',
                                 'Negotiations': 'ListNegotiations', 'Contracts': 'ListContracts', 'Events': 'ListEvents'}[service], parent=f'cities/{city}', page_size=1)
                    return True
                except Failure as failure:
                    return failure.reason not in ('TOKEN_INVALID', 'TOKEN_KEYS_UNKNOWN', '')
            wait_for(known, what='the keys of access tokens')
        return client

    # ------------------------------------------------------------------------------------------------------------------- command line

    def cli_environment(self):
        return {**os.environ, **{f'DUIKOU_{name.upper()}': f'localhost:{self.ports[name]}' for name in SERVICES}, 'DUIKOU_CA': str(self.certs / 'ca.crt'),
                'HOME': str(self.folder), 'XDG_CONFIG_HOME': str(self.folder / 'config'), 'LC_ALL': 'zh_CN.UTF-8'}

    def cli(self, *arguments, check=True, env=None, stdin=None):
        done = subprocess.run([str(BIN / 'duikou'), *arguments], capture_output=True, text=True, timeout=120, env={**self.cli_environment(), **(env or {})},
                              input=stdin)
        if check and done.returncode != 0:
            raise AssertionError(f'duikou {" ".join(arguments)} gave {done.returncode}: {done.stdout}{done.stderr}')
        return done


def new_id():
    """A UUIDv7, as clients make request ids."""
    ms = int(time.time() * 1000)
    return str(uuid.UUID(int=(ms << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)))


def main(tests):
    """Runs the tests given, or those named on the command line; the last line counts them, and tests/outcome.py reads those that say "skip". DUIKOU_JUNIT names a file for the outcomes."""
    wanted = sys.argv[1:]
    outcomes = {}
    chosen = [t for t in tests if not wanted or t.__name__ in wanted]
    for test in chosen:
        begin = time.monotonic()
        try:
            test()
            print(f'ok   {test.__name__} ({time.monotonic() - begin:.1f} s)', flush=True)
            outcomes[test.__name__] = 'run'
        except Skip as reason:
            print(f'skip {test.__name__}: {reason}', flush=True)
            outcomes[test.__name__] = 'notrun'
        except Exception as error:  # pylint: disable=broad-except
            import traceback
            traceback.print_exc()
            print(f'FAIL {test.__name__}: {error}', flush=True)
            outcomes[test.__name__] = 'fail'
    seen = list(outcomes.values())
    print(f'{seen.count("run")} of {len(chosen)} e2e tests passed')
    if os.environ.get('DUIKOU_JUNIT'):
        write_junit(os.environ['DUIKOU_JUNIT'], outcomes)
    # 77 is a test skipped, for ctest.
    sys.exit(1 if 'fail' in seen else 77 if seen.count('notrun') == len(chosen) else 0)
