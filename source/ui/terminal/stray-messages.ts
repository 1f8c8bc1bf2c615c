// What others write to standard error while the dashboard is up: warnings of Node, of libraries, of threads. On the terminal it
// would shift the picture, so it is kept, shown as a notice, and written when the terminal has been given back.
import {safe} from '../../text/safe.ts';

export interface StrayMessages {
	/** Calls back with each line, the ones of the past included. */
	readonly subscribe: (listener: (line: string) => void) => () => void;
	/** Lets standard error be what it was, and writes what has been kept. */
	readonly release: () => void;
}

/** More than a screen of them says nothing new. */
const LINES_KEPT = 200;

export const NO_MESSAGES: StrayMessages = {subscribe: () => () => {}, release() {}};

/** @param onMessage - Also takes each line, for a log. */
export function captureMessages(onMessage: (line: string) => void = () => {}): StrayMessages {
	const {stderr} = process;
	// A file or a pipe is nobody's screen.
	if (!stderr.isTTY) return NO_MESSAGES;
	const listeners = new Set<(line: string) => void>();
	const kept: string[] = [];
	let droppedCount = 0;
	let rest = '';
	let isCaptured = true;
	const take = (text: string): void => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			if (kept.length < LINES_KEPT) kept.push(line);
			else droppedCount++;
			if (line.trim() === '') continue;
			onMessage(line);
			for (const listener of listeners) listener(line);
		}
	};
	const {write} = stderr;
	stderr.write = (text: string | Uint8Array, encoding?: unknown, onWritten?: unknown): boolean => {
		take(typeof text === 'string' ? text : Buffer.from(text).toString());
		const callback = typeof encoding === 'function' ? encoding : onWritten;
		if (typeof callback === 'function') queueMicrotask(() => callback());
		return true;
	};
	// Node writes its warnings past the stream.
	const warningListeners = process.rawListeners('warning');
	process.removeAllListeners('warning');
	const takeWarning = (warning: Error): void => take(`(node:${process.pid}) ${warning.name}: ${warning.message}\n`);
	process.on('warning', takeWarning);
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
			process.off('warning', takeWarning);
			for (const listener of warningListeners) process.on('warning', listener as (warning: Error) => void);
			const dropped = droppedCount === 0 ? [] : [`… and ${droppedCount} more lines`];
			const lines = [...kept, ...(rest === '' ? [] : [rest]), ...dropped];
			if (lines.length > 0) stderr.write(`${lines.map(safe).join('\n')}\n`);
		},
	};
}
