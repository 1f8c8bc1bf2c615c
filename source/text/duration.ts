// Spans of time as people write them: 90s, 30m, 12h, 7d, 2w. A number alone may mean days to one and seconds to another, so only 0 has no unit.

const SECONDS: Readonly<Record<string, number>> = {s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800};

/** What such a text is written like, for schemas. */
export const DURATION_PATTERN = '^(?:0|[0-9]{1,5}(?:\\.[0-9]{1,3})?(?:s|min|m|h|d|w))$';
/** In one unit. */
const MOST = 99_999;
const PATTERN = new RegExp(DURATION_PATTERN);

/** @returns Seconds; `undefined` where the text is not a span of time. */
export function parseDuration(text: string): number | undefined {
	if (!PATTERN.test(text)) return undefined;
	return Number.parseFloat(text) * (SECONDS[text.replace(/^[\d.]+/, '')] ?? 1);
}

/** What is wrong with such a text, as a part of a sentence; `undefined` where nothing is. */
export const findDurationFault = (text: string): string | undefined =>
	PATTERN.test(text) ? undefined : 'a span of time is like 90s, 30m, 12h, 7d or 2w';

/** The shortest text of that kind: `7d`, `36h`; weeks, in which few people count, only where the days would be too many. */
export function formatShortDuration(seconds: number): string {
	const unit = ['d', 'h', 'm', 's', 'w'].find(name => {
		const count = seconds / (SECONDS[name] ?? 1);
		return count > 0 && count <= MOST && Number.isInteger(count);
	});
	return unit === undefined ? String(seconds) : `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}
