// The command palette as lines: what is typed, and the commands that fit.
import {safe} from '../../text/safe.ts';
import {padEnd} from '../../text/width.ts';
import type {KeyBinding} from '../commands/keymap.ts';
import {findCommands} from '../commands/palette.ts';
import type {UiState} from '../commands/ui-state.ts';
import {spell} from '../look/glyphs.ts';
import {type Line, padLine, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {clamp} from '../terminal/viewport.ts';

const NAME_WIDTH = 18;
const KEYS_WIDTH = 14;

export interface PaletteLines {
	readonly lines: Line[];
	/** The line of the command that Enter runs. */
	readonly selectedLine: number;
}

export function buildPalette(
	{text, index}: UiState['palette'],
	keymap: readonly KeyBinding[],
	columns: number,
	{theme, glyphs}: Look,
): PaletteLines {
	const commands = findCommands(text, keymap);
	const selected = clamp(index, 0, Math.max(0, commands.length - 1));
	const input: Line = [span(' : ', theme.key), span(safe(text)), span(' ', theme.selection)];
	if (commands.length === 0) {
		return {lines: [input, [span('   No command has these letters.', theme.muted)]], selectedLine: 0};
	}
	const rows = commands.map(({action, label, help}, row): Line => {
		const isSelected = row === selected;
		const parts = [
			span(` ${isSelected ? glyphs.selected : ' '} ${padEnd(action, NAME_WIDTH)}`),
			span(padEnd(spell(glyphs.ascii ? label[1] : label[0], glyphs), KEYS_WIDTH), isSelected ? undefined : theme.key),
			span(spell(help, glyphs), isSelected ? undefined : theme.muted),
		];
		if (!isSelected) return parts;
		const whole = padLine(parts, columns - 1)
			.map(part => part.text)
			.join('');
		return [span(whole, theme.selection)];
	});
	return {lines: [input, ...rows], selectedLine: selected + 1};
}
