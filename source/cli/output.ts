import type {Writable} from 'node:stream';

/** A stream that scripts read: it waits for a slow reader, and goes quiet when the reader has left. */
export interface Output {
	/** Resolves when there is room for more. */
	readonly write: (text: string) => Promise<void>;
	readonly isClosed: () => boolean;
	/** Calls back when the reader leaves, as `head` does when it has enough. */
	readonly onClosed: (listener: () => void) => void;
}

/**
@throws From `write`, whatever went wrong with the stream other than a reader that left: a full disk, for one.
*/
export function createOutput(stream: Writable): Output {
	let closed = false;
	let failure: Error | null = null;
	let wake = (): void => {};
	const listeners: Array<() => void> = [];
	stream.on('error', (error: NodeJS.ErrnoException) => {
		// EPIPE: the pipe's other end is closed. EIO: the terminal is gone.
		if (error.code !== 'EPIPE' && error.code !== 'EIO') failure ??= error;
		closed = true;
		wake();
		for (const listener of listeners) listener();
	});
	return {
		async write(text) {
			if (!closed && !stream.write(text)) {
				await new Promise<void>(resolve => {
					wake = resolve;
					stream.once('drain', resolve);
				});
			}
			if (failure !== null) throw failure;
		},
		isClosed: () => closed,
		onClosed(listener) {
			listeners.push(listener);
		},
	};
}
