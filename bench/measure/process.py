"""Starting programs where they belong: servers on one core, load and databases on the other."""
import json
import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER_CORE, LOAD_CORE = '0', '1'


class Refused(Exception):
    """A figure that must not be printed, or a condition that keeps one from being taken: says what to do."""


class Disturbed(Refused):
    """A round that was spoilt by what else ran on the machine: it may be taken again."""


class Skipped(Exception):
    """A row that cannot be measured here and need not be: says why."""


def pinned(core, command):
    return ['taskset', '-c', core, *map(str, command)]


def pin(core, process_id):
    """Keeps what runs already, with all of its threads, on a core."""
    for thread in pathlib.Path(f'/proc/{process_id}/task').iterdir():
        os.sched_setaffinity(int(thread.name), {int(core)})


def run(command, what, **options):
    """Runs a step of preparation; refuses with its last words when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Refused(f'{what}: {(done.stderr.strip() or done.stdout.strip())[-1000:] or done.returncode}')
    return done.stdout


def run_json(command):
    """Runs a pinned program that prints one line of JSON."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f'{pathlib.Path(command[3]).name} failed: {done.stderr.strip() or done.returncode}')
    return json.loads(done.stdout)


class PortPrinter:
    """A server on the server's core that prints its port on a line and ends at SIGTERM."""

    def __init__(self, command, what_to_do='', **options):
        self.process = subprocess.Popen(pinned(SERVER_CORE, command), stdout=subprocess.PIPE, text=True, **options)
        line = self.process.stdout.readline()
        if not line.strip():
            self.process.wait(timeout=10)
            raise Refused(f'{pathlib.Path(command[0]).name} did not start. {what_to_do}'.strip())
        self.port = int(line)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
