// Cells that a spreadsheet would run.

const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** What some spreadsheets split at, also inside quotes: in many countries the separator is not a comma. */
const SEPARATORS = /([;\t|\r\n]+)/;

/**
A spreadsheet runs cells that begin like this as formulas, and a formula may send data away or start programs. The wide
signs count where people write Chinese, Japanese or Korean.
*/
const FORMULA = /^"*(?=[=+\-@＝＋－＠])/;

/** Puts a quote mark in front of every formula: of the cell, and of the cells that it would be split into. */
export function guardFormulas(text: string): string {
	const guarded = text.split(SEPARATORS).map(guardFormula).join('');
	return /^[\t\r]/.test(text) ? `'${guarded}` : guarded;
}

const guardFormula = (text: string): string => (PLAIN_NUMBER.test(text) ? text : text.replace(FORMULA, "$&'"));
