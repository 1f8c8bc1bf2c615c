// MD4, by which rsync's protocol holds a file that has come against the one that was sent. Node's library has it no more; nothing here relies on its strength.

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ORDER_2 = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15] as const;
const ORDER_3 = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15] as const;
const SHIFTS_1 = [3, 7, 11, 19] as const;
const SHIFTS_2 = [3, 5, 9, 13] as const;
const SHIFTS_3 = [3, 9, 11, 15] as const;
const ROUND_2 = 0x5a827999;
const ROUND_3 = 0x6ed9eba1;

export class Md4 {
	readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
	readonly #words = new Int32Array(BLOCK_BYTES / 4);
	/** What does not fill a block yet. */
	readonly #rest = Buffer.alloc(BLOCK_BYTES);
	#restBytes = 0;
	#byteCount = 0;

	update(bytes: Buffer): this {
		this.#byteCount += bytes.length;
		let at = 0;
		if (this.#restBytes > 0) {
			at = bytes.copy(this.#rest, this.#restBytes);
			this.#restBytes += at;
			if (this.#restBytes < BLOCK_BYTES) return this;
			this.#add(this.#rest, 0);
		}
		for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#add(bytes, at);
		this.#restBytes = bytes.copy(this.#rest, 0, at);
		return this;
	}

	digest(): Buffer {
		const bitCount = BigInt(this.#byteCount) * 8n;
		const used = (this.#restBytes + 1 + LENGTH_BYTES) % BLOCK_BYTES;
		const end = Buffer.alloc(1 + (used === 0 ? 0 : BLOCK_BYTES - used) + LENGTH_BYTES);
		end[0] = 0x80;
		end.writeBigUInt64LE(bitCount, end.length - LENGTH_BYTES);
		this.update(end);
		const sum = Buffer.alloc(16);
		for (const [index, word] of this.#state.entries()) sum.writeInt32LE(word, index * 4);
		return sum;
	}

	#add(bytes: Buffer, from: number): void {
		const [state, words] = [this.#state, this.#words];
		for (let index = 0; index < 16; index++) words[index] = bytes.readInt32LE(from + index * 4);
		let [a = 0, b = 0, c = 0, d = 0] = state;
		const step = (mixed: number, shift: number): void => {
			const turned = (mixed << shift) | (mixed >>> (32 - shift));
			a = d;
			d = c;
			c = b;
			b = turned;
		};
		for (let index = 0; index < 16; index++)
			step((a + ((b & c) | (~b & d)) + (words[index] ?? 0)) | 0, SHIFTS_1[index & 3] ?? 0);
		for (let index = 0; index < 16; index++)
			step(
				(a + ((b & c) | (b & d) | (c & d)) + (words[ORDER_2[index] ?? 0] ?? 0) + ROUND_2) | 0,
				SHIFTS_2[index & 3] ?? 0,
			);
		for (let index = 0; index < 16; index++)
			step((a + (b ^ c ^ d) + (words[ORDER_3[index] ?? 0] ?? 0) + ROUND_3) | 0, SHIFTS_3[index & 3] ?? 0);
		state[0] = (state[0] ?? 0) + a;
		state[1] = (state[1] ?? 0) + b;
		state[2] = (state[2] ?? 0) + c;
		state[3] = (state[3] ?? 0) + d;
	}
}
