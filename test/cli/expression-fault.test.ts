import {expect, test} from 'vitest';
import {ExpressionError} from '../../source/analysis/question/tokens.ts';
import {describeExpressionError} from '../../source/cli/arguments/expression-fault.ts';

const describe = (text: string, wrong: string): string => {
	const start = text.indexOf(wrong);
	return describeExpressionError(text, new ExpressionError('Expected a number', start, start + wrong.length));
};

test('carets stand below what is wrong', () => {
	expect(describe('amount > abc and x', 'abc')).toBe('Expected a number\n  amount > abc and x\n           ^^^');
});

test('in front of characters of other widths an arrow says where it is', () => {
	expect(describe('金額 > abc', 'abc')).toBe('Expected a number\n  金額 >  → abc');
});
