// Cells that a spreadsheet would run as formulas, made harmless in a way that can be undone: a quote mark in front of each, and one more
// where there are some already.

/** The part of a cell that is looked at: in many countries spreadsheets split at other signs than commas, also inside quotes. */
const SEPARATORS = /([;\t|\r\n]+)/;

/** Also the wide signs, which count where people write Chinese, Japanese or Korean. */
const FORMULA = /^("*'*)(?=[=+\-@＝＋－＠])/;
const GUARDED = /^("*)'('*)(?=[=+\-@＝＋－＠])/;
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether a text may change when it is guarded; if not, it neither has a separator nor begins with a sign that matters. */
export const mayNeedGuard = (text: string): boolean => /^["'=+\-@＝＋－＠]|[;\t|\r\n]/.test(text);

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
