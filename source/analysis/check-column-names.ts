// Whether the other names of a column are what a declaration may have.

import type {ValueChecks} from './value-checks.ts';

interface ColumnNames {
	readonly aliases?: unknown;
	readonly pairs?: unknown;
}

export function checkColumnNames({aliases, pairs}: ColumnNames, path: string, checks: ValueChecks): void {
	const checkAll = (value: unknown, at: string, mayHaveLists: boolean): void => {
		for (const [index, name] of checks.list(value, at).entries()) {
			const place = `${at}[${index}]`;
			// Names that are equally good stand in a list of their own.
			if (mayHaveLists && Array.isArray(name)) checkAll(name, place, false);
			else checks.text(name, place);
		}
	};
	if (aliases !== undefined) checkAll(aliases, `${path}.aliases`, true);
	if (pairs === undefined) return;
	for (const [index, pair] of checks.list(pairs, `${path}.pairs`).entries()) {
		const place = `${path}.pairs[${index}]`;
		const sides = checks.list(pair, place);
		if (sides.length !== 2)
			checks.fault(place, 'expected two lists: names of what is added, and of what is subtracted');
		for (const [side, names] of sides.entries()) checkAll(names, `${place}[${side}]`, false);
	}
}
