// The memory that threads share which read one large file together: ranges of it, who takes the next one, and where each
// really began and ended.
//
//   Int32    [0] next range to take   [1] 1 when the ranges do not fit together   [2] helpers that are to leave
//            [3] first range to take  [4] the one behind the last to take: others are read on other machines
//   Float64  for each range: where its first record begins, where the first record behind it begins, its line ends
//
// A range begins at the first record that begins in it. Where that is, its reader guesses (kernel: guessRecordStart), for the
// bytes in front of it are another's; that one knows it when it comes there. Both write down what they found, and the
// second of two neighbours compares them. If they differ, all stop, and the file is read by one thread
// from its beginning: a rare loss of time, never of truth.

/** So large is a range: a thousandth of a second's work is lost at its seams, and threads end within 5 ms of each other. */
export const RANGE_BYTES = 8 * 1024 * 1024;
/** A smaller file is read by one thread in less time than a second one takes to start. */
export const SMALLEST_SPLIT_BYTES = 2 * RANGE_BYTES;

const NEXT = 0;
const BROKEN = 1;
const LEAVING = 2;
const FIRST = 3;
const END = 4;
const HEADER_WORDS = 5;
const HEADER_BYTES = 24;
/** Offsets are written down plus 1, so that 0 says that there is none yet. */
const UNKNOWN = 0;

/** Where the first record of a range began, where the first one behind it began, and its line ends. */
export interface ReadRange {
	readonly range: number;
	readonly startOffset: number;
	readonly endOffset: number;
	readonly lines: number;
}

/** Ranges one behind the other, without the one at the end. */
export interface RangeSpan {
	readonly first: number;
	readonly end: number;
}

export class RangeBoard {
	readonly buffer: SharedArrayBuffer;
	readonly fileBytes: number;
	readonly rangeBytes: number;
	readonly rangeCount: number;
	readonly #flags: Int32Array;
	readonly #starts: BigInt64Array;
	readonly #ends: BigInt64Array;
	readonly #lines: Float64Array;

	/** @param buffer - Of a board that another thread has made. */
	constructor(fileBytes: number, rangeBytes: number, buffer?: SharedArrayBuffer) {
		this.fileBytes = fileBytes;
		this.rangeBytes = rangeBytes;
		this.rangeCount = Math.max(1, Math.ceil(fileBytes / rangeBytes));
		const bytes = 8 * this.rangeCount;
		this.buffer = buffer ?? new SharedArrayBuffer(HEADER_BYTES + 3 * bytes);
		this.#flags = new Int32Array(this.buffer, 0, HEADER_WORDS);
		if (buffer === undefined) this.#flags[END] = this.rangeCount;
		this.#starts = new BigInt64Array(this.buffer, HEADER_BYTES, this.rangeCount);
		this.#ends = new BigInt64Array(this.buffer, HEADER_BYTES + bytes, this.rangeCount);
		this.#lines = new Float64Array(this.buffer, HEADER_BYTES + 2 * bytes, this.rangeCount);
	}

	/** Before anything is taken: of these ranges alone, from the first one up to the one in front of the end. */
	limitTo({first, end}: RangeSpan): void {
		this.#flags[NEXT] = first;
		this.#flags[FIRST] = first;
		this.#flags[END] = end;
	}

