// The host of the SIMD kernel: loads it, gives it programs and bytes, reads what they came to. One kernel belongs to one
// thread and reads one source after the other.
import {isUtf8} from 'node:buffer';
import {readFileSync} from 'node:fs';
import type {Columns} from '../analysis/columns/columns.ts';
import {extremesOf} from '../analysis/extremes.ts';
import type {AnalysisFigures} from '../analysis/figures.ts';
import type {ColumnEvidence} from '../analysis/forms/evidence.ts';
import type {FunctionError} from '../analysis/functions/function-error.ts';
import type {SampleSeed} from '../analysis/position-sample.ts';
import type {Program} from '../analysis/program.ts';
import type {ToFileOffset} from '../analysis/quality/places.ts';
import type {StateLayout} from '../analysis/state-layout.ts';
import {testCell} from '../analysis/where/test-cell.ts';
import {ByteLook} from './byte-look.ts';
import {KernelFunctions} from './call-functions.ts';
import {columnImports, learnWords} from './column-imports.ts';
import {ColumnTotals} from './column-totals.ts';
import {KernelColumns} from './columns.ts';
import {ContentHasher} from './content-hasher.ts';
import type {KernelExports} from './exports.ts';
import {type FoundFigures, findFigures, readFigures} from './figures.ts';
import {countRecords, KernelForms} from './forms.ts';
import {KernelInput} from './input.ts';
import {type KernelOutcome, outcomes} from './outcomes.ts';
import {RecordWriter} from './record-writer.ts';
import {RejectRows} from './reject-rows.ts';
import {type KeptReject, readKeptRejects} from './rejects.ts';
import {type KernelSpec, shapeOf, specWords} from './spec.ts';
import {HugeSums, joinHalves, randomBits, valueOfPair, withOwnScale} from './sums.ts';
import {TextLines} from './text-lines.ts';
import {type KernelUserForm, UserLinesOfKernel} from './user-lines.ts';
import {type WasmModule, webAssembly} from './webassembly.ts';
import {Xxh3Blocks} from './xxh3-blocks.ts';

/** Larger than any address. */
const NOWHERE = 0xffff_ffff;
const NO_LIMIT = 0x7fff_ffff;

let compiled: WasmModule | null = null;

/** Compiled once for a process or thread. */
const compile = (): WasmModule => {
	compiled ??= new webAssembly.Module(readFileSync(new URL('kernel.wasm', import.meta.url)));
	return compiled;
};

/** Whether an error of the constructor says that processor or engine have no 128-bit vectors. */
export const isKernelUnsupported = (error: unknown): error is Error => error instanceof webAssembly.CompileError;

/** Whether the kernel stopped in the middle of something, as when there is no more memory: it must not be used any more. */
export const isKernelTrap = (error: unknown): error is Error => error instanceof webAssembly.RuntimeError;

/** What small files came to, since the rows began or were taken. */
export interface KernelRows {
	readonly files: number;
	/** The rows of all files, in the order in which they were read; see assembly/rows.ts. */
	readonly rows: Uint8Array;
	/** Of each table of all analyses, in order: the keys by their numbers, each with its length as a varint in front. */
	readonly keys: readonly Uint8Array[];
	/** Of each analysis: what all files came to together. */
	readonly figures: readonly AnalysisFigures[];
}

/** Takes bytes of rejected records, see assembly/reject-spool.ts: a long record in a piece of its own behind its entry. */
export type TakeSpooled = (bytes: Uint8Array) => void;

export class Kernel {
	readonly #kernel: KernelExports;
	readonly #huge = new HugeSums();
	/** What the kernel has loaded last, and what its analyses keep. */
	#spec: KernelSpec | null = null;
	#program: Program = {lanes: [], analyses: []};
	#shape: string | null = null;
	/** By the numbers of analyses; of those that read columns. */
	#columns: (KernelColumns | null)[] = [];
	/** Files of the rows. */
	#files = 0;
	/** Whether it has read nothing but files of rows since they were begun. */
	#isInRows = false;
	#spool: TakeSpooled | null = null;
	#toFileOffset: ToFileOffset | null = null;
	readonly #functions: KernelFunctions;
	readonly #totals: ColumnTotals;
	readonly #forms = new KernelForms();
	readonly input: KernelInput;
	readonly writer: RecordWriter;
	readonly xxh3: Xxh3Blocks;
	readonly hasher: ContentHasher;

