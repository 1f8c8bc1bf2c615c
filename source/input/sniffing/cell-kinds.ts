// What a cell looks like: enough to tell a wrong delimiter from the right one, and names from data. Which numbers and dates are meant is
// decided by those who read columns.

export type CellKind = 'empty' | 'number' | 'time' | 'text';

/** A sign of a currency, as bytes of UTF-8 or of an older encoding, or three letters. */
const CURRENCY = String.raw`(?:[A-Z]{0,2}\$|[\x80-\xff]{1,3}|[A-Z]{3} |(?:EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|INR))`;
const DIGITS = String.raw`(?:\d{1,3}(?:[.,' \xa0]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?`;
const NUMBER = new RegExp(
	String.raw`^[-+(]?\s*(?:${CURRENCY}\s*)?[-+]?\s*${DIGITS}\s*(?:%|[$\x80-\xff]{1,3}|[A-Z]{3})?\)?\s*-?$`,
);

/** Two numbers, as a place on a map has. */
const PLACE = /^-?\d+\.\d+,-?\d+\.\d+$/;

const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|[-+]\d{2}:?\d{2})?`;
/** How months begin in several languages; an accent is one byte or two. */
const MONTH = String.raw`(?:jan|ene|gen|feb|f..?v|ma[ryigo]|m..?rz|mrz|mrt|maa|mei|a[pv]r|abr|ju[nli]|giu|lug|aug|ago|ao..?t|se[pt]|o[ck]t|ott|nov|de[cz]|dic|d..?c)[a-z\x80-\xff]*`;
const DAY = String.raw`(?:\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}(?:er)?(?:\.? |[-/.])(?:de )?${MONTH}[-/., ]+(?:de )?\d{2,4}|${MONTH} \d{1,2}, ?\d{4})`;
const TIME = new RegExp(`^(?:${DAY}(?:[T ,]+${CLOCK})?|${CLOCK})$`, 'i');

/** Longer ones are texts. */
const MAX_LENGTH = 40;

/** What a cell is written like: letters by their case, digits as one. */
export const shapeOf = (cell: string): string =>
	cell.replaceAll(/\d+/g, '0').replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A');

export function kindOf(cell: string): CellKind {
	const text = cell.trim();
	if (text === '') return 'empty';
	if (text.length > MAX_LENGTH || !/\d/.test(text)) return 'text';
	if (NUMBER.test(text) || PLACE.test(text)) return 'number';
	return TIME.test(text) ? 'time' : 'text';
}

export const isTyped = (cell: string): boolean => {
	const kind = kindOf(cell);
	return kind === 'number' || kind === 'time';
};

/** What stands between fields in most files; in prose a blank follows a comma. */
const FOREIGN_DELIMITER = /[;\t|]|,(?! )|["']$|^["']/;

/** Whether a cell without quotes is as cells are: no delimiter of another file, no quote of another dialect. */
export const isClean = (cell: string, kind: CellKind): boolean => kind !== 'text' || !FOREIGN_DELIMITER.test(cell);
