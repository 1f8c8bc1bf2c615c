// Files that are not text are recognised by their bytes, and the message says what to do.
import {gzipSync, zstdCompressSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {findMarkup} from '../../source/input/foreign-formats.ts';
import {folds} from '../helpers/fold-bytes.ts';
import {byKernel, byReference} from '../helpers/outcomes.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const text = 'customer_id,amount,date,category\nC1,5,2024-02-29,a\n';
const binary = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(''), 'latin1');

/** The first member of a ZIP archive, up to its name and data. */
function zipOf(name: string, data = '\x78\x9c\x01'): Buffer {
	const header = Buffer.alloc(26);
	header.writeUInt16LE(20, 0);
	header.writeUInt32LE(data.length, 14);
	header.writeUInt32LE(data.length, 18);
	header.writeUInt16LE(name.length, 22);
	return Buffer.concat([binary('PK\x03\x04'), header, binary(name, data)]);
}

/** The errors of both readers for a file, for several chunk sizes. */
async function failureOf(bytes: Buffer): Promise<{readonly code: string; readonly message: string}> {
	const expected = await byReference(bytes);
	expect(await byKernel(bytes)).toEqual(expected);
	const inPieces = {chunkBytes: 7, pieces: [7]};
	expect(await byReference(bytes, inPieces)).toMatchObject({code: (expected as {code: string}).code});
	expect(await byKernel(bytes, inPieces)).toMatchObject({code: (expected as {code: string}).code});
	return expected as {code: string; message: string};
}

describe('a file that is not text is named, with advice', () => {
	const sheet = zipOf('[Content_Types].xml', `<Types/>${zipOf('xl/workbook.xml').toString('latin1')}`);
	test.each([
		['ZIP', zipOf('data.csv'), 'unzip'],
		['ZIP', binary('PK\x05\x06', '\0'.repeat(18)), 'unzip'],
		['XLSX', sheet, 'save it as CSV'],
		['XLSX', zipOf('xl/workbook.xml'), 'save it as CSV'],
		['ODS', zipOf('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'), 'save it as CSV'],
		['Word', zipOf('[Content_Types].xml', zipOf('word/document.xml').toString('latin1')), 'save it as CSV'],
		['.xls', binary('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '\0'.repeat(504)), 'save it as CSV'],
		['zstd', zstdCompressSync(text), 'zstd -d'],
		['Zstandard', binary('\x50\x2a\x4d\x18\0\0\0\0'), 'zstd -d'],
		['bzip2', binary('BZh91AY&SY\x80\x5c\x02'), 'bzip2 -d'],
		['PNG', binary('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'Leave it out'],
		['JPEG', binary('\xff\xd8\xff\xe0\0\x10JFIF'), 'Leave it out'],
		['GIF', binary('GIF89a\x01\0\x01\0'), 'Leave it out'],
		['xz', binary('\xfd7zXZ\0\0\x04'), 'xz -d'],
		['7z', binary("7z\xbc\xaf'\x1c\0\x04"), '7z x'],
		['LZ4', binary('\x04\x22\x4d\x18\x64\x40'), 'lz4 -d'],
		['RAR', binary('Rar!\x1a\x07\x01\0'), 'unrar x'],
		['tar', binary('data.csv'.padEnd(257, '\0'), 'ustar\0\x300'.padEnd(255, '\0')), 'tar -x'],
		['Parquet', binary('PAR1\x15\x04\x15\x10'), 'Save it as a file first'],
		['SQLite', binary('SQLite format 3\0\x10\0\x01\x01'), 'Export it as CSV'],
		['PDF', binary('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), 'save that as CSV'],
		['gzip in gzip', gzipSync(text), 'gunzip'],
	])('%s', async (name, bytes, advice) => {
		const {code, message} = await failureOf(bytes);
		expect(code).toBe('UNSUPPORTED_FORMAT');
		expect(message).toContain(name);
		expect(message).toContain(advice);
	});
});

describe('text of another format than a table is named, with advice', () => {
	test.each([
		['HTML', '<!DOCTYPE html><html><body>Log in, please</body></html>', 'fetch the data again'],
		['HTML', '\ufeff\n<HTML>\n<body>a,b</body>\n', 'fetch the data again'],
		['XML', '<?xml version="1.0"?>\n<rows>\n<row a="1"/>\n</rows>\n', 'Export it as CSV'],
		['JSON', '[{"a":1,"b":2},\n{"a":3,"b":4}]\n', 'Export it as CSV'],
		['JSON', '[\n\t{"a": 1, "b": 2},\n\t{"a": 3, "b": 4}\n]\n', 'Export it as CSV'],
		['JSON', '{"a": "x \\"y", "b": 2}\n{"a": 3, "b": 4}\n', 'Export it as CSV'],
		['JSON', '{\n"a": [1, 2]\n}\n', 'Export it as CSV'],
		['JSON', '[[1,2],\n[3,4]]\n', 'Export it as CSV'],
	])('%s', async (name, written, advice) => {
		const {code, message} = await failureOf(Buffer.from(written));
		expect(code).toBe('UNSUPPORTED_FORMAT');
		expect(message).toContain(name);
		expect(message).toContain(advice);
	});

	test('headings in brackets are headings', () => {
		for (const heading of ['<TICKER>,<DATE>', '[a],[b]', '{a},{b}', '[Header]', '"{""a"": 1}",b', '<b>,<i>'])
			expect(findMarkup(`${heading}\n1,2\n`), heading).toBeNull();
	});
});

test('text that begins like one of them is text', async () => {
	for (const name of ['PK', 'PAR1', 'BZh9', 'ORC', 'LZIP', 'ARROW1', 'SQLite format 3', 'Rar!', '%PDF']) {
		expect(await byKernel(Buffer.from(`${name},${text.replace('\n', '\n0,')}`))).toMatchObject({rows: 1});
	}
});

test('no text is mistaken for another format', async () => {
	const character = fc.constantFrom('P', 'K', 'B', 'Z', 'h', '9', '1', 'A', 'R', 'é', '\u{feff}', '😀', ' ', ';', '\t');
	await fc.assert(
		fc.asyncProperty(fc.array(character, {maxLength: 6}), async characters => {
			const {length} = await folds
				.kernel(oneRead(Buffer.from(`x${characters.join('')},${text.replace('\n', '\n0,')}`)), readDefaults, {
					report() {},
					wait() {},
				})
				.then(({rejects}) => rejects);
			expect(length).toBe(0);
		}),
	);
});

function oneRead(bytes: Buffer) {
	let isRead = false;
	return {
		read(target: Uint8Array): number {
			if (isRead) return 0;
			isRead = true;
			target.set(bytes);
			return bytes.length;
		},
	};
}
