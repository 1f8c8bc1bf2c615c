// What functions are given of a record: its columns, read when they are asked for.
import type {AnyRecord} from '../analysis/declaration.ts';
import {formatMoment} from '../analysis/moment.ts';
import type {AnalysisProgram, Lane} from '../analysis/program.ts';
import {decodeBytes, encodingOf} from '../analysis/text-encoding.ts';
import type {KernelExports} from './exports.ts';
import type {Readers} from './spec.ts';

/** The record that functions are called for. */
export interface RecordPlace {
	/** In its run. */
	record: number;
	/** The address of the entry in front of its first field; in a run, in front of that of the first record. */
	entries: number;
	columnCount: number;
}

interface RecordInput {
	readonly get: () => AnyRecord[string];
	/** Says which reader it is of, or which column. */
	readonly aim: (at: number) => void;
	/** To be called when the memory of the kernel may have changed. */
	readonly look: () => void;
	/**
	Puts what the kernel has read by the rules in the place of the first record of a run, which is either that record or has been added:
	with another object for it, or another way to read it, functions would be compiled for both, and be slow.
	*/
	readonly fill: () => void;
}

/** What the functions of an analysis are given. */
export interface GivenRecord {
	readonly record: AnyRecord;
	readonly inputs: readonly RecordInput[];
}

interface InputKind {
	readonly input: string;
	readonly kind: Lane['kind'];
	readonly mayBeNone: boolean;
}

/**
The records of analyses. They stay for files whose columns are elsewhere: the engine compiles functions for the objects that they are given,
and those for other objects each time would be slow ones.
*/
export class GivenRecords {
	readonly #kernel: KernelExports;
	readonly #place: RecordPlace;
	readonly #known = new Map<string, GivenRecord>();

	constructor(kernel: KernelExports, place: RecordPlace) {
		this.#kernel = kernel;
		this.#place = place;
	}

