// Finds where a frame of Zstandard ends, by the headers of its blocks (RFC 8878, 3.1.1): node:zlib stops behind the first frame and says
// nothing of those that follow, so each must be given to it by itself.

/** A part of the frame: the first three are read, a block is passed over. */
type Part = 'descriptor' | 'fields' | 'block-header' | 'block';

const dictionaryIdBytes = [0, 1, 2, 4] as const;
const contentSizeBytes = [0, 2, 4, 8] as const;
const CHECKSUM_BYTES = 4;
const REPEATED_BYTE = 1;
const RESERVED_TYPE = 3;

/** One frame, from behind its magic number. */
export class ZstdFrame {
	#part: Part = 'descriptor';
	/** Bytes of the part that are still to come. */
	#left = 1;
	/** The bytes of a header so far, the first one lowest. */
	#value = 0;
	#shift = 0;
	#hasChecksum = false;
	#isLastBlock = false;
	#isOver = false;

	/** Whether its last byte has been passed. */
	get isOver(): boolean {
		return this.#isOver;
	}

	/**
	Passes over bytes of the frame.

	@returns Where it ends, or how many bytes there are where it goes on behind them; `null` where they are not those of a frame.
	*/
	pass(bytes: Uint8Array, start: number): number | null {
		let at = start;
		while (at < bytes.length && !this.#isOver) {
			const length = Math.min(this.#left, bytes.length - at);
			if (this.#part === 'descriptor' || this.#part === 'block-header') this.#take(bytes.subarray(at, at + length));
			at += length;
			this.#left -= length;
			if (this.#left === 0 && !this.#goOn()) return null;
		}
		return at;
	}

	#take(bytes: Uint8Array): void {
		for (const byte of bytes) {
			this.#value |= byte << this.#shift;
			this.#shift += 8;
		}
	}

	/** The part is complete. Returns false where it cannot be. */
	#goOn(): boolean {
		switch (this.#part) {
			case 'descriptor':
				return this.#readDescriptor(this.#value);
			case 'fields':
				return this.#begin('block-header', 3);
			case 'block-header':
				return this.#readBlockHeader(this.#value);
			case 'block':
				this.#isOver = this.#isLastBlock;
				return this.#isOver || this.#begin('block-header', 3);
		}
	}

	#begin(part: Part, length: number): boolean {
		this.#part = part;
		this.#left = length;
		this.#value = 0;
		this.#shift = 0;
		return length > 0 || this.#goOn();
	}

	#readDescriptor(descriptor: number): boolean {
		const isSingleSegment = ((descriptor >> 5) & 1) === 1;
		this.#hasChecksum = ((descriptor >> 2) & 1) === 1;
		const sizeFlag = descriptor >> 6;
		const sizeBytes = isSingleSegment && sizeFlag === 0 ? 1 : (contentSizeBytes[sizeFlag] ?? 0);
		const windowBytes = isSingleSegment ? 0 : 1;
		return this.#begin('fields', windowBytes + (dictionaryIdBytes[descriptor & 3] ?? 0) + sizeBytes);
	}

	#readBlockHeader(header: number): boolean {
		this.#isLastBlock = (header & 1) === 1;
		const type = (header >> 1) & 3;
		if (type === RESERVED_TYPE) return false;
		const length = type === 1 ? REPEATED_BYTE : header >> 3;
		return this.#begin('block', length + (this.#isLastBlock && this.#hasChecksum ? CHECKSUM_BYTES : 0));
	}
}
