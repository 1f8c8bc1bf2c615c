// What files came to, by their contents, and how far large ones have been read: for runs that read the same files in the same way.
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {zstdDecompressSync} from 'node:zlib';
import {pathBytes, pathText} from '../text/path-text.ts';
import {compressed} from './compress.ts';
import {CONTENT_TEXT, contentKeyOf} from './content-key.ts';
import {findCutFiles} from './cut-files.ts';
import type {FoundFile, KnownFiles, NewCheckpoint, NewResult} from './protocol.ts';

/** Files are asked for in the order in which they were kept, by a few at a time. */
const SEGMENTS_KEPT = 4;

export class KeptResults {
	readonly #database: DatabaseSync;
	readonly #settings: Buffer;
	readonly #addSegment: StatementSync;
	readonly #findContent: StatementSync;
	readonly #addResult: StatementSync;
	readonly #setSource: StatementSync;
	readonly #removeCheckpoint: StatementSync;
	readonly #setCheckpoint: StatementSync;
	readonly #listPaths: StatementSync;
	readonly #findResult: StatementSync;
	readonly #findCheckpoint: StatementSync;
	readonly #findSegment: StatementSync;
	readonly #removeSources: StatementSync;
	readonly #removeResults: StatementSync;
	/** Those that were unpacked last, by their numbers. */
	readonly #segments = new Map<number, Buffer>();

