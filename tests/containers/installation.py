"""The suite in containers, as `./dev containers test` has started it: how tests reach it, and what they do to it."""
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'e2e'))

import grpc  # noqa: E402
import harness  # noqa: E402
from harness import CHANNEL, SERVICES, Client, Suite, channel_to, wait_for  # noqa: E402

PROJECT = os.environ.get('COMPOSE_PROJECT_NAME', 'duikou-test')
PARTNER_PORT = int(os.environ.get('DUIKOU_PARTNER_PORT', '18443').split(':')[-1])
PEOPLE_PORT = int(os.environ.get('DUIKOU_PEOPLE_PORT', '18444').split(':')[-1])
TOKEN_LIFE = 600  # Seconds after which a client signs in anew; tokens live for 900.


def docker(*arguments, check=True, stdin=None):
    done = subprocess.run(['docker', *arguments], capture_output=True, text=True, check=False, input=stdin)
    if check and done.returncode != 0:
        raise AssertionError(f'docker {" ".join(arguments)} gave {done.returncode}: {done.stdout}{done.stderr}')
    return done.stdout.strip()


@contextlib.contextmanager
def there_already():
    try:
        yield
    except harness.Failure as failure:
        if failure.code != 'ALREADY_EXISTS':
            raise


class EdgeClient(Client):
    """A channel through the edge: to the partners' port with a certificate and its key (PEM), or to the people's with `sign_in`, which gives a token."""

    def __init__(self, port, module, service, ca, cert=None, key=None, sign_in=None, more=()):  # pylint: disable=super-init-not-called
        self.channel = channel_to(port, ca, key, cert)
        self.service = module.DESCRIPTOR.services_by_name[service]
        self.sign_in, self.more, self.language = sign_in, list(more), 'zh-CN'
        self.token, self.signed_in, self.lock = None, 0, threading.Lock()

    def metadata(self):
        if self.sign_in is not None:
            with self.lock:
                if time.monotonic() - self.signed_in > TOKEN_LIFE:
                    self.token, self.signed_in = self.sign_in(), time.monotonic()
        return super().metadata() + self.more


class Container:
    def __init__(self, installation, service):
        self.installation, self.service = installation, service
        self.alias = service.rsplit('-', 1)[0]
        self.id = docker('ps', '--all', '--quiet', '--filter', f'label=com.docker.compose.project={PROJECT}',
                         '--filter', f'label=com.docker.compose.service={service}')
        self.name = docker('inspect', '--format', '{{.Name}}', self.id).lstrip('/')

    def state(self):
        return docker('inspect', '--format', '{{.State.Status}} {{.State.Health.Status}}', self.id)

    def is_well(self):
        return self.state() == 'running healthy'

    def address(self):
        return docker('inspect', '--format', f'{{{{(index .NetworkSettings.Networks "{PROJECT}_inner").IPAddress}}}}', self.id)

    def run(self, *command, check=True):
        return docker('exec', self.id, *command, check=check)

    def kill(self):
        """As a crash: Docker starts again what was not stopped through it."""
        os.kill(int(docker('inspect', '--format', '{{.State.Pid}}', self.id)), signal.SIGKILL)

    def pause(self):
        docker('pause', self.id)

    def resume(self):
        docker('unpause', self.id)

    def cut_off(self):
        docker('network', 'disconnect', '--force', f'{PROJECT}_inner', self.id)

    def join(self):
        docker('network', 'connect', '--alias', self.alias, '--alias', self.service, f'{PROJECT}_inner', self.id)