	/** Those that an analysis had before, where it is given the same. */
	of({name, required, functions}: AnalysisProgram, readers: Readers): GivenRecord {
		const inputs = functions?.inputs ?? [];
		const kinds = inputs.map(({name: input, lane}) => ({
			input,
			kind: readers.lane(lane).kind,
			// A condition is asked about any record.
			mayBeNone: functions?.where !== undefined || !required.includes(lane),
		}));
		const key = JSON.stringify([name, kinds]);
		const given = this.#known.get(key) ?? this.#create(kinds);
		if (this.#known.size === MAX_RECORDS_KNOWN) this.#known.clear();
		this.#known.set(key, given);
		for (const [at, {lane}] of inputs.entries()) given.inputs[at]?.aim(placeOf(readers, lane));
		return given;
	}

	#create(kinds: readonly InputKind[]): GivenRecord {
		const record = {};
		const inputs = kinds.map(kind => {
			const created = createInput(this.#kernel, this.#place, kind);
			Object.defineProperty(record, kind.input, {get: created.get, enumerable: true});
			return created;
		});
		return {record: Object.freeze(record), inputs};
	}
}

const MAX_RECORDS_KNOWN = 100;

/** Of a reader, or of a column. */
function placeOf(readers: Readers, lane: number): number {
	const {kind} = readers.lane(lane);
	if (kind === 'number') return readers.valueOf(lane);
	if (kind === 'date' || kind === 'timestamp') return readers.dateOf(lane);
	return kind === 'text' ? readers.columnOf(lane) : 0;
}

function createInput(kernel: KernelExports, place: RecordPlace, {kind, mayBeNone}: InputKind): RecordInput {
	switch (kind) {
		case 'number':
			return numberInput(kernel, place, mayBeNone);
		case 'date':
			return dateInput(kernel, place);
		case 'timestamp':
			return timestampInput(kernel, place);
		case 'text':
			return textInput(kernel, place);
		default:
			return {get: () => null, aim() {}, look() {}, fill() {}};
	}
}

function numberInput(kernel: KernelExports, place: RecordPlace, mayBeNone: boolean): RecordInput {
	let number = 0;
	let doubles = new Float64Array(0);
	let bytes = new Uint8Array(0);
	let at = 0;
	let nones = 0;
	return {
		aim(to) {
			number = to;
		},
		look() {
			const {buffer} = kernel.memory;
			if (doubles.buffer !== buffer) {
				doubles = new Float64Array(buffer);
				bytes = new Uint8Array(buffer);
			}
			at = kernel.doublesOf(number) >>> 3;
			nones = kernel.nonesOf(number);
		},
		// Short and without what is not needed, for the engine to make it a part of the function that asks.
		get: mayBeNone
			? () => {
					const value = doubles[at + place.record] as number;
					return Number.isNaN(value) || (nones !== 0 && bytes[nones + place.record] !== 0) ? null : value;
				}
			: () => doubles[at + place.record] as number,
		fill() {
			doubles[at] = numberByRules(kernel, number);
			if (nones !== 0) bytes[nones] = 0;
		},
	};
}

/** NaN for none. */
function numberByRules(kernel: KernelExports, number: number): number {
	const end = kernel.numberTextEnd(number);
	if (end === 0) return Number.NaN;
	const start = kernel.numberText(number);
	// Not -0.
	return Number(Buffer.from(kernel.memory.buffer, start, end - start).toString('latin1')) + 0;
}

// As in assembly/date-reader.ts.
const YEAR_SHIFT = 14;
const MONTH_SHIFT = 7;
const PART_MASK = 127;
/** Some 270 years. */
const MAX_DAYS_KNOWN = 100_000;

const days = new Map<number, string>();

/** @param code - Of a date; 0 for none. */
function dayOf(code: number): string | null {
	if (code === 0) return null;
	const known = days.get(code);
	if (known !== undefined) return known;
	const [year, month, day] = [code >>> YEAR_SHIFT, (code >>> MONTH_SHIFT) & PART_MASK, code & PART_MASK];
	const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
	if (days.size === MAX_DAYS_KNOWN) days.clear();
	days.set(code, text);
	return text;
}

function dateInput(kernel: KernelExports, place: RecordPlace): RecordInput {
	let date = 0;
	let words = new Int32Array(0);
	let codes = 0;
	return {
		aim(to) {
			date = to;
		},
		look() {
			if (words.buffer !== kernel.memory.buffer) words = new Int32Array(kernel.memory.buffer);
			codes = kernel.codesOf(date) >>> 2;
		},
		get: () => dayOf(words[codes + place.record] ?? 0),
		fill() {
			words[codes] = kernel.codeOf(date);
		},
	};
}

const CLOCK = 2 ** 17;

function timestampInput(kernel: KernelExports, place: RecordPlace): RecordInput {
	let date = 0;
	let words = new Int32Array(0);
	let codes = 0;
	let clocks = 0;
	return {
		aim(to) {
			date = to;
		},
		look() {
			if (words.buffer !== kernel.memory.buffer) words = new Int32Array(kernel.memory.buffer);
			codes = kernel.codesOf(date) >>> 2;
			clocks = kernel.clocksOf(date) >>> 2;
		},
		get: () => momentOf(words[codes + place.record] ?? 0, words[clocks + place.record] ?? 0),
		fill() {
			words[codes] = kernel.codeOf(date);
			words[clocks] = kernel.clockOfRecord(date);
		},
	};
}

const momentOf = (code: number, clock: number): string | null =>
	code === 0 ? null : formatMoment(code * CLOCK + clock);

function textInput(kernel: KernelExports, place: RecordPlace): RecordInput {
	let column = 0;
	const texts = new RecentTexts();
	let bytes = new Uint8Array(0);
	const textAt = (entry: number): string => {
		const start = kernel.openCell(entry);
		// The cell may have been copied to memory that has grown.
		if (bytes.buffer !== kernel.memory.buffer) bytes = new Uint8Array(kernel.memory.buffer);
		return texts.decode(bytes, start, kernel.openedEnd());
	};
	return {
		aim(to) {
			column = to;
		},
		look() {},
		get: () => textAt(place.entries + 4 * (column + place.record * place.columnCount)),
		fill() {},
	};
}

const TEXTS_KNOWN = 256;
const MAX_BYTES_KNOWN = 32;
const MULTIPLIER = 31;

/** Texts that were decoded last, each in the one place that its bytes say: columns of groups have few different ones. */
class RecentTexts {
	readonly #texts: {readonly bytes: Uint8Array; readonly text: string}[] = [];

	decode(bytes: Uint8Array, start: number, end: number): string {
		const length = end - start;
		if (length > MAX_BYTES_KNOWN) return decode(bytes, start, end);
		let hash = length;
		for (let at = start; at < end; at++) hash = (hash * MULTIPLIER + (bytes[at] ?? 0)) | 0;
		const place = (hash ^ (hash >>> 8)) & (TEXTS_KNOWN - 1);
		const known = this.#texts[place];
		if (known !== undefined && isSame(known.bytes, bytes, start, length)) return known.text;
		const text = decode(bytes, start, end);
		this.#texts[place] = {bytes: bytes.slice(start, end), text};
		return text;
	}
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
	if (known.length !== length) return false;
	for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false;
	return true;
}

/** As UTF-8 where it is, else as Windows-1252. */
function decode(bytes: Uint8Array, start: number, end: number): string {
	const text = Buffer.from(bytes.buffer, start, end - start).toString('latin1');
	return decodeBytes(text, encodingOf([text]));
}
