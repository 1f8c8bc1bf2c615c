// Rejected records of a reading with the reference reader, on their way to the spool: the same bytes as the kernel gives.
import type {CellFault} from '../../../analysis/reference/read-lanes.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {rejectReasons} from '../../../kernel/rejects.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import {ENTRY_BYTES, type SpooledHeading} from '../../shared/spooled-rejects.ts';
import type {FoldPulse} from './fold.ts';
import {type RejectSpool, rejectSpoolOf} from './reject-spool.ts';

export interface RejectedRecord {
	/** As it stands in the source. */
	readonly bytes: Uint8Array;
	/** 0 where it was not split into fields. */
	readonly fieldCount: number;
}

export class ReferenceSpool {
	readonly #spool: RejectSpool | null;
	readonly #pulse: FoldPulse;
	#count = 0;

	constructor({rejectSpool}: ReadSettings, pulse: FoldPulse) {
		this.#spool = rejectSpoolOf(rejectSpool);
		this.#pulse = pulse;
		this.#spool?.begin();
	}

	/** @param faults - Of each analysis that rejects it, by its place; -1 for the structure. */
	add(
		{bytes, fieldCount}: RejectedRecord,
		{line, byteOffset}: RecordPosition,
		faults: readonly (CellFault & {readonly place: number})[],
	): void {
		if (this.#spool === null || this.#count++ >= this.#spool.maxRecords) return;
		const places = this.#pulse.places?.() ?? null;
		for (const [index, {place, column, reason, value}] of faults.entries()) {
			const record = index === 0 ? bytes : new Uint8Array(0);
			const said = Buffer.from(reason === 'not-accepted' ? value : '', 'latin1');
			const entry = Buffer.alloc(ENTRY_BYTES);
			entry.writeUInt32LE(record.length, 0);
			entry.writeUInt32LE(said.length, 4);
			entry.writeDoubleLE(places?.fileOffsetOf(byteOffset) ?? byteOffset, 8);
			entry.writeDoubleLE(line, 16);
			entry.writeInt32LE(column ?? -1, 24);
			entry.writeInt32LE(fieldCount, 28);
			entry.writeInt32LE(rejectReasons.indexOf(reason), 32);
			entry.writeInt32LE(place, 36);
			for (const part of [entry, record, said]) this.#spool.add(part);
		}
	}

	take(heading: SpooledHeading): Pick<FoldedFile, 'spooled'> {
		const part = this.#spool?.take();
		return part === undefined || part.pieces.length === 0 ? {} : {spooled: {...heading, parts: [part]}};
	}
}
