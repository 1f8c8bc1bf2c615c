// The host of the SIMD kernel: loads it, tells it what to look for, reads off what it found. One kernel belongs to one
// thread and reads one source after the other.
import {isUtf8} from 'node:buffer';
import {readFileSync} from 'node:fs';
import type {KernelExports} from './exports.ts';
import {type GroupFigures, readGroupPieces, readGroups} from './groups.ts';
import {KernelInput} from './input.ts';
import {monthName, readMonths} from './months.ts';
import {type NumberedFigures, readNumbered} from './numbered.ts';
import {type KeptReject, readKeptRejects} from './rejects.ts';
import {type FiguresLayout, readSeriesGroups, setLayout, writeName} from './series.ts';
import {HugeSums, type Sum} from './sums.ts';
import {type WasmModule, webAssembly} from './webassembly.ts';

/** Bytes and columns by their place in a record. */
export interface KernelSpec {
	/** One byte each. */
	readonly delimiter: string;
	readonly quote: string;
	readonly columnCount: number;
	/** Whose distinct non-empty values are counted. */
	readonly idColumn: number;
	/** Whose exact sum is taken, in all and for each group. */
	readonly amountColumn: number;
	readonly dateColumn: number;
	readonly groupColumn: number;
	/** So many rejected records end the reading; `null`: none do. */
	readonly rejectLimit: number | null;
	/** So many rejected records of a million are a reason not to take a file into a series; `null`: none are. */
	readonly rejectLimitPerMillion: number | null;
	/** So many of the rejected records are kept, and the one that ends the reading. */
	readonly mostRejects: number;
	/** A longer record or field ends the reading. */
	readonly maxRecordBytes: number;
	readonly maxFieldBytes: number;
	/** More groups, or longer names together, are given up. */
	readonly mostGroups: number;
	readonly mostGroupBytes: number;
	/** More values, or longer ones together, become an estimate. */
	readonly mostValues: number;
	readonly mostValueBytes: number;
	/** Whether amounts are also summed by the months of the dates, which costs a little. */
	readonly sumsMonths?: boolean;
}

/** Why `consume` came back. */
export type KernelOutcome =
	| 'needs-more'
	| 'too-many-rejects'
	| 'too-many-groups'
	| 'field-too-long'
	| 'unclosed-quote'
	| 'record-too-long'
	| 'reached-stop';

const outcomes: readonly KernelOutcome[] = [
	'needs-more',
	'too-many-rejects',
	'too-many-groups',
	'field-too-long',
	'unclosed-quote',
	'record-too-long',
	'reached-stop',
];

export interface KernelFigures {
	readonly groups: GroupFigures;
	/** Whether there were more than may be: then the only one has the records of all. */
	readonly groupsAreGivenUp: boolean;
	/** `YYYY-MM-DD`; `null` where no record was accepted. */
	readonly earliest: string | null;
	readonly latest: string | null;
	readonly distinct: DistinctFigures;
}

/** The same with groups in pieces; see `readGroupPieces`. */
export type KernelFiguresInPieces = Omit<KernelFigures, 'groups'> & {readonly groups: Iterable<GroupFigures>};

export interface KernelSeries {
	/** In UTF-8. */
	readonly texts: Uint8Array;
	/** With those values only that were not given before. */
	readonly figures: KernelFigures;
}

/** Either all values: short ones as keys of four words (see assembly/keys.ts), longer ones as text; or registers. */
export type DistinctFigures =
	| {
			readonly keys: Uint32Array;
			readonly longValues: Set<string>;
			/** Those of them that are kept as bits. */
			readonly numbered: NumberedFigures | null;
			/** Values beside these, which `readFigures` gave before. */
			readonly toldBefore: number;
			readonly registers: null;
	  }
	| {readonly keys: null; readonly longValues: null; readonly numbered: null; readonly registers: Uint8Array};

/** Larger than any address. */
const NOWHERE = 0xffff_ffff;
const NO_LIMIT = 0x7fff_ffff;

