// The check of a partial's bytes, CRC-32 as in gzip (ISO 3309). Node has it in `node:zlib`, which each thread would have to load: that
// takes longer than the check of small files.

/** From here on Node's is worth loading. */
const LARGE_BYTES = 1024 * 1024;

const POLYNOMIAL = 0xedb8_8320;

/** What each byte adds. */
const table = Int32Array.from({length: 256}, (_, byte) => {
	let rest = byte;
	for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
	return rest;
});

export function crc32(bytes: Uint8Array): number {
	if (bytes.length >= LARGE_BYTES) return process.getBuiltinModule('node:zlib').crc32(bytes);
	let rest = -1;
	for (const byte of bytes) rest = (rest >>> 8) ^ (table[(rest ^ byte) & 0xff] ?? 0);
	return ~rest >>> 0;
}
