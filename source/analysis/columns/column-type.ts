// Which type a column has, by how many of its cells have each class.
import type {CellClass} from './cell.ts';

export const columnTypes = [
	'empty',
	'boolean',
	'integer',
	'decimal',
	'float',
	'identifier',
	'date',
	'timestamp',
	'time',
	'text',
] as const;

export type ColumnType = (typeof columnTypes)[number];

/** The classes of cells that have each type, the narrowest type first. */
const classesOf = {
	boolean: ['boolean'],
	integer: ['integer', 'signed'],
	decimal: ['integer', 'signed', 'decimal'],
	float: ['integer', 'signed', 'decimal', 'float'],
	identifier: ['integer', 'identifier'],
	date: ['date'],
	timestamp: ['date', 'timestamp'],
	time: ['time'],
} as const satisfies Record<Exclude<ColumnType, 'empty' | 'text'>, readonly CellClass[]>;

export const MOSTLY_PERCENT = 95;

export interface TypeOfColumn {
	/** The narrowest type that all cells with a value have. */
	readonly type: ColumnType;
	/**
	The type of at least 95 % of these cells, the narrowest one if there are several. For a column that is not text this is its type.
	`null` if there is no type of 95 %.
	*/
	readonly mostly: ColumnType | null;
}

/** Of a column whose cells read in several ways: nothing is said that one of them would say. */
export const noType: TypeOfColumn = {type: 'text', mostly: null};

/** @param countOf - How many cells have a class. */
export function typeOf(countOf: (cellClass: CellClass) => number, cells: number): TypeOfColumn {
	if (cells === 0) return {type: 'empty', mostly: null};
	let mostly: ColumnType = 'text';
	let most = countOf('text');
	for (const [type, classes] of Object.entries(classesOf) as [ColumnType, readonly CellClass[]][]) {
		const count = classes.reduce((sum, cellClass) => sum + countOf(cellClass), 0);
		if (count === cells) return {type, mostly: type};
		if (count > most) {
			most = count;
			mostly = type;
		}
	}
	return {type: 'text', mostly: most * 100 >= cells * MOSTLY_PERCENT ? mostly : null};
}

/** Whether a cell of a class has a type; any cell is a text. */
export function fitsType(type: ColumnType | null, cellClass: CellClass): boolean {
	if (type === null || type === 'empty' || type === 'text') return true;
	const classes: readonly CellClass[] = classesOf[type];
	return classes.includes(cellClass);
}

export const isNumberType = (type: ColumnType | null): boolean =>
	type === 'integer' || type === 'decimal' || type === 'float';

export const isMomentType = (type: ColumnType | null): boolean => type === 'date' || type === 'timestamp';
