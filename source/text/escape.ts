/**
Characters that may act on a terminal when data is printed to it: C0 except tab, LF and CR, DEL, C1, and the characters
that turn the direction of text, break lines or mark a byte order. JSON.stringify escapes only C0.
*/
const ACTING =
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
Writes each character that may act on a terminal as `\uXXXX`.

In JSON text these characters occur inside strings only, so the parsed value stays the same.
*/
export const escapeActing = (text: string): string => text.replace(ACTING, toUnicodeEscape);

/** The escape of one UTF-16 unit, as JSON writes it. */
export const toUnicodeEscape = (character: string): string =>
	`\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
