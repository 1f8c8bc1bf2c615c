// The audit log of a server is a chain: what each line hashes to depends on the line, and on the hash in front of it. Who changes, removes or inserts a line
// has to make all hashes behind it anew, and then the last one is another.
import {createHash} from 'node:crypto';
import type {DatabaseSync} from 'node:sqlite';
import {openToRead} from './open-database.ts';

export interface ChainedLine {
	/** From 1 on, without gaps. */
	readonly number: number;
	/** JSON, as it was hashed. */
	readonly record: string;
	readonly hash: Buffer;
}

/** Where a log ended when somebody looked. */
export interface ChainHead {
	/** 0: it had no lines. */
	readonly number: number;
	/** In hexadecimal digits. */
	readonly hash: string;
}

/** `null`: nothing is broken. */
export interface ChainFault {
	/** Of the first line that is not as it was. */
	readonly number: number;
	readonly expected: string;
	readonly found: string;
}

/** What the first line is chained to. */
export const CHAIN_START = Buffer.alloc(32);

export const chainHash = (previous: Uint8Array, record: string): Buffer =>
	createHash('sha256').update(previous).update(record).digest();

/** What the statement that adds a line hashes with, so that two processes that write cannot chain to the same line. */
export function defineChainHash(database: DatabaseSync): void {
	database.function('chain_hash', {deterministic: true, directOnly: true}, (previous, record) => {
		if (!(previous instanceof Uint8Array)) throw new Error('Expected the hash of the line in front');
		return chainHash(previous, String(record));
	});
}

export class AuditReader {
	readonly #database: DatabaseSync;

	/** @throws {LedgerError} When there is no ledger, or it cannot be read. */
	constructor(path: string) {
		this.#database = openToRead(path);
	}

	*lines(): Generator<ChainedLine, void, undefined> {
		const rows = this.#database.prepare('SELECT number, record, hash FROM audit WHERE number > 0 ORDER BY number');
		for (const {number, record, hash} of rows.iterate())
			yield {number: Number(number), record: String(record), hash: Buffer.from(hash as Uint8Array)};
	}

	close(): void {
		this.#database.close();
	}
}

/**
@param known - Where the log ended at some earlier time: it must still have that line, so a cut end is seen.
@returns The first link that is broken, and the end of the log.
*/
export function verifyChain(
	lines: Iterable<ChainedLine>,
	known: ChainHead | null,
): {readonly fault: ChainFault | null; readonly head: ChainHead} {
	let number = 0;
	let previous: Buffer = CHAIN_START;
	for (const line of lines) {
		if (line.number !== number + 1)
			return {fault: missing(number + 1, `line ${line.number}`), head: headOf(number, previous)};
		const hash = chainHash(previous, line.record);
		if (!hash.equals(line.hash))
			return {
				fault: {number: line.number, expected: hash.toString('hex'), found: line.hash.toString('hex')},
				head: headOf(number, previous),
			};
		if (line.number === known?.number && known.hash !== hash.toString('hex'))
			return {
				fault: {number: line.number, expected: known.hash, found: hash.toString('hex')},
				head: headOf(number, previous),
			};
		[number, previous] = [line.number, hash];
	}
	const head = headOf(number, previous);
	if (known !== null && known.number > number) return {fault: missing(number + 1, 'the end of the log'), head};
	return {fault: null, head};
}

const headOf = (number: number, hash: Buffer): ChainHead => ({number, hash: hash.toString('hex')});

const missing = (number: number, found: string): ChainFault => ({number, expected: `line ${number}`, found});
