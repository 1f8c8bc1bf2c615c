// Where configuration files are looked for. All that are there are read, and each setting is taken from the nearest file
// that has it: beside the data, then the current folder, then the user's own.
import {realpathSync, type Stats, statSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import {CONFIG_FILE_NAME} from './config-names.ts';

export interface ConfigPlace {
	readonly path: string;
	/** Nobody but the user has put something there. Any other place may hold what came with the data. */
	readonly isOwn: boolean;
}

export interface Surroundings {
	readonly cwd: string;
	/** `null` where there is none. */
	readonly home: string | null;
	readonly env: Readonly<Record<string, string | undefined>>;
}

/**
Lists the files that are looked for, the one that counts least first.

@param paths - What was given to be processed. The first of them that is no `-` says where the data is: in it where it is a
folder, beside it where it is a file; of a pattern, the folder before its first `*`.
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
	const parts = path.split('/');
	const wild = parts.findIndex(part => /[*?[{]|[!+@]\(/.test(part));
	if (stats !== undefined || wild === -1) return dirname(path);
	return parts.slice(0, wild).join('/') || (path.startsWith('/') ? '/' : '.');
}

function readStats(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}

function isSameFolder(left: string, right: string): boolean {
	try {
		return realpathSync(left) === realpathSync(right);
	} catch {
		return false;
	}
}
