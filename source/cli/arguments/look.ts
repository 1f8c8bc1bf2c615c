import type {DashboardOptions} from '../../ui/dashboard.tsx';
import type {LookOptions} from '../../ui/look/look.ts';
import type {ThemeName} from '../../ui/look/theme.ts';
import {detectNotification} from '../../ui/terminal/status-sequences.ts';
import {
	decideBackground,
	decideColorLevel,
	decideFps,
	isAsciiLocale,
	isProgressShown,
	isSet,
} from '../process/terminal-capabilities.ts';
import type {LookSettings} from './settings.ts';

/** How a run looks, on the dashboard and in lines: the settings, completed with the environment. */
export interface DecidedLook extends LookOptions {
	readonly isTty: boolean;
	/** The width of lines, including the summary. */
	readonly columns: () => number;
	/** Whether lines have colours. */
	readonly color: boolean;
}

type DashboardUse = Pick<DashboardOptions, 'filter' | 'keys' | 'mouse' | 'terminalStatus'>;

const MAX_SUMMARY_COLUMNS = 120;
/** Lines in a file or a pipe are not cut: a reader may search for any part of a name. */
const COLUMNS_OF_PIPES = Number.POSITIVE_INFINITY;

export interface LookPlace {
	/** `undefined` and 0: it does not say. */
	readonly stdout: {readonly isTTY?: boolean | undefined; readonly columns?: number | undefined};
	readonly env: Readonly<Record<string, string | undefined>>;
}

export function decideLook(settings: LookSettings, {stdout, env}: LookPlace): DecidedLook {
	const isTty = stdout.isTTY === true;
	const colorLevel = decideColorLevel(settings.color, isTty, env);
	return {
		isTty,
		columns: () => (isTty ? Math.min(stdout.columns || 80, MAX_SUMMARY_COLUMNS) : COLUMNS_OF_PIPES),
		color: colorLevel > 0 && settings.theme !== 'mono',
		fps: decideFps(settings.fps, env),
		altScreen: settings.altScreen,
		ascii: settings.ascii ?? isAsciiLocale(env),
		theme: themeNameOf(settings.theme),
		colorLevel,
		background: decideBackground(settings.background, env),
	};
}

export const themeNameOf = (choice: LookSettings['theme']): ThemeName =>
	choice === 'color-blind' ? 'colour-blind' : choice;

/** Options of the dashboard other than its look. */
export function decideUse(settings: LookSettings, {env}: Pick<LookPlace, 'env'>): DashboardUse {
	const {title, notify, filter, keys, mouse} = settings;
	return {
		filter: filter ?? undefined,
		keys: keys ?? undefined,
		mouse,
		terminalStatus: {
			title,
			progress: title && isProgressShown(env),
			notify: notify === 'auto' ? detectNotification(env) : notify,
			tmux: isSet(env.TMUX),
		},
	};
}
