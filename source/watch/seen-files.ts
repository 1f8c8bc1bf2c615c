// What is remembered of each file that lies in the inbox. A hundred thousand may wait there, so of each there is its name, and some numbers in
// blocks of memory: an object with texts and numbers would take three times as much.
import {type ExactState, stateOf} from './exact-state.ts';

/** `taken`: it was given out, and the one that took it says when it is to be looked at again. */
export type Turn = 'growing' | 'in-line' | 'taken';

/** What one look at a file has found. */
export interface Look {
	readonly state: ExactState;
	/** As in `InboxFile`. */
	readonly changedAt: number;
	/** Since when it has been so, on the monotonic clock. */
	readonly sinceMs: number;
	/** When it was seen first, in milliseconds since 1970. */
	readonly arrivedAt: number;
	/** Whether it may be taken as far as markers are concerned. */
	readonly isMarked: boolean;
	readonly turn: Turn;
}

const TURNS: readonly Turn[] = ['growing', 'in-line', 'taken'];

// Where the numbers of a file are in its part of a block. Each takes eight bytes.
const [DEVICE, INODE, SIZE, MODIFIED_NS, CHANGED_NS, CHANGED_AT, SINCE, ARRIVED_AT, SCAN, FLAGS] = Array.from(
	{length: 10},
	(_, place) => place,
) as [number, number, number, number, number, number, number, number, number, number];
const NUMBERS_OF_FILE = 10;
const FILES_OF_BLOCK = 512;
/** In `FLAGS`, above the number of the turn. */
const MARKED = 4;

/** The same memory, read in three ways. */
interface Block {
	readonly numbers: Float64Array;
	readonly times: BigInt64Array;
	readonly ids: BigUint64Array;
}

export class SeenFiles {
	/** Each file's place among all that the blocks have. */
	readonly #places = new Map<string, number>();
	#blocks: Block[] = [];
	/** Places of files that are gone. */
	#free: number[] = [];
	#scan = 0;

	/** A further look at all files of the folder begins. */
	beginScan(): void {
		this.#scan++;
	}

	/** Forgets those that the scan has not come upon. */
	endScan(): void {
		for (const [name, place] of this.#places) if (this.#number(place, SCAN) !== this.#scan) this.forget(name);
	}

	get size(): number {
		return this.#places.size;
	}

	has(name: string): boolean {
		return this.#places.has(name);
	}

	/** `null`: it is not known. */
	turnOf(name: string): Turn | null {
		const place = this.#places.get(name);
		return place === undefined ? null : (TURNS[this.#number(place, FLAGS) % MARKED] ?? null);
	}

	isMarked(name: string): boolean {
		const place = this.#places.get(name);
		return place === undefined || this.#number(place, FLAGS) >= MARKED;
	}

	/** The scan has come upon it, and nothing of it is to be looked at. */
	keep(name: string): void {
		const place = this.#places.get(name);
		if (place !== undefined) this.#set(place, SCAN, this.#scan);
	}

	/** Since when it has been as it was seen last, and when it was seen first. `null`: it is not known. */
	times(name: string): {readonly sinceMs: number; readonly arrivedAt: number} | null {
		const place = this.#places.get(name);
		if (place === undefined) return null;
		return {sinceMs: this.#number(place, SINCE), arrivedAt: this.#number(place, ARRIVED_AT)};
	}

	/** Whether nobody has written to it, or put another file in its place, since it was seen last. */
	isSame(name: string, {dev, ino, size, mtimeNs, ctimeNs}: ExactState): boolean {
		const place = this.#places.get(name);
		if (place === undefined) return false;
		const {block, start} = this.#at(place);
		return (
			block.ids[start + DEVICE] === dev &&
			block.ids[start + INODE] === ino &&
			block.numbers[start + SIZE] === Number(size) &&
			block.times[start + MODIFIED_NS] === mtimeNs &&
			block.times[start + CHANGED_NS] === ctimeNs
		);
	}

	/** As the scan has seen it. */
	put(name: string, {state, changedAt, sinceMs, arrivedAt, isMarked, turn}: Look): void {
		let place = this.#places.get(name);
		if (place === undefined) {
			place = this.#free.pop() ?? this.#places.size;
			this.#places.set(name, place);
		}
		const {block, start} = this.#at(place);
		block.ids[start + DEVICE] = state.dev;
		block.ids[start + INODE] = state.ino;
		block.numbers[start + SIZE] = Number(state.size);
		block.times[start + MODIFIED_NS] = state.mtimeNs;
		block.times[start + CHANGED_NS] = state.ctimeNs;
		block.numbers[start + CHANGED_AT] = changedAt;
		block.numbers[start + SINCE] = sinceMs;
		block.numbers[start + ARRIVED_AT] = arrivedAt;
		block.numbers[start + SCAN] = this.#scan;
		block.numbers[start + FLAGS] = TURNS.indexOf(turn) + (isMarked ? MARKED : 0);
	}

	/** Of one that is in line: it has its turn. `null` where it is gone by now, or is not at rest. */
	take(name: string): {readonly bytes: number; readonly state: string; readonly arrivedAt: number} | null {
		const place = this.#places.get(name);
		if (place === undefined || this.turnOf(name) !== 'in-line') return null;
		const {block, start} = this.#at(place);
		this.#set(place, FLAGS, this.#number(place, FLAGS) - TURNS.indexOf('in-line') + TURNS.indexOf('taken'));
		const [dev = 0n, ino = 0n] = [block.ids[start + DEVICE], block.ids[start + INODE]];
		const [mtimeNs = 0n, ctimeNs = 0n] = [block.times[start + MODIFIED_NS], block.times[start + CHANGED_NS]];
		const bytes = this.#number(place, SIZE);
		const state = stateOf({dev, ino, size: BigInt(bytes), mtimeNs, ctimeNs});
		return {bytes, state, arrivedAt: this.#number(place, ARRIVED_AT)};
	}

	forget(name: string): void {
		const place = this.#places.get(name);
		if (place === undefined) return;
		this.#places.delete(name);
		if (this.#places.size > 0) {
			this.#free.push(place);
			return;
		}
		// The memory of a long queue is given back when it is gone.
		this.#blocks = [];
		this.#free = [];
	}

	/** Calls it with each file. */
	forEach(look: (name: string, bytes: number, changedAt: number) => void): void {
		for (const [name, place] of this.#places) look(name, this.#number(place, SIZE), this.#number(place, CHANGED_AT));
	}

	#number(place: number, which: number): number {
		const {block, start} = this.#at(place);
		return block.numbers[start + which] ?? 0;
	}

	#set(place: number, which: number, value: number): void {
		const {block, start} = this.#at(place);
		block.numbers[start + which] = value;
	}

	#at(place: number): {readonly block: Block; readonly start: number} {
		const index = Math.floor(place / FILES_OF_BLOCK);
		let block = this.#blocks[index];
		if (block === undefined) {
			const memory = new ArrayBuffer(FILES_OF_BLOCK * NUMBERS_OF_FILE * Float64Array.BYTES_PER_ELEMENT);
			block = {numbers: new Float64Array(memory), times: new BigInt64Array(memory), ids: new BigUint64Array(memory)};
			this.#blocks[index] = block;
		}
		return {block, start: (place % FILES_OF_BLOCK) * NUMBERS_OF_FILE};
	}
}
