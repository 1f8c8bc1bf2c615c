import {escapeCharacter, limitMarks, UNSAFE} from './safe.ts';

/**
The invisible characters that readable names need: joiners behind letters that have joined forms (Persian, Hindi …) and
within emoji, one variation selector behind a character that has variants, skin tones, and the tags of a flag (England,
Scotland …).
*/
const READABLE =
	/\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}|(?<=(?![A-Za-z])[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|(?<=(?!\p{Variation_Selector})[\p{L}\p{M}\p{Emoji}\p{S}])\p{Variation_Selector}|\p{Emoji_Modifier}/u;
const READABLE_OR_UNSAFE = new RegExp(`(${READABLE.source})|${UNSAFE.source}`, 'gu');

/**
Makes text from outside harmless in a document instead of a terminal. Joiners, variation selectors and skin tones stay,
because a document has no grid of cells that they could disturb; everything else is as in `safe`.
*/
export function safeInDocument(text: string): string {
	if (!UNSAFE.test(text)) return limitMarks(text);
	const escapeHidden = (character: string, readable: string | undefined): string =>
		readable ?? escapeCharacter(character);
	return limitMarks(text.replace(READABLE_OR_UNSAFE, escapeHidden));
}
