// The headers of tar archives: ustar, pax and GNU (POSIX.1-2017, pax; tar(5)).

export const BLOCK_BYTES = 512;

export interface TarHeader {
	/** One character that says what it is. */
	readonly type: string;
	readonly name: Buffer;
	/** Bytes of data behind the header. */
	readonly size: number;
}

/** `null` where the block is none: its checksum says so. */
export function readTarHeader(block: Buffer): TarHeader | null {
	const size = readNumber(block.subarray(124, 136));
	if (size === null || readNumber(block.subarray(148, 156)) !== checksumOf(block)) return null;
	const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
	const name = untilZero(block.subarray(0, 100));
	const prefix = isUstar ? untilZero(block.subarray(345, 500)) : Buffer.alloc(0);
	return {
		type: String.fromCharCode(block.readUInt8(156)),
		name: prefix.length === 0 ? Buffer.from(name) : Buffer.concat([prefix, Buffer.from('/'), name]),
		size,
	};
}

/** The sum of all bytes, those of the checksum itself as blanks. */
function checksumOf(block: Buffer): number {
	let sum = 8 * 0x20;
	for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
	return sum;
}

/** Octal digits between blanks and zeros; or, of large numbers, the bytes themselves behind a first bit that is set. */
function readNumber(field: Buffer): number | null {
	if (((field[0] ?? 0) & 0x80) !== 0) {
		const value = Number(BigInt(`0x${field.toString('hex')}`) & ((1n << BigInt(8 * field.length - 1)) - 1n));
		return Number.isSafeInteger(value) ? value : null;
	}
	const digits = field.toString('latin1').replace(/^[ \0]+|[ \0]+$/g, '');
	return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : null;
}

export function untilZero(bytes: Buffer): Buffer {
	const end = bytes.indexOf(0);
	return end === -1 ? bytes : bytes.subarray(0, end);
}

/** What a pax header says of the next file, or of all that follow: `17 path=dir/a.csv\n`. `null` where it is damaged. */
export function readPaxRecords(data: Buffer): Map<string, Buffer> | null {
	const records = new Map<string, Buffer>();
	for (let at = 0; at < data.length; ) {
		const lengthEnd = data.indexOf(0x20, at);
		const digits = lengthEnd === -1 ? '' : data.toString('latin1', at, lengthEnd);
		const end = at + Number(digits);
		const equals = data.indexOf(0x3d, lengthEnd);
		const isSound = /^\d{1,9}$/.test(digits) && equals > lengthEnd && equals < end && data[end - 1] === 0x0a;
		if (!isSound) return null;
		records.set(data.toString('latin1', lengthEnd + 1, equals), data.subarray(equals + 1, end - 1));
		at = end;
	}
	return records;
}
