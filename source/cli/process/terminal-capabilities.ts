// The capabilities of the terminal by the environment: whether a dashboard can be drawn, its colours, its characters, its
// speed.
import type {ColorLevel} from '../../ui/look/theme.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** Whether a dashboard can be drawn: the terminal can move its cursor, and is not the log of a CI service. */
export function isInteractive(isTty: boolean, env: Environment): boolean {
	const isCi = isSet(env.CI) && env.CI !== 'false' && env.CI !== '0';
	return isTty && env.TERM !== 'dumb' && !isCi;
}

/**
Decides how many colours to use: --color, then FORCE_COLOR, NO_COLOR, CLICOLOR, then what the terminal says.

@returns 0: none, 1: the 16 of ANSI, 2: 256, 3: all.
*/
export function decideColorLevel(setting: 'auto' | 'always' | 'never', isTty: boolean, env: Environment): ColorLevel {
	const supported = terminalColorLevel(env);
	if (setting !== 'auto') return setting === 'never' ? 0 : atLeastOne(supported);
	const forced = env.FORCE_COLOR;
	if (isSet(forced)) {
		if (forced === '0' || forced === 'false') return 0;
		return forced === '2' ? 2 : forced === '3' ? 3 : forced === '1' ? 1 : atLeastOne(supported);
	}
	if (isSet(env.NO_COLOR)) return 0;
	if (isSet(env.CLICOLOR_FORCE) && env.CLICOLOR_FORCE !== '0') return atLeastOne(supported);
	if (env.CLICOLOR === '0') return 0;
	return isTty ? supported : 0;
}

const atLeastOne = (level: ColorLevel): ColorLevel => (level === 0 ? 1 : level);

function terminalColorLevel({TERM, COLORTERM}: Environment): ColorLevel {
	if (TERM === 'dumb') return 0;
	if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 3;
	return TERM?.includes('256') ? 2 : 1;
}

/** Whether only ASCII may be shown: a locale is set, and it is not a UTF-8 one. */
export function isAsciiLocale(env: Environment): boolean {
	const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(isSet);
	return locale !== undefined && !/utf-?8/i.test(locale);
}

/** Whether a screen reader is in use, by the variables that several programs know. */
export const isScreenReaderRequested = ({ACCESSIBLE, INK_SCREEN_READER}: Environment): boolean =>
	(isSet(ACCESSIBLE) && ACCESSIBLE !== '0' && ACCESSIBLE !== 'false') || INK_SCREEN_READER === 'true';

/**
The background of the terminal. Some terminals set COLORFGBG, like `15;0` or `0;default;15`: the last part is the background.
*/
export function decideBackground(setting: 'auto' | 'dark' | 'light', {COLORFGBG = ''}: Environment): 'dark' | 'light' {
	if (setting !== 'auto') return setting;
	// Of the 16 colours, white (7) and the bright ones except bright black (8) are light.
	return /(?:^|;)(?:7|9|1[0-5])$/.test(COLORFGBG) ? 'light' : 'dark';
}

/**
Whether the terminal shows progress (OSC 9;4), if it identifies itself. Some others show OSC 9 as a notification, and each
percent would pop up, so unidentified terminals get no progress.
*/
export function isProgressShown({
	WT_SESSION,
	ConEmuANSI,
	TERM_PROGRAM = '',
	TERM_FEATURES = '',
	VTE_VERSION,
}: Environment) {
	return (
		isSet(WT_SESSION) ||
		ConEmuANSI === 'ON' ||
		['ghostty', 'WezTerm'].includes(TERM_PROGRAM) ||
		// iTerm2 lists its features since it supports this one.
		(TERM_PROGRAM === 'iTerm.app' && TERM_FEATURES.includes('P')) ||
		// GNOME's terminals, since 0.80.
		Number(VTE_VERSION ?? 0) >= 8000
	);
}

/** Frames per second: each of them is sent over the network to a remote terminal. */
export const decideFps = (setting: number | null, env: Environment): number =>
	setting ?? (isSet(env.SSH_CONNECTION) ? 4 : 10);
