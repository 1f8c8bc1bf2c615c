// Reads an object in ranges, one version of it from the first byte to the last. While what has come is used, the next range is on its way,
// and what breaks off goes on where it did.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {changedMeanwhile} from './changed-meanwhile.ts';
import type {RangeAnswer, RemoteObject} from './range-answer.ts';
import {RemoteError} from './remote-error.ts';
import {withRetries} from './with-retries.ts';

export const RANGE_BYTES = 8 * 1024 * 1024;
/** The first request is smaller, unless all of the object goes into one: of some no more is read than the header, and then other ranges. */
export const FIRST_BYTES = 1024 * 1024;
/** Where it is known how far somebody reads, so much more comes with it: the record that is begun there ends behind it. */
const BEHIND_BYTES = 64 * 1024;
/** As long as there is something to read nothing else has its turn on this thread, and so nothing comes. */
const TURN_BYTES = 512 * 1024;
/** To drop a connection costs more than to let so much come. */
const DRAIN_BYTES = 256 * 1024;

/** A range that is on its way, or here. */
class Piece {
	readonly start: number;
	readonly end: number;
	readonly aborter = new AbortController();
	#chunks: Uint8Array[] = [];
	#received = 0;
	#isOver = false;
	#error: unknown = null;
	#wake = (): void => {};

	constructor(start: number, end: number) {
		this.start = start;
		this.end = end;
	}

	/** Where the next byte goes that comes. */
	get next(): number {
		return this.start + this.#received;
	}

	take(chunk: Uint8Array): void {
		this.#chunks.push(chunk);
		this.#received += chunk.length;
		this.#wake();
	}

	finish(error: unknown = null): void {
		this.#isOver = true;
		this.#error = error;
		this.#wake();
	}

