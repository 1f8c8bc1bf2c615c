// Text → condition:
//
//   condition   all (or all)*
//   all         one (and one)*
//   one         not one | ( condition ) | column test
//   test        (= != < <= > >=) value | [not] in (value, …) | [not] contains text | [not] starts with text | is [not] empty
//   column      its name in the header: bare, or in "quotes", 'quotes' or `backticks` where it has blanks or is one of these words
//   value       a number: 100, -2.5 │ a date: 2024-05-01 │ a text in "quotes" or 'quotes'
//
// `and` binds stronger than `or`. Words may be in any case. What a value is says how the cells are read: as numbers, dates or texts.
import {MAX_AMOUNT_DIGITS, type ParsedAmount, parseAmount} from '../amount.ts';
import {isBlankCell, parseCalendarDate} from '../calendar-date.ts';
import {ExpressionError, readTokens, type Token, TokenReader} from '../question/tokens.ts';
import {type CellTest, type Comparison, type Condition, negate, type Where} from './condition.ts';

/** More tests would make each record expensive, and deeper brackets are not typed by people. */
const MAX_TESTS = 200;
const MAX_DEPTH = 30;

const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies readonly Comparison[];
const KEYWORDS = ['and', 'or', 'not', 'in', 'is', 'contains', 'starts'];

/** @throws {ExpressionError} */
export function parseWhere(text: string): Where {
	return {text, condition: new WhereParser(text).parse()};
}

class WhereParser {
	readonly #reader: TokenReader;
	#tests = 0;
	#depth = 0;

	constructor(text: string) {
		this.#reader = new TokenReader(readTokens(text));
	}

	parse(): Condition {
		const condition = this.#or();
		const {next} = this.#reader;
		if (next.kind === 'sign' && next.text === ')') this.#reader.fail('no ) without a ( in front of it');
		if (next.kind !== 'end') this.#reader.fail('and, or, or the end');
		return condition;
	}

	#or(): Condition {
		return this.#joined('or', () => this.#joined('and', () => this.#one()));
	}

	#joined(kind: 'and' | 'or', read: () => Condition): Condition {
		const first = read();
		const parts = [first];
		while (this.#reader.takeWord(kind) !== null) parts.push(read());
		return parts.length === 1 ? first : {kind, parts};
	}

	#one(): Condition {
		const open = this.#reader.next;
		this.#depth++;
		if (this.#depth > MAX_DEPTH) this.#reader.fail(`at most ${MAX_DEPTH} brackets and nots within each other`);
		const condition = this.#negated() ?? this.#inBrackets(open) ?? this.#test();
		this.#depth--;
		return condition;
	}

	#negated(): Condition | null {
		return this.#reader.takeWord('not') === null ? null : negate(this.#one());
	}

	#inBrackets(open: Token): Condition | null {
		if (this.#reader.takeSign('(') === null) return null;
		const condition = this.#or();
		if (this.#reader.takeSign(')') !== null) return condition;
		if (this.#reader.next.kind === 'end')
			throw new ExpressionError('Expected a ) for this (, but found nothing more', open.start, open.end);
		return this.#reader.fail('and, or, or a )');
	}

	#test(): Condition {
		const column = this.#column();
		const reader = this.#reader;
		const comparison = reader.takeSign(...COMPARISONS);
		if (comparison !== null) return this.#compared(column, comparison.text as Comparison);
		if (reader.takeWord('is') !== null) {
			const isNegated = reader.takeWord('not') !== null;
			if (reader.takeWord('empty', 'null') === null) reader.fail('empty');
			return this.#tested(column, {kind: 'empty', isNegated});
		}
		const isNegated = reader.takeWord('not') !== null;
		if (reader.takeWord('in') !== null) return isNegated ? negate(this.#in(column)) : this.#in(column);
		if (reader.takeWord('contains') !== null)
			return this.#tested(column, {kind: 'contains', text: this.#text(), isNegated});
		if (reader.takeWord('starts') !== null) {
			if (reader.takeWord('with') === null) reader.fail('with, as in starts with "a"');
			return this.#tested(column, {kind: 'starts-with', text: this.#text(), isNegated});
		}
		return reader.fail('=, !=, <, <=, >, >=, in, contains, starts with or is empty behind the name of a column');
	}

	#column(): string {
		const {next} = this.#reader;
		const isName = next.kind === 'word' && !KEYWORDS.includes(next.text.toLowerCase());
		if (!isName && next.kind !== 'quoted' && next.kind !== 'name') {
			const isValue = next.kind === 'number' || next.kind === 'date';
			this.#reader.fail(
				isValue
					? 'the name of a column (in backticks where it is a number; values stand on the right)'
					: 'the name of a column',
			);
		}
		if (next.text.trim() === '') this.#reader.fail('the name of a column');
		return this.#reader.take().text;
	}

	#compared(column: string, comparison: Comparison): Condition {
		return this.#tested(column, this.#comparedWith(comparison));
	}

	#comparedWith(comparison: Comparison): CellTest {
		const {next} = this.#reader;
		switch (next.kind) {
			case 'number': {
				this.#reader.take();
				const number: ParsedAmount = {units: 0, scale: 0};
				if (parseAmount(next.text, number) !== null)
					throw new ExpressionError(`Expected a number of at most ${MAX_AMOUNT_DIGITS} digits`, next.start, next.end);
				return {kind: 'number', comparison, value: {units: BigInt(number.units), scale: number.scale}};
			}
			case 'date': {
				this.#reader.take();
				const day = parseCalendarDate(next.text);
				if (day === null) throw new ExpressionError(`${next.text} is not a day of the calendar`, next.start, next.end);
				return {kind: 'date', comparison, day};
			}
			case 'quoted':
				return {kind: 'text', comparison, text: this.#text()};
			default:
				return this.#reader.fail(
					next.kind === 'word' || next.kind === 'name'
						? 'a number, a date like 2024-05-01, or a text in quotes'
						: 'a value: a number, a date like 2024-05-01, or a text in quotes',
				);
		}
	}

	#in(column: string): Condition {
		const reader = this.#reader;
		if (reader.takeSign('(') === null) reader.fail('a list in brackets, as in ("a", "b")');
		const parts: Condition[] = [];
		do parts.push(this.#compared(column, '='));
		while (reader.takeSign(',') !== null);
		if (reader.takeSign(')') === null) reader.fail('a comma or a )');
		return {kind: 'or', parts};
	}

	#text(): string {
		const {next} = this.#reader;
		if (next.kind !== 'quoted') this.#reader.fail('a text in quotes');
		if (isBlankCell(next.text)) throw new ExpressionError('An empty cell is found by: is empty', next.start, next.end);
		return this.#reader.take().text;
	}

	#tested(column: string, test: CellTest): Condition {
		this.#tests++;
		if (this.#tests > MAX_TESTS) this.#reader.fail(`at most ${MAX_TESTS} comparisons`);
		return {kind: 'test', column, test};
	}
}
