// Texts as bytes, in memory that is used again: a thread with a small heap collects its garbage seldom, and buffers of their own for all texts
// of a hundred transactions would be tens of megabytes.

/** What a transaction needs mostly. Texts that need more get memory of their own. */
const KEPT_BYTES = 1024 * 1024;

export interface JoinedTexts {
	/** All of them one after the other, in UTF-8. They hold until the next call. */
	readonly bytes: Uint8Array;
	/** Where each ends. */
	readonly ends: readonly number[];
}

export class TextBytes {
	readonly #memory = Buffer.allocUnsafeSlow(KEPT_BYTES);

	join(texts: readonly string[]): JoinedTexts {
		const length = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
		const memory = length <= KEPT_BYTES ? this.#memory : Buffer.allocUnsafeSlow(length);
		let end = 0;
		const ends = texts.map(text => {
			end += memory.write(text, end);
			return end;
		});
		return {bytes: memory.subarray(0, end), ends};
	}
}
