import {createGlyphs, type Glyphs} from './glyphs.ts';
import {type Background, type ColorLevel, createTheme, type Theme, type ThemeName} from './theme.ts';

/** The look of the dashboard, as set on the command line. */
export interface LookOptions {
	/** Maximum frames per second. */
	readonly fps: number;
	readonly altScreen: boolean;
	readonly ascii: boolean;
	readonly theme: ThemeName;
	readonly colorLevel: ColorLevel;
	/** @default 'dark' */
	readonly background?: Background;
}

/** The theme and the signs that all drawing code uses. Created once. */
export interface Look {
	readonly theme: Theme;
	readonly glyphs: Glyphs;
}

export const createLook = ({
	theme,
	ascii,
	colorLevel,
	background = 'dark',
}: Pick<LookOptions, 'theme' | 'ascii' | 'colorLevel' | 'background'>): Look => ({
	theme: createTheme(theme, colorLevel, background),
	glyphs: createGlyphs(ascii),
});
