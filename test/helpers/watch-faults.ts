// A fault at one system call of a process that watches a folder: the process dies there, or the disk is full or broken. Calls fail by strace.
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {transactions, WITHOUT_AMOUNT} from './command.ts';
import {startWatching} from './watch-kills.ts';
import type {Drop} from './watched-account.ts';

export const canInject = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

/** Calls that change what is on the disk. */
export const CALLS = ['mkdir', 'rename', 'unlink', 'rmdir', 'fsync', 'fdatasync', 'ftruncate', 'pwrite64'] as const;
export type Call = (typeof CALLS)[number];
export type CallFault = 'KILL' | 'EIO' | 'ENOSPC';

export interface CallMoment {
	readonly call: Call;
	readonly fault: CallFault;
	/** The call is the n-th of its thread. */
	readonly nth: number;
	/** Calls that fail, from there on. */
	readonly times?: number;
}

/** A few files that are there when the watching begins. */
export function dropSome(root: string): readonly Drop[] {
	mkdirSync(join(root, 'unprocessed'), {recursive: true});
	const bodies = [transactions(1), transactions(30), transactions(30), WITHOUT_AMOUNT, transactions(2000)];
	return bodies.map((text, index) => {
		const drop = {name: Buffer.from(`${index}.csv`), body: Buffer.from(text)};
		writeFileSync(join(root, 'unprocessed', `${index}.csv`), drop.body);
		return drop;
	});
}

export const tell = ({call, fault, nth}: CallMoment): string => `${fault} at ${call} ${nth}`;

/** Starts a process that works off what is there, and meets the fault. */
export function startWithFault(
	root: string,
	{call, fault, nth, times = 1}: CallMoment,
	cli?: string,
): ReturnType<typeof startWatching> {
	const how = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
	const when = times === 1 ? `${nth}` : `${nth}..${nth + times - 1}`;
	const inject = `inject=${call}:${how}:when=${when}`;
	const strace = ['strace', '-qq', '-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject];
	return startWatching(root, {through: strace, flags: ['--once'], cli});
}
