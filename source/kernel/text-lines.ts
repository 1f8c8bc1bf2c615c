// The host of the kernel's reader of text lines: what lines come to is what the slow one finds (analysis/reference/figures-of-lines.ts).
import {type AnalysisFigures, entryWords, KEY_END_WORD, RECORDS_WORD, writeCount} from '../analysis/figures.ts';
import {
	addSampled,
	createSample,
	mapSample,
	type PositionSample,
	type SampleSeed,
} from '../analysis/position-sample.ts';
import {type StateLayout, topCapsOf} from '../analysis/state-layout.ts';
import type {TopValues} from '../analysis/top-values.ts';
import type {KernelExports} from './exports.ts';
import type {KernelInput} from './input.ts';

// In 64-bit words: see assembly/text-lines.ts.
const LINES = 0;
const BLANK_LINES = 1;
const WORDS = 2;
const BYTES = 3;
const LONGEST = 4;
const LONGEST_LENGTH = 5;
const FIRST_LEVEL = 6;
const TOTALS = 12;

const levels = ['ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'FATAL'] as const;

/** Of lines that are sampled. */
const ROOM_BYTES = 64 * 1024;
const SAMPLE_HEAD_BYTES = 12;
/** A slot, and where in it what is: see assembly/line-table.ts. */
const SLOT_WORDS = 8;
const TEXT_WORD = 2;
const LENGTH_WORD = 3;
const COUNT_WORD = 4;

/** A longer line is not taken. */
export const MAX_LINE_BYTES = 2 ** 20;

/** Reads the lines of one text after the other. */
export class TextLines {
	readonly #kernel: KernelExports;
	readonly #layout: StateLayout;
	readonly #sample: PositionSample;
	#room = 0;
	readonly input: KernelInput;

	constructor(kernel: KernelExports, input: KernelInput, layout: StateLayout, {high, low}: SampleSeed) {
		const {maxValues, maxBytes, sample} = topCapsOf(layout.caps);
		this.#kernel = kernel;
		this.#layout = layout;
		this.#sample = createSample(sample);
		this.input = input;
		input.begin(0);
		kernel.beginTextLines(high >>> 0, low >>> 0, maxValues, maxBytes);
	}

	/**
	Takes the lines that are whole, from `input.start` on, and moves it behind them.

	@param isLast - Whether the text ends here.
	@param markBytes - Of a byte order mark at `input.start`.
	@returns Whether a line is too long to be taken: it is at `input.start`.
	*/
	take(isLast: boolean, markBytes = 0): boolean {
		const {input} = this;
		const kernel = this.#kernel;
		const {maxTextBytes} = this.#sample.caps;
		this.#room ||= kernel.allocate(ROOM_BYTES + maxTextBytes);
		let mark = markBytes;
		for (;;) {
			const {start, end} = input;
			const roomEnd = this.#room + ROOM_BYTES + maxTextBytes;
			const {limit} = this.#sample;
			const taken = kernel.takeTextLines(
				...([
					start,
					end,
					Number(isLast),
					input.offsetOfAddress,
					mark,
					limit,
					this.#room,
					roomEnd,
					maxTextBytes,
				] as const),
			);
			input.start = taken;
			this.#drain();
			if (taken === start) return start < end && (isLast || end - start > MAX_LINE_BYTES + mark);
			mark = 0;
			if (taken === end) return false;
		}
	}

	#drain(): void {
		const end = this.#kernel.sampledEnd();
		if (end === this.#room) return;
		const {bytes} = this.input;
		const view = new DataView(bytes.buffer);
		for (let at = this.#room; at < end; ) {
			const hash = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
			const length = view.getUint32(at + 8, true);
			const start = at + SAMPLE_HEAD_BYTES;
			// The limit may have fallen.
			if (hash < this.#sample.limit) addSampled(this.#sample, hash, this.#text(start, length));
			at = start + length;
		}
	}

	#text(address: number, length: number): string {
		return Buffer.from(this.input.bytes.buffer, address, length).toString('latin1');
	}

	/** Lines so far. */
	get lines(): number {
		return this.#totals()[LINES] ?? 0;
	}

	#totals(): number[] {
		const view = new DataView(this.input.bytes.buffer, this.#kernel.textTotals(), TOTALS * 8);
		return Array.from({length: TOTALS}, (_, word) => Number(view.getBigUint64(8 * word, true)));
	}

	/** What the lines came to so far. */
	readFigures(): AnalysisFigures {
		const totals = this.#totals();
		const of = (word: number): number => totals[word] ?? 0;
		const records = of(LINES);
		const sums: Readonly<Record<string, number>> = {words: of(WORDS), bytes: of(BYTES), blank: of(BLANK_LINES)};
		const layout = this.#layout;
		const longest = records === 0 ? null : {line: of(LONGEST), bytes: of(LONGEST_LENGTH)};
		return {
			records,
			sums: Array.from(layout.sums.keys(), name => ({
				units: BigInt(sums[name] ?? notRead(name)),
				scale: 0,
				count: records,
			})),
			ranges: [],
			sets: [],
			tables: Array.from(layout.tables.keys(), () => tableOfLevels(totals.slice(FIRST_LEVEL))),
			longest: Array.from(layout.longest.keys(), name => (name === 'length' ? longest : notRead(name))),
			tops: Array.from(layout.tops.keys(), name =>
				name === 'masked' ? this.#tops(records - of(BLANK_LINES)) : notRead(name),
			),
		};
	}

	#tops(records: number): TopValues {
		const kernel = this.#kernel;
		const isGivenUp = kernel.isTableGivenUp() !== 0;
		return {
			caps: topCapsOf(this.#layout.caps),
			records,
			counts: isGivenUp ? null : this.#counts(),
			bytes: kernel.countedBytes(),
			sample: mapSample(this.#sample, text => text),
		};
	}

	#counts(): Map<string, number> {
		const kernel = this.#kernel;
		const words = new Uint32Array(kernel.memory.buffer);
		const counts = new Map<string, number>();
		const first = kernel.countedTable() >>> 2;
		for (let slot = first; slot < first + SLOT_WORDS * kernel.countedSlots(); slot += SLOT_WORDS) {
			const count = (words[slot + COUNT_WORD] ?? 0) + (words[slot + COUNT_WORD + 1] ?? 0) * 2 ** 32;
			if (count > 0) counts.set(this.#text(words[slot + TEXT_WORD] ?? 0, words[slot + LENGTH_WORD] ?? 0), count);
		}
		return counts;
	}
}

function notRead(name: string): never {
	throw new Error(`Expected the kernel to read ${name} of lines`);
}

/** Groups of lines by level. */
function tableOfLevels(counts: readonly number[]): AnalysisFigures['tables'][number] {
	const found = levels.flatMap((level, place) =>
		(counts[place] ?? 0) > 0 ? [{level, count: counts[place] ?? 0}] : [],
	);
	const words = entryWords([]);
	const entries = new Uint32Array(found.length * words);
	let end = 0;
	for (const [place, {level, count}] of found.entries()) {
		end += level.length;
		entries[place * words + KEY_END_WORD] = end;
		writeCount(entries, place * words + RECORDS_WORD, count);
	}
	const keys = new Uint8Array(Buffer.from(found.map(({level}) => level).join(''), 'latin1'));
	return {isGivenUp: false, entries, keys, scales: [], additions: []};
}
