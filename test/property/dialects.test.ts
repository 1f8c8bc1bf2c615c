// Tables are read as they were written, whatever the dialect: the dialect is found, and not one cell is misread.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Dialect} from '../../source/input/dialect.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {isDirect, rewrittenDialect} from '../../source/input/rewriting.ts';
import {RewrittenSource} from '../../source/input/rewritten-source.ts';
import {detectDialect} from '../../source/input/sniffing/detect-dialect.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {knownDialect} from '../helpers/known-dialect.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {writtenTables} from '../helpers/written-tables.ts';

test('the dialect of a table is found, however it is written', () => {
	fc.assert(
		fc.property(writtenTables, ({bytes, dialect, names}) => {
			const detected = detectDialect(bytes, true);
			expect(detected.dialect).toEqual(dialect);
			expect(detected.names).toEqual(names);
		}),
		{numRuns: randomCases(500)},
	);
});

interface ReadTable {
	readonly names: readonly string[];
	readonly records: readonly (readonly string[])[];
	/** Where each record stands in the file. */
	readonly places: readonly {readonly line: number; readonly byteOffset: number}[];
}

async function readTable(bytes: Uint8Array, dialect: Dialect, pieces: readonly number[]): Promise<ReadTable> {
	const source = bytesInPieces(bytes, pieces);
	const rewritten = isDirect(dialect) ? null : new RewrittenSource(source, {dialect, nullText: null});
	const toText = (field: string): string =>
		Buffer.from(field, 'latin1')
			.toString()
			.replaceAll(/\r\n|\r/g, '\n');
	const records: string[][] = [];
	const places: ReadTable['places'][number][] = [];
	let names: readonly string[] = [];
	await readRecordsByReference(
		rewritten ?? source,
		{
			onHeader(found) {
				names = found.map(toText);
			},
			onRecord(fields, {line, byteOffset}, stray) {
				expect(stray).toBeNull();
				records.push(fields.map(toText));
				places.push({line, byteOffset: rewritten?.places.fileOffsetOf(byteOffset) ?? byteOffset});
			},
			onUnclosedQuote() {
				throw new Error('Expected no open quote');
			},
		},
		{
			chunk: new Uint8Array(97),
			finder: knownDialect(rewritten === null ? dialect : rewrittenDialect(dialect)),
			onChunk() {},
		},
	);
	return {names, records, places};
}

test('each cell of a table is what was written, and stands where it was written', async () => {
	await fc.assert(
		fc.asyncProperty(
			writtenTables,
			fc.array(fc.integer({min: 1, max: 90}), {minLength: 1}),
			async ({bytes, dialect, names, records}, pieces) => {
				const read = await readTable(bytes, dialect, pieces);
				expect(read.names).toEqual(names);
				expect(read.records).toEqual(records);
				for (const [index, {line, byteOffset}] of read.places.entries()) {
					const front = bytes.subarray(0, byteOffset).toString();
					expect(front.split(/\r\n|\r|\n/).length).toBe(line);
					const name = records[index]?.[0] ?? '';
					const start = bytes.subarray(byteOffset).toString();
					expect([start.startsWith(name), start.startsWith(dialect.quote + name)]).toContain(true);
				}
			},
		),
		{numRuns: randomCases(300)},
	);
});
