import {isAscii, isUtf8} from 'node:buffer';
import {wholeCharacters} from '../encoding.ts';
import {evidenceOf, placeNotUtf8, type TextEvidence} from '../text-evidence.ts';

/** Of longer characters, this number of bytes may be in front of a piece. */
const MAX_FRONT_BYTES = 2;

/** Whether bytes that come in pieces are UTF-8 together, and what else they say of their encoding. */
export class Utf8Check {
	#rest: Uint8Array = new Uint8Array(0);
	#front: Uint8Array = new Uint8Array(0);
	#bytes = 0;
	#notUtf8: TextEvidence['notUtf8'] = null;
	#hasUtf8 = false;

	/** @param line - The line at the beginning of the bytes. */
	push(bytes: Uint8Array, line: number): void {
		if (!this.#hasUtf8 && !isAscii(bytes)) {
			const near = Buffer.concat([this.#front, bytes]);
			this.#hasUtf8 = evidenceOf(near, {line, byteOffset: 0}).hasUtf8;
		}
		this.#front = bytes.slice(-MAX_FRONT_BYTES);
		this.#bytes += bytes.length;
		if (this.#notUtf8 !== null) return;
		const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		const end = wholeCharacters(all);
		const start = this.#bytes - all.length;
		if (!isUtf8(all.subarray(0, end))) this.#notUtf8 = placeNotUtf8(all.subarray(0, end), {line, byteOffset: start});
		this.#rest = all.slice(end);
	}

	/** Of all bytes so far; the beginning of a character at their end counts as one where more may come. @param line - The one at their end. */
	evidence(isAll: boolean, line: number): TextEvidence {
		const isCut = this.#notUtf8 === null && isAll && this.#rest.length > 0;
		const cut = isCut ? {line, byteOffset: this.#bytes - this.#rest.length} : null;
		return {notUtf8: this.#notUtf8 ?? cut, hasUtf8: this.#hasUtf8};
	}
}
