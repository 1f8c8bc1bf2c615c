// When a name in a header is the name of a column.

/** Spaces of all kinds, underscores and hyphens, and what cannot be seen. */
const PASSED_OVER = /[\s_\u2010\u2011\u{ad}\p{Default_Ignorable_Code_Point}-]+/gu;

/** Names of columns match whatever their case, and whatever is written between their words: `Customer ID` is `customer_id`. */
export const normalizeColumnName = (name: string): string => name.replace(PASSED_OVER, '').toLowerCase();

/** `Umsätze (netto, €)` */
const IN_BRACKETS = /\([^)]*\)|\[[^\]]*\]/g;
/** A name in quotes of another kind is one of a file whose cells are, too. */
const OTHER_QUOTES = /^\s*['`\u2018\u201c\u201e\u00ab]/;
const MARKS = /[\p{M}\p{Default_Ignorable_Code_Point}]+/gu;
/** `orderTotal` */
const WITHIN_CAMEL_CASE = /(?<=\p{Ll})(?=\p{Lu})/gu;
const OTHER_THAN_WORDS = /[^\p{L}\p{N}]+/u;
/** Articles and the like, which say nothing: `date de l'opération`; codes of currencies: `amount_usd`. */
const SILENT_WORDS = new Set(
	'de du des del la le les l d el los las of the der die das dem van het een euro euros eur usd gbp chf jpy cny cad aud nzd sek nok dkk pln czk inr brl mxn'.split(
		' ',
	),
);

const withoutPlural = (name: string): string => (name.length > 3 ? name.replace(/s$/, '') : name);

function wordsOf(name: string): string[] {
	if (OTHER_QUOTES.test(name)) return [];
	const words = name
		.replace(IN_BRACKETS, '')
		.normalize('NFKD')
		.replace(MARKS, '')
		.replace(WITHIN_CAMEL_CASE, ' ')
		.toLowerCase()
		.split(OTHER_THAN_WORDS);
	return words.filter(word => word !== '' && !SILENT_WORDS.has(word));
}

/**
Aliases match more loosely: without accents, brackets and what is in them, signs and codes of currencies, articles, and the s of a plural.
*/
export const normalizeAlias = (name: string): string => withoutPlural(wordsOf(name).join(''));

/** What begins with a number by itself, has a time or gives something a value is a line of a log that stands where names would. */
const LIKE_A_LOG = /^\s*\d+\s|\d:\d|=/;

/** The last words of a name in the same form, but for all of its words: `order total` ends in `total`. */
export function lastWordsOf(name: string): string[] {
	if (LIKE_A_LOG.test(name)) return [];
	const words = wordsOf(name);
	return words.slice(1).map((_, index) => withoutPlural(words.slice(index + 1).join('')));
}
