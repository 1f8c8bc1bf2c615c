// What stands behind a table is known only at the end of its file.

const LF = 0x0a;
const CR = 0x0d;

/** Holds the last lines back until it is known that they are the last. */
export class TailHolder {
	readonly #lines: number;
	#held: Uint8Array = new Uint8Array(0);
	/** The line ends of what is left out. */
	lineEnds: readonly number[] = [];

	constructor(lines: number) {
		this.#lines = lines;
	}

	pass(bytes: Uint8Array): Uint8Array {
		if (this.#lines === 0) return bytes;
		this.#held = concat(this.#held, bytes);
		return this.#passTo(this.#startOfLast(this.#lines + 1));
	}

	/** What is in front of the last lines, once they are known. */
	end(): Uint8Array {
		if (this.#lines === 0) return this.#held;
		const last = this.#held.at(-1);
		const isEnded = last === LF || last === CR;
		const passed = this.#passTo(this.#startOfLast(isEnded ? this.#lines + 1 : this.#lines));
		this.lineEnds = [...this.#held].filter(byte => byte === LF || byte === CR);
		return passed;
	}

	#passTo(end: number): Uint8Array {
		const passed = this.#held.subarray(0, end);
		this.#held = this.#held.subarray(end);
		return passed;
	}

	/** Where the last lines begin, of which the one behind the last line end is one. */
	#startOfLast(lines: number): number {
		let left = lines;
		for (let at = this.#held.length - 1; at >= 0; at--) {
			const byte = this.#held[at];
			const isEnd = byte === LF || (byte === CR && this.#held[at + 1] !== LF);
			if (isEnd && --left === 0) return at + 1;
		}
		return 0;
	}
}

export function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
	if (one.length === 0) return other;
	const both = new Uint8Array(one.length + other.length);
	both.set(one);
	both.set(other, one.length);
	return both;
}
