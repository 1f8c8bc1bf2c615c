import {padEnd} from '../../text/width.ts';
import {KEYMAP, type KeyBinding} from '../commands/keymap.ts';
import {spell} from '../look/glyphs.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {wrapWords} from './sections.ts';

const LABEL_WIDTH = 13;
const INDENT = 3;
/** Longer lines are hard to read. */
const TEXT_WIDTH_LIMIT = 100;

/** The help, read from the keymap. */
export function buildHelp({theme, glyphs}: Look, keymap: readonly KeyBinding[] = KEYMAP, columns = 80): Line[] {
	const room = Math.max(10, Math.min(TEXT_WIDTH_LIMIT, columns - INDENT - LABEL_WIDTH - 1));
	const lines = keymap.flatMap(({label, help}): Line[] => {
		const [first = '', ...rest] = wrapWords(spell(help, glyphs), room);
		const keys = padEnd(glyphs.ascii ? label[1] : label[0], LABEL_WIDTH);
		return [
			[span(' '.repeat(INDENT)), span(keys, theme.key), span(first)],
			...rest.map(text => [span(' '.repeat(INDENT + LABEL_WIDTH) + text)]),
		];
	});
	return [[span(' KEYS', theme.heading)], ...lines];
}
