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

/**
A heading for each missing column of an analysis: one that is nearly its name, or the first one that stands for nothing else and has cells
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
		const named = near.find(one => one.column === column && !taken.has(names.indexOf(one.heading)))?.heading;
		const type = declaration.columns[column]?.is ?? 'number';
		const index =
			named === undefined
				? names.findIndex((heading, place) => isUsable(heading, place) && cells.isLike(place, type))
				: names.indexOf(named);
		const heading = names[index];
		if (heading === undefined) return null;
		taken.add(index);
		found.push({column, heading});
	}
	return found;
}