const KEY_BYTES = 16;
const LONG_KEY_TAG = 0xff;

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

export class Kernel {
	readonly #kernel: KernelExports;
	readonly #hugeSums = new HugeSums();
	readonly #hugeMonths = new HugeSums();
	#layout: FiguresLayout | null = null;
	/** Bytes of text of the files of a series. */
	#textBytes = 0;
	/** Whether it has read nothing but files of a series since one was begun. */
	isInSeries = false;
	/** What the last file of the series was read by; `null` where the kernel has been told something else since. */
	#seriesSpec: KernelSpec | null = null;
	readonly input: KernelInput;

	/**
	@param makeRoom - Called before there may be so many groups, of a single source; returns when there may, or throws to end the
	reading.
	@throws {Error} Where the processor or the engine has no 128-bit vectors.
	*/
	constructor(makeRoom: (groups: number) => void = () => {}) {
		const instance = new webAssembly.Instance(compile(), {
			host: {
				isUtf8: (start: number, end: number) => Number(isUtf8(this.input.bytes.subarray(start, end))),
				spillSum: (name: number, nameBytes: number, high: bigint, low: bigint, scale: number) => {
					this.#hugeSums.add(this.#text(name, nameBytes), joinHalves(high, low), scale);
				},
				addHugeAmount: (name: number, nameBytes: number, text: number, textBytes: number) => {
					this.#hugeSums.addText(this.#text(name, nameBytes), this.#text(text, textBytes));
				},
				makeRoomForGroups: (groups: number) => {
					if (!this.isInSeries) makeRoom(groups);
				},
				joinHugeSums: () => {
					this.#hugeSums.join();
				},
				spillMonth: (month: number, high: bigint, low: bigint, scale: number) => {
					this.#hugeMonths.add(monthName(month), joinHalves(high, low), scale);
				},
				addHugeToMonth: (month: number, text: number, textBytes: number) => {
					this.#hugeMonths.addText(monthName(month), this.#text(text, textBytes));
				},
				layOutName: (name: number, nameBytes: number, target: number, targetBytes: number): number => {
					const laidOut = this.#layout?.layOutName(this.#text(name, nameBytes));
					if (laidOut === undefined) return 0;
					return writeName(this.input.bytes, target, targetBytes, laidOut.text, laidOut.columns);
				},
			},
		});
		this.#kernel = instance.exports as unknown as KernelExports;
		this.#kernel.seedTables(randomBits());
		this.input = new KernelInput(this.#kernel);
	}

	/** Begins a source, or a part of one. The first record begins at `input.start`, on the given line. */
	begin(spec: KernelSpec, line: number): void {
		this.isInSeries = false;
		this.#seriesSpec = null;
		this.#hugeSums.clear();
		this.#hugeMonths.clear();
		this.#tell(spec, false);
		this.locate(line);
	}

	#tell(spec: KernelSpec, isInSeries: boolean): void {
		this.#kernel.begin(
			spec.delimiter.charCodeAt(0),
			spec.quote.charCodeAt(0),
			spec.columnCount,
			spec.idColumn,
			spec.amountColumn,
			spec.dateColumn,
			spec.groupColumn,
			spec.rejectLimit ?? 0,
			spec.rejectLimitPerMillion ?? 0,
			spec.mostRejects,
			spec.maxRecordBytes,
			spec.maxFieldBytes,
			spec.mostGroups,
			spec.mostGroupBytes,
			spec.mostValues,
			spec.mostValueBytes,
			Number(spec.sumsMonths ?? false),
			Number(isInSeries),
		);
	}

	/** Says on which line the record at `input.start` begins. */
	locate(line: number): void {
		this.#kernel.locate(this.input.start, line, this.input.offsetOfAddress);
	}

	/**
	Takes the records that are whole, from `input.start` on, and moves it behind them.

	@param isLast - Whether all of the source has been read.
	@param stopOffset - No record that begins at this offset of the source or further is taken.
	@param mostLines - No more line ends are gone over.
	*/
	consume(isLast: boolean, stopOffset = Number.POSITIVE_INFINITY, mostLines = NO_LIMIT): KernelOutcome {
		const {input} = this;
		const {offsetOfAddress} = input;
		this.#kernel.locate(input.start, this.line, offsetOfAddress);
		// A stop that is behind may be so far behind that it has no address.
		const stopAt = Math.max(0, Math.min(NOWHERE, stopOffset - offsetOfAddress));
		input.start = this.#kernel.consume(input.start, input.end, Number(isLast), stopAt, mostLines);
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
	/** Data records so far, those among them that were rejected. */
	get rows(): number {
		return this.#kernel.countRows();
	}
	get rejectedRows(): number {
		return this.#kernel.countRejected();
	}
	/** After `field-too-long`: which one, and of which record. */
	get longField(): {readonly index: number; readonly line: number; readonly byteOffset: number} {
		return {
			index: this.#kernel.stopColumn(),
			line: this.#kernel.stopLineNumber(),
			byteOffset: this.input.offsetOf(this.#kernel.failedRecord()),
		};
	}

	/** The first rejected records, and the one that ended the reading. */
	readRejects(): KeptReject[] {
		return readKeptRejects(this.input.bytes, this.#kernel.rejectLog(), this.#kernel.countKept());
	}

	/**
	What the records came to so far.

	@param onlyNews - Leaves out values that it gave for sources before, for someone who merges all that it gives.
	*/
	readFigures({onlyNews} = {onlyNews: false}): KernelFigures {
		return {...this.#readOthers(onlyNews), groups: readGroups(this.#kernel, this.#hugeSums)};
	}

	/** The same; the groups are to be taken before anything else is read. */
	readFiguresInPieces(): KernelFiguresInPieces {
		return {...this.#readOthers(false), groups: readGroupPieces(this.#kernel, this.#hugeSums)};
	}

	/** What there is beside groups. */
	#readOthers(onlyNews: boolean): Omit<KernelFigures, 'groups'> {
		const kernel = this.#kernel;
		kernel.finish();
		const latest = kernel.latestDate();
		return {
			groupsAreGivenUp: kernel.groupsAreGivenUp() !== 0,
			earliest: latest === 0n ? null : formatDate(kernel.earliestDate()),
			latest: latest === 0n ? null : formatDate(latest),
			distinct: this.#readDistinct(onlyNews),
		};
	}

	/** Begins a series of small files, whose figures are written as text. Whatever another had come to must have been taken. */
	beginSeries(layout: FiguresLayout): void {
		if (this.#layout !== layout) setLayout(this.#kernel, layout);
		this.#layout = layout;
		this.#kernel.beginSeries();
		this.isInSeries = true;
	}

	/**
	Reads a whole file of the series, from `input.start` to `input.end`: takes its figures in, and writes them as text.

	@param spec - Where it is the same object as for the file before, the kernel is not told of it again.
	@param line - On which its first record begins.
	@returns How many bytes of text; 0 where its figures are unusual. It is as if it had not been there, then, but `readFigures`
	has them until the next one is read. -1 where a bound was broken, or its text is not in UTF-8: that is for whoever reads it in the
	general way.
	*/
	readFile(spec: KernelSpec, line: number): number {
		if (!this.isInSeries) throw new Error('No series of files was begun');
		if (spec !== this.#seriesSpec) this.#tell(spec, true);
		this.#seriesSpec = spec;
		this.#hugeSums.clear();
		const {start, end, offsetOfAddress} = this.input;
		const bytes = this.#kernel.readFile(start, end, line, offsetOfAddress);
		if (bytes > 0) this.#textBytes += bytes;
		return bytes;
	}

	/** What the files since the series began came to, or since this was called: their texts, in order, and all together. */
	takeSeries(): KernelSeries | null {
		const kernel = this.#kernel;
		if (this.#textBytes === 0) {
			// Files with unusual figures have left names, too.
			kernel.endSeries();
			return null;
		}
		const texts = kernel.seriesTexts();
		const news = kernel.seriesNews();
		const newKeys = new Uint32Array(kernel.memory.buffer.slice(news, news + kernel.seriesNewsBytes()));
		const longValues = new Set<string>();
		const series = {
			texts: this.input.bytes.slice(texts, texts + this.#textBytes),
			figures: {
				groups: readSeriesGroups(kernel),
				groupsAreGivenUp: false,
				earliest: formatDate(kernel.seriesEarliest()),
				latest: formatDate(kernel.seriesLatest()),
				distinct: {
					keys: this.#takeLongValues(newKeys, longValues),
					longValues,
					numbered: readNumbered(kernel, true),
					toldBefore: 0,
					registers: null,
				},
			},
		};
		kernel.endSeries();
		this.#textBytes = 0;
		return series;
	}

	/** What the records came to by month, `YYYY-MM`, in order, where that was asked for. */
	readMonths(): Map<string, Sum> {
		return readMonths(this.#kernel, this.input.bytes, this.#hugeMonths);
	}

	#readDistinct(onlyNews: boolean): DistinctFigures {
		const kernel = this.#kernel;
		if (kernel.distinctIsEstimate() !== 0) {
			const registers = kernel.REGISTERS.value as number;
			return {
				keys: null,
				longValues: null,
				numbered: null,
				registers: this.input.bytes.slice(registers, registers + 2 ** 14),
			};
		}
		const count = kernel.countDistinct();
		const longValues = new Set<string>();
		if (count === 0) return {keys: new Uint32Array(0), longValues, numbered: null, toldBefore: 0, registers: null};
		const bytes = count * KEY_BYTES;
		const block = kernel.allocate(bytes);
		const written = onlyNews ? kernel.collectNews(block) : kernel.collectValues(block);
		const keys = new Uint32Array(kernel.memory.buffer.slice(block, block + written * KEY_BYTES));
		kernel.release(block, bytes);
		const numbered = readNumbered(kernel, onlyNews);
		const toldBefore = count - written - (numbered?.count ?? 0);
		return {keys: this.#takeLongValues(keys, longValues), longValues, numbered, toldBefore, registers: null};
	}

	/** Moves the keys of long values out, whose text is elsewhere. */
	#takeLongValues(keys: Uint32Array, longValues: Set<string>): Uint32Array {
		let kept = 0;
		for (let at = 0; at < keys.length; at += 4) {
			const lastWord = keys[at + 3] ?? 0;
			if (lastWord >>> 24 === LONG_KEY_TAG) longValues.add(this.#text(keys[at + 2] ?? 0, lastWord & 0xff_ffff));
			else {
				if (kept !== at) keys.copyWithin(kept, at, at + 4);
				kept += 4;
			}
		}
		return kept === keys.length ? keys : keys.slice(0, kept);
	}

	#text(address: number, length: number): string {
		const {bytes} = this.input;
		return Buffer.from(bytes.buffer, address, length).toString('latin1');
	}
}

/** 64 of them. Nobody outside sees what is made of them, so they need not be those of `crypto`, which takes 3 ms to be loaded. */
function randomBits(): bigint {
	const half = (): bigint => BigInt(Math.floor(Math.random() * 2 ** 32));
	return joinHalves(half(), half());
}

const joinHalves = (high: bigint, low: bigint): bigint => (high << 64n) | BigInt.asUintN(64, low);

/** See assembly/dates.ts: the halves of the year, the month and the day, 16 bits each. */
function formatDate(date: bigint): string {
	const part = (shift: bigint): string => String(Number((date >> shift) & 0xffffn)).padStart(2, '0');
	return `${part(48n)}${part(32n)}-${part(16n)}-${part(0n)}`;
}
