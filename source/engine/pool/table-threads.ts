// Threads that read files for a command that writes their records anew.
//
//   thread ──header──> here ──columns──> thread ──pieces──> here ──taken──> thread … ──ended──> here
import {MessageChannel, type MessagePort} from 'node:worker_threads';
import type {
	ChosenColumns,
	ConvertRequest,
	TableAnswer,
	TableMessage,
	TablePiece,
	TableReply,
} from '../shared/table-protocol.ts';
import {describeRefusal} from './task.ts';
import {ThreadAllocator} from './thread-allocator.ts';
import {ThreadShare} from './thread-share.ts';

/** Receives what is read of a file. What it throws ends the reading. */
export interface TableReceiver {
	/** May be called twice, where a file is read twice. */
	readonly onHeader: (names: readonly string[], areOfFile: boolean) => Promise<ChosenColumns>;
	/** The bytes are there until it resolves; not called again before that. */
	readonly onPiece: (piece: TablePiece) => Promise<void>;
}

/** A thread that has not stopped by then does not answer. */
const ABORT_GRACE_MS = 1500;

export class TableThreads {
	readonly #allocator: ThreadAllocator;
	readonly #share = new ThreadShare(Number.POSITIVE_INFINITY);

	/** How many files are read at a time. */
	readonly count: number;

	constructor(threads: number) {
		this.count = threads;
		this.#allocator = new ThreadAllocator({
			limits: {threads, maxThreads: threads},
			isUnattended: false,
			onLog() {},
			onIdle() {},
			onShortage() {},
		});
	}

	/** Reads a file with the next thread that is free; files get threads in the order of the calls. @throws Whatever the receiver throws. */
	async read(request: Omit<ConvertRequest, 'port'>, receiver: TableReceiver, signal: AbortSignal): Promise<TableReply> {
		const thread = await this.#allocator.acquire(this.#share, signal, null).catch((error: unknown) => ({error}));
		if (thread === null) return {type: 'aborted'};
		if ('error' in thread) return {type: 'failed', error: describeRefusal(thread.error), bytesRead: 0};
		const {port1: port, port2} = new MessageChannel();
		const assigned = thread.assign({type: 'convert-file', ...request, port: port2}, null, [port2]);
		let isReading = true;
		let killTimer: NodeJS.Timeout | undefined;
		const stop = (): void => {
			port.close();
			if (!isReading) return;
			assigned.progress.direct('abort');
			killTimer ??= setTimeout(assigned.kill, ABORT_GRACE_MS);
		};
		const received = new Received(port, receiver, stop);
		signal.addEventListener('abort', received.abort, {once: true});
		if (signal.aborted) received.abort();
		const last = await assigned.reply;
		isReading = false;
		clearTimeout(killTimer);
		this.#allocator.release(thread);
		try {
			const reply = last.type === 'worker-lost' ? lostThread(last.cause) : await received.reply;
			if (received.failure !== null) throw received.failure.error;
			return signal.aborted ? {type: 'aborted'} : reply;
		} finally {
			signal.removeEventListener('abort', received.abort);
			port.close();
		}
	}

	/** Ends all threads. */
	close(): Promise<void> {
		return this.#allocator.close();
	}
}

/** What comes over the port of a file. */
class Received {
	/** Resolves when all that came was taken, or nothing more is. */
	readonly reply: Promise<TableReply>;
	failure: {readonly error: unknown} | null = null;
	readonly #stop: () => void;
	#resolve: (reply: TableReply) => void = () => {};
	/** One thing after the other. */
	#steps = Promise.resolve();

	constructor(port: MessagePort, receiver: TableReceiver, stop: () => void) {
		this.#stop = stop;
		this.reply = new Promise(resolve => {
			this.#resolve = resolve;
		});
		port.on('message', (message: TableMessage) => {
			if (message.type === 'header')
				this.#then(async () => {
					const columns = await receiver.onHeader(message.names, message.areOfFile);
					port.postMessage({type: 'columns', ...columns} satisfies TableAnswer);
				});
			else if (message.type === 'ended') this.#then(() => this.#resolve(message.reply));
			else
				this.#then(async () => {
					await receiver.onPiece(message.piece);
					const {bytes} = message.piece;
					port.postMessage({type: 'taken', bytes} satisfies TableAnswer, [bytes.buffer]);
				});
		});
	}

	readonly abort = (): void => {
		this.#stop();
		this.#resolve({type: 'aborted'});
	};

	#then(step: () => void | Promise<void>): void {
		this.#steps = this.#steps
			.then(() => (this.failure === null ? step() : undefined))
			.catch((error: unknown) => {
				this.failure ??= {error};
				this.abort();
			});
	}
}

const lostThread = (cause: string): TableReply => ({
	type: 'failed',
	error: {code: 'WORKER_LOST', message: `The thread that read it ended: ${cause}`, line: null, byte_offset: null},
	bytesRead: 0,
});
