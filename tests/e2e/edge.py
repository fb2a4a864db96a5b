"""The edge as partner systems meet it: nginx with TLS 1.3, client certificates and HTTP/2 in front of a Suite's services, and their certificates."""
import os
import pathlib
import subprocess

import harness
from harness import Client, free_port, wait_for

CONFIG = '''
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.err warn;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {upstreams}
  map $http_duikou_service $named {{ default taskregistry; {names} }}
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_protocols TLSv1.3; ssl_certificate {certs}/edge.crt; ssl_certificate_key {certs}/edge.key;
    ssl_client_certificate {certs}/partner-ca.crt; ssl_verify_client on;
    grpc_ssl_certificate {certs}/edge.crt; grpc_ssl_certificate_key {certs}/edge.key;
    grpc_ssl_trusted_certificate {certs}/ca.crt; grpc_ssl_verify on; grpc_ssl_name localhost; grpc_ssl_server_name on;
    grpc_set_header x-client-cert $ssl_client_escaped_cert; grpc_set_header authorization "";
    {locations}
    location / {{ grpc_pass grpcs://$named; }}
  }}
}}
'''


def openssl(*arguments, text=None):
    subprocess.run(['openssl', *arguments], check=True, capture_output=True, input=text, text=True)


# Longer than any test moves its services' clocks on: theirs start at nine in Shanghai, whatever time of day it is here.
VALID_DAYS = 90


def make_authority(folder, name):
    """An authority of its own, {name}.crt and .key."""
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', f'{folder}/{name}.key', '-out', f'{folder}/{name}.crt',
            '-days', str(VALID_DAYS), '-subj', f'/CN={name}', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign')


def make_certificate(folder, name, uri, authority='partner-ca', days=VALID_DAYS):
    """{name}.crt and .key of a client with that URI SAN. With negative days it has expired."""
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', f'{folder}/{name}.key', '-out', f'{folder}/{name}.csr', '-subj', f'/CN={name}')
    pathlib.Path(f'{folder}/{name}.ext').write_text(f'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\nsubjectAltName=URI:{uri}\n')
    if days > 0:
        openssl('x509', '-req', '-in', f'{folder}/{name}.csr', '-CA', f'{folder}/{authority}.crt', '-CAkey', f'{folder}/{authority}.key', '-CAcreateserial', '-days', str(days),
                '-out', f'{folder}/{name}.crt', '-extfile', f'{folder}/{name}.ext')
        return
    index = pathlib.Path(folder) / f'{name}-ca'
    index.mkdir()
    (index / 'index').touch()
    (index / 'conf').write_text(f'[ca]\ndefault_ca=d\n[d]\ndatabase={index}/index\nnew_certs_dir={index}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n')
    openssl('ca', '-batch', '-config', f'{index}/conf', '-in', f'{folder}/{name}.csr', '-cert', f'{folder}/{authority}.crt', '-keyfile', f'{folder}/{authority}.key',
            '-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-notext', '-out', f'{folder}/{name}.crt', '-extfile', f'{folder}/{name}.ext')


class Edge:
    """nginx before a Suite's services; `with Edge(suite) as edge`."""

    def __init__(self, suite):
        self.suite, self.port = suite, free_port()
        self.process = None

    def __enter__(self):
        suite = self.suite
        suite.make_certificates('edge')
        services = {name: f'server localhost:{suite.ports[name]};' for name in harness.SERVICES}
        text = CONFIG.format(folder=suite.folder, port=self.port, certs=suite.certs,
                             upstreams='\n'.join(f'upstream {name} {{ {server} keepalive 8; }}' for name, server in services.items()),
                             names=' '.join(f'{name} {name};' for name in services),
                             locations='\n'.join(f'location /duikou.{name}. {{ grpc_pass grpcs://{name}; }}' for name in services))
        (suite.folder / 'nginx.conf').write_text(text)
        self.process = subprocess.Popen(['/usr/sbin/nginx', '-c', str(suite.folder / 'nginx.conf'), '-e', str(suite.folder / 'nginx.err')], env={**os.environ, 'LC_ALL': 'C'})
        wait_for(lambda: harness.is_serving(self.port), what='the edge')
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()

    def client(self, name, module, service, kept_by='taskregistry', person='li', unit='', more=()):
        """A client with the certificate of that name; `kept_by` is whose change log is meant."""
        suite = self.suite
        client = Client(self.port, module, service, suite.read('ca.crt'), suite.read(f'{name}.crt'), suite.read(f'{name}.key'))
        headers = [('accept-language', 'zh-CN'), ('duikou-service', kept_by), *([('on-behalf-of', person)] if person else []), *([('acting-unit', unit)] if unit else []), *more]
        client.metadata = lambda: headers
        return client
