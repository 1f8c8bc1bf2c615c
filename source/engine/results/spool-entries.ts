// Reads the entries of the spool, see engine/shared/spooled-rejects.ts.
import {readSync} from 'node:fs';
import {rejectReasons} from '../../kernel/rejects.ts';
import type {RejectReason} from '../../model/report.ts';
import {ENTRY_BYTES, type SpooledPart} from '../shared/spooled-rejects.ts';

export interface SpoolEntry {
	readonly byteOffset: number;
	readonly line: number;
	/** 0-based; -1 where the whole record is at fault. */
	readonly column: number;
	readonly fieldCount: number;
	readonly reason: RejectReason;
	/** -1 for the structure of the record. */
	readonly analysis: number;
	/** Empty where the record is that of the entry before. */
	readonly record: Buffer;
	/** What a function said, in UTF-8. */
	readonly said: Buffer;
}

/** Gives the entries of one piece after the other: one at a time would take longer. @param descriptor - Of the spool. */
export function* readEntries(descriptor: number, {pieces, lineShift}: SpooledPart): Generator<SpoolEntry[], void> {
	let rest: Buffer = Buffer.alloc(0);
	for (const {start, bytes} of pieces) {
		const piece = readPiece(descriptor, start, bytes);
		const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
		const entries: SpoolEntry[] = [];
		let at = 0;
		for (let end = entryEnd(all, at); end <= all.length; end = entryEnd(all, at)) {
			entries.push(readEntry(all, at, lineShift));
			at = end;
		}
		yield entries;
		rest = all.subarray(at);
	}
	if (rest.length > 0) throw new Error('The last entry of the spool is not whole');
}

/** Where the entry at a place ends; nowhere where its head is not there. */
const entryEnd = (bytes: Buffer, at: number): number =>
	at + ENTRY_BYTES > bytes.length
		? Number.POSITIVE_INFINITY
		: at + ENTRY_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);

function readEntry(bytes: Buffer, at: number, lineShift: number): SpoolEntry {
	const start = at + ENTRY_BYTES;
	const recordEnd = start + bytes.readUInt32LE(at);
	return {
		byteOffset: bytes.readDoubleLE(at + 8),
		line: bytes.readDoubleLE(at + 16) + lineShift,
		column: bytes.readInt32LE(at + 24),
		fieldCount: bytes.readInt32LE(at + 28),
		reason: rejectReasons[bytes.readInt32LE(at + 32)] ?? 'quote',
		analysis: bytes.readInt32LE(at + 36),
		record: bytes.subarray(start, recordEnd),
		said: bytes.subarray(recordEnd, recordEnd + bytes.readUInt32LE(at + 4)),
	};
}

function readPiece(descriptor: number, start: number, length: number): Buffer {
	const piece = Buffer.allocUnsafe(length);
	let filled = 0;
	while (filled < length) {
		const read = readSync(descriptor, piece, filled, length - filled, start + filled);
		if (read === 0) throw new Error('The spool of rejected records ends early');
		filled += read;
	}
	return piece;
}
