// What a client has open: folders that it lists, files that it reads or sends. What is asked of one of them is done in the order in which it came.
import type {SftpListing} from './listing.ts';
import {SftpRefusal, type SftpSource, type SftpTarget} from './tree.ts';

export type Opened =
	| {readonly type: 'folder'; readonly listing: SftpListing}
	| {readonly type: 'source'; readonly source: SftpSource}
	/** `offset`: of what has come so far. `waitingBytes`: have come, and were not taken yet. */
	| {readonly type: 'target'; readonly target: SftpTarget; offset: number; waitingBytes: number};

interface Handle {
	readonly opened: Opened;
	/** Resolves when what was asked before has been done. */
	turn: Promise<unknown>;
}

const MAX_HANDLES = 100;
const HANDLE_BYTES = 4;

export class Handles {
	readonly #handles = new Map<number, Handle>();
	#last = 0;
	#hasEnded = false;

	/** @throws {SftpRefusal} Where there are too many. */
	assertRoom(): void {
		if (this.#handles.size >= MAX_HANDLES)
			throw new SftpRefusal('FAILURE', `${MAX_HANDLES} files may be open at once: close one first.`);
	}

	/** @throws {SftpRefusal} Where all has ended while it was opened. */
	open(opened: Opened): Buffer {
		if (this.#hasEnded) {
			abort(opened);
			throw new SftpRefusal('FAILURE', 'The session has ended.');
		}
		const number = ++this.#last;
		this.#handles.set(number, {opened, turn: Promise.resolve()});
		const name = Buffer.alloc(HANDLE_BYTES);
		name.writeUInt32BE(number);
		return name;
	}

	/** @throws {SftpRefusal} */
	find<Type extends Opened['type']>(name: Buffer, ...types: readonly Type[]): Extract<Opened, {type: Type}> {
		const {opened} = this.#find(name);
		if (types.length > 0 && !types.some(type => type === opened.type))
			throw new SftpRefusal('FAILURE', 'It was opened for something else.');
		return opened as Extract<Opened, {type: Type}>;
	}

	/** Does it behind what was asked of the same one before. */
	inTurn<Result>(name: Buffer, perform: () => Promise<Result>): Promise<Result> {
		const handle = this.#find(name);
		const done = handle.turn.then(perform);
		handle.turn = done.catch(() => {});
		return done;
	}

	/** Nothing more may be asked of it. */
	release(name: Buffer): void {
		this.#handles.delete(name.readUInt32BE());
	}

	/** Whatever is open ends, and what has not come whole is not taken. */
	abortAll(): void {
		this.#hasEnded = true;
		for (const {opened} of this.#handles.values()) abort(opened);
		this.#handles.clear();
	}

	#find(name: Buffer): Handle {
		const handle = name.length === HANDLE_BYTES ? this.#handles.get(name.readUInt32BE()) : undefined;
		if (handle === undefined) throw new SftpRefusal('FAILURE', 'There is no such handle.');
		return handle;
	}
}

function abort(opened: Opened): void {
	if (opened.type === 'folder') opened.listing.close();
	if (opened.type === 'source') opened.source.close();
	if (opened.type === 'target') opened.target.abort();
}
