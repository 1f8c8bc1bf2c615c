// Which numbers and dates cells are in which form, and what the cells of a column come to together.
import {describe, expect, test} from 'vitest';
import {readWrittenDate} from '../../source/analysis/forms/date-form.ts';
import {decideForm, type KindEvidence} from '../../source/analysis/forms/decide.ts';
import {type MutableEvidence, mergeEvidence, noteDate, noteNumber} from '../../source/analysis/forms/evidence.ts';
import {plainNumber, readWritten} from '../../source/analysis/forms/number-form.ts';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

function numberWith(cell: string, mark: '.' | ','): string | null {
	const written = readWritten(cell);
	return written === null ? null : plainNumber(written, {mark, isPercent: written.isPercent});
}

describe('numbers', () => {
	test.each([
		['1,234.56', '1234.56', null],
		['1.234,56', null, '1234.56'],
		['1.234', '1.234', '1234'],
		['1,234', '1234', '1.234'],
		['0.500', '0.500', null],
		['1234,567', null, '1234.567'],
		['1.234.567', null, '1234567'],
		['12,34,567.89', '1234567.89', null],
		['12,34,567', '1234567', null],
		['1 234,56', null, '1234.56'],
		[bytes('1\u{a0}234,56'), null, '1234.56'],
		[bytes('1\u{202f}234,56'), null, '1234.56'],
		['1\xa0234,56', null, '1234.56'],
		["1'234.56", '1234.56', null],
		[bytes('1’234.56'), '1234.56', null],
		['1 234', '1234', '1234'],
		['5.', '5.', null],
		['(1.50)', '-1.50', null],
		['($1,234.50)', '-1234.50', null],
		['$(1.50)', '-1.50', null],
		['1.50-', '-1.50', null],
		[bytes('\u{2212}1.50'), '-1.50', null],
		['- $1', '-1', '-1'],
		['-$1', '-1', '-1'],
		['$ -1', '-1', '-1'],
		[bytes('€ 12,50'), null, '12.50'],
		['\x80 12,50', null, '12.50'],
		[bytes('12,50 €'), null, '12.50'],
		['12.50 EUR', '12.50', null],
		["CHF 1'000.50", '1000.50', null],
		[bytes('£5'), '5', '5'],
		[bytes('¥1,234,567'), '1234567', null],
		['1.50 CR', '1.50', null],
		['1.50 DR', '-1.50', null],
		['12.5%', '12.5', null],
	])('%j is %s with a point, and %s with a comma', (cell, withPoint, withComma) => {
		expect(numberWith(cell, '.')).toBe(withPoint);
		expect(numberWith(cell, ',')).toBe(withComma);
	});

	test.each([
		'',
		'x',
		'1.2.3',
		'1,23,4',
		'12 50',
		'1 23 456',
		'--5',
		'-(5)',
		'(5',
		'5)',
		'-5-',
		'5 DR-',
		'$5 €',
		'1e5',
		'12,5o',
		'1.234.56',
		'9'.repeat(39),
	])('%j is one in no form', cell => {
		expect(readWritten(bytes(cell))).toBeNull();
	});
});

describe('dates', () => {
	test.each([
		['2024-12-31', 'year-first', '2024-12-31'],
		['2024/1/2', 'year-first', '2024-01-02'],
		['20241231', 'year-first', '20241231'],
		['31/12/2024', 'day-first', '2024-12-31'],
		['31.12.24', 'day-first', '2024-12-31'],
		['31-12-69', 'day-first', '1969-12-31'],
		['31-12-68 23:59', 'day-first', '2068-12-31 23:59'],
		['12/31/2024', 'month-first', '2024-12-31'],
		['12/31/2024 1:02 PM', 'month-first', '2024-12-31T13:02'],
		['12/31/2024 12:00:00 am', 'month-first', '2024-12-31T00:00:00'],
		['3 Jan 2024', 'named', '2024-01-03'],
		['Jan 3, 2024', 'named', '2024-01-03'],
		['03-JAN-24', 'named', '2024-01-03'],
		['Wednesday, January 3rd, 2024', 'named', '2024-01-03'],
		['Wednesday, January 3rd, 2024 1:05 p.m.', 'named', '2024-01-03T13:05'],
		['3. Januar 2024', 'named', '2024-01-03'],
		[bytes('3. März 2024 10:00'), 'named', '2024-03-03 10:00'],
		['3-M\xc4RZ-24', 'named', '2024-03-03'],
		[bytes('1er août 2024'), 'named', '2024-08-01'],
		[bytes('3 DÉC. 2024'), 'named', '2024-12-03'],
		[bytes('déc. 3, 2024'), 'named', '2024-12-03'],
		['3 juil. 2024', 'named', '2024-07-03'],
		['3 mrt 2024', 'named', '2024-03-03'],
		['3 de enero de 2024', 'named', '2024-01-03'],
		['3 gen 2024', 'named', '2024-01-03'],
		['29.02.2024', 'day-first', '2024-02-29'],
		['45657', 'serial', '2024-12-31'],
		['45657.75', 'serial', '2024-12-31T18:00:00'],
		['1735603200', 'seconds', '2024-12-31T00:00:00'],
		['1735603200000', 'milliseconds', '2024-12-31T00:00:00'],
	] as const)('%j has the form %s: %s', (cell, form, iso) => {
		const written = readWrittenDate(cell);
		expect(written?.proves).toBe(form);
		expect(written?.readAs(form)).toBe(iso);
	});

	test('with two parts up to 12 it has two forms, with the same parts either', () => {
		const open = readWrittenDate('03/04/2024');
		expect([open?.proves, open?.readAs('day-first'), open?.readAs('month-first')]).toEqual([
			'open',
			'2024-04-03',
			'2024-03-04',
		]);
		expect(readWrittenDate('04/04/2024')?.proves).toBe('even');
	});

	test('ten digits may be a day with its hour, and seconds', () => {
		const hour = readWrittenDate('2024022912');
		expect([hour?.proves, hour?.readAs('year-first'), hour?.readAs('seconds'), hour?.readAs('serial')]).toEqual([
			'hour',
			'2024-02-29T12',
			'2034-02-20T04:35:12',
			null,
		]);
		for (const seconds of ['2023022912', '2024022925', '1712010112'])
			expect(readWrittenDate(seconds)?.proves).toBe('seconds');
	});

	test.each([
		'',
		'x',
		'30/02/2024',
		'29.02.2023',
		'13/13/2024',
		'2024-1-2',
		'31/12.2024',
		'3 Foo 2024',
		'3 jui 2024',
		'3 decemb 2024',
		'1/2/3',
		'12/31/2024 25:00',
		'123',
	])('%j has none', cell => {
		expect(readWrittenDate(cell)).toBeNull();
	});
});