class Installation(Suite):
    """Seeds through a service's own port, as the installer would from inside; all else goes through the edge."""

    def __init__(self):  # pylint: disable=super-init-not-called
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='duikou-containers-'))
        self.certs = pathlib.PurePosixPath('/certs')  # Where the command line has them, in a container.
        self.passwords = {}
        self.containers = {name: Container(self, name) for name in
                           (*(f'{service}-{n}' for service in SERVICES for n in (1, 2)), 'redis', 'postgres', 'edge')}
        harness.make_messages(self.folder)
        self.ca = self.read('ca.crt')

    def __getitem__(self, name):
        return self.containers[name]

    def read(self, name):
        return self['directory-1'].run('cat', f'/certs/{name}').encode() + b'\n'

    def cli(self, *arguments, check=True, env=None, stdin=None):
        done = subprocess.run(['docker', 'exec', '-i', self['directory-1'].id, 'duikou', *arguments], capture_output=True, text=True, timeout=120,
                              check=False, input=stdin)
        if check and done.returncode != 0:
            raise AssertionError(f'duikou {" ".join(arguments)} gave {done.returncode}: {done.stdout}{done.stderr}')
        return done

    def client(self, service='TaskRegistry', token=None, setup=False, language='zh-CN'):
        module, name = self.module_of(service)
        if setup:
            client = Client.__new__(Client)
            client.channel = grpc.secure_channel(
                f'{self[name + "-1"].address()}:7400', grpc.ssl_channel_credentials(self.ca, self.read('setup.key'), self.read('setup.crt')),
                [*CHANNEL, ('grpc.ssl_target_name_override', name)])
            client.service, client.token, client.language = module.DESCRIPTOR.services_by_name[service], token, language
            return client
        return self.people(service, None if token is None else lambda: token)

    def module_of(self, service):
        from duikou.directory.v1 import directory_pb2, partner_systems_pb2
        from duikou.log.v1 import change_log_pb2
        from duikou.taskregistry.v1 import registry_pb2
        return {'TaskRegistry': (registry_pb2, 'taskregistry'), 'Directory': (directory_pb2, 'directory'), 'Sessions': (directory_pb2, 'directory'),
                'PartnerSystems': (partner_systems_pb2, 'directory'), 'ChangeLog': (change_log_pb2, 'taskregistry')}[service]

    def people(self, service='TaskRegistry', sign_in=None, **more):
        module, name = self.module_of(service)
        return EdgeClient(PEOPLE_PORT, module, service, self.ca, sign_in=sign_in, more=[('duikou-service', name)], **more)

    def partner(self, cert, key, service='TaskRegistry', headers=(), **more):
        module, name = self.module_of(service)
        return EdgeClient(PARTNER_PORT, module, service, self.ca, cert, key, more=[('duikou-service', name), *headers], **more)

    # The tests of a run share one installation.
    def seed_city(self, *arguments, **more):
        with there_already():
            super().seed_city(*arguments, **more)

    def seed_unit(self, *arguments, **more):
        with there_already():
            super().seed_unit(*arguments, **more)

    def seed_account(self, account, unit, roles, city='210800', **more):  # pylint: disable=arguments-differ
        with there_already():
            return super().seed_account(account, unit, roles, city, **more)
        self.set_password(f'cities/{city}/accounts/{account}')
        return f'cities/{city}/accounts/{account}'

    def seed_partner(self, system, units, roles=('COORDINATOR',)):
        """A partner system of the directory, with the highest quota; gives its (certificate, key)."""
        from duikou.type.v1 import role_pb2
        city, name = system.split('/')
        with there_already():
            self.client('PartnerSystems', setup=True).CreatePartnerSystem(
                parent=f'cities/{city}', partner_system_id=name, request_id=harness.new_id(), partner_system={
                    'title': name, 'roles': [role_pb2.Role.Value(role) for role in roles], 'units': [f'cities/{city}/units/{unit}' for unit in units],
                    'requests_per_minute': 60000})
        pair = self.partner_certificate(system)
        for service in ('Directory', 'TaskRegistry'):
            wait_for(lambda s=service: self.is_known(pair, s), 30, f'the partner system {system}')
        return pair

    def is_known(self, pair, service):
        """Whether both replicas know it: of calls in turn none says otherwise."""
        try:
            for _ in range(4):
                self.partner(*pair, service, headers=[('on-behalf-of', 'zhang')]).call(
                    {'Directory': 'ListUnits', 'TaskRegistry': 'ListTasks'}[service], parent='cities/210800', page_size=1)
        except harness.Failure as failure:
            return failure.reason not in ('PARTNER_UNKNOWN', 'PARTNERS_UNKNOWN')
        return True

    def wait_until_well(self, seconds=90):
        wait_for(lambda: all(c.is_well() for c in self.containers.values()), seconds, 'health of all containers')

    # ----------------------------------------------------------------------------------------------------------- authorities

    def authority(self, script):
        """Runs a shell script beside the authorities' keys, in /authority; gives what it prints."""
        return docker('run', '--rm', '--interactive', '--network=none', '--volume', f'{PROJECT}_authority:/authority',
                      '--volume', f'{PROJECT}_edge-certs:/edge-certs', '--volume', f'{PROJECT}_certs:/certs', '--entrypoint', 'bash', 'duikou-directory', '-euc', script)

    def partner_certificate(self, system, *options):
        """(certificate, key) of duikou certs partner."""
        text = self.authority(f'duikou certs partner /authority {system} {" ".join(options)} >/dev/null; cat /authority/partners/{system}.crt; '
                              f'echo =====; cat /authority/partners/{system}.key')
        cert, key = text.split('=====\n')
        return cert.encode(), key.encode() + b'\n'
