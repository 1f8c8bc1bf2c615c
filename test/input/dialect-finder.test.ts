import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Dialect} from '../../source/input/dialect.ts';
import {DialectFinder} from '../../source/input/dialect-finder.ts';
import {MAX_FIELD_BYTES, MAX_RECORD_BYTES} from '../../source/input/record-reader.ts';
import {randomCases} from '../helpers/random-cases.ts';

const rate = (names: readonly string[]) => {
	const known = ['amount', 'date'].filter(name => names.includes(name)).length;
	return {known, isComplete: known === 2};
};

interface Found {
	readonly dialect: Dialect | null;
	/** How many bytes had been given by then. */
	readonly given: number;
	readonly finder: DialectFinder;
}

/** @param step - The number of bytes added at each call. */
function find(text: string | Uint8Array, step = Number.POSITIVE_INFINITY, canEnd = true): Found {
	const bytes = Buffer.from(text);
	const finder = new DialectFinder(rate);
	let passed = 0;
	let given = 0;
	while (finder.dialect === null && given <= bytes.length) {
		const isAll = given >= bytes.length && canEnd;
		if (given >= bytes.length && !canEnd) break;
		const next = Math.min(bytes.length, given + step);
		passed += finder.scan(bytes.subarray(passed, isAll ? given : next), isAll);
		given = isAll ? bytes.length + 1 : next;
	}
	return {dialect: finder.dialect, given, finder};
}
const delimiterOf = (text: string, step?: number): string | undefined => find(text, step).dialect?.delimiter;

const text = fc
	.array(fc.constantFrom('amount', 'date', 'x', '"', '"', '""', ',', ';', '\t', '|', '\n', '\r', '\r\n', ' '), {
		maxLength: 14,
	})
	.map(parts => parts.join(''));
const mark = fc.constantFrom('', '\ufeff');

describe('the delimiter', () => {
	test.each([
		['amount;date;note, with commas, many\n', ';'],
		['amount\tdate\n', '\t'],
		['amount|date\n', '|'],
		['amount,date\n', ','],
		['"amount";"date"\n', ';'],
		['x;date;amount\n1,2,3,4\n', ';'],
		['"x, y"|"date"|"amount"\n', '|'],
		['"date;x"\t"amount"\t"date"\n', '\t'],
		['other;names;here\n', ';'],
		['"a;b;c;d",x\n', ','],
		['single\n', ','],
		['', ','],
	])('of %j is %j', (head, delimiter) => {
		expect(delimiterOf(head)).toBe(delimiter);
	});

	test.each([
		['names behind 64 KiB', `${'a filler of some length;'.repeat(10_000)}amount;date\n`, ';'],
		['other delimiters within names in front', `${'"a,b|c\td,e";'.repeat(10_000)}amount;date\n`, ';'],
		['other delimiters in names without quotes', `${'a,b,c;d,e|'.repeat(10_000)}amount|date\n`, '|'],
		['names in front of a very long name', `amount|date|${'x;y,'.repeat(100_000)}\n`, '|'],
		['line ends within long names', `${'"x,\r\nand so on";'.repeat(10_000)}amount;date\n`, ';'],
		['blank lines in front', `${'\r\n'.repeat(50_000)}amount;date,time\n`, ';'],
		['a byte order mark and blank lines in front', `\ufeff${'\n'.repeat(100_000)}amount;date,time\n`, ';'],
	])('of a header with %s is found', (_, header, delimiter) => {
		expect(delimiterOf(header)).toBe(delimiter);
		expect(delimiterOf(`${header}1,2,3|4|5;6\n`, 4096)).toBe(delimiter);
	});

	test('of a header that is as long as a record may be is found in time, because no byte of it is read twice', () => {
		const filler = 'a name of thirty-one characters,'.repeat(MAX_RECORD_BYTES / 32 - 1);
		// 4,096 calls: reading from the beginning each time would take minutes.
		expect(delimiterOf(`${filler};amount;date\n`, 4096)).toBe(';');
	});

	test('of a header with a field that is too long is found without this field', () => {
		const longest: number[] = [];
		const finder = new DialectFinder(names => {
			longest.push(...names.map(({length}) => length));
			return rate(names);
		});
		finder.scan(Buffer.from(`date;${'x'.repeat(MAX_FIELD_BYTES + 1)};amount\n`), true);
		expect(finder.dialect?.delimiter).toBe(';');
		expect(Math.max(...longest)).toBeLessThanOrEqual(MAX_FIELD_BYTES);
	});

	test('does not depend on the size of the chunks', () => {
		fc.assert(
			fc.property(text, mark, fc.integer({min: 1, max: 5}), (body, start, step) => {
				const whole = find(start + body);
				const inPieces = find(start + body, step);
				expect(inPieces.dialect).toEqual(whole.dialect);
				expect(inPieces.finder.blank).toEqual(whole.finder.blank);
			}),
			{numRuns: randomCases(3000)},
		);
	});
});

describe('the bytes that the result depends on', () => {
	test('are the header alone, where it has all names', () => {
		const header = 'date;amount\n';
		const {given, finder} = find(`${header}1;2\n`, 1, false);
		expect(finder.dialect?.delimiter).toBe(';');
		expect([given, finder.bytesNeeded]).toEqual([header.length, header.length]);
		// With a comma the quote opens a name that nothing closes.
		expect(find('date;amount;x,"\n', 1, false).dialect?.delimiter).toBe(';');
	});

	test('may include what follows a quote that only one delimiter opens', () => {
		const header = 'date;"x,amount\n';
		expect(find(header, 1, false).dialect).toBeNull();
		expect(delimiterOf(`${header}";amount\n`)).toBe(';');
		expect(delimiterOf(`${header}1,2\n`)).toBe(',');
	});

	test('are as many as it says: the bytes that follow them change nothing', () => {
		const counts = {known: 0, open: 0};
		fc.assert(
			fc.property(text, text, text, mark, (start, one, other, front) => {
				const {finder} = find(front + start, undefined, false);
				counts[finder.dialect === null ? 'open' : 'known']++;
				if (finder.dialect === null) return;
				const bytes = Buffer.from(front + start);
				const needed = Buffer.byteLength(front) + finder.blank.length + finder.bytesNeeded;
				expect(needed).toBeLessThanOrEqual(bytes.length);
				for (const rest of [one, other]) {
					const changed = Buffer.concat([bytes.subarray(0, needed), Buffer.from(rest)]);
					expect(find(changed).dialect).toEqual(finder.dialect);
				}
			}),
			{numRuns: randomCases(3000)},
		);
		for (const count of Object.values(counts)) expect(count).toBeGreaterThan(randomCases(100));
	});
});
