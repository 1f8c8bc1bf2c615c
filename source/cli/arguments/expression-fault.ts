// What is wrong with an expression that was typed, with a caret at the place.
import {ExpressionError} from '../../analysis/question/tokens.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth} from '../../text/width.ts';

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

export function describeExpressionError(text: string, {message, start, end}: ExpressionError): string {
	const from = Math.max(0, start - COLUMNS_AROUND);
	const before = safe(text.slice(from, start));
	const wrong = safe(text.slice(start, end));
	const after = safe(text.slice(end, end + COLUMNS_AROUND));
	const cut = from > 0 ? '…' : '';
	const carets = '^'.repeat(Math.max(1, displayWidth(wrong)));
	return `${message}\n  ${cut}${before}${wrong}${after}\n  ${' '.repeat(displayWidth(cut + before))}${carets}`;
}
