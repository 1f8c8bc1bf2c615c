// Which column of a header has a value of its own in each record.
import {normalizeAlias, normalizeColumnName} from '../column-names.ts';
import {transactionIdNames} from '../roles.ts';

/** @param names - Of a header. @returns Where the column stands that is called like an id of transactions, if there is one alone. */
export function findKey(names: readonly string[]): number | null {
	const bare = names.map(normalizeAlias);
	for (const wanted of transactionIdNames.map(normalizeAlias)) {
		const place = bare.indexOf(wanted);
		if (place !== -1) return bare.lastIndexOf(wanted) === place ? place : null;
	}
	return null;
}

/** Where the columns of a name stand, those that are called exactly so before others. */
export function placesOfColumn(names: readonly string[], wanted: string): readonly number[] {
	const placesOf = (fits: (name: string) => boolean): readonly number[] =>
		names.flatMap((name, place) => (fits(name) ? [place] : []));
	const exact = placesOf(name => name === wanted);
	return exact.length > 0 ? exact : placesOf(name => normalizeColumnName(name) === normalizeColumnName(wanted));
}
