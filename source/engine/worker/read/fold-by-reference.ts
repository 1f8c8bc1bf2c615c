// The slow way to a file's figures: the reference reader gives records, and the program takes them one by one. The kernel is held
// against it, and reads nothing that it does not.

import {tellUndecided} from '../../../analysis/columns/undecided-column.ts';
import {finishState} from '../../../analysis/finish.ts';
import type {FirstCells} from '../../../analysis/first-cells.ts';
import type {Undecided} from '../../../analysis/forms/decide.ts';
import {plainForms} from '../../../analysis/forms/forms.ts';
import {NotedColumns} from '../../../analysis/forms/noted-columns.ts';
import type {FormsRead} from '../../../analysis/forms/with-forms.ts';
import {FunctionError} from '../../../analysis/functions/function-error.ts';
import type {SampleSeed} from '../../../analysis/position-sample.ts';
import {describeRecord} from '../../../analysis/quality/table-faults.ts';
import {ProgramFigures} from '../../../analysis/reference/figures-of-records.ts';
import type {CellFault} from '../../../analysis/reference/read-lanes.ts';
import {layoutOf, readsAnyHeader} from '../../../analysis/registry.ts';
import {giveUpTables, stateOfFigures} from '../../../analysis/state.ts';
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import {fitsFilter} from '../../../analysis/where/filter-program.ts';
import {withLine} from '../../../input/encodings/encoding-error.ts';
import {findInvalid, valueAt} from '../../../input/encodings/invalid-bytes.ts';
import {PhysicalLines} from '../../../input/physical-lines.ts';
import type {DialectSearch, OpenUntil, RecordPosition, StrayText, UnclosedQuote} from '../../../input/record-reader.ts';
import {readRecordsByReference} from '../../../input/reference-reader.ts';
import {noEvidence} from '../../../input/text-evidence.ts';
import type {TableStructure} from '../../../model/report.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import {
	type FoundReject,
	foundReject,
	isShareExceeded,
	rejectReport,
	tooLargeShare,
	tooManyRejects,
} from '../../shared/reject-report.ts';
import {decodeStructure, FIRST_RECORDS, structureOf} from '../../shared/table-structure.ts';
import {createDialectSearch} from './dialect-search.ts';
import {faultOfWhole} from './fault-of-whole.ts';
import {fittingAnalyses} from './fitting-analyses.ts';
import {type Fold, type FoldPulse, RECORDS_PER_WAIT, type TakenState, type TakeStates} from './fold.ts';
import {countFiltered, type FoundRejects, listRejects, mapRejects, OF_STRUCTURE} from './found-rejects.ts';
import {functionFailed} from './function-failed.ts';
import {readSeed} from './kept-start.ts';
import {type Candidates, candidatesOf, MatchedHeader, readingsOfEmpty} from './match-header.ts';
import {peekCells} from './peek-cells.ts';
import {ReferenceSpool, type RejectedRecord} from './reference-spool.ts';
import {reportDialect} from './report-dialect.ts';

let chunk = new Uint8Array(0);
/** One piece of memory for all files of this thread: to clear a new one would cost more than a small file does. */
function chunkOf(bytes: number): Uint8Array {
	if (chunk.length !== bytes) chunk = new Uint8Array(bytes);
	return chunk;
}

