import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {type EndingSignal, endingSignals, exitCodeOf} from '../commands/exit-codes.ts';
import {exitProcessNow} from './exit.ts';

/** A request from outside to end the program: a signal, or a lost terminal. */
export interface Interruption {
	/** Aborted by the first request, which asks for an orderly end: running files stop, the report is written. */
	readonly signal: AbortSignal;
	/** The exit code of the request, `null` while there is none. */
	readonly exitCode: () => number | null;
	/** Requests an end as a signal would. */
	readonly request: (signal: EndingSignal) => void;
	readonly dispose: () => void;
}

/**
Listens for the signals that end a program. The second one ends it at once, after the terminal is restored; but a hang-up
leaves time for an orderly end.

Our handler replaces what Node and Ink do on a signal, so the terminal is restored only here.

@param onHangUp - What a hang-up means to a service: it returns whether that is all. Without it, a hang-up is a request to end.
*/
export function listenForInterruption(onHangUp = (): boolean => false): Interruption {
	const controller = new AbortController();
	let exitCode: number | null = null;
	const request = (signal: EndingSignal): void => {
		if (exitCode !== null) {
			// A lost terminal is reported twice, by a signal and by a failed write, so the second report is not impatience.
			if (signal === 'SIGHUP') return;
			restoreTerminal();
			exitProcessNow(exitCodeOf(signal));
		}
		exitCode = exitCodeOf(signal);
		controller.abort();
	};
	const listeners = endingSignals.map(signal => {
		const listener = (): void => {
			if (signal !== 'SIGHUP' || !onHangUp()) request(signal);
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
