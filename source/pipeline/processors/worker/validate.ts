// `validate`: holds the cells of a table against rules. A record that does not keep them is rejected: what comes next reads the others.

import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import {type Percentage, perMillion} from '../../../engine/shared/percentage.ts';
import {canonicalRecord} from '../../../engine/worker/table/canonical-records.ts';
import {differentNames} from '../../../input/join-names.ts';
import type {RejectReport} from '../../../model/report.ts';
import {quantity} from '../../../text/format.ts';
import {quoted} from '../../../text/quoted.ts';
import {StepError, type StepOutput} from '../../pipeline.ts';
import {type ColumnRules, type ValidateSettings, validateSettings} from '../rules.ts';
import {readSettings} from '../settings-reader.ts';
import type {OutputFile} from '../write-output.ts';
import {type CellFault, checkOf} from './cell-checks.ts';
import type {BuiltInContext, BuiltInDeclaration} from './load-processor.ts';
import {type PlacedRecord, readPlacedRecords} from './read-placed-records.ts';
import type {StepFile} from './step-file.ts';

export const validate: BuiltInDeclaration = {
	name: 'validate',
	version: 1,
	create(given) {
		const {value: settings} = readSettings(validateSettings, given);
		if (settings === null) throw new Error('Expected settings that have been checked');
		return {process: (file, context) => validateFile(file, context, settings)};
	},
};

async function validateFile(file: StepFile, context: BuiltInContext, settings: ValidateSettings): Promise<unknown> {
	const startedAtMs = monotonicMs();
	const results = new Results(context);
	try {
		const table = new Table(settings, results);
		const folded = await readPlacedRecords(file.source, await file.encoding(), table);
		table.assertHeader();
		file.keepReport(folded, startedAtMs);
		const {rows, rejectedRows} = folded;
		const fault = findTooMany(rows, rejectedRows, settings.maxRejects);
		if (fault !== null) throw failed(file, `${fault}${describeFirst(folded.rejects[0])}`);
		const metadata = {records: rows - rejectedRows, rejected: rejectedRows, by_reason: table.counts};
		return {metadata, written: await results.finish(rejectedRows > 0, context.isNormalised)};
	} catch (error) {
		await results.discard();
		throw error;
	}
}

function failed({report}: StepFile, message: string): StepError {
	const error = {code: 'VALIDATION_FAILED', message, line: report?.rejects[0]?.line ?? null, byte_offset: null};
	return new StepError(error.code, message, {report: report === null ? null : {...report, status: 'failed', error}});
}

function findTooMany(rows: number, rejected: number, most: number | string | undefined): string | null {
	if (most === undefined || rejected === 0) return null;
	const isTooMany =
		typeof most === 'number'
			? rejected > most
			: BigInt(rejected) * 1_000_000n > BigInt(most === '0%' ? 0 : perMillion(most as Percentage)) * BigInt(rows);
	return isTooMany
		? `Expected at most ${most} rejected of ${quantity(rows, 'record')}; ${rejected} ${rejected === 1 ? 'is' : 'are'}`
		: null;
}

function describeFirst(first: RejectReport | undefined): string {
	if (first === undefined) return '';
	const {line, column, reason, value} = first;
	const where = column === null ? `line ${line}` : `line ${line}, column ${column}`;
	return `. The first: ${reason} at ${where}, ${reason === 'not-accepted' ? value : `found ${JSON.stringify(value.slice(0, 50))}`}`;
}

/** Two of the same would need as much memory as all of them; beyond these it is not known any more which values there are. */
const MAX_DISTINCT = 2_000_000;

interface CheckedColumn {
	readonly name: string;
	readonly place: number;
	readonly check: (cell: string) => CellFault | null;
	/** Values → the lines where they stand; `null` where they may stand in several. */
	readonly seen: Map<string, number> | null;
}

/** The table as it is read. */
class Table {
	readonly #settings: ValidateSettings;
	readonly #results: Results;
	#columns: readonly CheckedColumn[] | null = null;
	#distinct = 0;
	/** Rejected records by reason. */
	readonly counts: Record<string, number> = {};

	constructor(settings: ValidateSettings, results: Results) {
		this.#settings = settings;
		this.#results = results;
	}

