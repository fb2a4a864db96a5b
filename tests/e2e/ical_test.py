"""The iCalendar that we write, read by programs that others wrote: python3-icalendar, khal and ical.js, and kept unchanged by a server, radicale;
and what these write, read by us."""
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import icalendar

from harness import free_port

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


def khal_with(home):
    """khal with an empty calendar in a folder: a function that runs it."""
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
    return khal


def read_by_khal(folder):
    khal = khal_with(folder / 'khal')
    khal('import', '--batch', '-a', 'consultations', str(folder / 'feed.ics'))
    listed = khal('list', '--format', '{start} / {end} / {title} / {location}', '--day-format', '', '2026-03-04', '2026-03-05')
    same(listed.strip(), f'2026-03-04 10:00 / 2026-03-04 12:00 / {SUMMARY} / {LOCATION}', 'khal')


def ical_js(script, file):
    source = ROOT / 'tests' / 'e2e' / 'ical_node'
    modules = pathlib.Path(os.environ.get('DUIKOU_ICAL_NODE_DIR', BIN.parent / 'e2e-ical-node'))
    modules.mkdir(parents=True, exist_ok=True)
    for name in ('package.json', 'package-lock.json', 'read.js', 'write.js'):
        shutil.copy(source / name, modules / name)
    if not (modules / 'node_modules' / 'ical.js').exists():
        subprocess.run(['npm', 'ci', '--no-audit', '--no-fund'], cwd=modules, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(['node', script, str(file)], cwd=modules, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_by_ical_js(folder):
    def read(name):
        return json.loads(ical_js('read.js', folder / name))

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


@contextlib.contextmanager
def radicale(folder):
    """A CalDAV server with an empty calendar; gives the calendar's address."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    config = folder / 'radicale.conf'
    config.write_text(f'[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n'
                      f'[storage]\nfilesystem_folder = {folder / "collections"}\n[web]\ntype = none\n')
    with open(folder / 'radicale.log', 'wb') as log, subprocess.Popen(['radicale', '--config', str(config)], stdout=log, stderr=log, env={**os.environ, 'HOME': str(folder)}) as server:
        try:
            calendar = f'http://127.0.0.1:{port}/officer/consultations/'
            for _ in range(100):
                try:
                    dav('MKCALENDAR', calendar)
                    break
                except urllib.error.URLError as error:
                    assert not isinstance(error, urllib.error.HTTPError) and server.poll() is None, error
                    time.sleep(0.1)
            yield calendar
        finally:
            server.terminate()


def dav(method, address, content=None):
    request = urllib.request.Request(address, data=content, method=method, headers={
        'Authorization': 'Basic b2ZmaWNlcjo=', 'Content-Type': 'text/calendar; charset=utf-8'})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def components(ical):
    """What it says, whatever the order and folding of its lines: each component with its properties, their parameters and values as written."""
    def content(component):
        lines = sorted((name, sorted(f'{key}={value}' for key, value in getattr(value, 'params', {}).items()), value.to_ical() if hasattr(value, 'to_ical') else value)
                       for name, value in component.property_items(recursive=False) if name not in ('BEGIN', 'END'))
        return component.name, lines, sorted(content(part) for part in component.subcomponents)
    return content(icalendar.Calendar.from_ical(ical))


def kept_by_radicale(folder):
    with radicale(folder) as calendar:
        for name in METHODS:
            # What a server keeps has no METHOD (RFC 4791, 4.1), and no two objects of one UID.
            sent = b''.join(line for line in (folder / name).read_bytes().splitlines(keepends=True) if not line.startswith(b'METHOD:'))
            dav('PUT', f'{calendar}c1.ics', sent)
            kept = dav('GET', f'{calendar}c1.ics')
            same(components(kept), components(sent), f'{name} as radicale gives it back')
            dav('DELETE', f'{calendar}c1.ics')


def busy(file, *expected):
    done = subprocess.run([BIN / 'ical_samples', '--read', file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    same(done.stdout.splitlines(), list(expected), f'{file.name} as we read it')


def written_by_others(folder):
    """A weekly meeting of theirs with one left out, in a zone with its rule written out and in UTC; a whole day; and what a server gives back."""
    calendar = icalendar.Calendar()
    calendar.add('prodid', '-//python//test//EN')
    calendar.add('version', '2.0')
    shanghai = icalendar.Timezone()
    shanghai.add('tzid', 'Asia/Shanghai')
    standard = icalendar.TimezoneStandard()
    standard.add('dtstart', datetime.datetime(1970, 1, 1))
    standard.add('tzoffsetfrom', datetime.timedelta(hours=8))
    standard.add('tzoffsetto', datetime.timedelta(hours=8))
    shanghai.add_component(standard)
    calendar.add_component(shanghai)
    event = icalendar.Event()
    event.add('uid', 'weekly@python')
    event.add('dtstamp', START)
    event.add('summary', '每周例会,港口、石化和文旅三个专班参加,会议材料请提前一天送市政府办公室')
    event.add('rrule', {'freq': 'weekly', 'count': 3})
    for name, moment in (('dtstart', (2026, 3, 4, 10)), ('dtend', (2026, 3, 4, 11, 30)), ('exdate', (2026, 3, 11, 10))):
        event.add(name, datetime.datetime(*moment), parameters={'TZID': 'Asia/Shanghai'})
    calendar.add_component(event)
    python = folder / 'python.ics'
    python.write_bytes(calendar.to_ical())
    said = event['SUMMARY']
    busy(python, f'03-04 10:00 03-04 11:30 {said}', f'03-18 10:00 03-18 11:30 {said}')
    ical_js('write.js', folder / 'js.ics')
    said = '每周例会，港口、石化和文旅三个专班'
    busy(folder / 'js.ics', f'03-04 10:00 03-04 11:30 {said}', f'03-18 10:00 03-18 11:30 {said}')
    home = folder / 'khal-new'
    khal = khal_with(home)
    khal('new', '--repeat', 'weekly', '--until', '2026-03-12', '2026-03-04', '10:00', '11:30', '常务会议')
    khal('new', '2026-04-06', '清明出访')
    found = sorted((path.read_text(encoding='utf-8'), path) for path in (home / 'calendar').glob('*.ics'))
    whole_day, = (path for text, path in found if '清明' in text)
    weekly, = (path for text, path in found if '常务' in text)
    busy(weekly, '03-04 10:00 03-04 11:30 常务会议', '03-11 10:00 03-11 11:30 常务会议')
    busy(whole_day, '04-06 00:00 04-07 00:00 清明出访')
    with radicale(folder / 'server') as collection:
        dav('PUT', f'{collection}weekly.ics', weekly.read_bytes())
        whole = folder / 'radicale.ics'
        whole.write_bytes(dav('GET', collection))
        busy(whole, '03-04 10:00 03-04 11:30 常务会议', '03-11 10:00 03-11 11:30 常务会议')


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([BIN / 'ical_samples', folder], check=True)
        for reader in (read_by_python, read_by_khal, read_by_ical_js, kept_by_radicale, written_by_others):
            reader(folder)
            print(f'{reader.__name__}: ok')


if __name__ == '__main__':
    sys.exit(main())
