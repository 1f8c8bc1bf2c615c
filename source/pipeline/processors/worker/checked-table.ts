// What `validate` knows of a table while it is read.
import {isBlankCell} from '../../../analysis/calendar-date.ts';
import {differentNames} from '../../../input/join-names.ts';
import {formatInteger} from '../../../text/format.ts';
import {quoted} from '../../../text/quoted.ts';
import {StepError} from '../../pipeline.ts';
import type {ColumnRules, ValidateSettings} from '../rules.ts';
import {type CellFault, checkOf} from './cell-checks.ts';

/** Two of the same would need as much memory as all of them; beyond these it is not known any more which values there are. */
const MAX_DISTINCT = 2_000_000;

interface CheckedColumn {
	readonly name: string;
	readonly place: number;
	readonly check: (cell: string) => CellFault | null;
	/** Values → the lines where they stand; `null` where they may stand in several. */
	readonly seen: Map<string, number> | null;
}

/** A cell that does not keep the rules of its column. */
export interface FaultyCell extends CellFault {
	readonly column: string;
}

/** One reading of a table: what its header must have, and what its records must keep. */
export class CheckedTable {
	readonly #settings: ValidateSettings;
	#columns: readonly CheckedColumn[] | null = null;
	#distinct = 0;

	constructor(settings: ValidateSettings) {
		this.#settings = settings;
	}

	/** @throws {StepError} When it lacks a column, or has others. */
	begin(written: readonly string[]): void {
		const names = differentNames(written);
		const {columns, only = false} = this.#settings;
		const others = names.filter(name => !Object.hasOwn(columns, name));
		if (only && others.length > 0)
			throw new StepError('VALIDATION_FAILED', `Expected no other columns, found ${listNames(others)}`);
		this.#columns = Object.entries(columns).flatMap(([name, rules]) => {
			const place = names.indexOf(name);
			return place === -1 ? this.#assertOptional(name, rules, names) : [checkedColumn(name, place, rules)];
		});
	}

	/** An empty file has no header. @throws {StepError} */
	assertHeader(): void {
		if (this.#columns !== null) return;
		for (const [name, rules] of Object.entries(this.#settings.columns)) this.#assertOptional(name, rules, []);
	}

	#assertOptional(name: string, {optional = false}: ColumnRules, names: readonly string[]): [] {
		if (optional) return [];
		const has = names.length === 0 ? 'the file is empty' : `its header has ${listNames(names)}`;
		throw new StepError('VALIDATION_FAILED', `Expected the column ${quoted(name)}; ${has}`);
	}

	/** @param line - Where the record begins. @returns What is wrong with it; `null` where nothing is. */
	judge(cells: readonly string[], line: number): FaultyCell | null {
		const columns = this.#columns ?? [];
		for (const {name, place, check} of columns) {
			const fault = check(cells[place] ?? '');
			if (fault !== null) return {column: name, ...fault};
		}
		for (const {name, place, seen} of columns) {
			const cell = cells[place] ?? '';
			const before = seen?.get(cell);
			if (before !== undefined) return {column: name, reason: 'not-accepted', value: thereAlready(cell, before)};
		}
		// Of a record that is rejected, a value may come again.
		for (const {name, place, seen} of columns) if (seen !== null) this.#remember(seen, cells[place] ?? '', line, name);
		return null;
	}

	#remember(seen: Map<string, number>, cell: string, line: number, name: string): void {
		if (isBlankCell(cell)) return;
		if (++this.#distinct > MAX_DISTINCT)
			throw new StepError(
				'VALIDATION_FAILED',
				`Expected at most ${formatInteger(MAX_DISTINCT)} values that are to be different ones; there are more, the last of them in the column ${name}`,
			);
		seen.set(cell, line);
	}
}

const thereAlready = (cell: string, line: number): string =>
	`expected a value that is there once; ${JSON.stringify(cell.slice(0, SHOWN))} is on line ${line}, too`;

/** Of a cell, within a sentence. */
const SHOWN = 80;

const checkedColumn = (name: string, place: number, rules: ColumnRules): CheckedColumn => ({
	name,
	place,
	check: checkOf(rules),
	seen: rules.unique === true ? new Map() : null,
});

const NAMES_SHOWN = 8;
const listNames = (names: readonly string[]): string =>
	names.slice(0, NAMES_SHOWN).map(quoted).join(', ') +
	(names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');
