import {describe, expect, test} from 'vitest';
import {describeFile} from '../../source/cli/commands/sniff/sniffed-file.ts';
import {sniffedLines} from '../../source/cli/commands/sniff/sniffed-lines.ts';
import type {FileReport} from '../../source/model/report.ts';

const column = (name: string, type: string) => ({name, type});

const sound: FileReport = {
	file: 'in/a.csv',
	status: 'completed',
	analysis: 'profile',
	attempts: 1,
	bytes: 60,
	rows: 2,
	rejected_rows: 0,
	processing_time: 0.1,
	error: null,
	dialect: {delimiter: ';', quote: '"', encoding: 'utf-8', newline: '\r\n', header: true, compression: null},
	structure: {
		header: {line: 1, byte_offset: 0},
		first_records: [['C1', '5', '2024-01-01', 'food']],
		analyses: ['transactions', 'profile', 'quality'],
	},
	result: {
		rows: 2,
		columns: [
			column('customer_id', 'text'),
			column('amount', 'integer'),
			column('date', 'date'),
			column('category', 'text'),
		],
	},
	rejects: [],
};

test('a sound file has no problem, and names the analyses that fit, the one that would be chosen first', () => {
	expect(describeFile(sound)).toEqual({
		file: 'in/a.csv',
		dialect: {
			...sound.dialect,
			...{escape: '"', skip_lines: 0, skip_footer: 0, comment: null, decimal: null, thousands: null},
		},
		columns: ['text', 'integer', 'date', 'text'].map((type, index) => ({
			name: ['customer_id', 'amount', 'date', 'category'][index],
			type,
			format: type === 'date' ? 'y-m-d' : null,
		})),
		records: 2,
		problems: [],
		analyses: ['transactions', 'profile', 'quality'],
		preview: [['C1', '5', '2024-01-01', 'food']],
	});
});

const problemsOf = (changes: Partial<FileReport>): readonly unknown[] =>
	describeFile({...sound, ...changes}).problems.map(({code, line, byte_offset: offset, message}) => [
		code,
		line,
		offset,
		message,
	]);

describe('problems', () => {
	test('records that are left out stand in the order of their places, and those that are not listed are counted', () => {
		const rejects = [
			{line: 3, byte_offset: 40, column: 'amount', reason: 'quote' as const, value: '"5"x'},
			{line: 2, byte_offset: 20, column: null, reason: 'field-count' as const, value: '1 field, expected 4'},
		];
		expect(problemsOf({rejected_rows: 5, rejects})).toEqual([
			['FIELD_COUNT', 2, 20, 'Expected 4 fields, as the header has; found 1 field'],
			[
				'QUOTE',
				3,
				40,
				'Expected a delimiter or the end of the record behind a closing quote in the column "amount"; found \'"5"x\'',
			],
			['MORE_REJECTS', null, null, '3 more records are malformed; --max-rejects-kept says how many are listed'],
		]);
	});

	test('names that are empty or not different are told with the place of the header', () => {
		const result = {rows: 2, columns: [column('a', 'text'), column(' ', 'text'), column('a', 'text')]};
		expect(problemsOf({result})).toEqual([
			['EMPTY_NAME', 1, 0, 'Expected a name for each column, found none for column 2; it is called "column_2"'],
			[
				'DUPLICATE_NAME',
				1,
				0,
				'Expected a different name for each column, found "a" for columns 1 and 3; the second is called "a_2"',
			],
		]);
	});

	test('lines in front of the table and behind it are told', () => {
		const dialect = {...sound.dialect, skip_lines: 2, skip_footer: 1} as FileReport['dialect'];
		expect(problemsOf({dialect})).toEqual([
			[
				'LINES_IN_FRONT',
				1,
				0,
				'Expected the table from the first line on, found 2 lines in front of it that are no part of it',
			],
			['LINES_BEHIND', null, null, 'Expected the table to the last line, found 1 line behind it that is no part of it'],
		]);
	});

	test('an encoding that is assumed names those in which the texts make words', () => {
		const of = (firstRecords: readonly (readonly string[])[], mixed = false): string => {
			const dialect = {...sound.dialect, encoding: 'windows-1252', encoding_assumed: {line: 2, byte_offset: 9, mixed}};
			const structure = {header: {line: 1, byte_offset: 0}, first_records: firstRecords, analyses: []};
			const [problem] = problemsOf({dialect, structure} as Partial<FileReport>);
			return (problem as readonly string[])[3] ?? '';
		};
		// "продукты" in Windows-1251, and "고객" in EUC-KR.
		expect(of([['ïðîäóêòû']])).toContain('try --encoding windows-1251');
		expect(of([['°í°´']], true)).toContain('try --encoding euc-kr');
		expect(of([['café']])).toContain('with --encoding, for example windows-1250, windows-1251 or shift_jis');
		expect(of([['café']], true)).toContain('--encoding utf-8 reads these');
	});

	test('a file without a record, or with nothing but a header, says so', () => {
		const nothing = {rows: 0, result: null, analysis: null, structure: {header: null, first_records: [], analyses: []}};
		expect(problemsOf(nothing)).toEqual([['EMPTY_FILE', 1, 0, 'Expected a header and records, found nothing']]);
		const header = {rows: 0, structure: {header: {line: 2, byte_offset: 1}, first_records: [], analyses: []}};
		expect(problemsOf(header)).toEqual([['NO_RECORDS', 2, 1, 'Expected records behind the header, found none']]);
	});

	test('a file that could not be read has its error alone', () => {
		const error = {code: 'UNCLOSED_QUOTE', message: 'A quote', line: 9, byte_offset: 99};
		const {structure: _, ...rest} = sound;
		const failed = describeFile({
			...rest,
			status: 'failed',
			rows: 0,
			dialect: null,
			analysis: null,
			result: null,
			error,
		});
		expect(failed).toEqual({
			file: 'in/a.csv',
			dialect: null,
			columns: [],
			records: 0,
			problems: [error],
			analyses: [],
			preview: [],
		});
	});
});

describe('for people', () => {
	test('a file takes few lines', () => {
		expect(sniffedLines(describeFile(sound), true)).toBe(
			[
				'in/a.csv',
				'  written as  semicolon, utf-8, CRLF',
				'  holds       4 columns, 2 records',
				'    customer_id  text',
				'    amount       integer',
				'    date         date y-m-d',
				'    category     text',
				'  fits        transactions, profile, quality',
				'  problems    none',
				'',
			].join('\n'),
		);
	});

	test('lines fit the terminal, and of many columns the first are shown', () => {
		const columns = Array.from({length: 103}, (_, index) => column(`c${index}`, 'text'));
		const rejects = [
			{line: 3, byte_offset: 40, column: 'c1', reason: 'quote', value: `"a  b" ${'word '.repeat(30)}`},
		] as const;
		const described = describeFile({...sound, rejected_rows: 1, rejects, result: {rows: 2, columns}});
		const lines = sniffedLines(described, true, 60).split('\n');
		expect(Math.max(...lines.map(({length}) => length))).toBeLessThanOrEqual(60);
		expect(lines).toContain('    and 3 more columns, which --json lists');
		expect(lines.join(' ').replaceAll(/ {14}/g, '')).toContain('"a  b" word word');
	});

	test('what a terminal would obey is made visible', () => {
		const result = {rows: 2, columns: [column('a\u{1b}[2J', 'text')]};
		const text = sniffedLines(describeFile({...sound, file: 'x\u{9d}.csv', result}), false);
		expect(text).toContain('x\\x9d.csv');
		expect(text).toContain('a\\x1b[2J');
		expect(text.startsWith('\n')).toBe(true);
	});
});
