// The quick look at bytes suspects every fault that following the fields finds, whatever the pieces.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {FieldScan} from '../../source/cli/commands/sniff/field-scan.ts';
import {FirstLook} from '../../source/cli/commands/sniff/first-look.ts';
import type {SniffedDialect} from '../../source/cli/commands/sniff/sniffed-file.ts';
import {randomCases} from '../helpers/random-cases.ts';

const dialectOf = (newline: SniffedDialect['newline'], quote: string): SniffedDialect => ({
	...{delimiter: ',', quote, escape: quote === '' ? null : quote, encoding: 'utf-8', newline, header: true},
	...{skip_lines: 0, skip_footer: 0, comment: null, compression: null, decimal: null, thousands: null},
});

const piece = fc.constantFrom(
	'a',
	',',
	'"',
	'b"',
	'"c",',
	'\n',
	'\r\n',
	'\r',
	'\n\n',
	'\ufeff',
	'x\ufeff',
	'1,2\n',
	'\nTotal,',
	'\n"Sum",,3\n',
);

test('no fault is there that is not suspected', () => {
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 14}), fc.constantFrom('"', ''), fc.nat(9), (pieces, quote, length) => {
			const bytes = Buffer.from(pieces.join(''));
			const newline = (/\r\n|\n|\r/.exec(pieces.join(''))?.[0] ?? null) as SniffedDialect['newline'];
			const dialect = dialectOf(newline, quote);
			const look = new FirstLook(dialect, bytes.length);
			for (let at = 0; at < bytes.length; at += length + 1) look.take(bytes.subarray(at, at + length + 1));
			const scan = new FieldScan(dialect);
			scan.take(bytes);
			scan.end();
			const found = [
				...(scan.otherNewline === null ? [] : ['newline']),
				// In pairs they may as well be around a field, or doubled.
				...(scan.innerQuote === null || bytes.filter(byte => byte === 0x22).length % 2 === 0 ? [] : ['quote']),
				...(scan.innerMark === null ? [] : ['mark']),
				...(scan.innerBlank === null ? [] : ['blank']),
				...(scan.totals === null ? [] : ['totals']),
				...(scan.cutRecord === null ? [] : ['cut']),
			];
			expect([...look.suspected]).toEqual(expect.arrayContaining(found));
		}),
		{numRuns: randomCases(2000)},
	);
});

test('quotes with text on both sides are suspected in pairs, too, also where pieces end beside them', () => {
	const bytes = Buffer.from('a,b\nx"y,2\nz"u,3\n');
	for (let length = 1; length <= bytes.length; length++) {
		const look = new FirstLook(dialectOf('\n', '"'), bytes.length);
		for (let at = 0; at < bytes.length; at += length) look.take(bytes.subarray(at, at + length));
		expect([...look.suspected]).toEqual(['quote']);
	}
});

test('a clean file is not suspected', () => {
	const bytes = Buffer.from('\ufeffa,b\r\n1,"x ""y"""\r\n2,"z"\r\n\r\n\r\n');
	const look = new FirstLook(dialectOf('\r\n', '"'), bytes.length);
	look.take(bytes);
	expect([...look.suspected]).toEqual([]);
});