	/**
	@param makeRoom - Called before there may be that number of groups, of a single source; returns when there may, or throws to end the
	reading.
	@throws {Error} Where the processor or the engine has no 128-bit vectors.
	*/
	constructor(makeRoom: (groups: number) => void = () => {}) {
		const {exports} = new webAssembly.Instance(compile(), {
			host: {
				isUtf8: (start: number, end: number) => Number(isUtf8(this.input.bytes.subarray(start, end))),
				spillSum: (
					summand: number,
					key: number,
					keyBytes: number,
					high: bigint,
					low: bigint,
					scale: number,
					ownScale: number,
				) => {
					const sum = withOwnScale(joinHalves(high, low), scale, ownScale);
					this.#huge.add(summand, this.#text(key, keyBytes), sum);
				},
				addHugeValue: (
					summand: number,
					key: number,
					keyBytes: number,
					left: number,
					leftBytes: number,
					right: number,
					rightBytes: number,
					isDifference: number,
				) => {
					const value = valueOfPair(this.#text(left, leftBytes), this.#text(right, rightBytes), isDifference !== 0);
					this.#huge.add(summand, this.#text(key, keyBytes), value);
					// Whether they are needed or not: there are few.
					this.#huge.extend(summand, this.#text(key, keyBytes), extremesOf(value));
				},
				spillExtremes: (
					summand: number,
					key: number,
					keyBytes: number,
					lowest: bigint,
					highest: bigint,
					scale: number,
					ownScale: number,
				) => {
					const extremes = {
						lowest: withOwnScale(lowest, scale, ownScale),
						highest: withOwnScale(highest, scale, ownScale),
					};
					this.#huge.extend(summand, this.#text(key, keyBytes), extremes);
				},
				addHugeComputed: (summand: number, key: number, keyBytes: number, number: number) => {
					const value = this.#functions.hugeOf(number);
					this.#huge.add(summand, this.#text(key, keyBytes), value);
					this.#huge.extend(summand, this.#text(key, keyBytes), extremesOf(value));
				},
				computeSpan: (entries: number, first: number, last: number) =>
					this.#functions.computeSpan(entries, first, last),
				testCondition: (analysis: number, entries: number) => this.#functions.testCondition(analysis, entries),
				computeRecord: (analysis: number, entries: number) => this.#functions.computeRecord(analysis, entries),
				...columnImports({
					columnsOf: analysis => this.#columns[analysis] ?? this.#totals.columnsOf(analysis),
					all: () => this.#columns,
					text: (address, length) => this.#text(address, length),
					bytes: () => this.input.bytes,
					toFileOffset: byteOffset => this.#toFileOffset?.(byteOffset) ?? byteOffset,
				}),
				takeSpooled: (start: number, bytes: number) => {
					this.#spool?.(this.input.bytes.subarray(start, start + bytes));
				},
				testCell: (test: number, start: number, bytes: number) => {
					const known = this.#program.filter?.tests[test];
					if (known === undefined) throw new Error(`Expected a test ${test}`);
					return Number(testCell(known.test, this.#text(start, bytes)));
				},
				...this.#forms.imports({
					text: (address, length) => this.#text(address, length),
					bytes: () => this.input.bytes,
					counts: () => countRecords(this.#kernel),
				}),
				makeRoomForGroups: (groups: number) => {
					if (!this.#isInRows) makeRoom(groups);
				},
			},
		});
		this.#kernel = exports as unknown as KernelExports;
		this.#totals = new ColumnTotals(this.#kernel);
		this.#kernel.seedTables(randomBits());
		learnWords(this.#kernel);
		this.input = new KernelInput(this.#kernel);
		this.writer = new RecordWriter(this.#kernel);
		this.xxh3 = new Xxh3Blocks(this.#kernel);
		this.hasher = new ContentHasher(this.xxh3) as ContentHasher;
		this.#functions = new KernelFunctions(this.#kernel);
	}

	/** Says who takes the first rejected records of each source from now on; `null` for nobody. */
	spoolRejects(take: TakeSpooled | null, most: number): void {
		this.#spool = take;
		this.#kernel.spoolRejects(take === null ? 0 : most);
	}

	readonly createRejectRows = (): RejectRows => new RejectRows(this.#kernel);

	/** @param pieceBytes - Of the longest piece of a text. */
	readonly createByteLook = (pieceBytes: number): ByteLook => new ByteLook(this.#kernel, pieceBytes);

	/** Begins a text whose lines are read. Whatever else was read before is lost. */
	beginLines(layout: StateLayout, seed: SampleSeed): TextLines {
		this.#isInRows = false;
		return new TextLines(this.#kernel, this.input, layout, seed);
	}

	/** Begins a log whose lines have users. Whatever else was read before is lost. */
	readonly beginUserLines = (layout: StateLayout, form: KernelUserForm): UserLinesOfKernel =>
		new UserLinesOfKernel(this.#kernel, this, layout, form);

	/**
	Begins a source, or a part of one. The first record begins at `input.start`, on the given line.

	@param seed - Of the source; needed where columns are read.
	@param toFileOffset - See `ColumnRecords`.
	*/
	begin(
		spec: KernelSpec,
		line: number,
		seed: SampleSeed | null = null,
		toFileOffset: ToFileOffset | null = null,
	): void {
		this.#isInRows = false;
		this.#files = 0;
		this.#load(spec);
		this.#huge.clear();
		this.#forms.clear();
		for (const columns of this.#columns) columns?.clear(toFileOffset);
		this.#kernel.mapPlaces(Number(toFileOffset !== null));
		this.#toFileOffset = toFileOffset;
		if (seed !== null) this.#kernel.seedSamples((BigInt(seed.high >>> 0) << 32n) | BigInt(seed.low >>> 0));
		this.#kernel.begin();
		this.locate(line);
	}

	/** Loads a spec into the kernel, unless it is the one that it has. */
	#load(spec: KernelSpec): void {
		if (spec === this.#spec) return;
		const words = specWords(spec);
		const shape = shapeOf(spec.program);
		if (shape !== this.#shape) this.#totals.end();
		const kernel = this.#kernel;
		const block = kernel.allocate(words.byteLength);
		new Uint32Array(kernel.memory.buffer, block, words.length).set(words);
		kernel.loadSpec(block, Number(shape === this.#shape));
		kernel.release(block, words.byteLength);
		this.#functions.load(spec.program, spec.columnCount);
		this.#forms.load(spec.program);
		this.#spec = spec;
		this.#program = spec.program;
		this.#shape = shape;
		this.#columns = spec.program.analyses.map(({columns}, analysis) =>
			columns === undefined ? null : new KernelColumns(kernel, analysis, columns, spec.program.forms),
		);
	}

	/** Says that another reading has had the source up to the record at `input.start`, and on which line that one begins. */
	goOn(line: number): void {
		for (const columns of this.#columns) columns?.faults?.goOn();
		this.locate(line);
	}

	/** Says on which line the record at `input.start` begins. */
	locate(line: number): void {
		this.#kernel.locate(this.input.start, line, this.input.offsetOfAddress);
	}

	/**
	Takes the records that are whole, from `input.start` on, and moves it behind them.

	@param isLast - Whether all of the source has been read.
	@param stopOffset - No record that begins at this offset of the source or further is taken.
	@param maxLines - No more line ends are gone over.
	*/
	consume(isLast: boolean, stopOffset = Number.POSITIVE_INFINITY, maxLines = NO_LIMIT): KernelOutcome {
		const {input} = this;
		const {offsetOfAddress} = input;
		this.#kernel.locate(input.start, this.line, offsetOfAddress);
		// A stop that is behind may be so far behind that it has no address.
		const stopAt = Math.max(0, Math.min(NOWHERE, stopOffset - offsetOfAddress));
		input.start = this.#kernel.consume(input.start, input.end, Number(isLast), stopAt, maxLines);
		return outcomes[this.#kernel.outcome()] ?? 'needs-more';
	}

	/**
	Guesses where the first record begins whose predecessor's line end is at `input.start` or behind it; moves there.

	@returns Whether there is one within what has been read.
	*/
	guessRecordStart(): boolean {
		const address = this.#kernel.guessRecordStart(this.input.start, this.input.end);
		if (address === 0) return false;
		this.input.start = address;
		return true;
	}

	/** The line at `input.start`. */
	get line(): number {
		return this.#kernel.line();
	}
	/** Whether the records so far are text in UTF-8. */
	get isUtf8(): boolean {
		return this.#kernel.textIsUtf8() !== 0;
	}
	/** Whether they have characters of UTF-8 that text in other encodings hardly has. */
	readonly hasUtf8 = (): boolean => this.#kernel.textHasUtf8() !== 0;
	/** Data records so far. */
	get rows(): number {
		return this.#kernel.countRows();
	}
	/** Those that the filter of the program leaves out. */
	get filteredRows(): number {
		return this.#kernel.countFiltered();
	}
	/** Those that the condition of an analysis leaves out, by its number, beside those that the filter does. */
	filteredRowsOf(analysis: number): number {
		return this.#kernel.countFilteredBy(analysis);
	}
	/** Those that any analysis has rejected. */
	get rejectedRows(): number {
		return this.#kernel.countRejected();
	}
	/** Those that an analysis has rejected, by its number; they include those whose structure is wrong. */
	rejectedRowsOf(analysis: number): number {
		return this.#kernel.countStructural() + this.#kernel.countRejectedBy(analysis);
	}
	/** Where the record begins that ended the reading. */
	get failedRecord(): number {
		return this.#kernel.failedRecord();
	}

	/** After `field-too-long`: which one, and of which record. */
	get longField(): {readonly index: number; readonly line: number; readonly byteOffset: number} {
		return {
			index: this.#kernel.stopColumn(),
			line: this.#kernel.stopLineNumber(),
			byteOffset: this.input.offsetOf(this.#kernel.failedRecord()),
		};
	}

	/** After `function-failed`: why, and for which record. */
	get functionFailure(): {readonly error: FunctionError; readonly line: number; readonly byteOffset: number} {
		const error = this.#functions.failure;
		if (error === null) throw new Error('Expected a function to have failed');
		return {
			error,
			line: this.#kernel.stopLineNumber(),
			byteOffset: this.input.offsetOf(this.#kernel.failedRecord()),
		};
	}

	/** What the cells of columns show of their forms so far. @param isWhole - See `KernelColumns`; of a part of a source, it is done later. */
	formEvidence(isWhole = true): ColumnEvidence[] {
		const columns = this.#columns.find(each => each !== null);
		return [...this.#forms.evidence(countRecords(this.#kernel)), ...(columns?.evidence(isWhole) ?? [])];
	}

	/** The first rejected records, and the one that ended the reading. */
	readRejects(): KeptReject[] {
		return readKeptRejects(this.input.bytes, this.#kernel.rejectLog(), this.#kernel.countKept());
	}

	/** What the records came to so far, for each analysis of the program. */
	readonly readFigures = (): AnalysisFigures[] => this.findFigures().map(({read}) => read());

	/** The same, of which each is read when it is asked for. */
	findFigures(): FoundFigures[] {
		return findFigures(this.#kernel, this.#program, this.#huge).map((found, analysis) => {
			const columns = this.#columns[analysis] ?? null;
			if (columns === null) return found;
			return {
				read: () => ({...found.read(), columns: columns.read()}),
				readInPieces: () => ({...found.readInPieces(), columns: columns.read()}),
			};
		});
	}

	/**
	Adds the columns of the source that was read last to those of others, which `takeColumnTotals` gives.

	@param name - Of the analysis.
	@param read - The columns as they were read here, in UTF-8.
	@returns False where it cannot be done: they are to be merged by themselves.
	*/
	addToColumnTotals(name: string, read: Columns): boolean {
		const analysis = this.#columns.findIndex(columns => columns?.lastRead === read);
		const program = this.#program.analyses[analysis]?.columns;
		return program !== undefined && this.#totals.add(analysis, name, program, read);
	}

	/** Of each analysis by its name: all that have been added since the last call. */
	takeColumnTotals(): ReadonlyMap<string, Columns> {
		return this.#totals.take();
	}

	/** Whether a file that is read in such a way can go into the rows as they are; if not, they are to be taken, and begun anew. */
	fitsRows({program}: KernelSpec): boolean {
		if (!this.#isInRows) return false;
		return (program === this.#program || shapeOf(program) === this.#shape) && this.#kernel.areRowsLarge() === 0;
	}

	/** Begins rows of small files. What others held must have been taken. */
	beginRows(spec: KernelSpec): void {
		this.#isInRows = true;
		this.#files = 0;
		this.#load(spec);
		this.#kernel.beginRows();
	}

	/**
	Reads a whole file, from `input.start` to `input.end`, and appends its row.

	@param spec - See `fitsRows`. The same object as for the file before is not loaded again.
	@param line - On which its first record begins.
	@returns How many bytes its row has; 0 where its figures do not fit in one. It is as if it had not been there, then, but
	`readFigures` has them until the next one is read. -1 where a bound was broken, or its text is not in UTF-8: it is to be read in the
	general way.
	*/
	readFile(spec: KernelSpec, line: number): number {
		if (!this.#isInRows) throw new Error('No rows were begun');
		this.#load(spec);
		this.#huge.clear();
		this.#forms.clear();
		const {start, end, offsetOfAddress} = this.input;
		const bytes = this.#kernel.readFile(start, end, line, offsetOfAddress);
		if (bytes > 0) this.#files++;
		return bytes;
	}

	/** What the files came to since the rows were begun, or since this was called; `null` for no file. The next one begins new rows. */
	takeRows(): KernelRows | null {
		const kernel = this.#kernel;
		const files = this.#files;
		this.#files = 0;
		let taken: KernelRows | null = null;
		if (files > 0) {
			const bytes = kernel.rowsWritten();
			const keys = this.#program.analyses.flatMap(({tables}, analysis) =>
				tables.map((_, table) => this.#written(bytes, kernel.collectKeys(analysis, table))),
			);
			const rows = this.#written(0, bytes);
			taken = {files, rows, keys, figures: readFigures(kernel, this.#program, true, this.#huge)};
		}
		kernel.beginRows();
		return taken;
	}

	/** A copy of bytes that the kernel has written. */
	#written(from: number, length: number): Uint8Array {
		const start = this.#kernel.bytesStart() + from;
		return this.input.bytes.slice(start, start + length);
	}

	#text(address: number, length: number): string {
		return this.input.text(address, length);
	}
}
