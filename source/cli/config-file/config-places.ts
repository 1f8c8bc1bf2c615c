// Where configuration files are looked for. All that are there are read, and each setting is taken from the nearest file
// that has it: beside the data, then the current folder, then the user's own.
import {realpathSync, type Stats, statSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import {splitLiteralFolder} from '../../engine/plan/match-pattern.ts';
import {globCharacters} from '../../engine/plan/path-pattern.ts';
import {systemPath} from '../../text/path-text.ts';
import {CONFIG_FILE_NAME} from './config-names.ts';

export interface ConfigPlace {
	readonly path: string;
	/** Nobody but the user has put something there. Any other place may hold what came with the data. */
	readonly isOwn: boolean;
}

export interface Surroundings {
	/** `null` where it has been removed. */
	readonly cwd: string | null;
	/** `null` where there is none. */
	readonly home: string | null;
	readonly env: Readonly<Record<string, string | undefined>>;
}

/**
Lists the files that are looked for, the one that counts least first.

@param paths - What was given to be processed. The first of them that is no `-` says where the data is: in it where it is a
folder, beside it where it is a file; of a pattern, the folder before its first wildcard.
*/
export function findConfigPlaces(paths: readonly string[], {cwd, home, env}: Surroundings): readonly ConfigPlace[] {
	const xdg = env.XDG_CONFIG_HOME;
	// A relative one is no valid one, says the XDG specification.
	const ownFolder = xdg !== undefined && isAbsolute(xdg) ? xdg : home === null ? null : join(home, '.config');
	const own = ownFolder === null ? [] : [{path: join(ownFolder, 'fileproc-tui', 'config.json'), isOwn: true}];
	const first = paths.find(path => path !== '-');
	const dataFolder = first === undefined ? undefined : findDataFolder(first);
	const here = {path: CONFIG_FILE_NAME, isOwn: false};
	if (dataFolder === undefined || isSameFolder(dataFolder, cwd)) return [...own, here];
	return [...own, here, {path: join(dataFolder, CONFIG_FILE_NAME), isOwn: false}];
}

function findDataFolder(path: string): string {
	const stats = readStats(path);
	if (stats?.isDirectory()) return path;
	if (stats !== undefined || !globCharacters.test(path)) return dirname(path);
	return splitLiteralFolder(path).folder || '.';
}

function readStats(path: string): Stats | undefined {
	try {
		return statSync(systemPath(path));
	} catch {
		return undefined;
	}
}

function isSameFolder(left: string, right: string | null): boolean {
	try {
		return right !== null && realpathSync.native(systemPath(left), 'latin1') === realpathSync.native(right, 'latin1');
	} catch {
		return false;
	}
}
