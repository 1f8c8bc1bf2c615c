import {type FilePlan, generateChunks} from '../../source/cli/commands/generate/chunks.ts';

/** One generated file; chunks share their memory, so each is copied. */
export const generateBytes = (changes: Partial<FilePlan> = {}): Buffer =>
	Buffer.concat(
		Array.from(
			generateChunks({
				kind: 'transactions',
				seed: 1,
				index: 0,
				rowsPerFile: 100,
				malformedFraction: 0,
				...changes,
			}),
			chunk => Buffer.from(chunk),
		),
	);

/** Ends records at newlines outside of quotes, where a quote always opens or closes. Without the header. */
export function splitRecords(text: string): readonly string[] {
	const records: string[] = [];
	let record = '';
	for (const line of text.split('\n').slice(0, -1)) {
		record += record === '' ? line : `\n${line}`;
		if ((record.match(/"/g) ?? []).length % 2 === 1) continue;
		records.push(record);
		record = '';
	}
	if (record !== '') throw new Error(`A quote is open at the end: ${record.slice(0, 100)}`);
	return records.slice(1);
}
