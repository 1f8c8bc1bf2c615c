// Numbers and dates in one form, whatever form the cells of their column are in: `1234.56`, `-8.1`, `2024-12-31`. The form is one decision for each column
// of a file, of all of its cells, so the file is read twice.

import {readDateAs, readNumberAs} from '../../../analysis/forms/cell-forms.ts';
import {decideForm, type ForcedForms} from '../../../analysis/forms/decide.ts';
import {type MutableEvidence, noteDate, noteNumber} from '../../../analysis/forms/evidence.ts';
import type {UndecidedColumn} from '../../shared/table-protocol.ts';
import {canonicalRecord, cellsOf} from './canonical-records.ts';

/** What a column needs; cells that are no numbers, or no dates, stay as they are. */
type CellWriter = (cell: string) => string;

export interface Normalised {
	/** @param records - As in canonical-records.ts; and so is what comes back. */
	readonly normalise: (records: Uint8Array) => Uint8Array;
	readonly undecided: readonly UndecidedColumn[];
}

/** Looks at all cells of the columns of a file. */
export class FormFinder {
	readonly #columns: readonly ColumnNotes[];

	/** @param forced - What is said of the forms of all columns. */
	constructor(names: readonly string[], forced: ForcedForms = {}) {
		this.#columns = names.map(name => new ColumnNotes(name, forced));
	}

	/** @param records - As in canonical-records.ts. */
	add(records: Uint8Array): void {
		for (const cells of cellsOf(records))
			for (const [index, notes] of this.#columns.entries()) notes.add(cells[index] ?? '');
	}

	finish(): Normalised {
		const decided = this.#columns.map(notes => notes.decide());
		const writers = decided.map(({write}) => write);
		const keep: CellWriter = cell => cell;
		return {
			normalise(records) {
				if (writers.every(write => write === null)) return records;
				const written = cellsOf(records).map(cells =>
					canonicalRecord(cells.map((cell, index) => (writers[index] ?? keep)(cell))),
				);
				return Buffer.from(written.join(''));
			},
			undecided: decided.flatMap(({undecided}) => undecided ?? []),
		};
	}
}

interface DecidedColumn {
	/** `null` where cells stay as they are. */
	readonly write: CellWriter | null;
	readonly undecided?: UndecidedColumn;
}

/** The forms of cells are found in their bytes. */
const bytesOf = (cell: string): string => Buffer.from(cell).toString('latin1');

/** Digits with a zero in front are a code and not a number: `00123`. */
const CODE = /^0\d/;

class ColumnNotes {
	readonly #name: string;
	readonly #forced: ForcedForms;
	readonly #numbers: MutableEvidence = {};
	readonly #dates: MutableEvidence = {};
	#cells = 0;
	#codes = 0;

	constructor(name: string, forced: ForcedForms) {
		this.#name = name;
		this.#forced = forced;
	}

	add(cell: string): void {
		if (cell.trim() === '') return;
		this.#cells++;
		if (CODE.test(cell.trim())) this.#codes++;
		const example = {cell: bytesOf(cell), line: 0, byteOffset: 0};
		noteNumber(this.#numbers, example);
		noteDate(this.#dates, example);
	}

	decide(): DecidedColumn {
		const numbers = countOf(this.#numbers, ['number', 'percent']);
		const dates = this.#cells - countOf(this.#dates, ['none', 'hour', 'serial', 'seconds', 'milliseconds']);
		if (this.#isMost(numbers) && this.#codes === 0) return this.#decide('number', this.#numbers);
		return this.#isMost(dates) ? this.#decide('date', this.#dates) : {write: null};
	}

	/** Some cells may be what nobody foresaw, such as a word for what is missing. */
	#isMost(count: number): boolean {
		return count * 2 > this.#cells;
	}

	#decide(kind: 'number' | 'date', shown: MutableEvidence): DecidedColumn {
		const decision = decideForm({column: 0, kind, records: this.#cells, shown}, {}, this.#forced);
		if ('undecided' in decision) {
			const cells = decision.undecided.shown.map(({example}) => Buffer.from(example.cell, 'latin1').toString());
			return {write: null, undecided: {name: this.#name, cells}};
		}
		const {number, date} = decision.form;
		const read = (cell: string) => (kind === 'number' ? readNumberAs(number, cell) : readDateAs(date, cell));
		return {
			write(cell) {
				const found = read(bytesOf(cell));
				return typeof found === 'string' ? cell : found.plain;
			},
		};
	}
}

const countOf = (shown: MutableEvidence, whats: readonly string[]): number =>
	whats.reduce((sum, what) => sum + (shown[what]?.count ?? 0), 0);
