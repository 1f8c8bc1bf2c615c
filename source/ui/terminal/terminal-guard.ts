// A second, tiny process that restores the terminal where ours cannot: when it is killed, runs out of memory, or crashes
// outside of JavaScript. It is a shell that waits for the end of a pipe, in a session of its own, so that no key and no
// hang-up of the terminal reaches it.
import {spawn} from 'node:child_process';

export interface TerminalGuard {
	/** From now on the guard restores the terminal when this process ends. */
	readonly arm: () => void;
	/** The terminal has been restored. */
	readonly disarm: () => void;
	/** Ends the guard. */
	readonly close: () => void;
}

/**
`read` ends when this process does. The state of the terminal driver is restored only where it is still in raw mode (`-isig`):
a shell that already shows its prompt has set its own state. What was read too late may be the state of raw mode itself: then
all that raw mode switches off is switched on. Where this process has ended meanwhile, nobody reads `ready`, and the signal for
that would end the guard before it has restored anything.
*/
const SCRIPT = `
exec 3>&1
trap '' PIPE
saved=$(stty -g <&3) || exit 1
echo ready >&2
armed=no
while IFS= read -r word; do armed=$word; done
case $armed in
	yes) ;;
	late) saved='isig icanon iexten echo icrnl ixon brkint' ;;
	*) exit 0 ;;
esac
printf '%b' "$1"
case $(stty -a <&3) in *-isig*) stty $saved <&3 ;; esac
`;

const NO_GUARD: TerminalGuard = {arm() {}, disarm() {}, close() {}};

/** So long the dashboard waits for the state of the terminal: on a machine that starts a shell more slowly it is read too late. */
const MAX_START_MS = 5000;

/**
Guards the terminal on standard output, in its present state.

@param restoreSequence - Written to the terminal to restore it.
@returns When the state is known, or after five seconds without it. Without a shell or `stty`, a guard that does nothing.
*/
export function startTerminalGuard(restoreSequence: string): Promise<TerminalGuard> {
	if (process.platform === 'win32') return Promise.resolve(NO_GUARD);
	return new Promise(resolve => {
		const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', asPrintfText(restoreSequence)], {
			stdio: ['pipe', 'inherit', 'pipe'],
			detached: true,
		});
		const {stdin, stderr} = child;
		const settle = (guard: TerminalGuard): void => {
			clearTimeout(timer);
			resolve(guard);
		};
		/** The pipe keeps what is written until the shell reads it. */
		const guardOf = (armed: 'yes' | 'late'): TerminalGuard => ({
			arm: () => void stdin.write(`${armed}\n`),
			disarm: () => void stdin.write('no\n'),
			close: () => void stdin.end(),
		});
		// Where the whole process stood still, the answer is there, and is read before immediates.
		const timer = setTimeout(() => setImmediate(() => settle(guardOf('late'))), MAX_START_MS);
		child.on('error', () => settle(NO_GUARD));
		child.on('exit', () => settle(NO_GUARD));
		// The guard is gone; the run continues without it.
		stdin.on('error', () => {});
		stderr.once('data', () => {
			stderr.destroy();
			settle(guardOf('yes'));
		});
		// Neither the process nor its pipes keep this one running.
		child.unref();
		for (const stream of [stdin, stderr]) Reflect.get(stream, 'unref')?.call(stream);
	});
}

/** For `%b` of printf(1): every byte as an octal escape. */
const asPrintfText = (text: string): string =>
	Array.from(Buffer.from(text), byte => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