	/** How many bytes were there to copy; `null`: some are to come. */
	copyTo(target: Uint8Array): number | null {
		let filled = 0;
		for (let [chunk] = this.#chunks; chunk !== undefined && filled < target.length; [chunk] = this.#chunks) {
			const length = Math.min(chunk.length, target.length - filled);
			target.set(chunk.subarray(0, length), filled);
			filled += length;
			if (length === chunk.length) this.#chunks.shift();
			else this.#chunks[0] = chunk.subarray(length);
		}
		if (filled > 0) return filled;
		if (!this.#isOver) return null;
		if (this.#error !== null) throw this.#error;
		return 0;
	}

	/** Resolves when there is more, or nothing will come. */
	coming(): Promise<void> {
		return new Promise(resolve => {
			this.#wake = resolve;
		});
	}
}

export class RangeReader {
	readonly #object: RemoteObject;
	readonly size: number;
	readonly version: string;
	#pieces: Piece[] = [];
	#offset = 0;
	/** How far somebody is known to read. */
	#until: number;
	#sinceTurn = 0;

	/**
	@param known - The version that is read.
	@param first - What came with a first request, whose body nobody has read; `null`: nothing has been asked for yet.
	@param end - How far that went.
	*/
	constructor(
		object: RemoteObject,
		{size, version}: {readonly size: number; readonly version: string},
		first: RangeAnswer | null,
		end = FIRST_BYTES,
	) {
		this.#object = object;
		this.size = size;
		this.version = version;
		this.#until = size;
		if (first === null) return;
		if (size > 0) this.#load(0, Math.min(size, end), first);
		else first.body.destroy();
	}

	async read(target: Uint8Array): Promise<number> {
		if (target.length === 0 || this.#offset >= this.size) return 0;
		if (this.#sinceTurn >= TURN_BYTES) {
			this.#sinceTurn = 0;
			await nextTurn();
		}
		for (;;) {
			const [piece] = this.#pieces;
			if (piece === undefined) {
				this.#load(this.#offset, this.#endOfRange(this.#offset));
				continue;
			}
			const length = piece.copyTo(target);
			if (length === null) {
				this.#sinceTurn = 0;
				await piece.coming();
				continue;
			}
			if (length === 0) {
				this.#pieces.shift();
				continue;
			}
			this.#offset += length;
			this.#sinceTurn += length;
			this.#readAhead(piece);
			return length;
		}
	}

	/** Goes to another place, of which so much is wanted as `expect` says. */
	seek(byteOffset: number): void {
		this.#drop();
		this.#offset = byteOffset;
		this.#until = this.size;
	}

	/** Says how far somebody reads from here: what is behind it is not asked for in advance. */
	expect(end: number): void {
		this.#until = Math.min(this.size, end + BEHIND_BYTES);
	}

	/** Reads at another place, of the same version; fewer bytes where there are fewer. */
	async readAt(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
		const piece = new Piece(start, Math.min(end, this.size));
		const bytes = new Uint8Array(Math.max(0, piece.end - start));
		if (bytes.length === 0) return bytes;
		const {signal} = piece.aborter;
		await withRetries(
			async onProgress => this.#takeBody(await this.#request(piece), piece, onProgress),
			signal,
			this.#object.retries,
		);
		piece.copyTo(bytes);
		return bytes;
	}

	close(): void {
		this.#drop();
		this.#offset = this.size;
	}

	#endOfRange(start: number): number {
		// Somebody reads further than was said: only a little.
		const end = start < this.#until ? Math.min(start + RANGE_BYTES, this.#until) : start + BEHIND_BYTES;
		return Math.min(this.size, end);
	}

	/** When half of a range is read, somebody reads on. */
	#readAhead(piece: Piece): void {
		if (this.#pieces.length > 1 || piece.end >= this.#until) return;
		if (this.#offset - piece.start < (piece.end - piece.start) / 2) return;
		this.#load(piece.end, this.#endOfRange(piece.end));
	}

	#drop(): void {
		for (const piece of this.#pieces.splice(0)) if (piece.end - piece.next > DRAIN_BYTES) piece.aborter.abort();
	}

	/** @param first - The answer, where that is there already. */
	#load(start: number, end: number, first: RangeAnswer | null = null): void {
		const piece = new Piece(start, end);
		this.#pieces.push(piece);
		const {signal} = piece.aborter;
		let answer = first;
		const attempt = async (onProgress: () => void): Promise<void> => {
			const given = answer ?? (await this.#request(piece));
			answer = null;
			await this.#takeBody(given, piece, onProgress);
		};
		withRetries(attempt, signal, this.#object.retries).then(
			() => piece.finish(),
			(error: unknown) => piece.finish(error),
		);
	}

	async #request(piece: Piece): Promise<RangeAnswer> {
		const {version} = this;
		const {next: start, end} = piece;
		const answer = await this.#object.request({start, end, version, signal: piece.aborter.signal});
		try {
			// Not every server compares versions before it answers.
			if (answer.version !== version || answer.size !== this.size) throw changedMeanwhile(this, answer);
			if (answer.start === start) return answer;
			throw new RemoteError(
				'BAD_ANSWER',
				`${this.#object.name}: bytes from ${start} on were asked for, and bytes from ${answer.start} on came. A proxy may keep parts of it wrongly`,
			);
		} catch (error) {
			answer.body.destroy();
			throw error;
		}
	}

	async #takeBody({body}: RangeAnswer, piece: Piece, onProgress: () => void): Promise<void> {
		const {signal} = piece.aborter;
		const end = (): void => void body.destroy();
		signal.addEventListener('abort', end);
		try {
			for await (const chunk of body as AsyncIterable<Uint8Array>) {
				const left = piece.end - piece.next;
				if (left > 0 && chunk.length > 0) {
					piece.take(chunk.subarray(0, left));
					onProgress();
				}
				// To leave it costs the connection, so that is for a server that sends more than was asked for.
				if (chunk.length > left) break;
			}
		} catch (error) {
			if (piece.next < piece.end) throw this.#object.explain(error);
		} finally {
			signal.removeEventListener('abort', end);
		}
		if (piece.next === piece.end) return;
		throw new RemoteError(
			'SHORT_ANSWER',
			`${this.#object.name}: the server ended its answer at byte ${piece.next}; expected bytes until ${piece.end}`,
		);
	}
}
