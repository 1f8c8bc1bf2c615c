import type {Writable} from 'node:stream';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** A stream that scripts read: it waits for a slow reader, and drops everything once the reader has left. */
export interface OutputStream {
	/**
	Resolves when there is room for more.

	@param onWritten - Called when the text is not needed any more, which is later if the reader is slow.
	*/
	readonly write: (text: string | Uint8Array, onWritten?: () => void) => Promise<void>;
	/** Resolves when the reader has received everything, or has left: unwritten data is lost when the process ends. */
	readonly flush: () => Promise<void>;
	readonly isClosed: () => boolean;
	/** Calls back when the reader leaves, as `head` does when it has enough. */
	readonly onClosed: (listener: () => void) => void;
}

/** While the program is asked to end, a reader that reads nothing between two checks counts as gone. */
const STALL_CHECK_MS = 500;

/**
@param signal - Aborted when the program is asked to end: from then on a reader that has stopped reading is not waited for.
@throws {EnvironmentError} From `write` and `flush`, when the stream failed for another reason than a reader that left, such
as a full disk.
*/
export function createOutputStream(stream: Writable, signal?: AbortSignal): OutputStream {
	setNonBlocking(stream);
	let closed = false;
	let failure: EnvironmentError | null = null;
	/** Writes that wait for room. */
	const waiting: Array<() => void> = [];
	const wakeAll = (): void => {
		for (const wake of waiting.splice(0)) wake();
	};
	const throwFailure = (): void => {
		if (failure !== null) throw failure;
	};
	const listeners: Array<() => void> = [];
	let isMoving = true;
	stream.on('drain', () => {
		isMoving = true;
		wakeAll();
	});
	const watchReader = (): void => {
		setInterval(() => {
			if (!isMoving) {
				closed = true;
				wakeAll();
			}
			isMoving = waiting.length === 0;
		}, STALL_CHECK_MS).unref();
	};
	if (signal?.aborted) watchReader();
	else signal?.addEventListener('abort', watchReader, {once: true});
	stream.on('error', (error: NodeJS.ErrnoException) => {
		// EPIPE: the pipe's other end is closed. EIO: the terminal is gone.
		if (error.code !== 'EPIPE' && error.code !== 'EIO') {
			failure ??= new EnvironmentError('Standard output cannot be written', error);
		}
		closed = true;
		wakeAll();
		for (const listener of listeners) listener();
	});
	return {
		async write(text, onWritten) {
			if (!closed && !stream.write(text, onWritten)) await new Promise<void>(resolve => waiting.push(resolve));
			throwFailure();
		},
		async flush() {
			// The stream emits an error shortly after it has called back.
			if (!closed) {
				await new Promise<void>(resolve => {
					waiting.push(resolve);
					stream.write('', () => setImmediate(resolve));
				});
			}
			throwFailure();
		},
		isClosed: () => closed,
		onClosed(listener) {
			listeners.push(listener);
		},
	};
}

/** Node writes to terminals synchronously: one that does not read would block the event loop, and the run with it. */
function setNonBlocking(stream: Writable): void {
	if (!('isTTY' in stream) || stream.isTTY !== true) return;
	const handle: unknown = Reflect.get(stream, '_handle');
	if (typeof handle !== 'object' || handle === null || !('setBlocking' in handle)) return;
	if (typeof handle.setBlocking === 'function') handle.setBlocking(false);
}
