#!/usr/bin/python3
"""Where ./dev containers takes the database's password and its settings from: asked of a docker that only notes what it is given."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKER = '''#!/bin/sh
case "$*" in
  "volume inspect duikou_postgres") [ -e "$NOTES/has-volume" ]; exit ;;
  *" down "*) echo "$DUIKOU_SECRETS" >"$NOTES/secrets" ;;
esac
'''


class DevContainersTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(ROOT / 'dev', self.folder)
        (self.folder / 'deploy').mkdir()
        for name in ('containers', 'compose.yaml'):
            shutil.copy(ROOT / 'deploy' / name, self.folder / 'deploy')
        (self.folder / 'bin').mkdir()
        docker = self.folder / 'bin' / 'docker'
        docker.write_text(DOCKER, encoding='utf-8')
        docker.chmod(0o755)

    def run_dev(self, *arguments, **variables):
        kept = {name: value for name, value in os.environ.items() if name not in ('DUIKOU_SECRETS', 'COMPOSE_PROJECT_NAME')}
        return subprocess.run(['./dev', 'containers', *arguments], cwd=self.folder, check=False, capture_output=True, text=True,
                              env={**kept, 'PATH': f'{self.folder}/bin:{kept["PATH"]}', 'NOTES': str(self.folder), **variables})

    def secrets(self, **variables):
        done = self.run_dev('down', **variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return (self.folder / 'secrets').read_text(encoding='utf-8').strip()

    def test_beside_compose_yaml(self):
        self.assertEqual(self.secrets(), f'{self.folder}/deploy/secrets')

    def test_as_deploy_env_says(self):
        env = self.folder / 'deploy' / '.env'
        env.write_text('DUIKOU_EDGE_HOSTS=edge.example\n', encoding='utf-8')
        self.assertEqual(self.secrets(), f'{self.folder}/deploy/secrets')
        env.write_text('DUIKOU_SECRETS="/srv/duikou"\n', encoding='utf-8')
        self.assertEqual(self.secrets(), '/srv/duikou')
        self.assertEqual(self.secrets(DUIKOU_SECRETS='/etc/duikou'), '/etc/duikou')

    def test_another_suite_has_its_own(self):
        self.assertEqual(self.secrets(COMPOSE_PROJECT_NAME='duikou-test'), f'{self.folder}/.run/duikou-test/secrets')

    def test_no_password_is_invented_for_a_database_that_is_there(self):
        password = self.folder / 'deploy' / 'secrets' / 'postgres_password'
        (self.folder / 'has-volume').touch()
        refused = self.run_dev('compose', 'ps')
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn('postgres_password is missing', refused.stderr)
        self.assertFalse(password.exists())
        (self.folder / 'has-volume').unlink()
        self.assertEqual(self.run_dev('compose', 'ps').returncode, 0)
        self.assertRegex(password.read_text(encoding='utf-8'), '^[0-9a-f]{48}\n$')

    def told(self, words, **variables):
        """What a command of deploy/containers prints where images and containers are there already."""
        there = 'have_image() { :; }; need_docker() { :; }; images() { :; }; start_suite() { :; }; step() { :; }; compose() { :; }; docker() { :; }'
        kept = {name: value for name, value in os.environ.items() if not name.startswith('DUIKOU_')}
        return subprocess.run(['bash', '-euo', 'pipefail', '-c', f'ROOT=$PWD; RUN=$PWD/.run; source deploy/containers; {there}; {words}'],
                              cwd=self.folder, check=True, capture_output=True, text=True, env={**kept, **variables}).stdout

    def test_settings_are_those_of_compose(self):
        base = 'take_base; echo "$BASE_IMAGE"'
        self.assertEqual(self.told(base), 'debian:bookworm-slim\n')
        self.assertIn('HOST:8443 ', self.told('containers_up'))
        self.assertIn('https://127.0.0.1:8444 ', self.told('containers_up'))
        (self.folder / 'deploy' / '.env').write_text(
            'DUIKOU_BASE=mirror.example/debian:12\nDUIKOU_PARTNER_PORT="9443"\nDUIKOU_PEOPLE_PORT=8444\n', encoding='utf-8')
        self.assertEqual(self.told(base), 'mirror.example/debian:12\n')
        self.assertEqual(self.told(base, DUIKOU_BASE='debian:12'), 'debian:12\n')
        self.assertIn('HOST:9443 ', self.told('containers_up'))
        self.assertIn('https://8444 ', self.told('containers_up'))


if __name__ == '__main__':
    unittest.main()
