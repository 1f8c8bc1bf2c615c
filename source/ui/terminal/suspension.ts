// Ctrl+Z, `fg` and `bg`. In raw mode Ctrl+Z is a key like any other, so the program stops itself: as a terminal would do it, by
// SIGTSTP to its whole process group, because a shell waits for all of a job (`npm start`, a pipe) to stop. Where no shell
// waits (the group is orphaned, as under `ssh host fileproc-tui`) the system ignores that signal, and nothing happens: a
// SIGSTOP would stop a program there that nobody could ever continue.
import {type ForegroundWatch, onceInForeground} from './foreground.ts';

export interface SuspensionOptions {
	/** Gives the terminal back, and then calls what stops the process. */
	readonly suspend: (stop: () => void) => void;
	/** The process goes on after something stopped it. It may be in the background, where the terminal is not ours. */
	readonly onContinued: () => void;
	/** The process has the terminal again: nothing on the screen is what it was. */
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
		// Without a listener, the signal does what it does by itself: it stops us, here, until SIGCONT.
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
