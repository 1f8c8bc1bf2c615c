import {padEnd} from '../text/width.ts';
import {spell} from './glyphs.ts';
import {KEYMAP, type KeyBinding} from './keymap.ts';
import {type Line, span} from './line.ts';
import type {Look} from './look.ts';

const LABEL_WIDTH = 13;

/** The help, read from the keymap. */
export function buildHelp({theme, glyphs}: Look, keymap: readonly KeyBinding[] = KEYMAP): Line[] {
	const lines = keymap.map(({label, help}) => [
		span('   '),
		span(padEnd(glyphs.ascii ? label[1] : label[0], LABEL_WIDTH), theme.key),
		span(spell(help, glyphs)),
	]);
	return [[span(' KEYS', theme.heading)], ...lines];
}