	readonly onHeader = (written: readonly string[]): void => {
		const names = differentNames(written);
		const {columns, only = false} = this.#settings;
		const others = names.filter(name => !Object.hasOwn(columns, name));
		if (only && others.length > 0)
			throw new StepError('VALIDATION_FAILED', `Expected no other columns, found ${listNames(others)}`);
		this.#columns = Object.entries(columns).flatMap(([name, rules]) => {
			const place = names.indexOf(name);
			return place === -1 ? this.#assertOptional(name, rules, names) : [checkedColumn(name, place, rules)];
		});
		this.#results.begin(written);
	};

	/** An empty file has none. */
	assertHeader(): void {
		if (this.#columns !== null) return;
		for (const [name, rules] of Object.entries(this.#settings.columns)) this.#assertOptional(name, rules, []);
	}

	#assertOptional(name: string, {optional = false}: ColumnRules, names: readonly string[]): [] {
		if (optional) return [];
		const has = names.length === 0 ? 'the file is empty' : `its header has ${listNames(names)}`;
		throw new StepError('VALIDATION_FAILED', `Expected the column ${quoted(name)}; ${has}`);
	}

	readonly onRecords = async (records: readonly PlacedRecord[]): Promise<readonly RejectReport[]> => {
		const rejects: RejectReport[] = [];
		for (const record of records) {
			const reject = record.malformed ?? this.#judge(record);
			if (reject === null) await this.#results.accept(record.cells);
			else {
				rejects.push(reject);
				this.counts[reject.reason] = (this.counts[reject.reason] ?? 0) + 1;
				await this.#results.reject(reject);
			}
		}
		return rejects;
	};

	#judge({cells, position}: PlacedRecord): RejectReport | null {
		const columns = this.#columns ?? [];
		for (const {name, place, check} of columns) {
			const fault = check(cells[place] ?? '');
			if (fault !== null) return rejectOf(position, name, fault);
		}
		// Of records that are rejected for something else, a value may come again.
		for (const {name, place, seen} of columns) {
			const cell = cells[place] ?? '';
			const line = seen?.get(cell);
			if (line !== undefined && cell.trim() !== '')
				return rejectOf(position, name, {
					reason: 'not-accepted',
					value: `expected a value that is there once; ${JSON.stringify(cell.slice(0, 80))} is on line ${line}, too`,
				});
		}
		for (const {name, place, seen} of columns)
			if (seen !== null) this.#remember(seen, cells[place] ?? '', position.line, name);
		return null;
	}

	#remember(seen: Map<string, number>, cell: string, line: number, name: string): void {
		if (cell.trim() === '') return;
		if (++this.#distinct > MAX_DISTINCT)
			throw new StepError(
				'VALIDATION_FAILED',
				`Expected at most ${MAX_DISTINCT.toLocaleString('en')} values that are to be different ones; there are more, the last of them on line ${line}, column ${name}`,
			);
		seen.set(cell, line);
	}
}

const checkedColumn = (name: string, place: number, rules: ColumnRules): CheckedColumn => ({
	name,
	place,
	check: checkOf(rules),
	seen: rules.unique === true ? new Map() : null,
});

const rejectOf = ({line, byteOffset}: PlacedRecord['position'], column: string, fault: CellFault): RejectReport => ({
	line,
	byte_offset: byteOffset,
	column,
	...fault,
});

const NAMES_SHOWN = 8;
const listNames = (names: readonly string[]): string =>
	names.slice(0, NAMES_SHOWN).map(quoted).join(', ') +
	(names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');

/** The accepted records as clean CSV, and a list of the others. Neither is kept where all are accepted: then the file itself is read on. */
class Results {
	readonly #context: BuiltInContext;
	#header = '';
	#accepted: OutputFile | null = null;
	#rejected: OutputFile | null = null;

	constructor(context: BuiltInContext) {
		this.#context = context;
	}

	begin(names: readonly string[]): void {
		this.#header = canonicalRecord(names);
	}

	async accept(cells: readonly string[]): Promise<void> {
		this.#accepted ??= await this.#begin('csv', this.#header);
		await this.#accepted.add(canonicalRecord(cells));
	}

	async reject({line, column, reason, value}: RejectReport): Promise<void> {
		this.#rejected ??= await this.#begin('rejects.csv', 'line,column,reason,value\n');
		await this.#rejected.add(canonicalRecord([String(line), column ?? '', reason, value]));
	}

	async #begin(ending: string, header: string): Promise<OutputFile> {
		const file = await this.#context.openOutput(ending);
		await file.add(header);
		return file;
	}

	async finish(
		hasRejects: boolean,
		isNormalised: boolean,
	): Promise<{outputs: readonly StepOutput[]; data: StepOutput | null}> {
		if (!hasRejects) {
			await this.discard();
			return {outputs: [], data: null};
		}
		this.#accepted ??= await this.#begin('csv', this.#header);
		const data = {...(await this.#accepted.finish()), table: {hasHeader: true, isNormalised}};
		const list = await this.#rejected?.finish();
		return {outputs: list === undefined ? [data] : [data, list], data};
	}

	async discard(): Promise<void> {
		await this.#accepted?.discard();
		await this.#rejected?.discard();
	}
}
