// What happens to files: bytes flipped, cut, repeated, lost, and quotes and line ends where none should be.
import fc from 'fast-check';

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

/** @param headerBytes - The beginning stays what it is. */
export const damaged = (files: fc.Arbitrary<Uint8Array>, headerBytes: number): fc.Arbitrary<Uint8Array> =>
	fc
		.tuple(
			files,
			fc.array(fc.tuple(fc.constantFrom(...damages), fc.double({min: 0, max: 1, noNaN: true}), fc.nat(40)), {
				minLength: 1,
				maxLength: 4,
			}),
		)
		.map(([file, all]) =>
			all.reduce<Buffer>((bytes, [damage, part, length]) => {
				const at = Math.min(bytes.length, headerBytes + Math.floor(part * Math.max(0, bytes.length - headerBytes)));
				return damage(bytes, at, length);
			}, Buffer.from(file)),
		);
