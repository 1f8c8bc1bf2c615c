// A second, tiny process that puts the terminal back where ours cannot do it any more: when it is killed, when it runs out of
// memory, when it crashes outside of JavaScript. It is a shell that waits for the end of a pipe, in a session of its own, so
// that no key and no hang-up of the terminal reaches it.
import {spawn} from 'node:child_process';

export interface TerminalGuard {
	/** From now on the terminal is put back when this process ends. */
	readonly arm: () => void;
	/** The terminal has been put back. */
	readonly disarm: () => void;
	/** Ends the guard. */
	readonly close: () => void;
}

/**
`read` ends when this process does. The state of the terminal's driver is put back only where it is still the one of raw mode
(`-isig`): a shell that has its prompt by then has set another.
*/
const SCRIPT = `
exec 3>&1
saved=$(stty -g <&3) || exit 1
echo ready >&2
armed=no
while IFS= read -r word; do armed=$word; done
[ "$armed" = yes ] || exit 0
printf '%b' "$1"
case $(stty -a <&3) in *-isig*) stty "$saved" <&3 ;; esac
`;

const NO_GUARD: TerminalGuard = {arm() {}, disarm() {}, close() {}};

/** A machine that starts a shell more slowly than this does without a guard. */
const LONGEST_START_MS = 5000;

/**
Guards the terminal on standard output, in the state it is in now.

@param farewell - What is written to the terminal to put it back.
@returns When the state is known. Without a shell or `stty`, a guard that does nothing.
*/
export function startTerminalGuard(farewell: string): Promise<TerminalGuard> {
	if (process.platform === 'win32') return Promise.resolve(NO_GUARD);
	return new Promise(resolve => {
		const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', asPrintfText(farewell)], {
			stdio: ['pipe', 'inherit', 'pipe'],
			detached: true,
		});
		const {stdin, stderr} = child;
		const giveUp = (): void => {
			clearTimeout(timer);
			resolve(NO_GUARD);
		};
		const timer = setTimeout(giveUp, LONGEST_START_MS);
		child.on('error', giveUp);
		child.on('exit', giveUp);
		// The guard is gone; the run goes on without it.
		stdin.on('error', () => {});
		stderr.once('data', () => {
			clearTimeout(timer);
			stderr.destroy();
			resolve({
				arm: () => void stdin.write('yes\n'),
				disarm: () => void stdin.write('no\n'),
				close: () => void stdin.end(),
			});
		});
		// Neither the process nor its pipes keep this one from ending.
		child.unref();
		for (const stream of [stdin, stderr]) Reflect.get(stream, 'unref')?.call(stream);
	});
}

/** For `%b` of printf(1): every byte as an octal escape. */
const asPrintfText = (text: string): string =>
	Array.from(Buffer.from(text), byte => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
