// Reads the kernel's table of groups.
import type {KernelExports} from './exports.ts';
import type {HugeSums, Sum} from './sums.ts';

/** Groups, each once. */
export interface GroupFigures {
	/** For each: where its name ends among the names; its count, 64 bits, and its sum, 128 bits, the lowest word first. */
	readonly entries: Uint32Array;
	/** All names, one behind the other. */
	readonly names: Uint8Array;
	/** Of the sums. */
	readonly scale: number;
	/** What is to be added to some sums, by the group's place. */
	readonly additions: ReadonlyMap<number, Sum>;
}

export const ENTRY_WORDS = 7;

/** As in assembly/groups.ts. */
const COUNT = 24;
const LONG_KEY_TAG = 0xff;

/** The groups that have records. */
export const readGroups = (kernel: KernelExports, hugeSums: HugeSums): GroupFigures =>
	packGroups(kernel, kernel.scaleOfSums(), slot => slot + COUNT, hugeSums);

/** So many take 200 kB with names of usual length. */
const GROUPS_A_PIECE = 4096;

/** The same in pieces, at least one, for those who keep few of them. Nothing may be read meanwhile. */
export function* readGroupPieces(kernel: KernelExports, hugeSums: HugeSums): Generator<GroupFigures, void> {
	const count = kernel.countGroups();
	let from = 0;
	do {
		const to = Math.min(count, from + GROUPS_A_PIECE);
		yield packGroups(kernel, kernel.scaleOfSums(), slot => slot + COUNT, hugeSums, [from, to]);
		from = to;
	} while (from < count);
}

/**
@param figuresOf - Where the count of a group is, and behind it its sum; 0 where it has none. Those without a record are of other
files of a series.
@param part - Of the list of groups: from which place, up to which one.
*/
export function packGroups(
	kernel: KernelExports,
	scale: number,
	figuresOf: (slot: number) => number,
	hugeSums: HugeSums | null,
	part: readonly [from: number, to: number] = [0, kernel.countGroups()],
): GroupFigures {
	const {slots: allSlots, words, bytes} = lookAtGroups(kernel);
	const slots = allSlots.subarray(...part);
	const isUsed = (figures: number): boolean =>
		figures !== 0 && (words[figures >>> 2] !== 0 || words[(figures >>> 2) + 1] !== 0);
	let count = 0;
	let nameBytes = 0;
	for (const slot of slots) {
		if (!isUsed(figuresOf(slot))) continue;
		count++;
		nameBytes += nameLength(words, slot);
	}
	const entries = new Uint32Array(allocate(4 * count * ENTRY_WORDS));
	const names = new Uint8Array(allocate(nameBytes));
	const additions = new Map<number, Sum>();
	let at = 0;
	let end = 0;
	for (const slot of slots) {
		const figures = figuresOf(slot);
		if (!isUsed(figures)) continue;
		const start = end;
		end += nameLength(words, slot);
		copyName(names, start, bytes, nameAddress(words, slot), end - start);
		entries[at] = end;
		for (let word = 0; word < ENTRY_WORDS - 1; word++) entries[at + 1 + word] = words[(figures >>> 2) + word] ?? 0;
		const huge =
			(hugeSums?.isEmpty ?? true)
				? undefined
				: hugeSums?.of(Buffer.from(names.buffer, start, end - start).toString('latin1'));
		if (huge !== undefined) additions.set(at / ENTRY_WORDS, huge);
		at += ENTRY_WORDS;
	}
	return {entries, names, scale, additions};
}

const LARGE_BYTES = 256 * 1024;

/**
Memory to be handed to another thread. A buffer that may change its size is mapped by itself, and goes back to the system when it
is discarded there. Any other one would be kept by the allocator for the next time, 20 MB for each thread.
*/
const allocate = (bytes: number): ArrayBuffer =>
	bytes < LARGE_BYTES ? new ArrayBuffer(bytes) : new ArrayBuffer(bytes, {maxByteLength: bytes});

/** Names are short mostly, and then the call of anything built in takes longer than the copy. */
function copyName(target: Uint8Array, at: number, bytes: Uint8Array, start: number, length: number): void {
	if (length > 64) target.set(bytes.subarray(start, start + length), at);
	else for (let index = 0; index < length; index++) target[at + index] = bytes[start + index] ?? 0;
}

interface GroupTable {
	/** Where each group is, those without a record included. */
	readonly slots: Uint32Array;
	/** The memory. */
	readonly words: Uint32Array;
	readonly bytes: Uint8Array;
}

/** For as long as nothing is allocated. */
function lookAtGroups(kernel: KernelExports): GroupTable {
	const {buffer} = kernel.memory;
	const slots = new Uint32Array(buffer, kernel.groupList(), kernel.countGroups());
	return {slots, words: new Uint32Array(buffer), bytes: new Uint8Array(buffer)};
}

/** As in assembly/keys.ts. */
const lastWord = (words: Uint32Array, slot: number): number => words[(slot >>> 2) + 3] ?? 0;
const isLong = (words: Uint32Array, slot: number): boolean => lastWord(words, slot) >>> 24 === LONG_KEY_TAG;
const nameLength = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? lastWord(words, slot) & 0xff_ffff : (lastWord(words, slot) >>> 24) - 1;
const nameAddress = (words: Uint32Array, slot: number): number =>
	isLong(words, slot) ? (words[(slot >>> 2) + 2] ?? 0) : slot;
