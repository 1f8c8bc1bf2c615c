/** RFC 4648, as apps read it. */
export function fromBase32(text: string): Buffer {
	const bits = Array.from(text, digit =>
		'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'),
	);
	const bytes = bits.join('').match(/.{8}/g) ?? [];
	return Buffer.from(bytes.map(byte => Number.parseInt(byte, 2)));
}