/** Reads all records of a source with the reference reader. */
export const foldByReference: Fold = async (source, settings, pulse) => {
	const {limits} = settings;
	const finder = createDialectSearch(settings);
	// Records of a slow source need not wait for a seed that nothing needs.
	const {seed, source: whole} = readsAnyHeader(settings.analysis) ? await readSeed(source) : {seed: undefined, source};
	const {cells, source: peeked} = await peekCells(whole, settings, bytesRead => pulse.report(bytesRead, 0, 0));
	const sink = new FoldingSink(settings, pulse, finder, seed, cells);
	const lines = new PhysicalLines();
	const outcome = await readRecordsByReference(lines.watch(peeked), sink, {
		chunk: chunkOf(settings.chunkBytes),
		finder,
		limits,
		onChunk(bytesConsumed) {
			sink.reportProgress(bytesConsumed);
			sink.settlePlaces();
		},
	}).catch((error: unknown): never => {
		throw withLine(error, () => 1 + lines.endCount);
	});
	const evidence = settings.encoding === undefined ? outcome.textEvidence : noEvidence;
	const encoding = settings.encoding ?? (evidence.notUtf8 === null ? 'utf-8' : 'windows-1252');
	if (sink.firstReject !== null && isShareExceeded(sink, settings))
		throw tooLargeShare(sink, settings, rejectReport(sink.firstReject, encoding));
	return {
		rows: sink.rows,
		rejectedRows: sink.rejectedRows,
		...countFiltered(sink.header, settings, sink),
		...mapRejects(sink.listRejects(), reject => rejectReport(reject, encoding)),
		...sink.takeSpooled(encoding),
		...decodeStructure(sink.structure, encoding),
		dialect: reportDialect(outcome.dialect, encoding, outcome.newline, sink.header !== null, evidence),
		take: (needsGroups, undecided) => sink.takeStates(needsGroups, encoding, lines.count, undecided),
		formsRead: sink.formsRead,
	};
};

interface RecordFault extends CellFault {
	/** Of the analysis; -1 for the structure. */
	readonly place: number;
}

class FoldingSink {
	readonly #settings: ReadSettings;
	readonly #candidates: Candidates;
	readonly #pulse: FoldPulse;
	readonly #finder: DialectSearch;
	readonly #seed: SampleSeed | undefined;
	readonly #cells: FirstCells;
	#header: MatchedHeader | null = null;
	#figures: ProgramFigures | null = null;
	#headerPosition: RecordPosition | null = null;
	readonly #firstRecords: (readonly string[])[] = [];
	#noted: NotedColumns | null = null;
	#bytesReported = 0;
	/** Where the last record begins. */
	#lastPlace = 0;
	rows = 0;
	rejectedRows = 0;
	filteredRows = 0;
	firstReject: FoundReject | null = null;
	/** By the place of the analysis; -1 for those whose structure is wrong. */
	readonly #rejects = new Map<number, FoundReject[]>();
	readonly #spool: ReferenceSpool;
	#names: readonly string[] = [];
	/** See `repeatableHeader`. */
	#repeatable: Uint8Array | null = null;

	constructor(
		settings: ReadSettings,
		pulse: FoldPulse,
		finder: DialectSearch,
		seed: SampleSeed | undefined,
		cells: FirstCells,
	) {
		this.#cells = cells;
		this.#seed = seed;
		this.#settings = settings;
		this.#candidates = candidatesOf(settings);
		this.#finder = finder;
		this.#pulse = pulse;
		this.#spool = new ReferenceSpool(settings, pulse);
	}

	get header(): MatchedHeader | null {
		return this.#header;
	}

	/** See `FilteredRows`. */
	filteredRowsOf(place: number): number {
		return this.#figures?.filteredRowsOf(place) ?? 0;
	}

