// What the kernel sees of a text is what the slow searches find, wherever its pieces are cut.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {FirstLook} from '../../source/cli/commands/sniff/first-look.ts';
import type {SniffedDialect} from '../../source/cli/commands/sniff/sniffed-file.ts';
import {SpoiltText} from '../../source/cli/commands/sniff/spoilt-text.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {randomCases} from '../helpers/random-cases.ts';

const MAX_PIECE = 64;
const byteLook = new Kernel().createByteLook(MAX_PIECE);

/** What is found in a text that comes in pieces of a length. */
function findAll(bytes: Buffer, dialect: SniffedDialect, length: number, isByKernel: boolean) {
	const look = new FirstLook(dialect, bytes.length);
	const spoilt = new SpoiltText(dialect);
	byteLook.begin({delimiter: dialect.delimiter, quote: look.quote, newline: look.newline});
	for (let at = 0; at < bytes.length; at += length) {
		const chunk = bytes.subarray(at, at + length);
		byteLook.memory.set(chunk);
		const seen = isByKernel ? byteLook.look(chunk.length, look.looksForLabels(chunk.length)) : null;
		look.take(chunk, seen);
		spoilt.take(chunk, seen);
	}
	return {suspected: [...look.suspected].sort(), spoilt: spoilt.found.toSorted((a, b) => a.byteOffset - b.byteOffset)};
}

const plain = fc.string({unit: fc.constantFrom('a', 'Z', '1', ',', ';', ' ', '-', '\u00e9', '\u00e2'), maxLength: 20});
const odd = fc.constantFrom(
	...[
		'"',
		'""',
		'b"',
		'"c",',
		"'",
		'\n',
		'\r\n',
		'\r',
		'\n\n',
		'\r\n\r\n',
		'\ufeff',
		'\u0000',
		'\u0007',
		'\u001f',
		'\u007f',
	],
	...[
		'\ufffd',
		'\u00c3\u00a9',
		'\u00c3\u201a',
		'\u00c3\u0178',
		'\u00c2\u00a0',
		'\u00e2\u201a\u00ac',
		'\u00a0',
		',\u00a0',
	],
	...[
		'\u200b',
		'\u2019',
		'\u2028',
		'\u202e',
		'\u2060',
		'\u0091',
		'\n\u5408',
		'\nTotal,',
		'\r\n"Sum",,3',
		'\n  - Subtotal',
		'\nGrand total',
		'\nnet sum',
		'\nPAGE TOTAL',
		'\nZwischensumme',
		'\nGesamt,',
		'\nSomme,',
		'\ntot',
		'als,',
		'\ng',
		'sum',
	],
);

test('the look of the kernel finds what searching finds', () => {
	const dialects = fc.record({
		delimiter: fc.constantFrom(',', ';', '::', '\u001f', ' '),
		quote: fc.constantFrom('"', "'", ''),
		newline: fc.constantFrom('\n', '\r\n', '\r'),
		encoding: fc.constantFrom('utf-8', 'windows-1252'),
	});
	fc.assert(
		fc.property(
			fc.array(fc.oneof(plain, odd), {maxLength: 20}),
			dialects,
			fc.integer({min: 1, max: MAX_PIECE}),
			(parts, some, length) => {
				const bytes = Buffer.from(parts.join(''));
				const dialect: SniffedDialect = {
					...{...some, escape: null, header: true, skip_lines: 0, skip_footer: 0},
					...{comment: null, compression: null, decimal: null, thousands: null},
				};
				expect(findAll(bytes, dialect, length, true)).toEqual(findAll(bytes, dialect, length, false));
			},
		),
		{numRuns: randomCases(3000)},
	);
});
