// Themes are readable on their backgrounds, say nothing by colour alone, and never use ANSI blue.
import {expect, test} from 'vitest';
import {createGlyphs} from '../../source/ui/look/glyphs.ts';
import {type Background, type ColorLevel, createTheme, THEME_NAMES, type Theme} from '../../source/ui/look/theme.ts';

const SIGNALS = ['active', 'good', 'bad', 'warning'] as const;
const LEVELS: readonly ColorLevel[] = [0, 1, 2, 3];
const BACKGROUNDS: readonly Background[] = ['dark', 'light'];

const rgbOf = (color: string): readonly number[] | null => {
	const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1];
	if (hex !== undefined) return [0, 2, 4].map(at => Number.parseInt(hex.slice(at, at + 2), 16));
	const index = Number(/^ansi256\((\d+)\)$/.exec(color)?.[1] ?? Number.NaN);
	if (!(index >= 16 && index < 232)) return null;
	const levels = [0, 95, 135, 175, 215, 255];
	const cube = index - 16;
	return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(at => levels[at] ?? 0);
};

/** WCAG's relative luminance. */
const luminance = (rgb: readonly number[]): number => {
	const [red = 0, green = 0, blue = 0] = rgb.map(value => {
		const share = value / 255;
		return share <= 0.039_28 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast with black, or with white. */
const contrast = (rgb: readonly number[], background: Background): number =>
	background === 'dark' ? (luminance(rgb) + 0.05) / 0.05 : 1.05 / (luminance(rgb) + 0.05);

const all = THEME_NAMES.flatMap(name =>
	LEVELS.flatMap(level =>
		BACKGROUNDS.map(background => ({name, level, background, theme: createTheme(name, level, background)})),
	),
);
const colorsOf = (theme: Theme): string[] => Object.values(theme).flatMap(style => style.color ?? []);

test('exact colours are readable: 4.5 to 1, in high contrast 7 to 1, in the colour-blind palette at least 3 to 1', () => {
	for (const {name, background, theme} of all) {
		const needed = name === 'high-contrast' ? 7 : name === 'colour-blind' ? 3 : 4.5;
		for (const color of colorsOf(theme)) {
			const rgb = rgbOf(color);
			if (rgb !== null) expect(contrast(rgb, background), `${name} ${background} ${color}`).toBeGreaterThan(needed);
		}
	}
});

test('no theme writes in ANSI blue, and the selection is inverse in all', () => {
	for (const {theme} of all) {
		expect(colorsOf(theme).filter(color => /^blue/.test(color))).toEqual([]);
		expect(theme.selection.inverse).toBe(true);
	}
});

test('yellow is never written on white', () => {
	for (const {background, theme} of all) {
		if (background === 'light') expect(colorsOf(theme).filter(color => /^yellow/.test(color))).toEqual([]);
	}
});

test('mono has no colour, and distinguishes good, bad and warning by style', () => {
	for (const {name, theme} of all) {
		if (name !== 'mono') continue;
		expect(colorsOf(theme)).toEqual([]);
		expect(new Set(SIGNALS.map(signal => JSON.stringify(theme[signal]))).size).toBe(4);
	}
});

test('in each theme no two signals look alike', () => {
	for (const {name, level, background, theme} of all) {
		const looks = new Set(SIGNALS.map(signal => JSON.stringify(theme[signal])));
		expect(looks.size, `${name} ${level} ${background}`).toBe(4);
	}
});

test('each state of a file has a sign of its own, also in ASCII', () => {
	for (const isAscii of [false, true]) {
		const {queued, paused, retrying, completed, failed, cancelled, skipped} = createGlyphs(isAscii);
		expect(new Set([queued, paused, retrying, completed, failed, cancelled, skipped]).size).toBe(7);
	}
	expect(JSON.stringify(createGlyphs(true))).toMatch(/^[ -~]*$/);
});
