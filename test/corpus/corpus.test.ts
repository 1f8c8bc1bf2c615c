// Files that other projects test their readers with, and what four readers agree is in them. They are third-party files
// and not part of the project: CORPUS_DIR names the folder that holds them, and without it there is nothing to test.
import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {plainDialect} from '../../source/input/dialect.ts';
import type {UnclosedQuote} from '../../source/input/record-reader.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {knownDialect} from '../helpers/known-dialect.ts';

interface CorpusFile {
	readonly path: string;
	readonly dialect: {readonly delimiter: string; readonly quote: string | null; readonly encoding: string};
	readonly expected: {readonly records: number; readonly cells_sha256?: string};
}

const corpus = process.env.CORPUS_DIR ?? '../shared/corpus';
const manifestPath = join(corpus, 'manifest.json');

if (!existsSync(manifestPath))
	console.log('Skipped: the corpus of third-party files is not here (CORPUS_DIR names it)');

async function readAll(
	bytes: Uint8Array,
	delimiter: string,
	onUnclosedQuote: (quote: UnclosedQuote) => void,
): Promise<string[][]> {
	const records: string[][] = [];
	await readRecordsByReference(
		bytesInPieces(bytes, [4096]),
		{
			onHeader(names) {
				records.push([...names]);
			},
			onRecord(fields) {
				records.push([...fields]);
			},
			onUnclosedQuote,
		},
		{
			chunk: new Uint8Array(4096),
			finder: knownDialect({
				...plainDialect,
				delimiter,
				bomBytes: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0,
			}),
			onChunk() {},
		},
	);
	return records;
}

function failOnQuote({position: {line}}: UnclosedQuote): never {
	throw new Error(`The quote on line ${line} is not closed`);
}

describe.skipIf(!existsSync(manifestPath))('third-party files', () => {
	const manifest = existsSync(manifestPath)
		? (JSON.parse(readFileSync(manifestPath, 'utf8')) as {files: CorpusFile[]})
		: {files: []};
	const readable = manifest.files.filter(
		({dialect}) =>
			[',', ';', '\t', '|'].includes(dialect.delimiter) &&
			dialect.quote === '"' &&
			/^(utf-?8|ascii)/.test(dialect.encoding),
	);

	test('most of them are in a dialect that is read', () => {
		expect(readable.length).toBeGreaterThan(manifest.files.length / 2);
	});

	test.each(readable)('$path has the cells that other readers find', async ({path, dialect, expected}) => {
		const records = await readAll(readFileSync(join(corpus, 'files', path)), dialect.delimiter, failOnQuote);
		expect(records.length).toBe(expected.records);
		const cells = Buffer.from(records.map(fields => fields.join('\u{1f}')).join('\u{1e}'), 'latin1');
		if (expected.cells_sha256 !== undefined) {
			expect(createHash('sha256').update(cells).digest('hex').slice(0, 32)).toBe(expected.cells_sha256);
		}
	});

	test('a quote that is never closed is told', async () => {
		const told: UnclosedQuote[] = [];
		const records = await readAll(Buffer.from('a,b\n1,"2\n3,4\n'), ',', quote => told.push(quote));
		expect(records).toEqual([
			['a', 'b'],
			['3', '4'],
		]);
		expect(told).toMatchObject([{fieldIndex: 1, position: {line: 2, byteOffset: 6}, raw: '"2', until: 'end'}]);
	});
});
