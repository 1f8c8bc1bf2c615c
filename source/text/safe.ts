// The one place where text from outside (file names, headers, cells, error messages) is made harmless for a terminal.
// Ink does not sanitize: an 8-bit OSC 52 in a file name would reach the terminal and write the clipboard. Every
// character that a terminal would obey, or that a person could not see, becomes a visible escape. Nothing is dropped,
// so two names that differ also look different. A backslash of the text itself stays unchanged.

/**
- Cc: C0, DEL and C1 controls. Cs: lone surrogates. Zl, Zp: line and paragraph separators.
- Cf and everything "default ignorable": bidi controls, zero-width and tag characters, variation selectors, fillers.
- Spaces other than U+0020, visible or not: a text with one of them may look like a number without being one.
- Skin tones: terminals disagree about their width, and a line that is wider than computed breaks the screen.
*/
export const UNSAFE =
	/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|\p{Emoji_Modifier}/u;
const ALL_UNSAFE = new RegExp(UNSAFE, 'gu');

/** A base letter of any living script carries up to 4 marks; many more would paint over the neighbouring lines. */
const MARK_LIMIT = 4;
const MARK_FLOOD = new RegExp(`(\\p{M}{${MARK_LIMIT}})\\p{M}+`, 'u');
const ALL_MARK_FLOODS = new RegExp(MARK_FLOOD, 'gu');

const NO_BREAK_SPACE = 0xa0;
const SOFT_HYPHEN = 0xad;

const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
	['\n', '\\n'],
	['\r', '\\r'],
	['\t', '\\t'],
]);

/**
Makes text from outside harmless for terminals.

@returns The same string where nothing in it is harmful, which is the common case.
@example
safe('a\nb\u{1b}[2J'); //=> 'a\\nb\\x1b[2J'
*/
export function safe(text: string): string {
	return limitMarks(UNSAFE.test(text) ? text.replace(ALL_UNSAFE, escapeCharacter) : text);
}

export const limitMarks = (text: string): string =>
	MARK_FLOOD.test(text) ? text.replace(ALL_MARK_FLOODS, '$1') : text;

export function escapeCharacter(character: string): string {
	const named = NAMED_ESCAPES.get(character);
	if (named !== undefined) return named;
	const codePoint = character.codePointAt(0) ?? 0;
	const hex = codePoint.toString(16);
	return codePoint < NO_BREAK_SPACE || codePoint === SOFT_HYPHEN ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
