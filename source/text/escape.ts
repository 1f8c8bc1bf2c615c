/**
What may act on a terminal when data is printed to it: C0 but tab, LF and CR, DEL, C1, and the characters that turn the
direction of text, break lines or mark a byte order. JSON.stringify leaves all of these but C0 as they are.
*/
const ACTING =
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
Writes each character that may act on a terminal as `\uXXXX`.

In JSON text these stand inside strings only, so the text keeps its meaning to the letter: parsed, it is the same value.
*/
export const escapeActing = (text: string): string => text.replace(ACTING, toUnicodeEscape);

/** Beyond those that act: whatever nobody can see, as zero-width and tag characters, which can hide words from a reader. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Writes each character that may act on a terminal, or that cannot be seen, as `\uXXXX`; JSON text keeps its meaning. */
export const escapeInvisible = (text: string): string =>
	// JSON has an escape for each unit of UTF-16; a character beyond U+FFFF has two.
	text.replace(INVISIBLE, character => character.split('').map(toUnicodeEscape).join(''));

const toUnicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
