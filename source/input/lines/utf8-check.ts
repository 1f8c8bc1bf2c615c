import {isUtf8} from 'node:buffer';

const MAX_CHARACTER_BYTES = 4;

/** Whether bytes that come in pieces are UTF-8 together. */
export class Utf8Check {
	#rest: Uint8Array = new Uint8Array(0);
	#isUtf8 = true;

	push(bytes: Uint8Array): void {
		if (!this.#isUtf8) return;
		const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		const end = wholeCharacters(all);
		this.#isUtf8 = isUtf8(all.subarray(0, end));
		this.#rest = all.slice(end);
	}

	/** Of all bytes so far; the beginning of a character at their end counts as one where more may come. */
	isUtf8(isAll: boolean): boolean {
		return this.#isUtf8 && (!isAll || this.#rest.length === 0);
	}
}

/** Where a character begins that may go on behind the bytes; their length where there is none. */
function wholeCharacters(bytes: Uint8Array): number {
	for (let start = bytes.length - 1; start >= 0 && start > bytes.length - MAX_CHARACTER_BYTES; start--) {
		const byte = bytes[start] ?? 0;
		if (byte < 0x80) break;
		if (byte < 0xc0) continue;
		const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
		return start + length > bytes.length ? start : bytes.length;
	}
	return bytes.length;
}
