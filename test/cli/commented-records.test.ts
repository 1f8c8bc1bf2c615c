// A comment that has the fields of a record is told: it may be one that was meant to be read.
import {expect, test} from 'vitest';
import {CommentedRecords} from '../../source/cli/commands/sniff/commented-records.ts';
import type {SniffedDialect} from '../../source/cli/commands/sniff/sniffed-file.ts';

const dialect: SniffedDialect = {
	...{delimiter: ',', quote: '"', escape: '"', encoding: 'utf-8', newline: '\n', header: true, skip_lines: 0},
	...{skip_footer: 0, comment: '#', compression: null, decimal: null, thousands: null},
};
const columns = [{type: 'integer'}, {type: 'text'}, {type: 'date'}, {type: 'decimal'}] as const;

/** Where it is found, however the text is cut. */
function find(text: string, other: Partial<SniffedDialect> = {}, sizes = [1, 7, 1 << 20]): number | null {
	const places = sizes.map(size => {
		const scan = new CommentedRecords({...dialect, ...other}, columns);
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; at += size) scan.take(bytes.subarray(at, at + size));
		scan.end();
		return scan.found?.byteOffset ?? null;
	});
	expect(new Set(places).size).toBe(1);
	return places[0] ?? null;
}

const front = 'id,name,day,amount\n1,a,2024-01-01,1.50\n';
const back = '9,z,2024-01-09,9.50\n';

test.each([
	'#2,b,2024-01-02,2.50\n',
	'# 2,"b, c",2024-01-02,2.50\n',
	'#2,,2024-01-02,\n',
	'#2,b,2024-01-02,-1.234\r\n',
])('%j is a record', line => {
	expect(find(front + line + back)).toBe(front.length);
	// Also as the last line, without an end, and at the very beginning.
	expect(find(front + back + line.trimEnd())).toBe(front.length + back.length);
	expect(find(line + front)).toBe(0);
});

test.each([
	'# id,name,day,amount\n',
	'# made by x, on Monday, with care, twice\n',
	'#2,b,2024-01-02\n',
	'#2,b,2024-01-02,2.50,more\n',
	'#two,b,2024-01-02,2.50\n',
	'#,,,\n',
	'#N/A,b,2024-01-02,2.50\n',
	'2,#2,2024-01-02,2.50\n',
])('%j is none', line => {
	expect(find(front + line + back)).toBeNull();
});

test('the first one counts, other signs are no comments, and a long line hides none behind it', () => {
	const record = '#2,b,2024-01-02,2.50\n';
	expect(find(front + record + back + record)).toBe(front.length);
	expect(find(front + record + back, {comment: null})).toBeNull();
	expect(find(front + record + back, {comment: '//'})).toBeNull();
	expect(find(front + record.replace('#', '//') + back, {comment: '//'})).toBe(front.length);
	const long = `3,${'#'.repeat(150_000)},2024-01-03,3.50\n`;
	const sizes = [10_000, 1 << 20];
	expect(find(front + long + record, {}, sizes)).toBe(front.length + long.length);
	expect(find(front + long + back, {}, sizes)).toBeNull();
});
