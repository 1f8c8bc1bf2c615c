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

/**
Gives the spooled bytes in pieces, each of whole records with all of their entries. A piece is good until the next one is asked for.

@param descriptor - Of the spool.
*/
export function* readRecords(descriptor: number, {pieces}: SpooledPart): Generator<Buffer, void> {
	let room: Buffer = Buffer.alloc(0);
	/** Bytes of the last record so far, at the beginning of the room. */
	let rest = 0;
	for (const {start, bytes} of pieces) {
		const filled = rest + bytes;
		if (filled > room.length) {
			const larger = Buffer.allocUnsafeSlow(2 * filled);
			room.copy(larger, 0, 0, rest);
			room = larger;
		}
		readPiece(descriptor, start, room.subarray(rest, filled));
		const end = lastRecordStart(room.subarray(0, filled));
		if (end > 0) yield room.subarray(0, end);
		room.copyWithin(0, end, filled);
		rest = filled - end;
	}
	if (rest === 0) return;
	const last = room.subarray(0, rest);
	if (recordEnd(last, 0) !== rest) throw new Error('The last entry of the spool is not whole');
	yield last;
}

/** Where the last record begins: more entries of it may follow. */
function lastRecordStart(bytes: Buffer): number {
	let start = 0;
	for (let at = 0; at < bytes.length; at = entryEnd(bytes, at)) {
		if (at + ENTRY_BYTES > bytes.length) return start;
		if (lengthAt(bytes, at) > 0) start = at;
	}
	return start;
}

/** Where the record ends whose first entry is at a place. */
export function recordEnd(bytes: Buffer, at: number): number {
	let end = entryEnd(bytes, at);
	while (end < bytes.length && lengthAt(bytes, end) === 0) end = entryEnd(bytes, end);
	return end;
}

const entryEnd = (bytes: Buffer, at: number): number =>
	at + ENTRY_BYTES + lengthAt(bytes, at) + lengthAt(bytes, at + 4);

/** For each record of millions, calls of methods of Node would take longer than all else that is done for it. */
const lengthAt = (bytes: Buffer, at: number): number =>
	(bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100 + (bytes[at + 2] ?? 0) * 0x1_0000 + (bytes[at + 3] ?? 0) * 0x100_0000;

/** The entries between two places. */
export function* readEntries(
	bytes: Buffer,
	start: number,
	end: number,
	lineShift: number,
): Generator<SpoolEntry, void> {
	for (let at = start; at < end; at = entryEnd(bytes, at)) yield readEntry(bytes, at, lineShift);
}

export function readEntry(bytes: Buffer, at: number, lineShift: number): SpoolEntry {
	const start = at + ENTRY_BYTES;
	const end = start + bytes.readUInt32LE(at);
	return {
		byteOffset: bytes.readDoubleLE(at + 8),
		line: bytes.readDoubleLE(at + 16) + lineShift,
		column: bytes.readInt32LE(at + 24),
		fieldCount: bytes.readInt32LE(at + 28),
		reason: rejectReasons[bytes.readInt32LE(at + 32)] ?? 'quote',
		analysis: bytes.readInt32LE(at + 36),
		record: bytes.subarray(start, end),
		said: bytes.subarray(end, end + bytes.readUInt32LE(at + 4)),
	};
}

function readPiece(descriptor: number, start: number, piece: Buffer): void {
	let filled = 0;
	while (filled < piece.length) {
		const read = readSync(descriptor, piece, filled, piece.length - filled, start + filled);
		if (read === 0) throw new Error('The spool of rejected records ends early');
		filled += read;
	}
}
