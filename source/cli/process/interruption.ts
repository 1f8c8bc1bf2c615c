import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {type EndingSignal, endingSignals, exitCodeOf} from '../commands/exit-codes.ts';
import {leaveAtOnce} from './leave.ts';

/** Someone outside wants the program to end: a signal, or a terminal that is gone. */
export interface Interruption {
	/** Aborted by the first request, which is for an end in order: running files stop, the report is written. */
	readonly signal: AbortSignal;
	/** The exit code that tells of it, `null` while nobody asked. */
	readonly exitCode: () => number | null;
	/** Asks as a signal would. */
	readonly request: (signal: EndingSignal) => void;
	readonly dispose: () => void;
}

/**
Listens for the signals that end a program. The second one ends it at once, the terminal put back; but a hang-up
leaves the time for an end in order.

A handler of our own replaces what Node and Ink do on a signal, so the terminal is put back here and nowhere else.
*/
export function listenForInterruption(): Interruption {
	const controller = new AbortController();
	let exitCode: number | null = null;
	const request = (signal: EndingSignal): void => {
		if (exitCode !== null) {
			// A terminal that goes is told of twice, by a signal and by what is written to it: nobody is impatient.
			if (signal === 'SIGHUP') return;
			restoreTerminal();
			leaveAtOnce(exitCodeOf(signal));
		}
		exitCode = exitCodeOf(signal);
		controller.abort();
	};
	const listeners = endingSignals.map(signal => {
		const listener = (): void => {
			request(signal);
		};
		process.on(signal, listener);
		return {signal, listener};
	});
	return {
		signal: controller.signal,
		exitCode: () => exitCode,
		request,
		dispose() {
			for (const {signal, listener} of listeners) process.off(signal, listener);
		},
	};
}
