// What is said of a watched folder: by flags, and by the user's own configuration file.
import {parseDuration} from '../../text/duration.ts';
import type {HowWatched} from '../../watch/intake-file.ts';
import type {ConfigFile} from '../config-file/read-configs.ts';
import {type FlagValues, getDefault} from './flags.ts';
import {UsageError} from './usage-error.ts';

export interface WatchFlags {
	readonly isOnce: boolean;
	/** Whether it was called like the system that this one replaces. */
	readonly isClassic: boolean;
	readonly input: string | null;
	readonly routes: string | null;
	readonly settleMs: number;
	readonly pollMs: number;
	/** `null`: that of the file of routes, or the default. */
	readonly recoveryIntervalMs: number | null;
	readonly graceMs: number;
	readonly statusFile: string | null;
	readonly isRecursive: boolean;
	readonly needsMarker: boolean;
	readonly allowsNetworkDrive: boolean;
	readonly maxTextBytes: number;
}

export interface CleanFlags {
	/** Claims that were finished more than so many seconds ago. */
	readonly olderThanSeconds: number;
	readonly isDryRun: boolean;
	/** Whether nobody is asked. */
	readonly isConfirmed: boolean;
}

export interface RetryFailedWords {
	readonly directory: string;
	/** Of the filter of the inbox. */
	readonly terms: readonly string[];
	readonly isAll: boolean;
	/** The tag of the one that they begin with; `null`: the one that fits. */
	readonly route: string | null;
	readonly isDryRun: boolean;
}

/** @param given - Values of flags, which win over files. */
export function readWatchFlags(given: FlagValues, files: readonly ConfigFile[], isClassic = false): WatchFlags {
	// Only the user's own file may say anything of it.
	const values: FlagValues = Object.assign({}, ...files.map(({layer}) => layer?.values), given);
	const ownRoutes = files.find(({layer}) => layer?.hasRoutes === true)?.path ?? null;
	return {
		isClassic,
		isOnce: values.once ?? getDefault('once'),
		input: values.input ?? null,
		routes: values.routes ?? ownRoutes,
		settleMs: toMs(values.settle ?? getDefault('settle')),
		pollMs: toMs(values.poll ?? getDefault('poll')),
		recoveryIntervalMs: values['recovery-interval'] === undefined ? null : toMs(values['recovery-interval']),
		graceMs: toMs(values.grace ?? getDefault('grace')),
		statusFile: values['status-file'] ?? null,
		isRecursive: values.recursive ?? getDefault('recursive'),
		needsMarker: values['done-marker'] ?? getDefault('done-marker'),
		allowsNetworkDrive: values['allow-network-drive'] ?? getDefault('allow-network-drive'),
		maxTextBytes: values['max-text'] ?? getDefault('max-text'),
	};
}

/** For commands that look at the folder from outside: flags win over the process that watches, and that over files. */
export function readHowWatched(given: FlagValues, files: readonly ConfigFile[]): HowWatched {
	const {settle, recursive, 'done-marker': marker} = given;
	return {
		said: {
			...(settle !== undefined && {settleMs: toMs(settle)}),
			...(recursive !== undefined && {isRecursive: recursive}),
			...(marker !== undefined && {needsMarker: marker}),
		},
		otherwise: readWatchFlags({}, files),
	};
}

export const readCleanFlags = (values: FlagValues): CleanFlags => ({
	olderThanSeconds: parseDuration(values['older-than'] ?? getDefault('older-than')) ?? 0,
	isDryRun: values['dry-run'] ?? getDefault('dry-run'),
	isConfirmed: values.yes ?? getDefault('yes'),
});

/** @throws {UsageError} Where no folder is named. */
export function readRetryFailedWords([directory, ...terms]: readonly string[], values: FlagValues): RetryFailedWords {
	if (directory === undefined)
		throw new UsageError('retry-failed takes a watched folder, for example: fileproc-tui retry-failed ./inbox --all');
	return {
		...{directory, terms},
		isAll: values.all ?? getDefault('all'),
		route: values.route ?? null,
		isDryRun: values['dry-run'] ?? getDefault('dry-run'),
	};
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);
