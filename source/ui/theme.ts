// The 16 colours of the terminal carry the design, so that it follows the user's own palette; ANSI blue is never used
// for text (it can't be read on many palettes), selection is inverse video, and no meaning rests on colour alone.
import type {TextStyle} from './line.ts';

export const THEME_NAMES = ['default', 'high-contrast', 'colour-blind', 'mono'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** 0: none, 1: 16 colours, 2: 256, 3: true colour. */
export type ColorLevel = 0 | 1 | 2 | 3;

export interface Theme {
	/** The program's name, headings. */
	readonly heading: TextStyle;
	/** Labels, units, rules: what may be overlooked. */
	readonly muted: TextStyle;
	/** Something is at work. */
	readonly active: TextStyle;
	readonly good: TextStyle;
	readonly bad: TextStyle;
	readonly warning: TextStyle;
	/** Keys in the footer and in help. */
	readonly key: TextStyle;
	readonly selection: TextStyle;
}

const defaultTheme: Theme = {
	heading: {bold: true},
	muted: {dimColor: true},
	active: {color: 'cyan'},
	good: {color: 'green'},
	bad: {color: 'red'},
	warning: {color: 'yellow'},
	key: {bold: true},
	selection: {inverse: true},
};

const highContrast: Theme = {
	heading: {bold: true, underline: true},
	muted: {},
	active: {color: 'cyanBright', bold: true},
	good: {color: 'greenBright', bold: true},
	bad: {color: 'redBright', bold: true},
	warning: {color: 'yellowBright', bold: true},
	key: {bold: true, underline: true},
	selection: {inverse: true, bold: true},
};

/** Okabe and Ito's palette: sky blue, bluish green, vermilion, orange. */
const colourBlind: Theme = {
	...defaultTheme,
	active: {color: '#56B4E9'},
	good: {color: '#009E73'},
	bad: {color: '#D55E00', bold: true},
	warning: {color: '#E69F00'},
};

/** With 16 colours, good and bad differ in lightness and weight as well as in hue. */
const colourBlindBasic: Theme = {
	...defaultTheme,
	active: {color: 'cyan'},
	good: {color: 'cyanBright'},
	bad: {color: 'yellowBright', bold: true, underline: true},
	warning: {color: 'yellow'},
};

const mono: Theme = {
	...defaultTheme,
	active: {bold: true},
	good: {},
	bad: {bold: true, underline: true},
	warning: {underline: true},
};

export function createTheme(name: ThemeName, colorLevel: ColorLevel): Theme {
	switch (name) {
		case 'default':
			return defaultTheme;
		case 'high-contrast':
			return highContrast;
		case 'colour-blind':
			return colorLevel >= 2 ? colourBlind : colourBlindBasic;
		case 'mono':
			return mono;
	}
}
