import {createGlyphs, type Glyphs} from './glyphs.ts';
import {type Background, type ColorLevel, createTheme, type Theme, type ThemeName} from './theme.ts';

/** How the dashboard is to look, as the command line says it. */
export interface LookOptions {
	/** Frames a second at most. */
	readonly fps: number;
	readonly altScreen: boolean;
	readonly ascii: boolean;
	readonly theme: ThemeName;
	readonly colorLevel: ColorLevel;
	/** @default 'dark' */
	readonly background?: Background;
}

/** What everything that draws needs to know. Made once. */
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
