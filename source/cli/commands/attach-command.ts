// `fileproc-tui attach`: shows a run of another process, or one's tasks on a server, on the same dashboard.
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {decideLook, decideUse} from '../arguments/look.ts';
import type {AttachCommand} from '../arguments/read-share-flags.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {isInteractive} from '../process/terminal-capabilities.ts';
import {findRun} from './attach/find-run.ts';
import type {FollowedRun} from './attach/followed-run.ts';
import {CHANGING} from './attach/unavailable.ts';
import {exitCodes} from './exit-codes.ts';

/** Resolves with the exit code. */
export async function attachCommand(command: AttachCommand): Promise<number> {
	const {target, isOnce, look} = command;
	const found = await findRun(target);
	if (found.type === 'ended') {
		const {replayCommand} = await import('./replay-command.ts');
		return replayCommand({name: 'replay', file: found.events, speed: Number.MAX_SAFE_INTEGER, look});
	}
	if (!isOnce && !(isInteractive(process.stdout.isTTY === true, process.env) && process.stdin.isTTY))
		throw new EnvironmentError('attach needs a terminal for its dashboard. To print one frame of it: add --once.');
	// While the dashboard is shown, what is written to standard error becomes a notice.
	const onMessage = (message: string): void => {
		process.stderr.write(`${safe(message)}\n`);
	};
	if (found.type === 'server') {
		const [{withServer}, {followServer}] = await Promise.all([
			import('./client/open-server.ts'),
			import('./attach/follow-server.ts'),
		]);
		const {fps: framesPerSecond} = decideLook(command.look, process);
		return withServer(command.server, async server =>
			show(await followServer(server, {framesPerSecond, onMessage}), command),
		);
	}
	const {followShared} = await import('./attach/follow-shared.ts');
	return show(await followShared(found, onMessage), command);
}

async function show(found: FollowedRun, {isOnce, isReadonly, look: settings}: AttachCommand): Promise<number> {
	const run = isReadonly ? {...found, mayControl: false} : found;
	const {stdout, stdin} = process;
	const look = decideLook(settings, process);
	try {
		if (isOnce) {
			const {printFrame} = await import('./attach/print-frame.ts');
			await printFrame(run, look, createOutputStream(stdout));
			return exitCodes.ok;
		}
		const interruption = listenForInterruption();
		try {
			const {runDashboard} = await import('../../ui/dashboard.tsx');
			const {store, control, now, connection, pastRuns, watched, title, mayControl, unavailable} = run;
			await runDashboard({
				...decideUse(settings, process),
				...{store, control, now, connection, pastRuns, watched, look, stdin, stdout},
				title: displayPath(title),
				unavailable: mayControl ? unavailable : [...CHANGING, ...unavailable],
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
