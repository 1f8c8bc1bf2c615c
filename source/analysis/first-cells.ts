// The first cells of each column of a table: they say whether a column is what its name may mean.
import {isBlankCell} from './calendar-date.ts';
import type {CellType} from './declaration.ts';
import {readWrittenDate} from './forms/date-form.ts';
import {readWritten} from './forms/number-form.ts';

/** Of a table with more records, no more are looked at. */
export const CELLS_LOOKED_AT = 100;
/** Of cells that are not empty. */
const LEAST_SHARE = 0.9;

/** Words that say of an amount without a sign whether it is added or subtracted. */
const SIGN_WORDS: readonly (readonly [plus: readonly string[], minus: readonly string[]])[] = [
	[
		['credit', 'cr', 'c', 'crédit', 'abono'],
		['debit', 'dr', 'd', 'db', 'débit', 'cargo'],
	],
	[
		['h', 'haben'],
		['s', 'soll'],
	],
	[['bij'], ['af']],
	[
		['+', 'in', 'deposit', 'income'],
		['-', 'out', 'withdrawal', 'expense'],
	],
];

export class FirstCells {
	readonly #records: readonly (readonly string[])[];
	readonly #asked = new Map<string, {readonly ask: (cells: FirstCells) => unknown; readonly answer: unknown}>();

	/** @param records - One character per byte, at most `CELLS_LOOKED_AT`; none where only the names count. */
	constructor(records: readonly (readonly string[])[]) {
		this.#records = records;
	}

	/** Whether all that was asked of these cells has the same answer for others: then it does not matter which ones are looked at. */
	areLike(others: FirstCells): boolean {
		return Array.from(this.#asked.values()).every(({ask, answer}) => ask(others) === answer);
	}

	#ask<Answer>(key: string, ask: (cells: FirstCells) => Answer): Answer {
		const known = this.#asked.get(key);
		if (known !== undefined) return known.answer as Answer;
		const answer = ask(this);
		this.#asked.set(key, {ask, answer});
		return answer;
	}

	/** Those that are not empty. */
	#cellsOf(index: number): string[] {
		return this.#records.flatMap(fields => {
			const cell = fields[index] ?? '';
			return isBlankCell(cell) ? [] : [cell];
		});
	}

	/**
	Whether nearly all cells of a column are of a type, in any form.

	@param mayBeEmpty - Whether a column of empty cells is one. Where there are no records, any column is.
	*/
	readonly fits = (index: number, type: CellType, mayBeEmpty = false): boolean =>
		this.#ask(`${type} ${index} ${mayBeEmpty}`, cells => cells.#look(index, type, mayBeEmpty));

	#look(index: number, type: CellType, mayBeEmpty: boolean): boolean {
		if (type === 'text' || this.#records.length === 0) return true;
		const cells = this.#cellsOf(index);
		if (cells.length === 0) return mayBeEmpty;
		const isOfType = (cell: string): boolean =>
			type === 'number' ? readWritten(cell) !== null : readWrittenDate(cell) !== null;
		return cells.filter(isOfType).length >= LEAST_SHARE * cells.length;
	}

	/** Whether a column looks like one of the type, and not like one of another: numbers may be days, and texts anything. */
	isLike(index: number, type: CellType): boolean {
		if (this.#cellsOf(index).length === 0) return false;
		if (type === 'number') return this.fits(index, 'number');
		if (type !== 'text') return this.fits(index, 'date');
		return !this.fits(index, 'number') && !this.fits(index, 'date');
	}

	hasNegatives(index: number): boolean {
		return this.#ask(`negatives ${index}`, cells => cells.#signsOf(index).includes(true));
	}

	/** Whether there are negative numbers in a column, and no positive ones. */
	isNegative(index: number): boolean {
		return this.#ask(`negative ${index}`, cells => {
			const signs = cells.#signsOf(index);
			return signs.length > 0 && !signs.includes(false);
		});
	}

	/** Whether each number other than zero is negative. */
	#signsOf(index: number): boolean[] {
		return this.#cellsOf(index).flatMap(cell => {
			const written = readWritten(cell);
			return written === null || !/[1-9]/.test(cell) ? [] : [written.isNegative];
		});
	}

	/** The column that says of each record whether its amount is subtracted; -1 where there is none. */
	findSignColumn(columns: number): number {
		return this.#ask(`signs ${columns}`, cells =>
			Array.from({length: columns}).findIndex((_, index) => cells.#haveSignWords(index)),
		);
	}

	#haveSignWords(index: number): boolean {
		const words = this.#cellsOf(index).map(cell => Buffer.from(cell.trim(), 'latin1').toString().toLowerCase());
		return SIGN_WORDS.some(
			([plus, minus]) =>
				words.some(word => minus.includes(word)) && words.every(word => plus.includes(word) || minus.includes(word)),
		);
	}
}
