const MAX_FOUND_LENGTH = 60;

/** What was found in the place of something else, in a few words. */
export function describeFound(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (Array.isArray(value)) return `a list of ${value.length}`;
	if (typeof value === 'function') return 'a function';
	if (typeof value === 'object' && value !== null) return 'an object';
	if (typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
	const text = JSON.stringify(value) ?? String(value);
	return text.length > MAX_FOUND_LENGTH ? `${text.slice(0, MAX_FOUND_LENGTH)}…` : text;
}
