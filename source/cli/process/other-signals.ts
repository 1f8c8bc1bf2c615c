import {constants} from 'node:os';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {leaveAtOnce} from './leave.ts';

/**
Signals that end a program by themselves, beside the four that end it in order. Not among them: SIGKILL and SIGSTOP, which no
program hears; those of faults in native code (SIGSEGV, SIGBUS, SIGILL, SIGFPE), where nothing can be run any more; SIGPROF,
which is the profiler's; SIGPIPE and SIGXFSZ, which Node ignores, so that the write fails.
*/
const otherSignals = [
	'SIGUSR1',
	'SIGUSR2',
	'SIGALRM',
	'SIGVTALRM',
	'SIGXCPU',
	'SIGABRT',
	'SIGTRAP',
	'SIGSYS',
	'SIGIO',
	'SIGPWR',
	'SIGSTKFLT',
] as const satisfies readonly NodeJS.Signals[];

/** Lets them end the program at once, but with the terminal as it was. With a listener, SIGUSR1 opens no debugger either. */
export function endOnOtherSignals(): void {
	for (const signal of otherSignals) {
		const number = constants.signals[signal];
		// Not every system has all of them.
		if (number === undefined) continue;
		process.on(signal, () => {
			restoreTerminal();
			leaveAtOnce(128 + number);
		});
	}
}
