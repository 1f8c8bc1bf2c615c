// Ctrl+Z, `fg` and `bg`. In raw mode Ctrl+Z is an ordinary key, so the program stops itself as a terminal would: by SIGTSTP
// to its whole process group, because a shell waits until all of a job (`npm start`, a pipe) has stopped. Where no shell
// waits (the group is orphaned, as under `ssh host fileproc-tui`) the system ignores that signal, and nothing happens: a
// SIGSTOP would stop a program there that nobody could continue.
import {type ForegroundWatch, onceInForeground} from './foreground.ts';

export interface SuspensionOptions {
	/** Restores the terminal, and then calls what stops the process. */
	readonly suspend: (stop: () => void) => void;
	/** The process was continued. It may be in the background, where the terminal is not ours. */
	readonly onContinued: () => void;
	/** The process has the terminal again, with unknown contents. */
	readonly onForeground: () => void;
}

export interface Suspension {
	readonly suspend: () => void;
	readonly dispose: () => void;
}

export function listenForSuspension({suspend, onContinued, onForeground}: SuspensionOptions): Suspension {
	let watch: ForegroundWatch | null = null;
	const continued = (): void => {
		onContinued();
		watch?.dispose();
		watch = onceInForeground(onForeground);
	};
	const stopProcess = (): void => {
		// Without a listener, the signal has its default effect: it stops this process here, until SIGCONT.
		process.off('SIGTSTP', suspendNow);
		try {
			process.kill(0, 'SIGTSTP');
		} finally {
			process.on('SIGTSTP', suspendNow);
		}
	};
	const suspendNow = (): void => {
		suspend(stopProcess);
		continued();
	};
	process.on('SIGTSTP', suspendNow);
	process.on('SIGCONT', continued);
	return {
		suspend: suspendNow,
		dispose() {
			watch?.dispose();
			process.off('SIGTSTP', suspendNow);
			process.off('SIGCONT', continued);
		},
	};
}
