// What the surroundings say of the terminal: whether there is one to draw on, its colours, its letters, its speed.
import type {ColorLevel} from '../../ui/look/theme.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** Whether a dashboard can be drawn there: a terminal that moves its cursor, and nobody's log. */
export function isInteractive(isTty: boolean, env: Environment): boolean {
	const isCi = isSet(env.CI) && env.CI !== 'false' && env.CI !== '0';
	return isTty && env.TERM !== 'dumb' && !isCi;
}

/**
Decides how many colours to use: --color, then FORCE_COLOR, NO_COLOR, CLICOLOR, then what the terminal says.

@returns 0 none, 1 the 16 of ANSI, 2 the 256, 3 all of them.
*/
export function decideColorLevel(setting: 'auto' | 'always' | 'never', isTty: boolean, env: Environment): ColorLevel {
	const ability = terminalColorLevel(env);
	if (setting !== 'auto') return setting === 'never' ? 0 : atLeastOne(ability);
	const forced = env.FORCE_COLOR;
	if (isSet(forced)) {
		if (forced === '0' || forced === 'false') return 0;
		return forced === '2' ? 2 : forced === '3' ? 3 : forced === '1' ? 1 : atLeastOne(ability);
	}
	if (isSet(env.NO_COLOR)) return 0;
	if (isSet(env.CLICOLOR_FORCE) && env.CLICOLOR_FORCE !== '0') return atLeastOne(ability);
	if (env.CLICOLOR === '0') return 0;
	return isTty ? ability : 0;
}

const atLeastOne = (level: ColorLevel): ColorLevel => (level === 0 ? 1 : level);

function terminalColorLevel({TERM, COLORTERM}: Environment): ColorLevel {
	if (TERM === 'dumb') return 0;
	if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 3;
	return TERM?.includes('256') ? 2 : 1;
}

/** Whether only ASCII may be shown: a locale is set, and it is not one of UTF-8. */
export function isAsciiLocale(env: Environment): boolean {
	const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(isSet);
	return locale !== undefined && !/utf-?8/i.test(locale);
}

/** Whether someone listens to the terminal, as the words that several programs know say. */
export const isScreenReaderAsked = ({ACCESSIBLE, INK_SCREEN_READER}: Environment): boolean =>
	(isSet(ACCESSIBLE) && ACCESSIBLE !== '0' && ACCESSIBLE !== 'false') || INK_SCREEN_READER === 'true';

/** What the terminal draws on. Those that tell set COLORFGBG, like `15;0` or `0;default;15`: the last part is the ground. */
export function decideBackground(setting: 'auto' | 'dark' | 'light', {COLORFGBG = ''}: Environment): 'dark' | 'light' {
	if (setting !== 'auto') return setting;
	// Of the 16 colours, white (7) and the bright ones but bright black (8) are light.
	return /(?:^|;)(?:7|9|1[0-5])$/.test(COLORFGBG) ? 'light' : 'dark';
}

/**
Whether the terminal shows progress (OSC 9;4), as far as it tells who it is. To some others OSC 9 is a notification, and each
percent would pop up as one, so those that say nothing are told nothing.
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
		// iTerm2 lists what it can, since it can this.
		(TERM_PROGRAM === 'iTerm.app' && TERM_FEATURES.includes('P')) ||
		// GNOME's terminals, since 0.80.
		Number(VTE_VERSION ?? 0) >= 8000
	);
}

/** Frames a second: every one of them travels over the network where the terminal is far away. */
export const decideFps = (setting: number | null, env: Environment): number =>
	setting ?? (isSet(env.SSH_CONNECTION) ? 4 : 10);
