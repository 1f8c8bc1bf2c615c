// Runs in the background, each with a folder of its own in the state folder: what it was asked for, its socket, its events and what it printed.

import {mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join, resolve} from 'node:path';
import {createRunId} from '../../ledger/save-run.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import {codeOf} from '../../text/system-error.ts';
import {wholePath} from '../../text/whole-path.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {makePrivateFolder} from '../process/private-folder.ts';
import {stateFolder} from '../process/state-folder.ts';

export interface DetachedRun {
	readonly id: string;
	readonly folder: string;
	/** The paths that were asked for, from the root. */
	readonly paths: readonly string[];
	/** As they were typed. */
	readonly title: string;
	/** ISO 8601. */
	readonly startedAt: string;
	/** The recording of its events. */
	readonly events: string;
}

export const socketOf = ({folder}: Pick<DetachedRun, 'folder'>): string => join(folder, 'run.sock');
export const printedOf = ({folder}: Pick<DetachedRun, 'folder'>): string => join(folder, 'output.txt');

const ABOUT = 'run.json';
/** What the system takes as the path of a socket. */
const MAX_SOCKET_BYTES = 107;
/** So long what a run came to can be looked at. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** `null` for a user without a home. */
const rootFolder = (): string | null => {
	const state = stateFolder();
	return state === null ? null : join(state, 'detached');
};

/**
Makes the folder of a new run.

@param events - Where its events are recorded; `null`: in its own folder.
@throws {EnvironmentError} Where there is no folder that is safe from other users.
*/
export function createDetachedRun(paths: readonly string[], events: string | null): DetachedRun {
	const root = rootFolder();
	const place = root === null ? null : makePrivateFolder(root);
	if (place === null)
		throw new EnvironmentError(
			`A run in the background needs a folder that only you can write to, but ${root ?? 'there is no home folder'} is none: set XDG_STATE_HOME to one.`,
		);
	const id = createRunId(Date.now());
	const folder = join(place, id);
	if (Buffer.byteLength(socketOf({folder})) > MAX_SOCKET_BYTES)
		throw new EnvironmentError(
			`${folder} is too long for the path of a socket, which has at most ${MAX_SOCKET_BYTES} bytes: set XDG_STATE_HOME to a shorter one.`,
		);
	mkdirSync(folder, {mode: 0o700});
	const run: DetachedRun = {
		...{id, folder, title: paths.map(withoutSecrets).join(' '), startedAt: new Date().toISOString()},
		paths: paths.map(path => wholePath(path)),
		events: events === null ? join(folder, 'events.jsonl') : resolve(events),
	};
	writeFileSync(join(folder, ABOUT), JSON.stringify(run), {flag: 'wx', mode: 0o600});
	return run;
}

/** The newest first. */
export function listDetachedRuns(): readonly DetachedRun[] {
	const root = rootFolder();
	if (root === null) return [];
	let names: readonly string[];
	try {
		names = readdirSync(root);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	}
	return names
		.toSorted()
		.reverse()
		.flatMap(name => readAbout(join(root, name)) ?? []);
}

/** `null`: it was never written whole. */
function readAbout(folder: string): DetachedRun | null {
	try {
		return {...(JSON.parse(readFileSync(join(folder, ABOUT), 'utf8')) as DetachedRun), folder};
	} catch (error) {
		if (error instanceof SyntaxError || codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
		throw error;
	}
}

/** Whether somebody asked for this path in that run, by whatever name. */
export const isOf = ({paths}: DetachedRun, path: string): boolean => {
	const wanted = realPathOf(wholePath(path));
	return paths.some(each => realPathOf(each) === wanted);
};

function realPathOf(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		// It is compared as it is written: it may be gone, or a pattern.
		return path;
	}
}

/** Whether its process listens. */
export function isLive(run: DetachedRun): Promise<boolean> {
	const {promise, resolve: settle} = Promise.withResolvers<boolean>();
	const socket = connect(socketOf(run));
	socket.once('connect', () => settle(true));
	socket.once('error', () => settle(false));
	return promise.finally(() => socket.destroy());
}

/** Removes what ended long ago. */
export async function removeOldRuns(now = Date.now()): Promise<void> {
	for (const run of listDetachedRuns()) {
		if (now - statSync(run.folder).mtimeMs < KEPT_MS || (await isLive(run))) continue;
		rmSync(run.folder, {recursive: true, force: true});
	}
}
