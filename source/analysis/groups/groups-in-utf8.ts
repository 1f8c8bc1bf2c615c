// The groups of a source in another encoding with their keys in UTF-8, where they count by their length there.
import {KEY_END_WORD} from '../figures.ts';
import {bytesInUtf8, type TextEncoding} from '../text-encoding.ts';
import {createGroups, fits, type GroupTable, giveUpGroups, keyEnd, keyParts} from './group-table.ts';
import {PART_LENGTH_BYTES} from './key-parts.ts';

const MAX_CHARACTER_BYTES = 3;
/** Some 5 ms. */
const GROUPS_A_TURN = 16_384;

/** Pauses now and then for those who have others to serve. The source is left as it is. */
export function* groupsInUtf8(source: GroupTable, encoding: TextEncoding): Generator<void, GroupTable> {
	const {layout, count, isGivenUp, registers} = source;
	const entries = source.entries.slice(0, count * layout.entryWords);
	const keys = new Uint8Array(MAX_CHARACTER_BYTES * source.keyBytes);
	const characters = Array.from({length: 256}, (_, byte) =>
		Buffer.from(bytesInUtf8(String.fromCharCode(byte), encoding), 'latin1'),
	);
	let end = 0;
	const write = (part: number, from: number, to: number): void => {
		if (layout.isComputed[part] === true) {
			keys.set(source.keys.subarray(from, to), end);
			end += to - from;
			return;
		}
		for (let at = from; at < to; at++) for (const byte of characters[source.keys[at] ?? 0] ?? []) keys[end++] = byte;
	};
	let from = 0;
	for (let place = 0; place < count; place++) {
		const to = keyEnd(source, place);
		if (layout.keyParts === 1) write(0, from, to);
		else {
			const [first = {start: 0, end: 0}] = keyParts(source, place);
			const start = end;
			end += PART_LENGTH_BYTES;
			write(0, first.start, first.end);
			new DataView(keys.buffer).setUint32(start, end - start - PART_LENGTH_BYTES, true);
			write(1, first.end, to);
		}
		entries[place * layout.entryWords + KEY_END_WORD] = end;
		from = to;
		if (place % GROUPS_A_TURN === GROUPS_A_TURN - 1) yield;
	}
	const groups = {
		...createGroups(layout),
		entries,
		keys: keys.slice(0, end),
		count,
		keyBytes: end,
		scales: [...source.scales],
		additions: new Map(source.additions),
		wideExtremes: new Map(source.wideExtremes),
		isGivenUp,
		registers: registers?.slice() ?? null,
	};
	if (!fits(groups, layout)) giveUpGroups(groups);
	return groups;
}
