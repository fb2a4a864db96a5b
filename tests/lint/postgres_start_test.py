#!/usr/bin/python3
"""How the image of PostgreSQL that is built here fills its folder, also when it is killed meanwhile: asked of programs that only leave files."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {
    'initdb': '#!/bin/sh\nmkdir -p "${1#--pgdata=}" "${1#--pgdata=}/base" && echo 15 >"${1#--pgdata=}/PG_VERSION" && touch "${1#--pgdata=}/pg_hba.conf"\n',
    'pg_ctl': '#!/bin/sh\necho "$1" | sed s/--pgdata=// >"$NOTES/at"\n',
    'postgres': '#!/bin/sh\nls "$PGDATA"\n',
}
# A database, as databases.sh makes one; ends its caller while the file says so.
MAKE_DATABASES = '#!/bin/sh\n[ ! -e "$NOTES/kill" ] || { kill -KILL "$PPID"; exit; }\ntouch "$(cat "$NOTES/at")/base/techtransfer"\n'


class PostgresStartTest(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ('bin', 'scripts', 'pgdata'):
            (self.folder / name).mkdir()
        start = (ROOT / 'deploy' / 'images' / 'postgres-start').read_text(encoding='utf-8')
        programs = {**PROGRAMS, 'start': start.replace('/docker-entrypoint-initdb.d/', f'{self.folder}/scripts/')}
        for path, text in {**{f'bin/{name}': text for name, text in programs.items()}, 'scripts/databases.sh': MAKE_DATABASES}.items():
            (self.folder / path).write_text(text, encoding='utf-8')
            (self.folder / path).chmod(0o755)

    def start(self):
        return subprocess.run(['start', 'postgres'], check=False, capture_output=True, text=True,
                              env={**os.environ, 'LC_ALL': 'C', 'PATH': f'{self.folder}/bin:{os.environ["PATH"]}', 'NOTES': str(self.folder),
                                   'PGDATA': str(self.folder / 'pgdata'), 'POSTGRES_USER': 'duikou', 'POSTGRES_PASSWORD_FILE': '/dev/null'})

    def expect_whole(self):
        started = self.start()
        self.assertEqual((started.returncode, started.stdout.split()), (0, ['PG_VERSION', 'base', 'pg_hba.conf']), started.stderr)
        self.assertTrue((self.folder / 'pgdata' / 'base' / 'techtransfer').exists())
        self.assertIn('host all all all', (self.folder / 'pgdata' / 'pg_hba.conf').read_text(encoding='utf-8'))

    def test_an_empty_folder_is_filled_once(self):
        self.expect_whole()
        (self.folder / 'scripts' / 'databases.sh').unlink()
        self.expect_whole()

    def test_one_that_was_killed_begins_anew(self):
        (self.folder / 'kill').touch()
        self.assertNotEqual(self.start().returncode, 0)
        (self.folder / 'kill').unlink()
        self.expect_whole()

    def test_one_that_was_killed_while_files_moved_up_goes_on(self):
        self.expect_whole()
        filled = self.folder / 'pgdata' / 'filled'
        filled.mkdir()
        for name in ('PG_VERSION', 'pg_hba.conf'):
            (self.folder / 'pgdata' / name).rename(filled / name)
        (self.folder / 'kill').touch()  # It must not make databases again.
        self.expect_whole()


if __name__ == '__main__':
    unittest.main()
