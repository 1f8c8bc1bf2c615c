import {createGlyphs, type Glyphs} from './glyphs.ts';
import {type ColorLevel, createTheme, type Theme, type ThemeName} from './theme.ts';

/** How the dashboard is to look, as the command line says it. */
export interface LookOptions {
	/** Frames a second at most. */
	readonly fps: number;
	readonly altScreen: boolean;
	readonly ascii: boolean;
	readonly theme: ThemeName;
	readonly colorLevel: ColorLevel;
}

/** What everything that draws needs to know. Made once. */
export interface Look {
	readonly theme: Theme;
	readonly glyphs: Glyphs;
}

export const createLook = ({theme, ascii, colorLevel}: Pick<LookOptions, 'theme' | 'ascii' | 'colorLevel'>): Look => ({
	theme: createTheme(theme, colorLevel),
	glyphs: createGlyphs(ascii),
});
