// Names a process in a way that outlives it: a run without an end is still going on, or its process has died.
import {readFileSync} from 'node:fs';
import {hostname} from 'node:os';

/** Number, start and host of this process; the number alone is given to another process one day. */
export const nameProcess = (): string => `${process.pid} ${startOf(process.pid) ?? '?'} ${hostname()}`;

/** What is in such a name. */
export function partsOf(name: string): {readonly pid: number; readonly host: string; readonly isHere: boolean} {
	const [number = '', , host = ''] = name.split(' ');
	return {pid: Number(number), host, isHere: host === hostname()};
}

/** Whether a process that was named is still there. Of one on another machine that is not known, and it counts as there. */
export function isProcessThere(name: string): boolean {
	const [number = '', start = '?', host] = name.split(' ');
	if (host !== hostname()) return true;
	const found = startOf(Number(number));
	if (found === DEAD) return false;
	if (found !== null) return start === '?' || start === found;
	try {
		process.kill(Number(number), 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/** It has ended, and nobody has asked yet how. */
const DEAD = 'dead';

/** When a process started, in ticks since the machine did, or that it is dead; `null` where the system does not say. */
function startOf(number: number): string | null {
	try {
		// proc(5): the 22nd field of the line; the second one, in brackets, may hold anything.
		const fields = readFileSync(`/proc/${number}/stat`, 'latin1')
			.replace(/^.*\) /s, '')
			.split(' ');
		return fields[0] === 'Z' || fields[0] === 'X' ? DEAD : (fields[19] ?? null);
	} catch {
		return null;
	}
}
