// In which forms the columns of a source are read; those that are not listed are in the plain ones.
import type {Program} from '../program.ts';
import type {DateForm} from './date-form.ts';
import type {NumberForm} from './number-form.ts';

/** Of a column whose type its cells say: all that are not so are left as they are. */
export type CellForm = {readonly number: NumberForm} | {readonly date: DateForm};

export interface ColumnForm {
	readonly number?: NumberForm;
	readonly date?: DateForm;
	/** Where columns are read whatever they hold. */
	readonly cells?: CellForm;
}

/** By the place of a column in a record. */
export type Forms = ReadonlyMap<number, ColumnForm>;

export const plainForms: Forms = new Map();

/** What is looked for in a column; `cells`: what most of its cells are. */
export type ColumnKind = 'number' | 'date' | 'cells';

export interface ReadColumn {
	readonly column: number;
	readonly kind: ColumnKind;
	/** Whether a condition looks at it: then records that are left out count for its form, too. */
	readonly isOfFilter: boolean;
}

/** The columns that a program reads numbers and dates from, each once for each kind. */
export function columnsWithForms({lanes, filter, analyses}: Program): ReadColumn[] {
	const found = new Map<string, ReadColumn>();
	const add = (column: number, kind: ReadColumn['kind'], isOfFilter: boolean): void => {
		found.set(`${kind} ${column}`, {column, kind, isOfFilter});
	};
	for (const lane of lanes) {
		if (lane.kind === 'number') add(lane.column, 'number', false);
		if (lane.kind === 'date' || lane.kind === 'timestamp') add(lane.column, 'date', false);
	}
	for (const {column, test} of filter?.tests ?? [])
		if (test.kind === 'number' || test.kind === 'date') add(column, test.kind, true);
	const names = analyses.find(({columns}) => columns !== undefined)?.columns?.names ?? [];
	for (const column of names.keys()) add(column, 'cells', false);
	return [...found.values()];
}
