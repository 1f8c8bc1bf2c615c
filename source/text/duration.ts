// Spans of time as people write them: 90s, 30m, 12h, 7d, 2w. A number alone may mean days to one and seconds to another.
import {parseWithUnit, type Units} from './byte-size.ts';

const UNITS: Units = new Map([
	['s', 1],
	['m', 60],
	['min', 60],
	['h', 3600],
	['d', 86_400],
	['w', 604_800],
]);

/** What a date can be reckoned from, either way. */
const MAX_SECONDS = 100 * 365 * 86_400;

/** @returns Seconds; `undefined` where the text is not a span of time. */
export function parseDuration(text: string): number | undefined {
	const seconds = text === '0' ? 0 : parseWithUnit(text, UNITS);
	return seconds === undefined || seconds > MAX_SECONDS ? undefined : seconds;
}

/** What is wrong with such a text, as a part of a sentence; `undefined` where nothing is. */
export const findDurationFault = (text: string): string | undefined =>
	parseDuration(text) === undefined ? 'a span of time is like 90s, 30m, 12h, 7d or 2w, up to 100 years' : undefined;

/** The shortest text of that kind: `7d`, `36h`. */
export function formatShortDuration(seconds: number): string {
	const unit = ['w', 'd', 'h', 'm', 's'].find(
		name => seconds > 0 && Number.isInteger(seconds / (UNITS.get(name) ?? 1)),
	);
	return unit === undefined ? String(seconds) : `${seconds / (UNITS.get(unit) ?? 1)}${unit}`;
}
