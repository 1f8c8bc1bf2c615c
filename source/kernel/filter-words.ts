// A filter as the words that the kernel takes: see assembly/filter.ts and assembly/program.ts.
import {numberOfDay} from '../analysis/calendar-date.ts';
import {type Decimal, powerOfTen} from '../analysis/decimal.ts';
import type {CellTest, Comparison} from '../analysis/where/condition.ts';
import type {FilterNode, FilterProgram} from '../analysis/where/filter-program.ts';

/** Which readers of numbers and dates the tests of a column have. */
export interface FilterReaders {
	readonly numberOf: (column: number) => number;
	readonly dateOf: (column: number) => number;
}

// As in assembly/filter.ts.
const NUMBER = 0;
const DATE = 1;
const EQUAL = 2;
const LESS = 3;
const AT_MOST = 4;
const CONTAINS = 5;
const STARTS = 6;
const EMPTY = 7;
const ALL = 0x4000_0000;
const ANY = 0x8000_0000;

const MAX_SCALE = 18;
const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/** Nothing but a zero where there is no filter. */
export function filterWords(filter: FilterProgram | null, readers: FilterReaders): number[] {
	if (filter === null) return [0];
	const tests = filter.tests.flatMap(({column, test}) => testWords(column, test, readers));
	const code = codeOf(filter.root);
	return [filter.tests.length, ...tests, code.length, ...code];
}

/** In reverse Polish notation: the place of a test, or how many of the results in front of it are joined. */
function codeOf(node: FilterNode): number[] {
	if (typeof node === 'number') return [node];
	return [...node.parts.flatMap(codeOf), (node.kind === 'and' ? ALL : ANY) + node.parts.length];
}

function testWords(column: number, test: CellTest, {numberOf, dateOf}: FilterReaders): number[] {
	switch (test.kind) {
		case 'number':
			return [NUMBER, isUnequal(test.comparison), numberOf(column), ...boundWords(test.comparison, test.value)];
		case 'date':
			return [DATE, isUnequal(test.comparison), dateOf(column), ...dayWords(test.comparison, test.day)];
		case 'text': {
			const [kind, isNegated] = textTests[test.comparison];
			return [kind, isNegated, column, ...textWords(test.text)];
		}
		case 'contains':
			return [CONTAINS, Number(test.isNegated), column, ...textWords(test.text)];
		case 'starts-with':
			return [STARTS, Number(test.isNegated), column, ...textWords(test.text)];
		case 'empty':
			return [EMPTY, Number(test.isNegated), column, ...textWords('')];
	}
}

const textTests: Readonly<Record<Comparison, readonly [kind: number, isNegated: number]>> = {
	'=': [EQUAL, 0],
	'!=': [EQUAL, 1],
	'<': [LESS, 0],
	'>=': [LESS, 1],
	'<=': [AT_MOST, 0],
	'>': [AT_MOST, 1],
};

/** `!=` is everything but a range of one value. */
const isUnequal = (comparison: Comparison): number => Number(comparison === '!=');

/** Whether it may be in a file that is not in UTF-8 in other bytes; how many bytes it has; the bytes. */
function textWords(text: string): number[] {
	const bytes = Buffer.from(text);
	const words = new Uint32Array(Math.ceil(bytes.length / 4));
	new Uint8Array(words.buffer).set(bytes);
	return [Number(bytes.some(byte => byte >= 0x80)), bytes.length, ...words];
}

/** The smallest and the largest units that fit, for each number of decimals that units may have. None fits where they are in disorder. */
function boundWords(comparison: Comparison, value: Decimal): number[] {
	return Array.from({length: MAX_SCALE + 1}, (_, scale) => {
		const [least, most] = boundsAt(comparison, value, scale);
		return [...longWords(least), ...longWords(most)];
	}).flat();
}

function boundsAt(comparison: Comparison, {units, scale}: Decimal, atScale: number): readonly [bigint, bigint] {
	const numerator = units * powerOfTen(Math.max(0, atScale - scale));
	const denominator = powerOfTen(Math.max(0, scale - atScale));
	const quotient = numerator / denominator;
	const isWhole = quotient * denominator === numerator;
	// Division of bigints goes towards zero.
	const floor = isWhole || numerator > 0n ? quotient : quotient - 1n;
	const ceiling = isWhole ? floor : floor + 1n;
	switch (comparison) {
		case '=':
		case '!=':
			return isWhole && floor >= SMALLEST && floor <= LARGEST ? [floor, floor] : [1n, 0n];
		case '<':
			return [SMALLEST, clamp(ceiling - 1n)];
		case '<=':
			return [SMALLEST, clamp(floor)];
		case '>':
			return [clamp(floor + 1n), LARGEST];
		case '>=':
			return [clamp(ceiling), LARGEST];
	}
}

/** No units are as large as the largest integer, or as small as the smallest. */
const clamp = (units: bigint): bigint => (units < SMALLEST ? SMALLEST : units > LARGEST ? LARGEST : units);

const longWords = (long: bigint): [number, number] => [
	Number(BigInt.asUintN(32, long)),
	Number(BigInt.asUintN(32, long >> 32n)),
];

// As in assembly/date-reader.ts: codes are in the order of their days.
const YEAR_SHIFT = 14;
const MONTH_SHIFT = 7;
const LATEST_CODE = 0xffff_ffff;

function dayWords(comparison: Comparison, day: string): readonly [number, number] {
	const number = numberOfDay(day);
	const code =
		(Math.floor(number / 10_000) << YEAR_SHIFT) | ((Math.floor(number / 100) % 100) << MONTH_SHIFT) | (number % 100);
	switch (comparison) {
		case '=':
		case '!=':
			return [code, code];
		case '<':
			return [1, code - 1];
		case '<=':
			return [1, code];
		case '>':
			return [code + 1, LATEST_CODE];
		case '>=':
			return [code, LATEST_CODE];
	}
}
