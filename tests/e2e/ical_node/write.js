// Writes an iCalendar file with ical.js: write.js FILE
import { writeFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component('vcalendar');
calendar.updatePropertyWithValue('prodid', '-//ical.js//test//EN');
calendar.updatePropertyWithValue('version', '2.0');
const component = new ICAL.Component('vevent');
const event = new ICAL.Event(component);
event.uid = 'weekly@ical.js';
event.summary = '每周例会，港口、石化和文旅三个专班';
event.startDate = ICAL.Time.fromDateTimeString('2026-03-04T02:00:00Z');
event.endDate = ICAL.Time.fromDateTimeString('2026-03-04T03:30:00Z');
component.addPropertyWithValue('dtstamp', ICAL.Time.fromDateTimeString('2026-02-01T00:00:00Z'));
component.addPropertyWithValue('rrule', ICAL.Recur.fromString('FREQ=WEEKLY;COUNT=3'));
component.addPropertyWithValue('exdate', ICAL.Time.fromDateTimeString('2026-03-11T02:00:00Z'));
calendar.addSubcomponent(component);
writeFileSync(process.argv[2], calendar.toString());
