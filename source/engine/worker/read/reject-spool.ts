// What this thread writes of rejected records, see engine/shared/spooled-rejects.ts.
import {writeSync} from 'node:fs';
import {
	type RejectSpoolSettings,
	SPOOL_ERROR,
	SPOOL_LENGTH,
	type SpooledPart,
	type SpoolPiece,
} from '../../shared/spooled-rejects.ts';

const REGION_BYTES = 256 * 1024;

export class RejectSpool {
	readonly #descriptor: number;
	readonly #state: BigInt64Array;
	readonly maxRecords: number;
	readonly #region = Buffer.alloc(REGION_BYTES);
	/** Where the region is in the file; -1 before the first. */
	#regionStart = -1;
	#filled = REGION_BYTES;
	#written = REGION_BYTES;
	#pieces: SpoolPiece[] = [];
	/** Where the piece begins that is not in the list yet. */
	#pieceAt = REGION_BYTES;

	constructor({descriptor, state, maxRecords}: RejectSpoolSettings) {
		this.#descriptor = descriptor;
		this.#state = new BigInt64Array(state);
		this.maxRecords = maxRecords;
	}

	/** Begins a part: what was added before, and not taken, is given up. */
	begin(): void {
		this.#pieces = [];
		this.#pieceAt = this.#filled;
	}

	add(bytes: Uint8Array): void {
		let from = 0;
		while (from < bytes.length) {
			if (this.#filled === REGION_BYTES) this.#turnRegion();
			const piece = bytes.subarray(from, from + REGION_BYTES - this.#filled);
			this.#region.set(piece, this.#filled);
			this.#filled += piece.length;
			from += piece.length;
		}
	}

	/** What has been added since the part began. It can be read after `flush`. */
	take(lineShift = 0): SpooledPart {
		this.#endPiece();
		const pieces = this.#pieces;
		this.#pieces = [];
		return {pieces, lineShift};
	}

	flush(): void {
		try {
			while (this.#written < this.#filled) {
				const rest = this.#filled - this.#written;
				const at = this.#regionStart + this.#written;
				this.#written += writeSync(this.#descriptor, this.#region, this.#written, rest, at);
			}
		} catch (error) {
			this.#written = this.#filled;
			// The data can be read all the same. Who wants the rejected records looks for this.
			const {errno = -1} = error as NodeJS.ErrnoException;
			Atomics.compareExchange(this.#state, SPOOL_ERROR, 0n, BigInt(errno));
		}
	}

	#turnRegion(): void {
		this.#endPiece();
		this.flush();
		this.#regionStart = Number(Atomics.add(this.#state, SPOOL_LENGTH, BigInt(REGION_BYTES)));
		this.#filled = 0;
		this.#written = 0;
		this.#pieceAt = 0;
	}

	#endPiece(): void {
		const bytes = this.#filled - this.#pieceAt;
		if (bytes > 0) this.#pieces.push({start: this.#regionStart + this.#pieceAt, bytes});
		this.#pieceAt = this.#filled;
	}
}

/** One for each run: a thread may work for several by turns. */
const spools = new Map<string, RejectSpool>();

/** The spool of this thread; `null` where nobody wants the rejected records. */
export function rejectSpoolOf(settings: RejectSpoolSettings | undefined): RejectSpool | null {
	if (settings === undefined) return null;
	const known = spools.get(settings.id);
	if (known !== undefined) return known;
	const spool = new RejectSpool(settings);
	spools.set(settings.id, spool);
	return spool;
}

/** To be called before anybody is told of what was spooled. */
export function flushRejectSpools(): void {
	for (const spool of spools.values()) spool.flush();
}
