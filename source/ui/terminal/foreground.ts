// Whether the process may use the terminal. A shell gives it to one process group at a time. The system stops any other group
// as soon as it reads keys or changes the terminal's mode, so a job in the background must do neither.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** The polling interval of a job in the background: `fg` sends no signal to a running job. */
const POLL_MS = 250;

/** Also true where it is unknown, and where the process has no controlling terminal. */
export function isForeground(): boolean {
	try {
		const {processGroup, foregroundGroup} = process.platform === 'linux' ? readProcStat() : readPs();
		return foregroundGroup <= 0 || processGroup === foregroundGroup;
	} catch {
		return true;
	}
}

interface Groups {
	readonly processGroup: number;
	/** Of the controlling terminal; -1 or 0 where there is none. */
	readonly foregroundGroup: number;
}

/** Fields 5 (pgrp) and 8 (tpgid) of proc_pid_stat(5). Field 2, the name, may contain spaces and ends with the last `)`. */
function readProcStat(): Groups {
	const stat = readFileSync('/proc/self/stat', 'latin1');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return {processGroup: Number(fields[2]), foregroundGroup: Number(fields[5])};
}

function readPs(): Groups {
	const text = execFileSync('ps', ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)], {encoding: 'utf8'});
	const [processGroup, foregroundGroup] = text.trim().split(/\s+/).map(Number);
	return {processGroup: processGroup ?? 0, foregroundGroup: foregroundGroup ?? 0};
}

export interface ForegroundWatch {
	readonly dispose: () => void;
}

/** Calls back once, when the process is in the foreground: at once, or when the shell brings it there. */
export function onceInForeground(callback: () => void, isInForeground = isForeground): ForegroundWatch {
	if (isInForeground()) {
		callback();
		return {dispose() {}};
	}
	const timer = setInterval(() => {
		if (!isInForeground()) return;
		clearInterval(timer);
		callback();
	}, POLL_MS);
	timer.unref();
	return {
		dispose() {
			clearInterval(timer);
		},
	};
}

/** Resolves with true when the process comes to the foreground, or with false when the given promise settles first. */
export async function waitForForeground(end: Promise<unknown>): Promise<boolean> {
	if (isForeground()) return true;
	return new Promise(resolve => {
		const watch = onceInForeground(() => resolve(true));
		const stopWaiting = (): void => {
			watch.dispose();
			resolve(false);
		};
		end.then(stopWaiting, stopWaiting);
	});
}
