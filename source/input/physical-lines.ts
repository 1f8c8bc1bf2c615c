// Counts physical lines of a source whose bytes come in pieces: what LF, CRLF or CR ends, and what stands behind the last one.
import type {ByteSource} from './byte-source.ts';

const LF = 0x0a;
const CR = 0x0d;

export class PhysicalLines {
	#ends = 0;
	#last = LF;

	/** Counts what is read of a source. */
	watch(source: ByteSource): ByteSource {
		return {
			read: target => {
				const length = source.read(target);
				return typeof length === 'number' ? this.#take(target, length) : length.then(read => this.#take(target, read));
			},
		};
	}

	#take(target: Uint8Array, length: number): number {
		this.add(target.subarray(0, length));
		return length;
	}

	add(bytes: Uint8Array): void {
		for (const byte of bytes) {
			if (byte === CR || (byte === LF && this.#last !== CR)) this.#ends++;
			this.#last = byte;
		}
	}

	/** Line ends in all that has been read. */
	get endCount(): number {
		return this.#ends;
	}

	/** Of all that has been read. */
	get count(): number {
		return this.#ends + (this.#last === LF || this.#last === CR ? 0 : 1);
	}
}
