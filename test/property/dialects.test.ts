// Tables are read as they were written, whatever the dialect: the dialect is found, and not one cell is misread.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Dialect, plainDialect} from '../../source/input/dialect.ts';
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
		{numRuns: randomCases(200)},
	);
});

const damages: readonly ((fields: readonly string[], delimiter: string) => string)[] = [
	(fields, delimiter) => fields.slice(0, -1).join(delimiter),
	(fields, delimiter) => [...fields, 'more'].join(delimiter),
	([first = '', ...rest], delimiter) => [`"${first}"x`, ...rest].join(delimiter),
	([first = '', ...rest], delimiter) => [`"${first}`, ...rest].join(delimiter),
	(fields, delimiter) => `\n${fields.slice(0, 2).join(delimiter)}`,
];

test('a damaged record changes nothing of the dialect, and is no line behind the table', () => {
	const anyRecord = fc.tuple(
		fc.nat(9999).map(String),
		fc.constantFrom('tea', 'black tea', 'Zoë', '5 o’clock', ''),
		fc.integer({min: 10, max: 28}).map(day => `2024-03-${day} 10:${day}`),
		fc.constantFrom('yes', 'no'),
	);
	fc.assert(
		fc.property(
			fc.constantFrom(',', ';', '\t', '|'),
			fc.array(anyRecord, {minLength: 4, maxLength: 30}),
			fc.nat(),
			fc.constantFrom(...damages),
			(delimiter, records, place, damage) => {
				const lines = records.map((fields, index) =>
					index === place % records.length ? damage(fields, delimiter) : fields.join(delimiter),
				);
				const names = ['no', 'kind of tea', 'at time', 'sold'];
				const bytes = Buffer.from(`${[names.join(delimiter), ...lines].join('\n')}\n`);
				const detected = detectDialect(bytes, true);
				expect(detected.dialect).toEqual({...plainDialect, delimiter});
				expect(detected.names).toEqual(names);
			},
		),
		{numRuns: 500},
	);
});

test('numbers and times in an only column have no name in their first line', () => {
	const anyCells = fc.oneof(
		fc.array(
			fc.integer({min: 10, max: 28}).map(day => `2024-03-${day}`),
			{minLength: 2},
		),
		fc.array(
			fc.integer({min: -99_999, max: 99_999}).map(cents => (cents / 100).toFixed(2)),
			{minLength: 2},
		),
		fc.array(fc.nat({max: 1800}).map(String), {minLength: 2}),
	);
	fc.assert(
		fc.property(anyCells, fc.boolean(), (cells, isNamed) => {
			const bytes = Buffer.from(`${[...(isNamed ? ['value'] : []), ...cells].join('\n')}\n`);
			const {dialect} = detectDialect(bytes, true);
			expect(dialect?.headerRows ?? 1).toBe(isNamed ? 1 : 0);
		}),
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
