// Reads an iCalendar file with ical.js and prints what it says as JSON: read.js FILE
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], 'utf8')));
const moment = (time) => time.toJSDate().toISOString();
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: moment(event.startDate),
    end: moment(event.endDate),
    summary: event.summary,
    description: event.description,
    location: event.location,
    sequence: event.sequence,
    status: component.getFirstPropertyValue('status'),
    organizer: component.getFirstProperty('organizer').getParameter('cn'),
    attendees: event.attendees.map((attendee) => [attendee.getFirstValue(), attendee.getParameter('cn'), attendee.getParameter('partstat')]),
  };
});
const busy = calendar.getAllSubcomponents('vfreebusy').flatMap((component) =>
  component.getAllProperties('freebusy').flatMap((property) => property.getValues().map((period) => [moment(period.start), moment(period.end)])));
console.log(JSON.stringify({ method: calendar.getFirstPropertyValue('method'), events, busy }));