	get structure(): TableStructure | undefined {
		if (this.#settings.tellsStructure !== true) return undefined;
		const position = this.#headerPosition;
		if (position === null) return structureOf(null, []);
		const delimiter = this.#finder.dialect?.delimiter ?? ',';
		const table = {header: this.#names, position, delimiter, cells: this.#cells};
		return structureOf(position, this.#firstRecords, fittingAnalyses(table, this.#settings));
	}

	onHeader(names: readonly string[], position: RecordPosition, repeatable: Uint8Array | null): void {
		this.#repeatable = repeatable;
		this.#names = names;
		this.#headerPosition = position;
		const places = this.#pulse.places?.() ?? null;
		places?.keep(position.byteOffset);
		const delimiter = this.#finder.dialect?.delimiter ?? ',';
		this.#header = new MatchedHeader(names, position, delimiter, this.#candidates, this.#settings, this.#cells);
		this.#noted = new NotedColumns(this.#header.program);
		this.#figures = new ProgramFigures(this.#header.program, this.#seed, places?.fileOffsetOf);
	}

	onRecord(found: readonly string[], position: RecordPosition, stray: StrayText | null, bytes: Uint8Array): void {
		const fields = this.#fill(found);
		const record = {bytes, fieldCount: fields.length};
		this.rows++;
		if (this.#settings.tellsStructure === true && this.rows <= FIRST_RECORDS) this.#firstRecords.push(fields);
		this.#lastPlace = position.byteOffset;
		if (this.#header === null) throw new Error('A record came before the header');
		if (this.#rejectWhole(record, fields, position)) {
			// It has no fields, or none with a value.
		} else if (stray !== null) {
			this.#figures?.addRagged(stray.raw, position);
			const {fieldIndex: column, raw: value} = stray;
			this.#reject(record, position, [{place: OF_STRUCTURE, column, reason: 'quote', value}]);
		} else if (this.#rejectInvalid(record, fields, position)) {
			// Nothing of it counts.
		} else if (!this.#isAskedFor(fields)) {
			this.filteredRows++;
			this.#noted?.note(fields, position, true);
		} else {
			this.#noted?.note(fields, position, false);
			const found = this.#add(fields, position).flatMap((fault, place) => (fault === null ? [] : [{place, ...fault}]));
			if (found.length > 0) this.#reject(record, position, found);
		}
		this.#waitIfDue(position);
	}

	/** Rejects a record that is at fault as a whole. Returns whether it has. */
	#rejectWhole(record: RejectedRecord, fields: readonly string[], position: RecordPosition): boolean {
		const columns = this.#header?.columnCount ?? 0;
		const fault = faultOfWhole(record.bytes, fields, columns, this.#repeatable);
		if (fault === null) return false;
		const {reason, count} = fault;
		const value = describeRecord(reason, count, columns) ?? '';
		this.#figures?.addRagged(value, position);
		this.#reject({...record, fieldCount: count}, position, [{place: OF_STRUCTURE, column: null, reason, value}]);
		return true;
	}

	/** Rejects a record that has bytes that are no character. Returns whether it has. */
	#rejectInvalid(record: RejectedRecord, fields: readonly string[], position: RecordPosition): boolean {
		const column = fields.findIndex(cell => findInvalid(cell) !== -1);
		const cell = fields[column];
		if (cell === undefined) return false;
		const value = valueAt(cell, findInvalid(cell));
		this.#figures?.addRagged(value, position);
		this.#reject(record, position, [{place: OF_STRUCTURE, column, reason: 'encoding', value}]);
		return true;
	}

	/** Fields that the record lacks are empty, where that is asked for. */
	#fill(fields: readonly string[]): readonly string[] {
		const missing = (this.#header?.columnCount ?? 0) - fields.length;
		if (this.#settings.fillsMissing !== true || missing <= 0) return fields;
		return [...fields, ...Array.from({length: missing}, () => '')];
	}

	onUnclosedQuote({fieldIndex, position, raw, bytes, until}: UnclosedQuote): void {
		this.rows++;
		this.#lastPlace = position.byteOffset;
		this.#figures?.addRagged(raw, position);
		const fault = {place: OF_STRUCTURE, column: fieldIndex, reason: 'unclosed-quote', value: raw} as const;
		this.#reject({bytes, fieldCount: 0}, position, [fault], until);
		this.#waitIfDue(position);
	}

	#waitIfDue({byteOffset}: RecordPosition): void {
		if (this.#settings.simulateIoMs === 0 || this.rows % RECORDS_PER_WAIT !== 0) return;
		this.reportProgress(byteOffset);
		this.#pulse.wait(this.#settings.simulateIoMs);
	}

	#isAskedFor(fields: readonly string[]): boolean {
		const {filter, forms} = this.#header?.program ?? {};
		return filter === undefined || fitsFilter(filter, fields, forms);
	}

	#add(fields: readonly string[], position: RecordPosition): readonly (CellFault | null)[] {
		try {
			return this.#figures?.add(fields, position) ?? [];
		} catch (error) {
			throw error instanceof FunctionError ? functionFailed(error, position) : error;
		}
	}

	/** A record may begin before the end of the chunk that was told last; totals never fall. */
	reportProgress(bytesConsumed: number): void {
		this.#bytesReported = Math.max(this.#bytesReported, bytesConsumed);
		this.#pulse.report(this.#bytesReported, this.rows, this.rejectedRows);
	}

	/** No record in front of the last one will be told. */
	settlePlaces(): void {
		if (this.rows > 0) this.#pulse.places?.()?.settle(this.#lastPlace);
	}

	*takeStates(
		needsGroups: Parameters<TakeStates>[0],
		encoding: TextEncoding,
		lines: number,
		undecided: readonly Undecided[] = [],
	): Generator<TakenState, void> {
		const all = this.#figures?.take() ?? [];
		for (const [place, analysis] of (this.#header?.analyses ?? []).entries()) {
			const figures = all[place];
			if (figures === undefined) throw new Error('Expected figures of each analysis');
			const read = tellUndecided(figures, undecided);
			const state = stateOfFigures(layoutOf(analysis), {...read, lines}, encoding);
			if (needsGroups(analysis)) yield {analysis, state};
			else {
				const result = finishState(state);
				giveUpTables(state);
				yield {analysis, state, result};
			}
		}
	}

	get formsRead(): FormsRead {
		const {program, names = []} = this.#header ?? {};
		return {
			names,
			used: program?.forms ?? plainForms,
			evidence: [...(this.#noted?.evidence ?? []), ...(this.#figures?.formEvidence ?? [])],
		};
	}

	listRejects(): FoundRejects {
		const {readings, analyses} = this.#header ?? {readings: readingsOfEmpty(this.#candidates), analyses: []};
		const listOf = (place: number): readonly FoundReject[] => this.#rejects.get(place) ?? [];
		return listRejects(readings, analyses, listOf, place => this.filteredRowsOf(place));
	}

	/**
	@param faults - At least one: of the structure, or of each analysis that rejects the record.
	@param until - See `tooManyRejects`.
	*/
	#reject(
		record: RejectedRecord,
		position: RecordPosition,
		faults: readonly RecordFault[],
		until: OpenUntil = 'end',
	): void {
		this.rejectedRows++;
		this.#spool.add(record, position, faults);
		this.#pulse.places?.()?.keep(position.byteOffset);
		for (const {place, ...fault} of faults) {
			if (place !== OF_STRUCTURE) this.#keep(position, fault, place);
			else for (const each of this.#listPlaces) this.#keep(position, fault, each);
		}
		if (this.rejectedRows !== this.#settings.maxErrors) return;
		const [first] = faults;
		if (first !== undefined)
			throw tooManyRejects(
				this.rejectedRows,
				this.#describe(position, first, first.place),
				until,
				this.#settings.encoding,
			);
	}

	takeSpooled(encoding: TextEncoding): Pick<FoldedFile, 'spooled'> {
		const {delimiter = ',', quote = '"'} = this.#finder.dialect ?? {};
		const {readings = null, analyses = []} = this.#header ?? {};
		return this.#spool.take({
			...{names: this.#names, delimiter, quote, encoding},
			analyses: readings === null ? null : analyses,
		});
	}

	/** There may be as many as there are records: only what will be seen is kept. */
	#keep(position: RecordPosition, fault: CellFault, place: number): void {
		const list = this.#rejects.get(place) ?? [];
		this.#rejects.set(place, list);
		this.firstReject ??= this.#describe(position, fault, place);
		const {maxRejectsKept} = this.#settings.limits;
		if (list.length < maxRejectsKept) list.push(this.#describe(position, fault, place));
	}

	/** Of all lists that have the records whose structure is wrong. */
	get #listPlaces(): readonly number[] {
		return [OF_STRUCTURE, ...(this.#header?.analyses.keys() ?? [])];
	}

	#describe(position: RecordPosition, {column, reason, value}: CellFault, place: number): FoundReject {
		const name = column === null ? null : (this.#header?.columnBytes(column, place) ?? null);
		return foundReject(position, name, reason, value);
	}
}
