// Which run is meant: an address, a socket, the path of what a run in the background was asked for, or its id.
import {statSync} from 'node:fs';
import {resolve} from 'node:path';
import {displayPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {codeOf} from '../../../text/system-error.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {quoted, UsageError} from '../../arguments/usage-error.ts';
import {type DetachedRun, isLive, isOf, listDetachedRuns, socketOf} from '../../detached/detached-runs.ts';

export interface LiveRun {
	readonly type: 'live';
	/** Of its WebSocket. */
	readonly url: string;
	/** For people. */
	readonly name: string;
}

export type FoundRun =
	| LiveRun
	| {readonly type: 'server'}
	/** `events`: the recording of a run in the background. */
	| {readonly type: 'ended'; readonly events: string};

const ADDRESS = /^(?:(https?):\/\/)?((?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5})\/?$/i;
/** So many are listed where it is not clear which one is meant. */
const LISTED = 10;
const ANSWER_MS = 5000;
/** What a run with `--listen` answers to anything but a WebSocket. */
const UPGRADE_REQUIRED = 426;

/** @throws {EnvironmentError} Where there is no such run. */
export async function findRun(target: string | null): Promise<FoundRun> {
	const address = target === null ? null : ADDRESS.exec(target);
	if (address?.[1]?.toLowerCase() === 'https' || /^https:/i.test(target ?? '')) return {type: 'server'};
	if (address !== null) {
		const [, , host = ''] = address;
		if (await isServer(`http://${host}/`)) return {type: 'server'};
		return {type: 'live', url: `ws://${host}/`, name: target ?? ''};
	}
	if (target !== null && isSocket(target)) return {type: 'live', url: socketUrl(resolve(target)), name: target};
	const runs = listDetachedRuns();
	const fitting = target === null ? runs : runs.filter(run => run.id === target || isOf(run, target));
	for (const run of fitting) {
		if (await isLive(run)) {
			if (target === null) await assertOnlyOne(run, fitting);
			return {type: 'live', url: socketUrl(socketOf(run)), name: run.title};
		}
	}
	const [newest] = fitting;
	if (newest !== undefined) return {type: 'ended', events: newest.events};
	throw new EnvironmentError(
		target === null
			? 'No run was started with --detach. To follow one of another terminal, start it with --listen 127.0.0.1:8001.'
			: `No run in the background was asked for ${quoted(safe(displayPath(target)))}.${listOf(runs)}`,
	);
}

/** Where nobody answers, it is no server: to follow it says why. */
async function isServer(url: string): Promise<boolean> {
	try {
		const answer = await fetch(url, {redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS)});
		await answer.body?.cancel();
		return answer.status !== UPGRADE_REQUIRED;
	} catch {
		return false;
	}
}

async function assertOnlyOne(run: DetachedRun, runs: readonly DetachedRun[]): Promise<void> {
	for (const other of runs) {
		if (other !== run && (await isLive(other)))
			throw new UsageError(`Several runs are in the background: say which one.${listOf(runs)}`);
	}
}

function listOf(runs: readonly DetachedRun[]): string {
	if (runs.length === 0) return ' None was started with --detach.';
	const lines = runs.slice(0, LISTED).map(({id, title, startedAt}) => `\n  ${id}  ${startedAt}  ${safe(title)}`);
	return ` There are:${lines.join('')}`;
}

const socketUrl = (path: string): string => `ws+unix:${path}:/`;

function isSocket(path: string): boolean {
	try {
		return statSync(path).isSocket();
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return false;
	}
}
