import {constants} from 'node:os';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {exitProcessNow} from './exit.ts';

/**
Signals that end a program, besides the four that end it in an orderly way. Excluded are SIGKILL and SIGSTOP, which no program
can handle; those of faults in native code (SIGSEGV, SIGBUS, SIGILL, SIGFPE), after which no code can run; SIGPROF, which
profilers use; SIGPIPE and SIGXFSZ, which Node ignores, so that the write fails.
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

/**
Ends the program at once on these signals, after the terminal is restored. The listener also keeps SIGUSR1 from opening a
debugger.
*/
export function endOnOtherSignals(): void {
	for (const signal of otherSignals) {
		const number = constants.signals[signal];
		// Some systems lack some of them.
		if (number === undefined) continue;
		process.on(signal, () => {
			restoreTerminal();
			exitProcessNow(128 + number);
		});
	}
}
