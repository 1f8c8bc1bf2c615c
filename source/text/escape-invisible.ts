import {toUnicodeEscape} from './escape.ts';

/**
Characters that act on a terminal, and invisible ones such as zero-width and tag characters, which can hide words from a
reader.
*/
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Writes each character that may act on a terminal, or that is invisible, as `\uXXXX`; JSON text keeps its meaning. */
export const escapeInvisible = (text: string): string =>
	// JSON has an escape for each UTF-16 unit; a character beyond U+FFFF has two.
	text.replace(INVISIBLE, character => character.split('').map(toUnicodeEscape).join(''));
