// What a process uses, as Linux tells anybody on the machine.
import {readdirSync, readFileSync} from 'node:fs';
import type {ProcessUsage} from '../model/watch-status.ts';

/** USER_HZ: times in /proc are in hundredths of a second, whatever the kernel itself counts in. */
const TICKS_PER_SECOND = 100;

/** `null` where the system does not say, or there is no such process. */
export function readProcessUsage(pid: number): ProcessUsage | null {
	try {
		// proc(5): the second field, in brackets, may hold anything; behind it come the third one and the rest.
		const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
			.replace(/^.*\) /s, '')
			.split(' ');
		const [userTicks, systemTicks, startTicks] = [fields[11], fields[12], fields[19]].map(Number);
		const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
		const machineSeconds = Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
		if (userTicks === undefined || systemTicks === undefined || startTicks === undefined || kilobytes === undefined)
			return null;
		const cpu = (userTicks + systemTicks) / TICKS_PER_SECOND;
		const age = machineSeconds - startTicks / TICKS_PER_SECOND;
		return {
			cpu,
			cpu_share: age > 0 ? Math.round((cpu / age) * 1000) / 1000 : 0,
			memory_bytes: Number(kilobytes) * 1024,
			open_files: countOpenFiles(pid),
		};
	} catch {
		return null;
	}
}

function countOpenFiles(pid: number): number | null {
	try {
		return readdirSync(`/proc/${pid}/fd`).length;
	} catch {
		return null;
	}
}
