// Makes tar archives, sound ones and others.

export interface TarMember {
	readonly name: string | Buffer;
	readonly content?: string | Uint8Array;
	/** As in the header: `0` is a file. */
	readonly type?: string;
	/** What is said of the size, where that is wrong. */
	readonly size?: number;
	/** How a name, or a size, is said that the header itself has no room for. */
	readonly form?: 'ustar' | 'gnu' | 'pax' | 'base-256';
	readonly pax?: Readonly<Record<string, string>>;
}

const BLOCK_BYTES = 512;
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

export const tarOf = (members: readonly TarMember[], end = TAR_END): Buffer =>
	Buffer.concat([...members.map(blocksOf), end]);

function blocksOf({name, content = '', type = '0', form = 'ustar', pax, size}: TarMember): Buffer {
	const data = Buffer.from(content);
	const bytes = size ?? data.length;
	const nameBytes = Buffer.from(name);
	const parts: Buffer[] = [];
	if (form === 'gnu')
		parts.push(
			block('L', Buffer.from('././@LongLink'), nameBytes.length + 1),
			padded(Buffer.concat([nameBytes, Buffer.of(0)])),
		);
	if (form === 'pax' || pax !== undefined) {
		const records = Buffer.concat([
			...(form === 'pax' ? [paxRecord('path', nameBytes), paxRecord('size', Buffer.from(String(bytes)))] : []),
			...Object.entries(pax ?? {}).map(([key, value]) => paxRecord(key, Buffer.from(value))),
		]);
		parts.push(block('x', Buffer.from('PaxHeader'), records.length), padded(records));
	}
	const isSaidBefore = form === 'gnu' || form === 'pax';
	parts.push(
		block(type, isSaidBefore ? Buffer.from('short') : nameBytes, form === 'pax' ? 0 : bytes, form === 'base-256'),
		padded(data),
	);
	return Buffer.concat(parts);
}

function padded(data: Buffer): Buffer {
	const rest = data.length % BLOCK_BYTES;
	return rest === 0 ? data : Buffer.concat([data, Buffer.alloc(BLOCK_BYTES - rest)]);
}

function paxRecord(key: string, value: Buffer): Buffer {
	const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
	let length = rest.length + 1;
	while (String(length).length + rest.length > length) length++;
	return Buffer.concat([Buffer.from(String(length)), rest]);
}

function block(type: string, name: Buffer, size: number, isBase256 = false): Buffer {
	const header = Buffer.alloc(BLOCK_BYTES);
	// A name of more than 100 bytes is cut at a slash.
	const cut = name.length > 100 ? name.lastIndexOf('/') : -1;
	name.subarray(cut + 1).copy(header, 0);
	if (cut > 0) name.subarray(0, cut).copy(header, 345);
	header.write('0000644\0', 100);
	if (isBase256) {
		header.writeUInt8(0x80, 124);
		header.writeUIntBE(size, 130, 6);
	} else header.write(`${size.toString(8).padStart(11, '0')} `, 124);
	header.write(type, 156);
	header.write('ustar\x0000', 257);
	header.fill(' ', 148, 156);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return header;
}
