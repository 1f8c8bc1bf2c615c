// A source of bytes -> what its records came to. It knows no thread and no file system, so a test can hand it bytes in
// any chunks.
import {bytesToText, type CellFault, type RecordFold, type RejectReason} from '../../analysis/analysis.ts';
import {type ColumnMatch, matchColumns, normalizeColumnName} from '../../analysis/detect.ts';
import {analyses, analysisNames} from '../../analysis/registry.ts';
import type {AnalysisName} from '../../analysis/results.ts';
import type {ByteSource} from '../../csv/byte-source.ts';
import {detectDialect} from '../../csv/dialect.ts';
import {InputError} from '../../csv/input-error.ts';
import type {ReadRecords, RecordPosition, StrayText} from '../../csv/record-reader.ts';
import type {RejectReport} from '../../store/report-types.ts';
import type {FoldedFile, FoldedPartial, ReadSettings} from './protocol.ts';

/** The report keeps so many rejected records of a file. */
export const REJECTS_KEPT = 20;
/** A rejected value is cut after so many characters. */
export const REJECT_VALUE_LENGTH = 200;
/** Simulated waits come after every so many records. */
const RECORDS_PER_WAIT = 100;

/** How the fold tells where it is, and how it is told to hold or stop. */
export interface FoldPulse {
	/** Called after each chunk and before each simulated wait. */
	readonly report: (bytesConsumed: number, rows: number, rejectedRows: number) => void;
	readonly wait: (durationMs: number) => void;
}

/**
Reads all records of a source and folds them with the analysis its header calls for.

@param chunk - Memory to read into; the results do not depend on its size.
@throws {InputError} When the source as a whole cannot be used; whatever `pulse` throws, to stop.
*/
export async function foldFile(
	source: ByteSource,
	readRecords: ReadRecords,
	settings: ReadSettings,
	chunk: Uint8Array,
	pulse: FoldPulse,
): Promise<Omit<FoldedFile, 'bytesRead'>> {
	const sink = new FoldingSink(settings, pulse);
	const outcome = await readRecords(source, sink, {
		chunk,
		detectDialect: head => detectDialect(head, countKnownNames(settings.analysis)),
		onChunk(bytesConsumed) {
			sink.tellProgress(bytesConsumed);
		},
	});
	return {
		rows: sink.rows,
		rejectedRows: sink.rejectedRows,
		rejects: sink.rejects,
		dialect: {
			delimiter: outcome.dialect.delimiter,
			quote: outcome.dialect.quote,
			encoding: outcome.dialect.encoding,
			newline: outcome.newline,
			header: sink.hasHeader,
			compression: null,
		},
		folded: sink.takeFolded(),
	};
}

const countKnownNames =
	(wanted: AnalysisName | null) =>
	(names: readonly string[]): number => {
		const normalized = new Set(names.map(normalizeColumnName));
		const counts = (wanted === null ? analysisNames : [wanted]).map(
			name => analyses[name].columns.filter(column => normalized.has(column)).length,
		);
		return Math.max(...counts);
	};

class FoldingSink {
	readonly #settings: ReadSettings;
	readonly #pulse: FoldPulse;
	#names: readonly string[] = [];
	#match: ColumnMatch | null = null;
	#fold: RecordFold<AnalysisName> | null = null;
	#bytesTold = 0;
	rows = 0;
	rejectedRows = 0;
	readonly rejects: RejectReport[] = [];

	constructor(settings: ReadSettings, pulse: FoldPulse) {
		this.#settings = settings;
		this.#pulse = pulse;
	}

	get hasHeader(): boolean {
		return this.#match !== null;
	}

