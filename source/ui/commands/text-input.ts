// Editing one line of text: what each key changes. The cursor is always at the end.
import {typedText} from '../input/key-names.ts';

const MAX_LENGTH = 1000;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** @returns The text after the key; `undefined` where the key does not edit text. */
export function editText(text: string, keyName: string): string | undefined {
	switch (keyName) {
		case 'backspace':
			// Deletes what a person sees as one character.
			return Array.from(graphemes.segment(text), ({segment}) => segment)
				.slice(0, -1)
				.join('');
		case 'ctrl+u':
			return '';
		case 'ctrl+w':
			return text.replace(/\S*\s*$/u, '');
		default: {
			const typed = typedText(keyName);
			return typed === undefined ? undefined : append(text, typed);
		}
	}
}

/** Pasted text becomes part of the line: control characters become spaces. */
export const pasteText = (text: string, pasted: string): string =>
	append(text, pasted.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim());

const append = (text: string, added: string): string => (text + added).slice(0, MAX_LENGTH);
