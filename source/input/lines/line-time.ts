// The time of a log line, as the clock was written: at its beginning, or in the bracket of an access log.
//
//   2024-03-01T10:00:00.250Z …      [2024-03-01 10:00:00,250] …      ts=2024-03-01T10:00:00Z …      <34>1 2024-03-01T10:00:00Z …
//   127.0.0.1 - - [01/Mar/2024:10:00:00 +0100] …
//   Mar  1 10:00:00 host …          syslog, which has no year: the hour is known, and the day is not
import {accessTimeAt} from './user-forms.ts';

/** What may stand in front of a time: a bracket, the name of a pair, the priority and version of syslog. */
const START = String.raw`^(?:<\d{1,3}>(?:\d{1,2} )?)?(?:(?:ts|time|timestamp|date|datetime|@timestamp)=)?["'[(]?`;
const ISO = new RegExp(
	String.raw`${START}(?<day>\d{4}-\d\d-\d\d)(?:(?:[Tt]| {1,2})(?<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60))?))?(?!\d)`,
);
const SYSLOG = new RegExp(
	String.raw`${START}(?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<clock>(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60))(?!\d)`,
);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Times stand in front of this. */
const MAX_START = 64;

/**
@param isAccess - Whether it is a line of an access log.
@returns A time as `2024-03-01T10:00:00` or `2024-03-01`, of which the day may not be in the calendar; `T10:00:00` where the day is not known;
empty where there is none.
*/
export function findTime(line: Buffer, isAccess: boolean): string {
	if (isAccess) {
		const bracket = accessTimeAt(line);
		return bracket === -1 ? '' : accessTime(line.toString('latin1', bracket + 1, bracket + 21));
	}
	const start = line.toString('latin1', 0, MAX_START);
	const {day, clock} = ISO.exec(start)?.groups ?? {};
	if (day !== undefined) return clock === undefined ? day : `${day}T${withSeconds(clock)}`;
	const syslog = SYSLOG.exec(start)?.groups;
	return syslog !== undefined && months.includes(syslog.month ?? '') ? `T${syslog.clock ?? ''}` : '';
}

const withSeconds = (clock: string): string => (clock.length === 5 ? `${clock}:00` : clock);

/** @param text - `01/Mar/2024:10:00:00` */
function accessTime(text: string): string {
	const month = months.indexOf(text.slice(3, 6)) + 1;
	if (month === 0) return '';
	return `${text.slice(7, 11)}-${String(month).padStart(2, '0')}-${text.slice(0, 2)}T${text.slice(12)}`;
}
