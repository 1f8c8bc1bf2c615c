// The places of configuration files. All existing ones are read, and each setting comes from the nearest file that has it:
// beside the data, then the current folder, then the user's own folder.
import {realpathSync, type Stats, statSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import {splitLiteralFolder} from '../../engine/plan/match-pattern.ts';
import {globCharacters} from '../../engine/plan/path-pattern.ts';
import {systemPath} from '../../text/path-text.ts';
import {CONFIG_FILE_NAME} from './config-names.ts';

export interface ConfigPlace {
	readonly path: string;
	/** Whether only the user can write to this place. Other places may hold files that came with the data. */
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
Lists the candidate files, lowest priority first.

@param paths - The operands. The first one that is not `-` gives the place of the data: the folder itself, the folder of a
file, or for a pattern the folder before its first wildcard.
*/
export function findConfigPlaces(paths: readonly string[], {cwd, home, env}: Surroundings): readonly ConfigPlace[] {
	const ownPath = findOwnConfig({home, env});
	const own = ownPath === null ? [] : [{path: ownPath, isOwn: true}];
	const first = paths.find(path => path !== '-');
	const dataFolder = first === undefined ? undefined : findDataFolder(first);
	const here = {path: CONFIG_FILE_NAME, isOwn: false};
	if (dataFolder === undefined || isSameFolder(dataFolder, cwd)) return [...own, here];
	return [...own, here, {path: join(dataFolder, CONFIG_FILE_NAME), isOwn: false}];
}

/** Where the user's own configuration file is, or would be; `null` for a user without a home. */
export function findOwnConfig({home, env}: Omit<Surroundings, 'cwd'>): string | null {
	const xdg = env.XDG_CONFIG_HOME;
	// The XDG specification says that relative paths are invalid.
	const folder = xdg !== undefined && isAbsolute(xdg) ? xdg : home === null ? null : join(home, '.config');
	return folder === null ? null : join(folder, 'fileproc-tui', 'config.json');
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
