// Where in the bytes of a file is what its records do not show.
import {expect, test} from 'vitest';
import {FieldScan} from '../../source/cli/commands/sniff/field-scan.ts';
import type {SniffedDialect} from '../../source/cli/commands/sniff/sniffed-file.ts';

const plain: SniffedDialect = {
	...{delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', newline: '\n', header: true, skip_lines: 0},
	...{skip_footer: 0, comment: null, compression: null, decimal: null, thousands: null},
};

function scan(text: string, dialect: Partial<SniffedDialect> = {}): FieldScan {
	const scanned = new FieldScan({...plain, ...dialect});
	// One byte after the other: the pieces make no difference.
	for (const byte of Buffer.from(text, 'latin1')) scanned.take(Uint8Array.of(byte));
	scanned.end();
	return scanned;
}

test.each([
	['a,b\n1,2\r\n3,4\n', 2, 7],
	['a,b\r\n"1\n2",3\r\n4,5\n6,7\r\n', 4, 17],
	['a\rb\r\nc\r', 2, 3],
	['"\u{d}\n\n"\na\r\n', 4, 7],
	['a,b\r\n1,2\r\n3,4\r', 3, 13],
])('a line end that is not as the first one, outside of quotes: %j', (text, line, byte_offset) => {
	expect(scan(text).otherNewline).toMatchObject({line, byte_offset});
	expect(scan(text.replaceAll(/\r\n?/g, '\n')).otherNewline).toBeNull();
});

test.each<[string, Partial<SniffedDialect>, object | null]>([
	['a,b\n1,"2""3"\n', {}, null],
	['\u{ef}\u{bb}\u{bf}"a" ,b\n', {}, null],
	['a,b\n1,2" wide\n', {}, {line: 2, byte_offset: 7}],
	['a;b\n"x";2"\n', {delimiter: ';'}, {line: 2, byte_offset: 9}],
	['a,b\n"x\\"y",2\n', {escape: '\\'}, null],
	['a,b\n"x" y,2\n', {quote: '', escape: null}, {line: 2, byte_offset: 4}],
])('a quote inside of a field: %j', (text, dialect, place) => {
	expect(scan(text, dialect).innerQuote).toEqual(place);
});

test('lines behind the table', () => {
	for (const end of ['', '\n']) {
		const {footerStart} = scan(`a,b\n1,2\n\nTotal${end}`, {skip_footer: 2});
		expect(footerStart).toEqual({line: 3, byte_offset: 8});
	}
});

test.each<[string, Partial<SniffedDialect>, object | null]>([
	['a,b\n1,2\n\n3,4\n', {}, {line: 3, byte_offset: 8}],
	['a,b\r\n1,2\r\n\r\n\r\n3,4\r\n', {newline: '\r\n'}, {line: 3, byte_offset: 10}],
	['a,b\r\r1,2\r', {newline: '\r'}, {line: 2, byte_offset: 4}],
	['a,b\n1,2\n\n\n', {}, null],
	['\n\na,b\n1,2', {}, null],
	['\u{ef}\u{bb}\u{bf}\n\na,b\n1,2', {}, null],
	['Title\n\na,b\n1,2\n', {skip_lines: 2}, null],
	['a,b\n1,2\n\nTotal\n', {skip_footer: 2}, null],
	['a,b\n"1\n\n2",3\n', {}, null],
])('a blank line between records: %j', (text, dialect, place) => {
	expect(scan(text, dialect).innerBlank).toEqual(place);
});

test.each([
	['\u{ef}\u{bb}\u{bf}a,b\n1,2\n', null],
	['a,b\n\u{ef}\u{bb}\u{bf}a,b\n', {line: 2, byte_offset: 4, isBeforeLine: true}],
	['a,b\nx\u{ef}\u{bb}\u{bf}y,2\n', {line: 2, byte_offset: 5, isBeforeLine: false}],
	['a,b\n"\u{ef}\u{ef}\u{bb}\u{bf}y",2\n', {line: 2, byte_offset: 6, isBeforeLine: false}],
	['a,b\nx,\u{ef}\u{bb}\u{bf}2\n', {line: 2, byte_offset: 6, isBeforeLine: false}],
	['a,b\nx\u{ef}\u{bb}y,2\n', null],
])('a byte order mark behind the beginning: %j', (text, place) => {
	expect(scan(text).innerMark).toEqual(place);
});

test.each<[string, Partial<SniffedDialect>, object | null]>([
	['a,b,c\nx,1,2\nTotal,,3\ny,3,4\n', {}, {line: 3, byte_offset: 12}],
	['a,b\nx,1\n"Grand total:",3\n', {}, {line: 3, byte_offset: 8}],
	['a,b\nx,1\nSumme 2024,3', {}, {line: 3, byte_offset: 8}],
	['a,b,c\n"x\ny",1,2\n,Subtotal,5\nz,1,2\n', {}, {line: 4, byte_offset: 16}],
	['a,b,c\nTotal,,3\nx,1,2\n', {}, {line: 2, byte_offset: 6}],
	['a,b,c\nTotal,1,3\nx,1,2\n', {}, null],
	['a,b,\nx,1,\nTotal,,3\n', {}, {line: 3, byte_offset: 10}],
	['a,b\nx,1\nTotal energies,3\n', {}, null],
	['a,b\nTotal,1\ny,2\n', {}, null],
	['a,b,c\nx,,2\nTotal,,3\ny,,4\n', {}, null],
	['Total,b,c\nx,1,2\n', {}, null],
	['a,b\nx,1\nTotal,\n', {skip_footer: 1}, null],
	['Total,,\na,b\nx,1\n', {skip_lines: 1}, null],
	['a,b\nx,"1\nTotal,,"\ny,2\n', {}, null],
])('a record of totals: %j', (text, dialect, place) => {
	expect(scan(text, dialect).totals).toEqual(place);
});

test.each<[string, Partial<SniffedDialect>, object | null]>([
	['a,b\n1,2\n3,', {}, {line: 3, byte_offset: 8}],
	['a;b\n1;2\n3;4\n5;', {delimiter: ';'}, {line: 4, byte_offset: 12}],
	['a,b\n1,2\n3,\n', {}, null],
	['a,b\n1,\n3,', {}, null],
	['a,b\n1,2\n3,4', {}, null],
	['a,', {}, null],
])('a record that the end of the file cuts off: %j', (text, dialect, place) => {
	expect(scan(text, dialect).cutRecord).toEqual(place);
});
