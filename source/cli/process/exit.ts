// Exits the process. Before Node exits, it waits for its threads without a limit, and a thread in a call to a drive that does
// not answer cannot be ended from within. But the operating system ends all threads when another program replaces this one,
// and that program only exits with the exit code.
import {existsSync} from 'node:fs';

import {countHungThreads, countUnresponsiveThreads} from '../../engine/pool/start-thread.ts';
import {hasSessionEndedInBackground} from '../../ui/terminal/terminal-session.ts';

/** Exits after all work is done. */
export function exitProcess(exitCode: number): never {
	const hung = countUnresponsiveThreads();
	if (hung > 0) {
		const threads = hung === 1 ? 'One thread does not answer and is' : `${hung} threads do not answer and are`;
		process.stderr.write(`fileproc-tui: ${threads} ended with the program. Is the drive reachable?\n`);
	}
	return hasPendingCalls() || hasSessionEndedInBackground() ? exitProcessNow(exitCode) : process.exit(exitCode);
}

/** Exits whatever is still running; other `exit` listeners are called first. */
export function exitProcessNow(exitCode: number): never {
	process.on('exit', replaceProcess);
	process.exit(exitCode);
}

/**
Whether a thread is blocked in the operating system: a thread of the engine, or one of Node's that accesses a file
(`FSReqCallback`, `FSReqPromise`).
*/
const hasPendingCalls = (): boolean =>
	countHungThreads() > 0 || process.getActiveResourcesInfo().some(name => name.startsWith('FSReq'));

const SHELL = '/bin/sh';

function replaceProcess(exitCode: number): void {
	// Threads cannot be abandoned on Windows, so Node waits for them.
	if (process.execve === undefined || process.platform === 'win32') return;
	// Node sets its pipes to non-blocking and resets them on exit. Other programs may share these pipes.
	for (const {_handle: handle} of [process.stdout, process.stderr] as Array<{_handle?: BlockableHandle}>) {
		handle?.setBlocking?.(true);
	}
	// A shell prints a warning where its folder has been removed.
	process.chdir('/');
	if (existsSync(SHELL)) process.execve(SHELL, ['sh', '-c', `exit ${exitCode}`], {});
	process.execve(process.execPath, ['node', '-e', `process.exitCode = ${exitCode}`], {});
}

/** The undocumented part of a stream's handle. */
interface BlockableHandle {
	readonly setBlocking?: (isBlocking: boolean) => unknown;
}
