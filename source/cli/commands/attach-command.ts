// `fileproc-tui attach`: shows a run of another process, on the same dashboard.
import {version} from '../../engine/version.ts';
import {FollowError, type FollowedElsewhere, followRun} from '../../share/follow-run.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {decideLook, decideUse} from '../arguments/look.ts';
import type {AttachCommand} from '../arguments/read-share-flags.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {isInteractive} from '../process/terminal-capabilities.ts';
import {findRun} from './attach/find-run.ts';
import {exitCodes} from './exit-codes.ts';

const CHANGING = ['pause-run', 'pause-file', 'cancel', 'retry', 'retry-all', 'more-at-once', 'fewer-at-once'] as const;

/** Resolves with the exit code. */
export async function attachCommand({target, isOnce, isReadonly, look: settings}: AttachCommand): Promise<number> {
	const found = await findRun(target);
	if (found.type === 'ended') {
		const {replayCommand} = await import('./replay-command.ts');
		return replayCommand({name: 'replay', file: found.events, speed: Number.MAX_SAFE_INTEGER, look: settings});
	}
	const {stdout, stdin, env} = process;
	const look = decideLook(settings, process);
	if (!isOnce && !(isInteractive(look.isTty, env) && stdin.isTTY))
		throw new EnvironmentError('attach needs a terminal for its dashboard. To print one frame of it: add --once.');
	const run = await follow(found.url, found.name);
	try {
		if (isOnce) {
			const {printFrame} = await import('./attach/print-frame.tsx');
			await printFrame(run, look, createOutputStream(stdout));
			return exitCodes.ok;
		}
		const interruption = listenForInterruption();
		try {
			const {runDashboard} = await import('../../ui/dashboard.tsx');
			const {welcome, store, control, now, connection} = run;
			await runDashboard({
				...decideUse(settings, process),
				...{store, control, now, connection, look, stdin, stdout},
				title: displayPath(welcome.title),
				unavailable: welcome.mayControl && !isReadonly ? [] : CHANGING,
				leave: interruption.signal,
				onForceQuit() {},
			});
			return interruption.exitCode() ?? exitCodes.ok;
		} finally {
			interruption.dispose();
		}
	} finally {
		run.close();
	}
}

async function follow(url: string, name: string): Promise<FollowedElsewhere> {
	try {
		// While the dashboard is shown, what is written to standard error becomes a notice.
		return await followRun({url, version, onMessage: message => process.stderr.write(`${safe(message)}\n`)});
	} catch (error) {
		if (!(error instanceof FollowError)) throw error;
		throw new EnvironmentError(`${safe(name)} cannot be followed. ${safe(error.message)}.`);
	}
}
