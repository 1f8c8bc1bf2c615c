// Cells that a spreadsheet would run as formulas, which may send data away or start programs, made harmless by a quote mark in front.

/** The part of a cell that is looked at: in many countries spreadsheets split at other signs than commas, also inside quotes. */
const SEPARATORS = /([;\t|\r\n]+)/;

/** Also the wide signs, which count where people write Chinese, Japanese or Korean. */
const FORMULA = /^("*'*)(?=[=+\-@＝＋－＠])/;
const GUARDED = /^("*)'('*)(?=[=+\-@＝＋－＠])/;
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether a text may change when it is guarded; if not, it neither has a separator nor begins with a sign that matters. */
export const mayNeedGuard = (text: string): boolean => /^["'=+\-@＝＋－＠]|[;\t|\r\n]/.test(text);

/** In a way that can be undone: where there are quote marks already, there is one more. */
export const guardFormula = (cell: string): string =>
	cell
		.split(SEPARATORS)
		.map(part => (PLAIN_NUMBER.test(part) ? part : part.replace(FORMULA, "$1'")))
		.join('');

/** What `guardFormula` was given. */
export const unguardFormula = (cell: string): string =>
	cell
		.split(SEPARATORS)
		.map(part => part.replace(GUARDED, '$1$2'))
		.join('');

const ANY_FORMULA = /^"*(?=[=+\-@＝＋－＠])/;

/** For good: every formula of the cell, and of the cells that it would be split into. */
export function guardFormulas(text: string): string {
	const guarded = text
		.split(SEPARATORS)
		.map(part => (PLAIN_NUMBER.test(part) ? part : part.replace(ANY_FORMULA, "$&'")))
		.join('');
	return /^[\t\r]/.test(text) ? `'${guarded}` : guarded;
}
