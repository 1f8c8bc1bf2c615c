// The port of one file as the thread that reads it uses it.
import type {MessagePort} from 'node:worker_threads';
import {AbortedError} from '../../shared/shared-progress.ts';
import type {ChosenColumns, EncodedRecords, TableAnswer, TableMessage} from '../../shared/table-protocol.ts';

/** So much is sent before the other side has taken any of it: some reads ahead, whatever the output waits for. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Memory is had in multiples of it, so that it fits what comes next, too. */
const BLOCK_BYTES = 64 * 1024;

export class TablePort {
	readonly #port: MessagePort;
	#columns: ChosenColumns | null = null;
	#onAnswer: () => void = () => {};
	#bytesAhead = 0;
	/** Memory that came back. */
	readonly #free: ArrayBuffer[] = [];
	#isClosed = false;

	constructor(port: MessagePort) {
		this.#port = port;
		port.on('message', (answer: TableAnswer) => {
			if (answer.type === 'columns') this.#columns = answer;
			else {
				this.#bytesAhead -= answer.bytes.length;
				this.#free.push(answer.bytes.buffer);
			}
			this.#onAnswer();
		});
		port.on('close', () => {
			this.#isClosed = true;
			this.#onAnswer();
		});
	}

	/** @throws {AbortedError} When the other side has closed the port. */
	async columnsFor(names: readonly string[], areOfFile: boolean): Promise<ChosenColumns> {
		this.#columns = null;
		this.#post({type: 'header', names, areOfFile});
		await this.#until(() => this.#columns !== null);
		if (this.#columns === null) throw new Error('Expected columns');
		return this.#columns;
	}

	/** Resolves when more may be sent. @throws {AbortedError} */
	async send({bytes: written, ...rest}: EncodedRecords): Promise<void> {
		// Where they are now, other bytes are written next.
		const bytes = this.#bytesFor(written.length);
		bytes.set(written);
		this.#bytesAhead += bytes.length;
		this.#post({type: 'piece', piece: {...rest, bytes}}, [bytes.buffer]);
		await this.#until(() => this.#bytesAhead < WINDOW_BYTES);
	}

	#bytesFor(length: number): Uint8Array<ArrayBuffer> {
		const known = this.#free.pop();
		const buffer =
			known === undefined || known.byteLength < length
				? new ArrayBuffer(Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES)
				: known;
		return new Uint8Array(buffer, 0, length);
	}

	#post(message: TableMessage, transferred: readonly ArrayBuffer[] = []): void {
		this.#port.postMessage(message, transferred);
	}

	async #until(isThere: () => boolean): Promise<void> {
		while (!isThere() && !this.#isClosed)
			await new Promise<void>(resolve => {
				this.#onAnswer = resolve;
			});
		if (this.#isClosed) throw new AbortedError('Nobody wants the records any more');
	}
}
