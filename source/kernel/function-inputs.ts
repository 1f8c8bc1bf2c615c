// What functions are given of a record: its columns, read when they are asked for.
import type {AnyRecord} from '../analysis/declaration.ts';
import {formatMoment} from '../analysis/moment.ts';
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
	/** Whether the kernel reads it by the rules. */
	isByRules: boolean;
}

export interface RecordInput {
	readonly get: () => AnyRecord[string];
	/** To be called when the memory or the scales of the kernel may have changed. */
	readonly look: () => void;
}

/** @param lane - Its place in the program. */
export function createInput(kernel: KernelExports, place: RecordPlace, readers: Readers, lane: number): RecordInput {
	switch (readers.lane(lane).kind) {
		case 'number':
			return numberInput(kernel, place, readers.valueOf(lane));
		case 'date':
			return dateInput(kernel, place, readers.dateOf(lane));
		case 'timestamp':
			return timestampInput(kernel, place, readers.dateOf(lane));
		case 'text':
			return textInput(kernel, place, readers.columnOf(lane));
		default:
			return {get: () => null, look() {}};
	}
}

const HALF = 2 ** 32;

function numberInput(kernel: KernelExports, place: RecordPlace, number: number): RecordInput {
	let words = new Int32Array(0);
	let bytes = new Uint8Array(0);
	let units = 0;
	let nones = 0;
	let power = 1;
	return {
		look() {
			const {buffer} = kernel.memory;
			if (words.buffer !== buffer) {
				words = new Int32Array(buffer);
				bytes = new Uint8Array(buffer);
			}
			units = kernel.unitsOf(number) >>> 2;
			nones = kernel.nonesOf(number);
			power = 10 ** kernel.scaleOf(number);
		},
		get() {
			const {record, isByRules} = place;
			if (isByRules) return numberByRules(kernel, number);
			if (nones !== 0 && bytes[nones + record] !== 0) return null;
			const at = units + 2 * record;
			// Units have 47 bits, and powers of ten are exact: what is divided is rounded once.
			return ((words[at + 1] ?? 0) * HALF + ((words[at] ?? 0) >>> 0)) / power;
		},
	};
}

function numberByRules(kernel: KernelExports, number: number): number | null {
	const end = kernel.numberTextEnd(number);
	if (end === 0) return null;
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

function dateInput(kernel: KernelExports, place: RecordPlace, date: number): RecordInput {
	let words = new Int32Array(0);
	let codes = 0;
	return {
		look() {
			if (words.buffer !== kernel.memory.buffer) words = new Int32Array(kernel.memory.buffer);
			codes = kernel.codesOf(date) >>> 2;
		},
		get: () => dayOf(place.isByRules ? kernel.codeOf(date) : (words[codes + place.record] ?? 0)),
	};
}

const CLOCK = 2 ** 17;

function timestampInput(kernel: KernelExports, place: RecordPlace, date: number): RecordInput {
	let words = new Int32Array(0);
	let codes = 0;
	let clocks = 0;
	return {
		look() {
			if (words.buffer !== kernel.memory.buffer) words = new Int32Array(kernel.memory.buffer);
			codes = kernel.codesOf(date) >>> 2;
			clocks = kernel.clocksOf(date) >>> 2;
		},
		get() {
			const code = place.isByRules ? kernel.codeOf(date) : (words[codes + place.record] ?? 0);
			const clock = place.isByRules ? kernel.clockOfRecord(date) : (words[clocks + place.record] ?? 0);
			return code === 0 ? null : formatMoment(code * CLOCK + clock);
		},
	};
}

function textInput(kernel: KernelExports, place: RecordPlace, column: number): RecordInput {
	const texts = new RecentTexts();
	let bytes = new Uint8Array(0);
	return {
		look() {
			if (bytes.buffer !== kernel.memory.buffer) bytes = new Uint8Array(kernel.memory.buffer);
		},
		get() {
			const {record, entries, columnCount, isByRules} = place;
			const start = kernel.openCell(entries + 4 * (column + (isByRules ? 0 : record * columnCount)));
			// The cell may have been copied to memory that has grown.
			if (bytes.buffer !== kernel.memory.buffer) bytes = new Uint8Array(kernel.memory.buffer);
			return texts.decode(bytes, start, kernel.openedEnd());
		},
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
