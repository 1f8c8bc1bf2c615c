// Questions become declarations: the columns and measures that were written, by their names.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {matchColumns} from '../../source/analysis/detect.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {declareQuestion, type Question, QuestionError} from '../../source/analysis/question/declare-question.ts';
import {parseColumn, parseKeys} from '../../source/analysis/question/parse-columns.ts';
import {parseQuestion} from '../../source/analysis/question/parse-question.ts';
import {ExpressionError} from '../../source/analysis/question/tokens.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';

const nothing: Question = {
	groupBy: null,
	sum: [],
	mean: [],
	min: [],
	max: [],
	distinct: [],
	orderBy: null,
	limit: null,
};

const header = ['Shop', 'Net Amount', 'sold', 'tags, all'];
const records = [
	['b', '2.50', '2024-02-03', 'x'],
	['a', '-1', '2024-01-05T10:00', ''],
	['b', '10', '2023-12-31', 'y'],
	['b', 'none', '2023-12-31', 'x'],
];

function answer(question: Partial<Question>): unknown {
	const declaration = declareQuestion({...nothing, ...question});
	const match = matchColumns(header, [declaration]);
	expect(match.missing).toEqual([]);
	const reader = new ProgramFigures(compileProgram([match]));
	for (const record of records) reader.add(record);
	const [figures] = reader.take();
	if (figures === undefined) throw new Error('Expected figures');
	return finishState(stateOfFigures(layOutStates(declaration), figures, 'utf-8'));
}

describe('an answer', () => {
	test('without groups is a row of figures', () => {
		expect(
			answer({sum: ['Net Amount'], mean: ['Net Amount'], min: ['Net Amount', 'day(sold)'], distinct: ['"tags, all"']}),
		).toEqual({
			records: 3,
			'sum_Net Amount': '11.50',
			'mean_Net Amount': '3.833333',
			'min_Net Amount': '-1.00',
			min_sold: '2023-12-31',
			'distinct_tags, all': {value: 2, exact: true},
		});
	});

	test('in groups lists them by the first measure', () => {
		expect(answer({groupBy: 'Shop', max: ['Net Amount'], sum: ['Net Amount']})).toMatchObject({
			'sum_Net Amount': '11.50',
			groups: [
				{Shop: 'b', records: 2, 'sum_Net Amount': '12.50', 'max_Net Amount': '10.00'},
				{Shop: 'a', records: 1, 'sum_Net Amount': '-1.00', 'max_Net Amount': '-1.00'},
			],
			group_count: {value: 2, exact: true},
		});
	});

	test('without a measure counts records, and reads no number', () => {
		expect(answer({groupBy: 'month(sold), Shop', orderBy: 'key', limit: 2})).toEqual({
			records: 4,
			groups: [
				{month_sold: '2023-12', Shop: 'b', records: 2},
				{month_sold: '2024-01', Shop: 'a', records: 1},
			],
			group_count: {value: 3, exact: true},
		});
	});

	test('may read a column as several types', () => {
		expect(answer({groupBy: 'sold, year(sold)', max: ['day(sold)'], limit: 1})).toMatchObject({
			max_sold: '2024-02-03',
			groups: [{sold: '2024-02-03', year_sold: '2024', records: 1, max_sold: '2024-02-03'}],
		});
	});
});

test.each<[Partial<Question>, keyof Question, string]>([
	[{groupBy: 'a', distinct: ['b']}, 'distinct', 'not in groups'],
	[{sum: ['a'], orderBy: 'sum_a'}, 'orderBy', 'nothing is grouped'],
	[{sum: ['a'], limit: 5}, 'limit', 'nothing is grouped'],
	[{groupBy: 'a,a'}, 'groupBy', 'named twice'],
	[{groupBy: 'a', orderBy: 'sum_b'}, 'orderBy', 'records, key'],
	[{sum: ['month(a)']}, 'sum', 'column of numbers'],
	[{min: ['month(a)']}, 'min', 'day(a)'],
	[{min: ['a', 'day(a)']}, 'min', 'as a number and as a date'],
])('%j cannot be answered', (question, flag, sentence) => {
	const ask = () => declareQuestion({...nothing, ...question});
	expect(ask).toThrow(QuestionError);
	expect(ask).toThrow(expect.objectContaining({flag, message: expect.stringContaining(sentence)}));
});

test('a key that has the name of a measure is told from it', () => {
	expect(declareQuestion({...nothing, groupBy: 'records'}).measures.groups).toMatchObject({
		keys: [{name: 'by_records', of: 'records'}],
	});
});

test('columns are written as they stand in the header', () => {
	expect(parseKeys('category, Month( date )')).toEqual([
		{name: 'category', part: 'text'},
		{name: 'date', part: 'month'},
	]);
	expect(parseKeys('"Net, Amount",`a"b`')).toEqual([
		{name: 'Net, Amount', part: 'text'},
		{name: 'a"b', part: 'text'},
	]);
	expect(parseColumn('Amount (EUR), net')).toEqual({name: 'Amount (EUR), net', part: 'text'});
	expect(parseColumn('year("day of sale")')).toEqual({name: 'day of sale', part: 'year'});
	expect(() => parseKeys('a,,b')).toThrow(ExpressionError);
	expect(() => parseKeys('a,b,c')).toThrow(expect.objectContaining({start: 4}));
});

test('any text is read, or refused at a place in it', () => {
	fc.assert(
		fc.property(fc.string({unit: fc.constantFrom(...'ab,()"\'` day(month', '日')}), text => {
			try {
				expect(parseKeys(text).length).toBeLessThanOrEqual(2);
			} catch (error) {
				if (!(error instanceof ExpressionError)) throw error;
				expect(error.start).toBeLessThanOrEqual(text.length);
			}
		}),
	);
});

test('what is wrong with a question in one line is told by its place in all of it', () => {
	const placeOf = (text: string): string | null => {
		try {
			parseQuestion(text);
			return null;
		} catch (error) {
			if (!(error instanceof ExpressionError)) throw error;
			return text.slice(error.start, error.end);
		}
	};
	expect(placeOf('sum amount by shop, day, who where a > 1')).toBe(' who');
	expect(placeOf('sum amount by shop where day > 2024-01-01 and amount ~ 5')).toBe('~');
	expect(placeOf('sum amount by shop where amount > 5 5 limit 3')).toBe('5');
	expect(placeOf('by shop where amount between 5')).toBe('between');
	expect(placeOf('sum amount, mean year() by shop')).toBe('year()');
	expect(placeOf('sum amount limit many')).toBe('many');
	expect(placeOf('sum amount by shop')).toBe(null);
});
