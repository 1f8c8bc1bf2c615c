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

/** Of one unit of UTF-16, as JSON writes it. */
export const toUnicodeEscape = (character: string): string =>
	`\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
