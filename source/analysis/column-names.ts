// When a name in a header is the name of a column.

/** Spaces of all kinds, underscores and hyphens, and what cannot be seen. */
const PASSED_OVER = /[\s_\u2010\u2011\u{ad}\p{Default_Ignorable_Code_Point}-]+/gu;

/** Names of columns match whatever their case, and whatever is written between their words: `Customer ID` is `customer_id`. */
export const normalizeColumnName = (name: string): string => name.replace(PASSED_OVER, '').toLowerCase();

/** `Umsätze (netto, €)` */
const IN_BRACKETS = /\([^)]*\)|\[[^\]]*\]/g;
const MARKS = /\p{M}+/gu;
const OTHER_THAN_WORDS = /[^\p{L}\p{N}]+/gu;

/** Aliases match more loosely: without accents, brackets and what is in them, signs, and the s of a plural. */
export function normalizeAlias(name: string): string {
	const bare = name
		.replace(IN_BRACKETS, '')
		.normalize('NFKD')
		.replace(MARKS, '')
		.replace(OTHER_THAN_WORDS, '')
		.toLowerCase();
	return bare.length > 3 ? bare.replace(/s$/, '') : bare;
}
