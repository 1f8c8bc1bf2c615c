import {toUnicodeEscape} from './escape.ts';

/** Beyond those that act: all that cannot be seen, such as zero-width and tag characters, which can hide words from a reader. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Writes each character that may act on a terminal, or that cannot be seen, as `\uXXXX`; JSON text keeps its meaning. */
export const escapeInvisible = (text: string): string =>
	// JSON has an escape for each unit of UTF-16; a character beyond U+FFFF has two.
	text.replace(INVISIBLE, character => character.split('').map(toUnicodeEscape).join(''));
