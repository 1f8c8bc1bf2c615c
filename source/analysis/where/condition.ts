// Which records a reading is about. A condition is like one of SQL: a cell that is empty, or not a number or a date where one is compared,
// fits no comparison, not even `!=` or `not`; `is empty` fits it.
import type {Decimal} from '../decimal.ts';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What is asked of one cell. A cell with nothing but spaces and tabs is empty. */
export type CellTest =
	| {readonly kind: 'number'; readonly comparison: Comparison; readonly value: Decimal}
	/** `YYYY-MM-DD` */
	| {readonly kind: 'date'; readonly comparison: Comparison; readonly day: string}
	/** By the bytes of UTF-8, as everywhere; blanks at the ends of a cell are part of it. */
	| {readonly kind: 'text'; readonly comparison: Comparison; readonly text: string}
	| {readonly kind: 'contains' | 'starts-with'; readonly text: string; readonly isNegated: boolean}
	| {readonly kind: 'empty'; readonly isNegated: boolean};

export type Condition =
	| {readonly kind: 'and' | 'or'; readonly parts: readonly Condition[]}
	| {readonly kind: 'test'; readonly column: string; readonly test: CellTest};

/** A condition as it was typed, and its meaning, in which every `not` has become a part of the comparisons. */
export interface Where {
	readonly text: string;
	readonly condition: Condition;
}

const opposites: Readonly<Record<Comparison, Comparison>> = {
	'=': '!=',
	'!=': '=',
	'<': '>=',
	'>=': '<',
	'>': '<=',
	'<=': '>',
};

/** What fits where the condition surely does not: neither fits what it says nothing of. */
export function negate(condition: Condition): Condition {
	if (condition.kind !== 'test')
		return {kind: condition.kind === 'and' ? 'or' : 'and', parts: condition.parts.map(negate)};
	const {test} = condition;
	const opposite: CellTest =
		'comparison' in test ? {...test, comparison: opposites[test.comparison]} : {...test, isNegated: !test.isNegated};
	return {...condition, test: opposite};
}

/** The columns of a condition, each once. */
export function columnsOf(condition: Condition): ReadonlySet<string> {
	if (condition.kind === 'test') return new Set([condition.column]);
	return new Set(condition.parts.flatMap(part => [...columnsOf(part)]));
}
