// A file of an output while a thread reads it: its columns are chosen, and its records written, when those in front of it have been.
import type {TableReceiver} from '../../engine/pool/table-threads.ts';
import {AbortedError} from '../../engine/shared/shared-progress.ts';
import type {ChosenColumns, TablePiece, TableReply} from '../../engine/shared/table-protocol.ts';
import {HeadingMismatch} from './column-choice.ts';

export type FileReply = Extract<TableReply, {type: 'completed' | 'failed' | 'encoding-found-late'}>;

/** Neither processor nor engine have vectors of 128 bits. */
export class NoVectorsError extends Error {
	override readonly name = 'NoVectorsError';
}

interface ReadingOwner {
	/** @throws {HeadingMismatch} */
	readonly choose: (names: readonly string[], areOfFile: boolean) => ChosenColumns;
	readonly write: (piece: TablePiece) => Promise<void>;
}

export class FileReading implements TableReceiver {
	readonly #previous: FileReading | null;
	readonly #owner: ReadingOwner;
	readonly #turn = Promise.withResolvers<void>();
	readonly #headerKnown = Promise.withResolvers<void>();
	/** What became of it; there once it has been started. */
	reply: Promise<TableReply> = Promise.resolve({type: 'aborted'});

	/** @param previous - The file in front of it; `null` for the first. */
	constructor(previous: FileReading | null, owner: ReadingOwner) {
		this.#previous = previous;
		this.#owner = owner;
	}

	start(reply: Promise<TableReply>): void {
		this.reply = reply;
		// Whoever writes it hears of an error when its turn has come.
		reply.catch(() => {}).finally(() => this.#headerKnown.resolve());
	}

	/**
	Writes its records: to be called when those of all files in front of it are written.

	@throws {AbortedError} When it was stopped.
	@throws {HeadingMismatch} When its columns are not those of the files in front of it.
	*/
	async write(): Promise<FileReply> {
		this.#turn.resolve();
		try {
			const reply = await this.reply;
			if (reply.type === 'aborted') throw new AbortedError();
			if (reply.type === 'no-vectors') throw new NoVectorsError(reply.cause);
			return reply;
		} catch (error) {
			if (error instanceof HeadingMismatch && !error.isOfTwoFiles)
				return {type: 'failed', error: error.report, bytesRead: 0};
			throw error;
		}
	}

	/** Resolves when its columns are chosen, or when it has none. */
	get headerKnown(): Promise<void> {
		return this.#headerKnown.promise;
	}

	async onHeader(names: readonly string[], areOfFile: boolean): Promise<ChosenColumns> {
		await this.#previous?.headerKnown;
		const columns = this.#owner.choose(names, areOfFile);
		this.#headerKnown.resolve();
		return columns;
	}

	async onPiece(piece: TablePiece): Promise<void> {
		await this.#turn.promise;
		await this.#owner.write(piece);
	}
}
