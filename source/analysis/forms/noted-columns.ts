// Notes what the cells of records show of the forms of their columns: of readers that have all cells of a record at hand.
import type {Program} from '../program.ts';
import type {Place} from '../quality/places.ts';
import {type ColumnEvidence, type MutableEvidence, noteDate, noteNumber} from './evidence.ts';
import {columnsWithForms, type ReadColumn} from './forms.ts';

export class NotedColumns {
	readonly #columns: readonly (ReadColumn & {readonly kind: 'number' | 'date'; readonly shown: MutableEvidence})[];
	#records = 0;
	#leftOut = 0;

	constructor(program: Program) {
		this.#columns = columnsWithForms(program).flatMap(({kind, ...column}) =>
			kind === 'cells' ? [] : [{...column, kind, shown: {}}],
		);
	}

	/** @param isLeftOut - Whether the condition of the run leaves the record out. */
	note(fields: readonly string[], {line, byteOffset}: Place, isLeftOut: boolean): void {
		this.#records++;
		if (isLeftOut) this.#leftOut++;
		for (const {column, kind, isOfFilter, shown} of this.#columns) {
			const cell = fields[column] ?? '';
			if ((isLeftOut && !isOfFilter) || isBlank(cell)) continue;
			(kind === 'number' ? noteNumber : noteDate)(shown, {line, byteOffset, cell});
		}
	}

	get evidence(): ColumnEvidence[] {
		return this.#columns.map(({column, kind, isOfFilter, shown}) => ({
			...{column, kind, shown},
			records: isOfFilter ? this.#records : this.#records - this.#leftOut,
		}));
	}
}

const isBlank = (cell: string): boolean => /^[ \t]*$/.test(cell);
