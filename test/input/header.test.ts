// The header is read in two ways: byte by byte for the kernel, and by the reference reader. Both return the same names,
// the same position and the same errors.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Dialect, plainDialect, type Quote} from '../../source/input/dialect.ts';
import {readHeader} from '../../source/input/header.ts';
import {InputError} from '../../source/input/input-error.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {knownDialect} from '../helpers/known-dialect.ts';
import {randomCases} from '../helpers/random-cases.ts';

const dialectOf = (bytes: Uint8Array, delimiter: string, quote: Quote = '"', headerRows = 1): Dialect => ({
	...plainDialect,
	delimiter,
	quote,
	headerRows,
	bomBytes: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0,
});

const tell = (error: unknown): unknown => {
	if (!(error instanceof InputError)) throw error;
	return {code: error.code, message: error.message, at: {...error.at}};
};

/** The first record of a file, and errors before it ends; later errors are not part of this test. */
async function byReference(bytes: Uint8Array, dialect: Dialect): Promise<unknown> {
	let header: unknown = null;
	const sink = {
		onHeader(names: readonly string[], position: unknown) {
			header = {names: [...names], position};
		},
		onRecord() {},
		onUnclosedQuote() {},
	};
	const chunk = new Uint8Array(64);
	try {
		await readRecordsByReference(bytesInPieces(bytes, [7]), sink, {
			chunk,
			finder: knownDialect(dialect),
			onChunk() {},
		});
	} catch (error) {
		if (header === null) return tell(error);
	}
	return header;
}

/** @param step - The number of bytes added at each call. */
function byHeaderReader(bytes: Uint8Array, dialect: Dialect, step: number): unknown {
	const data = bytes.subarray(dialect.bomBytes);
	try {
		for (let length = step; ; length += step) {
			const header = readHeader(data.subarray(0, length), dialect, length > data.length);
			if (header === null) continue;
			return header.names === null ? null : {names: header.names, position: header.position};
		}
	} catch (error) {
		return tell(error);
	}
}

const oddHeaders = [
	'',
	'\u{feff}',
	'\n\r\n\r',
	'\u{feff}\n\n',
	'a,b',
	'a,b\r',
	'\r\n\ra,b\r\n1,2',
	'"a,b',
	'a,"b',
	'x\n"a',
	'"a""b",c',
	'"a"b,c',
	'"a"b"c,d"\n',
	'"a\r\nb",c\r\n',
	'""',
	'"",""\n',
	'""x,y',
	'"""",b',
	'"x"\0,"y"\0z"\n',
	'a"b,c"d"\n',
	',,\n',
	' "a" , "b" \n',
];

test.each(oddHeaders)('the header of %j is the reference reader’s', async text => {
	const bytes = Buffer.from(text);
	const dialect = dialectOf(bytes, ',');
	const expected = await byReference(bytes, dialect);
	for (const step of [1, 2, 3, 100]) expect(byHeaderReader(bytes, dialect, step)).toEqual(expected);
});

test('any header is the reference reader’s, for any chunks', async () => {
	const part = fc.constantFrom(
		'"',
		'"',
		'""',
		',',
		'\n',
		'\r',
		'\r\n',
		'a',
		' ',
		'é',
		'\0',
		'"x"',
		'",',
		';',
		"'",
		"''",
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(part, {maxLength: 16}),
			fc.boolean(),
			fc.constantFrom(',', ';', ' '),
			fc.constantFrom<Quote>('"', '"', "'", ''),
			fc.constantFrom(1, 1, 0, 2, 3),
			fc.integer({min: 1, max: 7}),
			async (parts, hasMark, delimiter, quote, headerRows, step) => {
				const bytes = Buffer.from(`${hasMark ? '\u{feff}' : ''}${parts.join('')}`);
				const dialect = dialectOf(bytes, delimiter, quote, headerRows);
				expect(byHeaderReader(bytes, dialect, step)).toEqual(await byReference(bytes, dialect));
			},
		),
		{numRuns: randomCases(300)},
	);
});
