// Validates values from outside by small checks that can be combined. A check finds the path of the faulty part, so that a
// message can name it.

/** Returns the path of the faulty part, '' for the value itself; `null` where the value is valid. */
export type Check = (value: unknown) => string | null;

const checkIf =
	(isRight: (value: unknown) => boolean): Check =>
	value =>
		isRight(value) ? null : '';

export const text = checkIf(value => typeof value === 'string');
/** A word or a short label; longer text is not accepted. */
export const label = checkIf(value => typeof value === 'string' && value.length <= 200);
export const flag = checkIf(value => typeof value === 'boolean');
/** Of things, bytes or milliseconds. */
export const count = checkIf(value => typeof value === 'number' && Number.isFinite(value) && value >= 0);
export const oneOf = (...words: readonly unknown[]): Check => checkIf(value => words.includes(value));

export const orNull =
	(check: Check): Check =>
	value =>
		value === null ? null : check(value);

/** Missing in older recordings. */
export const optional =
	(check: Check): Check =>
	value =>
		value === undefined ? null : check(value);

export const listOf =
	(check: Check, maxItems = Number.POSITIVE_INFINITY): Check =>
	value => {
		if (!Array.isArray(value) || value.length > maxItems) return '';
		for (const [index, item] of value.entries()) {
			const fault = check(item);
			if (fault !== null) return joinPath(String(index), fault);
		}
		return null;
	};

/** Other keys are allowed: newer versions may add some. */
export function shape<Value>(checks: {readonly [Key in keyof Value]-?: Check}): Check {
	const entries = Object.entries<Check>(checks);
	return value => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
		for (const [key, check] of entries) {
			const fault = check(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);
			if (fault !== null) return joinPath(key, fault);
		}
		return null;
	};
}

/** An object whose values are all alike. */
export const mapOf =
	(check: Check): Check =>
	value => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
		for (const [key, item] of Object.entries(value)) {
			const fault = check(item);
			if (fault !== null) return joinPath(key, fault);
		}
		return null;
	};

/** Any JSON value with lists and objects nested up to a depth. */
export function jsonOf(depth: number): Check {
	if (depth === 0) return checkIf(value => typeof value !== 'object' || value === null);
	const inner = jsonOf(depth - 1);
	return value => {
		if (typeof value !== 'object' || value === null) return null;
		for (const [key, item] of Object.entries(value)) {
			const fault = inner(item);
			if (fault !== null) return joinPath(key, fault);
		}
		return null;
	};
}

const joinPath = (key: string, rest: string): string => (rest === '' ? key : `${key}.${rest}`);
