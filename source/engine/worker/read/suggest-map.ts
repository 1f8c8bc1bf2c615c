// Which `--map` a user can type for columns that a header does not have under the names that an analysis knows.

import type {ColumnMatch} from '../../../analysis/detect.ts';
import type {FirstCells} from '../../../analysis/first-cells.ts';

export interface NamedColumn {
	readonly column: string;
	readonly heading: string;
}

/** `--map 'amount=Amount due,date=Day'`, for a shell. */
export function mapArgument(columns: readonly NamedColumn[]): string {
	const map = columns.map(({column, heading}) => `${column}=${inMap(heading)}`).join(',');
	return `--map ${/^[\w=,.-]+$/.test(map) ? map : `'${map.replaceAll("'", "'\\''")}'`}`;
}

/** As parseColumnMap reads it. */
const inMap = (heading: string): string =>
	/[",=]|^\s|\s$/.test(heading) ? `"${heading.replaceAll('"', '""')}"` : heading;

/** Headings of numbers that are names of things: no sum of them means anything, and they are no days. */
const NAMES_OF_THINGS = /(?:^|[^a-z])(?:id|ids|key|nr|no|number|code|zip|plz|postcode|phone|tel|year|line|row)\.?$/i;
const ENDS_IN_ID = /[a-z]I[Dd]$/;

/**
A heading for each missing column of an analysis: one that is nearly its name, or the first one that stands for nothing else; either has cells
of its type.

@param near - Headings by missing columns.
@returns `null` where some column has none.
*/
export function suggestMap(
	{declaration, missing, indexes, subtracted}: ColumnMatch,
	names: readonly string[],
	cells: FirstCells,
	near: readonly NamedColumn[],
): readonly NamedColumn[] | null {
	const taken = new Set([...Object.values(indexes), ...Object.values(subtracted)]);
	const isUsable = (heading: string, index: number): boolean =>
		heading.trim() !== '' && names.indexOf(heading) === names.lastIndexOf(heading) && !taken.has(index);
	const found: NamedColumn[] = [];
	for (const column of missing) {
		const type = declaration.columns[column]?.is ?? 'number';
		const isMeant = (place: number): boolean => place !== -1 && !taken.has(place) && cells.fits(place, type);
		const named = near.find(one => one.column === column && isMeant(names.indexOf(one.heading)))?.heading;
		const mayBe = (heading: string, place: number): boolean =>
			isUsable(heading, place) &&
			cells.isLike(place, type) &&
			!near.some(one => one.heading === heading && one.column !== column) &&
			(type === 'text' || !(NAMES_OF_THINGS.test(heading.trim()) || ENDS_IN_ID.test(heading.trim())));
		const index = named === undefined ? names.findIndex(mayBe) : names.indexOf(named);
		const heading = names[index];
		if (heading === undefined) return null;
		taken.add(index);
		found.push({column, heading});
	}
	return found;
}
