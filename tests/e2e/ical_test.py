"""The iCalendar that we write, read by programs that others wrote: python3-icalendar, khal and ical.js."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import icalendar

ROOT = pathlib.Path(os.environ.get('DUIKOU_SOURCE_DIR', pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get('DUIKOU_BIN_DIR', ROOT / 'build' / 'bin'))
UTC = datetime.timezone.utc
START, END = datetime.datetime(2026, 3, 4, 2, tzinfo=UTC), datetime.datetime(2026, 3, 4, 4, tzinfo=UTC)
UID = 'cities/210800/consultations/c1@duikou'
SUMMARY = '营口—连云港对口合作联席会议:港口物流、石化、文旅,以及“一带一路”中欧班列的下一步安排'
DESCRIPTION = '议题:\n1. 港口合作; 2. 石化产业\n3. 路径 C:\\共享\n联系人:周某, 0417-0000000'
LOCATION = '营口市政府, 第一会议室'
ATTENDEES = [('mailto:wang@yingkou.example.org', '王某', 'NEEDS-ACTION'), ('mailto:li@lianyungang.example.org', '李某', 'ACCEPTED'),
             ('mailto:wu@yingkou.example.org', '吴某', 'NEEDS-ACTION')]
METHODS = {'request.ics': 'REQUEST', 'cancel.ics': 'CANCEL', 'reply.ics': 'REPLY', 'feed.ics': 'PUBLISH'}


def same(found, expected, what):
    assert found == expected, f'{what}: {found!r}, not {expected!r}'


def read_by_python(folder):
    for name, method in METHODS.items():
        calendar = icalendar.Calendar.from_ical((folder / name).read_bytes())
        same(str(calendar['METHOD']), method, name)
        event, = calendar.walk('VEVENT')
        same((event['DTSTART'].dt, event['DTEND'].dt), (START, END), name)
        for key, value in {'UID': UID, 'SUMMARY': SUMMARY, 'DESCRIPTION': DESCRIPTION, 'LOCATION': LOCATION, 'SEQUENCE': 2}.items():
            same(type(value)(event[key]), value, f'{name} {key}')
        same(str(event['STATUS']), 'CANCELLED' if method == 'CANCEL' else 'CONFIRMED', name)
        same(event['ORGANIZER'].params['CN'], "营口市政府办公室;会务'科'", name)
        attendees = event['ATTENDEE'] if isinstance(event['ATTENDEE'], list) else [event['ATTENDEE']]
        shown = [(str(a), a.params['CN'], a.params['PARTSTAT']) for a in attendees]
        if method != 'REPLY':
            same(shown, ATTENDEES, name)
            continue
        same(shown, [(ATTENDEES[1][0], '李某', 'DELEGATED')], name)
        same(attendees[0].params['DELEGATED-TO'], 'mailto:zhao@lianyungang.example.org', name)
    busy, = icalendar.Calendar.from_ical((folder / 'free_busy.ics').read_bytes()).walk('VFREEBUSY')
    periods = [(p.dts[0].dt if hasattr(p, 'dts') else p.start, p.params['FBTYPE']) for p in busy['FREEBUSY']]
    same(periods, [(START, 'BUSY'), (END + datetime.timedelta(hours=2), 'BUSY-TENTATIVE')], 'free_busy.ics')


def read_by_khal(folder):
    home = folder / 'khal'
    (home / 'calendar').mkdir(parents=True)
    config = home / 'config'
    config.write_text(f'[calendars]\n[[consultations]]\npath = {home}/calendar\n[locale]\nlocal_timezone = Asia/Shanghai\n'
                      'default_timezone = Asia/Shanghai\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n'
                      'datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n'
                      f'[sqlite]\npath = {home}/khal.db\n[default]\ndefault_calendar = consultations\n')
    environment = {**os.environ, 'HOME': str(home), 'XDG_DATA_HOME': str(home), 'LC_ALL': 'C.UTF-8', 'LANG': 'C.UTF-8'}

    def khal(*arguments):
        done = subprocess.run(['khal', '-c', str(config), *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    khal('import', '--batch', '-a', 'consultations', str(folder / 'feed.ics'))
    listed = khal('list', '--format', '{start} / {end} / {title} / {location}', '--day-format', '', '2026-03-04', '2026-03-05')
    same(listed.strip(), f'2026-03-04 10:00 / 2026-03-04 12:00 / {SUMMARY} / {LOCATION}', 'khal')


def read_by_ical_js(folder):
    source = ROOT / 'tests' / 'e2e' / 'ical_node'
    modules = pathlib.Path(os.environ.get('DUIKOU_ICAL_NODE_DIR', BIN.parent / 'e2e-ical-node'))
    modules.mkdir(parents=True, exist_ok=True)
    for name in ('package.json', 'package-lock.json', 'read.js'):
        shutil.copy(source / name, modules / name)
    if not (modules / 'node_modules' / 'ical.js').exists():
        subprocess.run(['npm', 'ci', '--no-audit', '--no-fund'], cwd=modules, check=True, stdout=subprocess.DEVNULL)

    def read(name):
        done = subprocess.run(['node', 'read.js', str(folder / name)], cwd=modules, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    for name, method in METHODS.items():
        said = read(name)
        same(said['method'], method, name)
        event, = said['events']
        same((event['start'], event['end']), ('2026-03-04T02:00:00.000Z', '2026-03-04T04:00:00.000Z'), name)
        same((event['uid'], event['summary'], event['description'], event['location'], event['sequence']),
             (UID, SUMMARY, DESCRIPTION, LOCATION, 2), name)
        same(event['organizer'], "营口市政府办公室;会务'科'", name)
        if method != 'REPLY':
            same([tuple(a) for a in event['attendees']], ATTENDEES, name)
    same(read('free_busy.ics')['busy'], [['2026-03-04T02:00:00.000Z', '2026-03-04T04:00:00.000Z'], ['2026-03-04T06:00:00.000Z', '2026-03-04T07:00:00.000Z']],
         'free_busy.ics')


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([BIN / 'ical_samples', folder], check=True)
        for reader in (read_by_python, read_by_khal, read_by_ical_js):
            reader(folder)
            print(f'{reader.__name__}: ok')


if __name__ == '__main__':
    sys.exit(main())
