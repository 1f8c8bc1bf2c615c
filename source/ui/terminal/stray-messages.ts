// Captures what other code writes to standard error while the dashboard is shown: warnings of Node, of libraries, of threads.
// On the terminal it would shift the screen, so it is kept, shown as a notice, and written when the terminal has been
// restored.
import {safe} from '../../text/safe.ts';

export interface StrayMessages {
	/** Calls back with each line, including earlier ones. */
	readonly subscribe: (listener: (line: string) => void) => () => void;
	/** Restores standard error, and writes what has been kept. */
	readonly release: () => void;
}

/** More than a screen of them adds no information. */
const MAX_LINES = 200;

export const NO_MESSAGES: StrayMessages = {subscribe: () => () => {}, release() {}};

/** @param onMessage - Also receives each line, for a log. */
export function captureMessages(onMessage: (line: string) => void = () => {}): StrayMessages {
	const {stderr} = process;
	// Standard error in a file or a pipe does not disturb the screen.
	if (!stderr.isTTY) return NO_MESSAGES;
	const listeners = new Set<(line: string) => void>();
	const kept: string[] = [];
	let droppedCount = 0;
	let rest = '';
	let isCaptured = true;
	const capture = (text: string): void => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			if (kept.length < MAX_LINES) kept.push(line);
			else droppedCount++;
			if (line.trim() === '') continue;
			onMessage(line);
			for (const listener of listeners) listener(line);
		}
	};
	const {write} = stderr;
	stderr.write = (text: string | Uint8Array, encoding?: unknown, onWritten?: unknown): boolean => {
		capture(typeof text === 'string' ? text : Buffer.from(text).toString());
		const callback = typeof encoding === 'function' ? encoding : onWritten;
		if (typeof callback === 'function') queueMicrotask(() => callback());
		return true;
	};
	// Node writes its warnings without using the stream's `write`.
	const warningListeners = process.rawListeners('warning');
	process.removeAllListeners('warning');
	const captureWarning = (warning: Error): void =>
		capture(`(node:${process.pid}) ${warning.name}: ${warning.message}\n`);
	process.on('warning', captureWarning);
	return {
		subscribe(listener) {
			for (const line of kept) if (line.trim() !== '') listener(line);
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		release() {
			if (!isCaptured) return;
			isCaptured = false;
			stderr.write = write;
			process.off('warning', captureWarning);
			for (const listener of warningListeners) process.on('warning', listener as (warning: Error) => void);
			const dropped = droppedCount === 0 ? [] : [`… and ${droppedCount} more lines`];
			const lines = [...kept, ...(rest === '' ? [] : [rest]), ...dropped];
			if (lines.length > 0) stderr.write(`${lines.map(safe).join('\n')}\n`);
		},
	};
}