	/** @param settingsDigest - See `LedgerThreadData`. */
	constructor(database: DatabaseSync, settingsDigest: string) {
		this.#database = database;
		this.#settings = Buffer.from(settingsDigest, 'hex');
		const prepare = (sql: string): StatementSync => database.prepare(sql);
		this.#addSegment = prepare('INSERT INTO segments (results) VALUES (?)');
		this.#findContent = prepare(
			'SELECT number FROM results WHERE settings = ? AND hash = ? AND content = ? AND kind = ?',
		);
		this.#addResult = prepare(
			'INSERT INTO results (settings, hash, content, kind, segment, start, length) VALUES (?, ?, ?, ?, ?, ?, ?)',
		);
		this.#setSource = prepare(
			'INSERT OR REPLACE INTO sources (settings, path, identity, result, run) VALUES (?, ?, ?, ?, ?)',
		);
		this.#removeCheckpoint = prepare('DELETE FROM checkpoints WHERE settings = ? AND path = ?');
		this.#setCheckpoint = prepare(
			'INSERT OR REPLACE INTO checkpoints (settings, path, identity, state, run) VALUES (?, ?, ?, ?, ?)',
		);
		this.#listPaths = prepare(
			'SELECT path FROM sources WHERE settings = ?1 UNION SELECT path FROM checkpoints WHERE settings = ?1',
		);
		this.#findResult = prepare(
			`SELECT identity, ${CONTENT_TEXT} AS contentHash, segment, start, length
			FROM sources JOIN results ON results.number = sources.result WHERE sources.settings = ? AND path = ? AND kind = ?`,
		);
		this.#findCheckpoint = prepare('SELECT identity, state FROM checkpoints WHERE settings = ? AND path = ?');
		this.#findSegment = prepare('SELECT results FROM segments WHERE number = ?');
		this.#removeSources = prepare('DELETE FROM sources WHERE result IN (SELECT number FROM results WHERE segment = ?)');
		this.#removeResults = prepare('DELETE FROM results WHERE segment = ?');
	}

	/** Within a transaction. Of files with the same content that are of one kind, one is kept. */
	add(run: number | bigint, added: readonly NewResult[]): void {
		const keyOf = ({contentHash, kind}: NewResult): string => `${contentHash} ${kind}`;
		const numbers = new Map<string, unknown>();
		const missing: NewResult[] = [];
		for (const [key, each] of new Map(added.map(each => [keyOf(each), each]))) {
			const {hash, content} = contentKeyOf(each.contentHash);
			const found = this.#findContent.get(this.#settings, hash, content, each.kind);
			if (found === undefined) missing.push(each);
			else numbers.set(key, found.number);
		}
		if (missing.length > 0) {
			const results = Buffer.concat(missing.map(({result}) => result));
			const {lastInsertRowid: segment} = this.#addSegment.run(compressed(results));
			let start = 0;
			for (const each of missing) {
				const {kind, result} = each;
				const {hash, content} = contentKeyOf(each.contentHash);
				const row = this.#addResult.run(this.#settings, hash, content, kind, segment, start, result.length);
				numbers.set(keyOf(each), row.lastInsertRowid);
				start += result.length;
			}
		}
		for (const each of added) {
			const number = numbers.get(keyOf(each));
			if (typeof number !== 'number') throw new Error('Expected a result of each content');
			this.#setSource.run(this.#settings, pathBytes(each.path), each.identity, number, run);
			this.#removeCheckpoint.run(this.#settings, pathBytes(each.path));
		}
	}

	/** Within a transaction. */
	addCheckpoints(run: number | bigint, added: readonly NewCheckpoint[]): void {
		for (const {path, identity, checkpoint} of new Map(added.map(each => [each.path, each])).values()) {
			this.#setCheckpoint.run(this.#settings, pathBytes(path), identity, checkpoint, run);
		}
	}

	list(): KnownFiles {
		return {paths: this.#paths(), cut: findCutFiles(this.#database, this.#settings)};
	}

	#paths(): readonly string[] {
		return this.#listPaths.all(this.#settings).map(({path}) => pathText(Buffer.from(bytesOf(path))));
	}

	/** What is known of the file in its latest state. */
	find(path: string, kind: string): FoundFile | null {
		const key = [this.#settings, pathBytes(path)] as const;
		const checkpoint = this.#findCheckpoint.get(...key);
		const found = this.#findResult.get(...key, kind);
		// It was read in another state, not to its end, after the result was kept.
		if (checkpoint !== undefined && found?.identity !== checkpoint.identity)
			return {
				identity: String(checkpoint.identity),
				result: null,
				contentHash: null,
				checkpoint: bytesOf(checkpoint.state),
			};
		if (found === undefined) return null;
		if (checkpoint !== undefined) this.#removeCheckpoint.run(...key);
		const [segment, start, length] = [Number(found.segment), Number(found.start), Number(found.length)];
		const results = this.#segment(segment);
		if (results === null) return null;
		const result = results.subarray(start, start + length);
		const [identity, contentHash] = [String(found.identity), String(found.contentHash)];
		return {identity, result: new Uint8Array(result), contentHash, checkpoint: null};
	}

	/** `null` where it is damaged: then its files are read again, and kept anew. */
	#segment(number: number): Buffer | null {
		const known = this.#segments.get(number);
		if (known !== undefined) return known;
		const segment = unpacked(bytesOf(this.#findSegment.get(number)?.results));
		if (segment === null) {
			this.#removeSources.run(number);
			this.#removeResults.run(number);
			return null;
		}
		this.#segments.set(number, segment);
		const [oldest] = this.#segments.keys();
		if (oldest !== undefined && this.#segments.size > SEGMENTS_KEPT) this.#segments.delete(oldest);
		return segment;
	}
}

function unpacked(segment: Uint8Array): Buffer | null {
	try {
		return zstdDecompressSync(segment);
	} catch {
		// That is all it may say of bytes.
		return null;
	}
}

function bytesOf(value: unknown): Uint8Array {
	if (!(value instanceof Uint8Array)) throw new Error('Expected a value of bytes in the ledger');
	return value;
}

/** Removes what no file of any run has any more. */
export function removeOrphans(database: DatabaseSync): void {
	database.exec(
		`DELETE FROM results WHERE number NOT IN (SELECT result FROM sources)
		AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.result = results.number)`,
	);
	database.exec('DELETE FROM segments WHERE number NOT IN (SELECT segment FROM results)');
}
