// `--detach`: starts the same run once more as a process without a terminal, and waits until it can be followed.

import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync, rmSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {safe} from '../../text/safe.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import type {RunCommand} from '../arguments/options.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {exitCodes} from '../commands/exit-codes.ts';
import {createDetachedRun, isLive, printedOf, removeOldRuns, socketOf} from './detached-runs.ts';

const LOOK_AGAIN_MS = 50;

/** Resolves with the exit code: that of the run itself where it ended before it could be followed. */
export async function startDetached({paths, settings, sharing}: RunCommand, words: readonly string[]): Promise<number> {
	const {filesFrom, record, output} = settings;
	if (paths.includes('-') || filesFrom === '-')
		throw new UsageError('--detach leaves this terminal, and its standard input with it: name files or a folder.');
	if (sharing?.place != null)
		throw new UsageError('--detach listens at a socket of its own, which attach finds: leave --listen away.');
	if (words.some(word => word.includes('\ufffd')))
		throw new UsageError('--detach cannot hand on a name that is not UTF-8: name its folder, or run without --detach.');
	await removeOldRuns();
	const run = createDetachedRun(paths.length === 0 ? [filesFrom ?? ''] : paths, record);
	const printed = openSync(printedOf(run), 'wx', 0o600);
	const end = words.indexOf('--');
	const flags = [
		...(output === 'auto' ? ['--plain'] : []),
		...['--listen', socketOf(run), '--allow-control'],
		...(record === null ? ['--record', run.events] : []),
	];
	const given = words.filter((word, index) => !/^--detach(?:=|$)/.test(word) || (end !== -1 && index > end));
	const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...flags, ...given], {
		detached: true,
		stdio: ['ignore', printed, printed],
	});
	closeSync(printed);
	const ended = new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve(signal === null ? (code ?? exitCodes.bug) : exitCodes.bug));
	});
	const live = (async () => {
		while (child.exitCode === null && child.signalCode === null) {
			if (await isLive(run)) return null;
			await wait(LOOK_AGAIN_MS);
		}
		return ended;
	})();
	const exitCode = await Promise.race([live, ended]);
	if (exitCode !== null) {
		process.stderr.write(readFileSync(printedOf(run)));
		rmSync(run.folder, {recursive: true});
		return exitCode;
	}
	child.unref();
	const path = safe(withoutSecrets(paths[0] ?? run.id));
	process.stdout.write(
		`Runs in the background as process ${child.pid}.\n  fileproc-tui attach ${path}   to follow it, and to see what it came to\n  ${safe(printedOf(run))}   what it prints\n`,
	);
	return exitCodes.ok;
}
