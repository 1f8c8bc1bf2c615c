/** By their numbers in assembly/rejects.ts. */
export const rejectReasons = [
	'field-count',
	'quote',
	'missing',
	'not-a-number',
	'not-a-date',
	'too-many-digits',
	'not-accepted',
	'unclosed-quote',
	'encoding',
	'padding',
	'repeated-header',
	'nul-byte',
] as const;

/** A record that was left out, as the kernel keeps it. */
export interface KeptReject {
	/** The number of the analysis that rejects it; -1 where its structure is wrong, for all. */
	readonly analysis: number;
	readonly byteOffset: number;
	/** Physical line, 1-based from where reading began. */
	readonly line: number;
	readonly reason: (typeof rejectReasons)[number];
	/** Which column of the record, 0-based; -1 where it is about the whole record. */
	readonly column: number;
	readonly fieldCount: number;
	/** What was found there, one character per byte, cut after 1,000. */
	readonly value: string;
}

/** As in assembly/rejects.ts. */
const ENTRY_BYTES = 1120;
const ANALYSIS = 32;
const VALUE = 36;

export function readKeptRejects(bytes: Uint8Array, log: number, count: number): KeptReject[] {
	if (count === 0) return [];
	const view = new DataView(bytes.buffer);
	const memory = Buffer.from(bytes.buffer);
	return Array.from({length: count}, (_, index) => {
		const entry = log + index * ENTRY_BYTES;
		const value = entry + VALUE;
		return {
			analysis: view.getInt32(entry + ANALYSIS, true),
			byteOffset: Number(view.getBigInt64(entry, true)),
			line: Number(view.getBigInt64(entry + 8, true)),
			reason: rejectReasons[view.getInt32(entry + 16, true)] ?? 'quote',
			column: view.getInt32(entry + 20, true),
			fieldCount: view.getInt32(entry + 24, true),
			value: memory.toString('latin1', value, value + view.getUint32(entry + 28, true)),
		};
	});
}