/** @param padding - So many further records whose cells say nothing. */
function evidenceOf(kind: 'number' | 'date', cells: readonly string[], padding = 0, from = 0): KindEvidence {
	const shown: MutableEvidence = {};
	for (const [index, cell] of cells.entries()) {
		const example = {line: from + index + 2, byteOffset: 10 * (from + index), cell};
		(kind === 'number' ? noteNumber : noteDate)(shown, example);
	}
	return {column: 0, kind, records: cells.length + padding, shown};
}

const decide = (kind: 'number' | 'date', cells: readonly string[], padding = 0): unknown => {
	const decision = decideForm(evidenceOf(kind, cells, padding), {}, {});
	if ('undecided' in decision)
		return `${decision.undecided.why}: ${decision.undecided.shown.map(({example}) => example.cell).join(' ')}`;
	const {number, date} = decision.form;
	return date ?? `${number?.mark}${number?.isPercent ? '%' : ''}`;
};

test.each([
	['number', ['1', '2'], '.'],
	['number', ['1.500', '2.250,00'], ','],
	['number', ['1,500', '2,250.00'], '.'],
	['number', ['1.500'], 'ambiguous: 1.500'],
	['number', ['1,500', '7'], 'ambiguous: 1,500'],
	['number', ['1.50', '1,50'], 'mixed: 1.50 1,50'],
	['number', ['12%', '5%'], '.%'],
	['number', ['12%', '5'], 'mixed: 5 12%'],
	['number', ['$5', '7'], '.'],
	['number', ['$5', '7 EUR'], 'mixed: $5 7 EUR'],
	['date', ['2024-01-02'], 'year-first'],
	['date', ['01/02/2024', '13/02/2024'], 'day-first'],
	['date', ['01/02/2024', '01/13/2024'], 'month-first'],
	['date', ['01/02/2024'], 'ambiguous: 01/02/2024'],
	['date', ['02/02/2024'], 'day-first'],
	['date', ['13/02/2024', '01/13/2024'], 'mixed: 13/02/2024 01/13/2024'],
	['date', ['2024-01-02', '13/02/2024'], 'mixed: 2024-01-02 13/02/2024'],
	['date', ['3 Jan 2024'], 'named'],
	['date', ['45657', '45658'], 'serial'],
	['date', ['45657', 'x'], 'year-first'],
	['date', ['45657', '1735603200'], 'year-first'],
	['date', ['2024022912', '2024022913'], 'ambiguous: 2024022912'],
	['date', ['2024022912', 'x'], 'ambiguous: 2024022912'],
	['date', ['2024022912', '45657'], 'ambiguous: 2024022912'],
	['date', ['2024022912', '2030445566'], 'seconds'],
	['date', ['2024022912', '20240229'], 'year-first'],
] as const)('a column of %s %j is %s', (kind, cells, expected) => {
	expect(decide(kind, cells)).toBe(expected);
});

test('one record in ten may contradict the plain form, and is rejected', () => {
	expect(decide('number', ['1.50', '1,50'], 8)).toBe('.');
	expect(decide('number', ['1.50', '1,50'], 7)).toBe('mixed: 1.50 1,50');
	expect(decide('date', ['2024-01-02', '13/02/2024'], 8)).toBe('year-first');
});

test('what was said before it is read counts, whatever the cells are', () => {
	const open = evidenceOf('number', ['1.500']);
	expect(decideForm(open, {}, {decimal: ','})).toEqual({form: {number: {mark: ',', isPercent: false}}});
	expect(decideForm(open, {}, {thousands: '.'})).toEqual({form: {number: {mark: ',', isPercent: false, group: '.'}}});
	expect(decideForm(open, {}, {thousands: ''})).toEqual({form: {number: {mark: '.', isPercent: false, group: ''}}});
	expect(decideForm(evidenceOf('date', ['01/02/2024']), {}, {date: 'month-first'})).toEqual({
		form: {date: 'month-first'},
	});
});

test('parts show the same in any order', () => {
	const cells = ['1', '1.500', '2,5', '3.5', '$4', '5%'];
	const parts = [cells.slice(0, 2), cells.slice(2, 3), cells.slice(3)];
	let from = 0;
	const all = parts.map(part => {
		from += part.length;
		return [evidenceOf('number', part, 0, from - part.length)];
	});
	const whole = [evidenceOf('number', cells)];
	expect(mergeEvidence(all)).toEqual(whole);
	expect(mergeEvidence(all.toReversed())).toEqual(whole);
});
