import {readFileSync} from 'node:fs';

/** Whether a process is there, and not only waits to be collected. */
export function isRunning(pid: string): boolean {
	try {
		return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}
