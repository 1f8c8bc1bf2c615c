// What is wrong with an expression that was typed, with a caret at the place, or an arrow in front of it.
import {ExpressionError} from '../../analysis/question/tokens.ts';
import {safe} from '../../text/safe.ts';

/** Texts whose characters each take one column. To measure others takes 10 ms of each start, only to load what measures them. */
const ONE_COLUMN_EACH = /^[ -~…]*$/;

/** A longer text is cut around the place. */
const COLUMNS_AROUND = 60;

/** @returns A sentence without its end, and the place on two lines; `undefined` where the text can be read. */
export function findExpressionFault(text: string, read: (text: string) => unknown): string | undefined {
	try {
		read(text);
		return undefined;
	} catch (error) {
		if (error instanceof ExpressionError) return describeExpressionError(text, error);
		throw error;
	}
}

export function describeExpressionError(
	text: string,
	{message, start, end}: Pick<ExpressionError, 'message' | 'start' | 'end'>,
): string {
	const from = Math.max(0, start - COLUMNS_AROUND);
	const before = safe(text.slice(from, start));
	const wrong = safe(text.slice(start, end));
	const after = safe(text.slice(end, end + COLUMNS_AROUND));
	const cut = from > 0 ? '…' : '';
	if (!ONE_COLUMN_EACH.test(before + wrong)) return `${message}\n  ${cut}${before} → ${wrong}${after}`;
	const carets = '^'.repeat(Math.max(1, wrong.length));
	return `${message}\n  ${cut}${before}${wrong}${after}\n  ${' '.repeat((cut + before).length)}${carets}`;
}