	/** The number of the next range that nobody has read or reads; `null` when there is none, or no use in going on. */
	take(): number | null {
		for (;;) {
			if (this.isBroken) return null;
			const range = Atomics.add(this.#flags, NEXT, 1);
			if (range === this.#first) Atomics.notify(this.#flags, NEXT);
			if (range >= this.#end) return null;
			if (!this.#isRead(range)) return range;
		}
	}

	/** What is written down of ranges that have been read. */
	describe(ranges: Iterable<number>): readonly ReadRange[] {
		return Array.from(ranges, range => ({
			range,
			startOffset: Number(Atomics.load(this.#starts, range)) - 1,
			endOffset: Number(Atomics.load(this.#ends, range)) - 1,
			lines: this.#lines[range] ?? 0,
		}));
	}

	/** Before anything is taken: what an earlier reading has written down of ranges, which are not read again. */
	restore(ranges: Iterable<ReadRange>): void {
		for (const {range, startOffset, endOffset, lines} of ranges) {
			this.noteStart(range, startOffset);
			this.noteEnd(range, endOffset, lines);
		}
	}

	#isRead(range: number): boolean {
		return Atomics.load(this.#ends, range) !== 0n;
	}

	get #first(): number {
		return this.#flags[FIRST] ?? 0;
	}

	get #end(): number {
		return this.#flags[END] ?? 0;
	}

	/** Whether a thread has come as far as the first range, which is behind the header. */
	get hasBegun(): boolean {
		return Atomics.load(this.#flags, NEXT) > this.#first;
	}

	/** Resolves when it has begun; not at all if it never does. */
	async begun(): Promise<void> {
		await Atomics.waitAsync(this.#flags, NEXT, this.#first).value;
	}

	get rangesLeft(): number {
		return this.isBroken ? 0 : Math.max(0, this.#end - Atomics.load(this.#flags, NEXT));
	}

	startOf(range: number): number {
		return range * this.rangeBytes;
	}

	/** Where the next range begins; nowhere for the last one, which ends with the file. */
	stopOf(range: number): number {
		return range === this.rangeCount - 1 ? Number.POSITIVE_INFINITY : (range + 1) * this.rangeBytes;
	}

	/** Tells where the first record of a range begins. */
	noteStart(range: number, offset: number): void {
		Atomics.store(this.#starts, range, BigInt(offset + 1));
		this.#compare(range - 1);
	}

	/** Tells where the first record behind a range begins, and how many line ends the range has. */
	noteEnd(range: number, offset: number, lines: number): void {
		this.#lines[range] = lines;
		Atomics.store(this.#ends, range, BigInt(offset + 1));
		this.#compare(range);
	}

	/** Tells that the file cannot be read in ranges. */
	breakOff(): void {
		Atomics.store(this.#flags, BROKEN, 1);
	}

	get isBroken(): boolean {
		return Atomics.load(this.#flags, BROKEN) === 1;
	}

	/** Asks one helper to leave, because a thread is wanted elsewhere. */
	askToLeave(): void {
		Atomics.add(this.#flags, LEAVING, 1);
	}

	/** A helper's side, between two ranges: whether it is the one to leave. */
	isToLeave(): boolean {
		if (Atomics.load(this.#flags, LEAVING) <= 0) return false;
		if (Atomics.sub(this.#flags, LEAVING, 1) > 0) return true;
		Atomics.add(this.#flags, LEAVING, 1);
		return false;
	}

	/** When all have ended: whether each range began where the one before it ended. */
	isComplete(): boolean {
		return this.isCovered({first: 0, end: this.rangeCount});
	}

	/** The same of some of them. */
	isCovered({first, end}: RangeSpan): boolean {
		if (this.isBroken) return false;
		const last = end - 1;
		if (Atomics.load(this.#starts, first) === 0n || Atomics.load(this.#ends, last) === 0n) return false;
		for (let index = first; index < last; index++) if (!this.#isJoinedToNext(index)) return false;
		return true;
	}

	/** Whether all ranges in front of one have been read, and each begins where the one before it ended. */
	isReadUpTo(range: number): boolean {
		for (let index = 0; index < range; index++) if (!this.#isJoinedToNext(index)) return false;
		return true;
	}

	/** The number of the range in which a record begins, of those that have begun. */
	rangeOf(byteOffset: number): number {
		let range = 0;
		for (let next = 1; next < this.rangeCount; next++) {
			const start = Number(Atomics.load(this.#starts, next)) - 1;
			if (start >= 0 && start <= byteOffset) range = next;
		}
		return range;
	}

	/** The line ends of all ranges in front of one. */
	linesBefore(range: number): number {
		let lines = 0;
		for (let index = 0; index < range; index++) lines += this.#lines[index] ?? 0;
		return lines;
	}

	/** Whether the next range begins where one has ended: by what is written down, not by whether anyone has compared it yet. */
	#isJoinedToNext(range: number): boolean {
		const end = Atomics.load(this.#ends, range);
		return end !== 0n && Atomics.load(this.#starts, range + 1) === end;
	}

	/** Holds the end of a range against the start of the next one, as soon as both are known. */
	#compare(range: number): void {
		if (range < 0 || range + 1 >= this.rangeCount) return;
		const end = Atomics.load(this.#ends, range);
		const start = Atomics.load(this.#starts, range + 1);
		if (Number(end) !== UNKNOWN && Number(start) !== UNKNOWN && end !== start) this.breakOff();
	}
}
