// Ctrl+Z and `fg`. In raw mode Ctrl+Z is a key like any other, so the program stops itself: as a terminal would do it, by
// SIGTSTP to its whole process group, because a shell waits for all of a job (`npm start`, a pipe) to stop. Where no shell
// waits (the group is orphaned, as under `ssh host fileproc-tui`) the system ignores that signal, and nothing happens: a
// SIGSTOP would stop a program there that nobody could ever continue.

export interface SuspensionOptions {
	/** Gives the terminal back, and then calls what stops the process. */
	readonly suspend: (stop: () => void) => void;
	/** The process goes on after something stopped it: nothing on the screen is what it was. */
	readonly onContinued: () => void;
}

export interface Suspension {
	readonly suspend: () => void;
	readonly dispose: () => void;
}

export function listenForSuspension({suspend, onContinued}: SuspensionOptions): Suspension {
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
		onContinued();
	};
	process.on('SIGTSTP', suspendNow);
	process.on('SIGCONT', onContinued);
	return {
		suspend: suspendNow,
		dispose() {
			process.off('SIGTSTP', suspendNow);
			process.off('SIGCONT', onContinued);
		},
	};
}
