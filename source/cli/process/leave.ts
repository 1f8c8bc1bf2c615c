// The way out of the process. Before Node ends, it waits for its threads, without a limit. One that is in a call to a drive that does
// not answer cannot be ended from within; but the operating system ends all threads when another program takes the place of
// this one. That program does nothing but end with the exit code.
import {existsSync} from 'node:fs';

import {countHungThreads, countUnresponsiveThreads} from '../../engine/pool/start-thread.ts';
import {isTerminalLeftAlone} from '../../ui/terminal/terminal-session.ts';

/** Ends the process when all that is to be done is done. */
export function leave(exitCode: number): never {
	const hung = countUnresponsiveThreads();
	if (hung > 0) {
		const threads = hung === 1 ? 'One thread does not answer and is' : `${hung} threads do not answer and are`;
		process.stderr.write(`fileproc-tui: ${threads} ended with the program. Is the drive reachable?\n`);
	}
	return hasPendingCalls() || isTerminalLeftAlone() ? leaveAtOnce(exitCode) : process.exit(exitCode);
}

/** Ends the process whatever is still running; other listeners for `exit` are called before. */
export function leaveAtOnce(exitCode: number): never {
	process.on('exit', replaceProcess);
	process.exit(exitCode);
}

/** Whether some thread waits in the operating system: one of the engine, or one of Node for a file (`FSReqCallback`, `FSReqPromise`). */
const hasPendingCalls = (): boolean =>
	countHungThreads() > 0 || process.getActiveResourcesInfo().some(name => name.startsWith('FSReq'));

const SHELL = '/bin/sh';

function replaceProcess(exitCode: number): void {
	// Where threads cannot be left behind (Windows), Node waits for those that it must.
	if (process.execve === undefined || process.platform === 'win32') return;
	// Node sets its pipes to non-blocking, and back at its end. Other programs may have the same ones.
	for (const {_handle: handle} of [process.stdout, process.stderr] as Array<{_handle?: BlockableHandle}>) {
		handle?.setBlocking?.(true);
	}
	// A shell complains where its folder has been removed.
	process.chdir('/');
	if (existsSync(SHELL)) process.execve(SHELL, ['sh', '-c', `exit ${exitCode}`], {});
	process.execve(process.execPath, ['node', '-e', `process.exitCode = ${exitCode}`], {});
}

/** The part of a stream's handle that Node does not document. */
interface BlockableHandle {
	readonly setBlocking?: (isBlocking: boolean) => unknown;
}
