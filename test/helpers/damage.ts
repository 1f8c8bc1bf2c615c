// What happens to files: bytes flipped, cut, repeated, lost, and quotes and line ends where none should be.
import fc from 'fast-check';
import {transactionHeader} from './random-tables.ts';

type Damage = (bytes: Buffer, at: number, length: number) => Buffer;

const insert =
	(text: string): Damage =>
	(bytes, at) =>
		Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at)]);

const damages: readonly Damage[] = [
	insert('"'),
	insert('"'),
	insert(',"'),
	insert('""'),
	insert('\n"'),
	insert('\r'),
	insert('\0'),
	insert(','),
	insert('\xff'),
	(bytes, at, length) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
	(bytes, at, length) => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
	bytes => bytes.subarray(0, -1),
	(bytes, at) => {
		const flipped = Buffer.from(bytes);
		flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
		return flipped;
	},
];

/** @param files - Each with the header of transactions, which stays what it is: a damaged name may be another one for the same column. */
export const damaged = (files: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
	fc
		.tuple(
			files,
			fc.array(fc.tuple(fc.constantFrom(...damages), fc.double({min: 0, max: 1, noNaN: true}), fc.nat(40)), {
				minLength: 1,
				maxLength: 4,
			}),
		)
		.map(([file, all]) => {
			const whole = Buffer.from(file);
			// With a byte of its line end.
			const headerBytes = whole.indexOf(transactionHeader) + transactionHeader.length + 1;
			return all.reduce<Buffer>((bytes, [damage, part, length]) => {
				const at = headerBytes + Math.floor(part * (bytes.length - headerBytes));
				const changed = damage(bytes, at, length);
				return changed.length < headerBytes ? bytes : changed;
			}, whole);
		});