	onHeader(names: readonly string[], position: RecordPosition): void {
		this.#names = names.map(bytesToText);
		const match = matchColumns(this.#names, this.#settings.analysis);
		if (match.missing.length > 0) throw missingColumn(match, this.#names, position);
		if (match.ambiguous.length > 0) throw ambiguousColumn(match, this.#names, position);
		this.#match = match;
		this.#fold = analyses[match.analysis].createFold();
	}

	onRecord(fields: readonly string[], position: RecordPosition, stray: StrayText | null): void {
		this.rows++;
		if (fields.length !== this.#names.length) {
			this.#reject(position, null, 'field-count', `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`);
		} else if (stray !== null) {
			this.#reject(position, this.#columnName(stray.fieldIndex), 'quote', stray.raw);
		} else {
			const fault: CellFault | null = this.#fold?.add(fields, this.#match?.indexes ?? []) ?? null;
			if (fault !== null) this.#reject(position, fault.column, fault.reason, fault.value);
		}
		if (this.#settings.simulateIoMs > 0 && this.rows % RECORDS_PER_WAIT === 0) {
			this.tellProgress(position.byteOffset);
			this.#pulse.wait(this.#settings.simulateIoMs);
		}
	}

	/** A record may begin before the end of the chunk that was told last; totals never fall. */
	tellProgress(bytesConsumed: number): void {
		this.#bytesTold = Math.max(this.#bytesTold, bytesConsumed);
		this.#pulse.report(this.#bytesTold, this.rows, this.rejectedRows);
	}

	takeFolded(): FoldedPartial | null {
		if (this.#match === null || this.#fold === null) return null;
		return {analysis: this.#match.analysis, partial: this.#fold.takePartial()};
	}

	/** @param bytes - What was found, one character per byte. */
	#reject(position: RecordPosition, column: string | null, reason: RejectReason, bytes: string): void {
		this.rejectedRows++;
		const {line, byteOffset} = position;
		const isLast = this.rejectedRows === this.#settings.maxErrors;
		// There may be as many as there are records: only what will be seen is decoded.
		if (this.rejects.length >= REJECTS_KEPT && !isLast) return;
		const value = cutValue(bytes);
		if (this.rejects.length < REJECTS_KEPT) {
			this.rejects.push({line, byte_offset: byteOffset, column, reason, value});
		}
		if (isLast) {
			const where = column === null ? `line ${line}` : `line ${line}, column ${column}`;
			const count = this.rejectedRows === 1 ? 'A record was' : `${this.rejectedRows} records were`;
			throw new InputError(
				'TOO_MANY_REJECTS',
				`${count} rejected, which is as many as fail the file; the last: ${reason} at ${where}, found ${JSON.stringify(value.slice(0, 50))}`,
				{line, byteOffset},
			);
		}
	}

	/** A needed column by its canonical name, any other as the header has it. */
	#columnName(index: number): string | null {
		const needed = this.#match === null ? -1 : this.#match.indexes.indexOf(index);
		const canonical = this.#match === null ? undefined : analyses[this.#match.analysis].columns[needed];
		return canonical ?? this.#names[index]?.trim() ?? null;
	}
}

/** A character has at most 4 bytes, so what is behind these is cut anyway. */
function cutValue(bytes: string): string {
	const value = bytesToText(bytes.slice(0, 4 * REJECT_VALUE_LENGTH));
	return value.length > REJECT_VALUE_LENGTH ? Array.from(value).slice(0, REJECT_VALUE_LENGTH).join('') : value;
}

/** Enough names to see what the file is, without filling a screen. */
const NAMES_SHOWN = 12;

function listNames(names: readonly string[]): string {
	const shown = names.slice(0, NAMES_SHOWN).map(name => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
	const rest = names.length - shown.length;
	return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function missingColumn(match: ColumnMatch, names: readonly string[], {line, byteOffset}: RecordPosition): InputError {
	const [noun, verb] = match.missing.length === 1 ? ['column', 'is'] : ['columns', 'are'];
	return new InputError(
		'MISSING_COLUMN',
		`The ${noun} ${match.missing.join(', ')} that the ${match.analysis} analysis needs ${verb} missing; the header on line ${line} has: ${listNames(names)}`,
		{line, byteOffset},
	);
}

function ambiguousColumn(match: ColumnMatch, names: readonly string[], {line, byteOffset}: RecordPosition): InputError {
	return new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${line} names ${match.ambiguous.join(', ')} more than once, so it cannot be known which one is meant; it has: ${listNames(names)}. Rename or remove one`,
		{line, byteOffset},
	);
}
