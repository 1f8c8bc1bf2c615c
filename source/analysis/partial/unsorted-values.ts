// The values of a set as a state has them, for the way between threads: to sort 150,000 ids takes longer than to read the file that they
// are from.
//
//   values  0, or 1 │ prefix │ length │ bits      of the ids that are bits, see dense-ids.ts
//           number of keys │ keys of 16 bytes │ number of longer values │ each
//
// The prefix, the bits and each longer value have their number of bytes in front.

import {type DenseIds, MAX_DIGITS} from '../dense-ids.ts';
import {type DistinctCaps, type DistinctValues, distinctOf, exceedsCaps, KEY_WORDS} from '../distinct.ts';
import {SHORT_BYTES} from '../estimate.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {measureBits} from './dense-forms.ts';

const KEY_BYTES = 4 * KEY_WORDS;

export function writeUnsorted(writer: VarintWriter, {keys, keyCount, longValues, denseIds}: DistinctValues): void {
	const write = (bytes: Uint8Array): void => {
		writer.unsigned(bytes.length);
		writer.bytes(bytes);
	};
	writer.unsigned(denseIds === null ? 0 : 1);
	if (denseIds !== null) {
		const {prefix, length, bits} = denseIds;
		write(Buffer.from(prefix, 'latin1'));
		writer.unsigned(length);
		write(new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength));
	}
	writer.unsigned(keyCount);
	writer.bytes(new Uint8Array(keys.buffer, keys.byteOffset, keyCount * KEY_BYTES));
	writer.unsigned(longValues.size);
	for (const value of longValues) write(Buffer.from(value, 'latin1'));
}

/** @throws {DamagedBytesError} */
export function readUnsorted(reader: VarintReader, caps: DistinctCaps): DistinctValues {
	const denseIds = reader.unsigned() === 0 ? null : readDenseIds(reader);
	const count = reader.unsigned();
	if (count > caps.maxValues) throw new DamagedBytesError(`Expected at most ${caps.maxValues} values`);
	// In memory of its own, whose words are where words must be.
	const keys = new Uint32Array(reader.bytes(count * KEY_BYTES).slice().buffer);
	for (let word = KEY_WORDS - 1; word < keys.length; word += KEY_WORDS) {
		const tag = (keys[word] ?? 0) >>> 24;
		if (tag < 1 || tag > SHORT_BYTES + 1) throw new DamagedBytesError('Expected the length of a value');
	}
	const longValues = new Set<string>();
	for (let left = reader.unsigned(); left > 0; left--) longValues.add(latin1(reader.bytes(reader.unsigned())));
	const set = distinctOf(keys, longValues, denseIds, caps);
	if (exceedsCaps(set)) throw new DamagedBytesError(`Expected at most ${caps.maxValues} values`);
	return set;
}

function readDenseIds(reader: VarintReader): DenseIds {
	const prefix = latin1(reader.bytes(reader.unsigned()));
	const length = reader.unsigned();
	const bytes = reader.bytes(reader.unsigned());
	const isSound = bytes.length % 4 === 0 && prefix.length < SHORT_BYTES && length <= SHORT_BYTES;
	if (!isSound || (length !== 0 && length <= prefix.length)) throw new DamagedBytesError('Expected ids as bits');
	const bits = new Uint32Array(bytes.slice().buffer);
	const {count, largest} = measureBits(bits);
	const digits = Math.min(MAX_DIGITS, (length || SHORT_BYTES) - prefix.length);
	if (largest >= 10 ** digits) throw new DamagedBytesError(`Expected ids of at most ${digits} digits`);
	return {prefix, length, bits, count};
}

const latin1 = ({buffer, byteOffset, length}: Uint8Array): string =>
	Buffer.from(buffer, byteOffset, length).toString('latin1');
