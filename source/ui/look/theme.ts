// The design uses the 16 colours of the terminal, so that it follows the user's own palette; ANSI blue is never used for text
// (it is unreadable on many palettes), selection is inverse video, and no meaning depends on colour alone. Where a palette
// cannot be trusted (high contrast, colour-blind, yellow on white), terminals with 256 colours or more get exact ones; a test
// computes their contrast.
import type {TextStyle} from './line.ts';

export const THEME_NAMES = ['default', 'high-contrast', 'colour-blind', 'mono'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** 0: none, 1: 16 colours, 2: 256, 3: true colour. */
export type ColorLevel = 0 | 1 | 2 | 3;
/** The background of the terminal. */
export type Background = 'dark' | 'light';

export interface Theme {
	/** The program's name, headings. */
	readonly heading: TextStyle;
	/** Labels, units, rules: secondary text. */
	readonly muted: TextStyle;
	/** Work in progress. */
	readonly active: TextStyle;
	readonly good: TextStyle;
	readonly bad: TextStyle;
	readonly warning: TextStyle;
	/** Keys in the footer and in help. */
	readonly key: TextStyle;
	readonly selection: TextStyle;
}

type Signal = 'active' | 'good' | 'bad' | 'warning';
type Palette = Readonly<Record<Signal, string>>;

/** The colours of a theme for 16, 256 and all colours. */
type Palettes = Readonly<Record<Background, readonly [basic: Palette, indexed: Palette, exact: Palette]>>;

const palette = (active: string, good: string, bad: string, warning: string): Palette => ({active, good, bad, warning});
const indexed = (active: number, good: number, bad: number, warning: number): Palette =>
	palette(`ansi256(${active})`, `ansi256(${good})`, `ansi256(${bad})`, `ansi256(${warning})`);

const onDark = palette('cyan', 'green', 'red', 'yellow');
/** Yellow on white is unreadable on any palette. */
const onLight = palette('cyan', 'green', 'red', 'magenta');

const defaultPalettes: Palettes = {
	dark: [onDark, onDark, onDark],
	light: [onLight, indexed(23, 28, 160, 94), palette('#00767A', '#1A7A1A', '#C01818', '#875F00')],
};

const highContrastPalettes: Palettes = {
	dark: [
		palette('cyanBright', 'greenBright', 'redBright', 'yellowBright'),
		indexed(123, 120, 217, 228),
		palette('#8AF0FF', '#8CFF8C', '#FFB0B0', '#FFF08A'),
	],
	light: [
		palette('magenta', 'green', 'red', 'black'),
		indexed(23, 22, 88, 16),
		palette('#00496B', '#00500A', '#8B0000', '#5A4300'),
	],
};

/**
Okabe and Ito's palette: sky blue, bluish green, vermilion, orange. These are too pale on white, where it uses their blue,
darker green and vermilion, and their purple. With 16 colours, good and bad differ in lightness as well as in hue.
*/
const colourBlindPalettes: Palettes = {
	dark: [
		palette('cyan', 'cyanBright', 'yellowBright', 'yellow'),
		indexed(74, 36, 166, 214),
		palette('#56B4E9', '#009E73', '#D55E00', '#E69F00'),
	],
	light: [
		palette('cyan', 'black', 'red', 'magenta'),
		indexed(25, 29, 130, 132),
		palette('#0072B2', '#00785A', '#B84F00', '#A0527F'),
	],
};

const plain: Omit<Theme, Signal> = {
	heading: {bold: true},
	muted: {dimColor: true},
	key: {bold: true},
	selection: {inverse: true},
};

const mono: Theme = {
	...plain,
	active: {bold: true},
	good: {},
	bad: {bold: true, underline: true},
	warning: {underline: true},
};

export function createTheme(name: ThemeName, colorLevel: ColorLevel, background: Background = 'dark'): Theme {
	const pick = (palettes: Palettes): Palette => palettes[background][Math.max(0, colorLevel - 1)] ?? onDark;
	switch (name) {
		case 'default':
			return {...plain, ...styles(pick(defaultPalettes), {})};
		case 'high-contrast':
			return {
				...styles(pick(highContrastPalettes), {bold: true}),
				heading: {bold: true, underline: true},
				// Secondary text must stay readable in this theme.
				muted: {},
				key: {bold: true, underline: true},
				selection: {inverse: true, bold: true},
			};
		case 'colour-blind': {
			const colours = styles(pick(colourBlindPalettes), {});
			return {...plain, ...colours, bad: {...colours.bad, bold: true, underline: colorLevel < 2}};
		}
		case 'mono':
			return mono;
	}
}

const styles = ({active, good, bad, warning}: Palette, style: TextStyle): Pick<Theme, Signal> => ({
	active: {color: active, ...style},
	good: {color: good, ...style},
	bad: {color: bad, ...style},
	warning: {color: warning, ...style},
});
