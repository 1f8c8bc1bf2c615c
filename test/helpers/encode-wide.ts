// Text in UTF-16 and UTF-32, and where its places in UTF-8 are there.
export const wideLabels = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;
export type WideLabel = (typeof wideLabels)[number];

export function encodeWide(text: string, label: WideLabel): Buffer {
	if (label === 'utf-16le') return Buffer.from(text, 'utf16le');
	if (label === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
	const codes = Array.from(text, character => character.codePointAt(0) ?? 0);
	const bytes = Buffer.alloc(4 * codes.length);
	for (const [index, code] of codes.entries()) {
		if (label === 'utf-32le') bytes.writeUInt32LE(code, 4 * index);
		else bytes.writeUInt32BE(code, 4 * index);
	}
	return bytes;
}

/** @param offset - Of a character of the text in UTF-8. */
export const fileOffsetIn = (text: string, offset: number, label: WideLabel): number =>
	encodeWide(Buffer.from(text).subarray(0, offset).toString(), label).length;
