// The keys of tables and tops of small files: each has a number in their rows (file-rows.ts), and stands once for all files that were
// sent together.
import {VarintReader, VarintWriter} from './varints.ts';

/** Numbers the keys of a table as they come: one character per byte, of two parts as `TableFigures` has them. */
export class KeyNumbers {
	readonly #numbers = new Map<string, number>();

	numberOf(key: string): number {
		const known = this.#numbers.get(key);
		if (known !== undefined) return known;
		this.#numbers.set(key, this.#numbers.size);
		return this.#numbers.size - 1;
	}

	encode(): Uint8Array<ArrayBuffer> {
		const writer = new VarintWriter();
		for (const key of this.#numbers.keys()) {
			writer.unsigned(key.length);
			writer.bytes(Buffer.from(key, 'latin1'));
		}
		return writer.take();
	}
}

/** @throws {DamagedBytesError} */
export function decodeKeys(bytes: Uint8Array): string[] {
	const reader = new VarintReader(bytes);
	// One text for all of them takes a tenth of the time of one for each.
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	const keys: string[] = [];
	while (reader.bytesLeft > 0) {
		const length = reader.unsigned();
		const start = reader.position;
		reader.skip(length);
		keys.push(text.slice(start, start + length));
	}
	return keys;
}
