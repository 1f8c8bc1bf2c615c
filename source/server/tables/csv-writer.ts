// A table as CSV on the disk, a row at a time: with every value as it is, and, where a cell would be run as a formula, once more without formulas.
import {createHash, type Hash} from 'node:crypto';
import {closeSync, copyFileSync, fsyncSync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {canonicalRecord} from '../../engine/worker/table/canonical-records.ts';
import {guardFormulas, mayNeedGuard} from '../../text/formula-guard.ts';
import type {KeptFile} from './kept-table.ts';

const PAGE_CHARACTERS = 256 * 1024;

export class CsvWriter {
	readonly #folder: string;
	readonly #name: string;
	readonly #raw: GrowingFile;
	#guarded: GrowingFile | null = null;
	#rows = -1;

	/** @param name - Of its files, without their ending. @throws {Error} Of the system. */
	constructor(folder: string, name: string, columns: readonly string[]) {
		this.#folder = folder;
		this.#name = name;
		this.#raw = GrowingFile.create(folder, `${name}.csv`);
		this.add(columns);
	}

	/** @throws {Error} Of the system. */
	add(cells: readonly string[]): void {
		const record = canonicalRecord(cells);
		const guarded = cells.some(mayNeedGuard) ? canonicalRecord(cells.map(guardFormulas)) : record;
		// Up to here both are the same.
		if (guarded !== record) this.#guarded ??= this.#raw.fork(this.#folder, `${this.#name}.guarded.csv`);
		this.#raw.add(record);
		this.#guarded?.add(guarded);
		this.#rows++;
	}

	/** They are on the disk then, but for their names. @throws {Error} Of the system. */
	end(): {readonly rows: number; readonly raw: KeptFile; readonly guarded: KeptFile | null} {
		return {rows: this.#rows, raw: this.#raw.end(), guarded: this.#guarded?.end() ?? null};
	}

	/** Where it is given up. */
	close(): void {
		this.#raw.close();
		this.#guarded?.close();
	}
}

class GrowingFile {
	readonly #name: string;
	readonly #path: string;
	readonly #descriptor: number;
	readonly #hash: Hash;
	#page = '';
	#bytes: number;
	#isOpen = true;

	private constructor(folder: string, name: string, flags: 'wx' | 'a', so: {hash: Hash; bytes: number}) {
		this.#name = name;
		this.#path = join(folder, name);
		this.#descriptor = openSync(this.#path, flags, 0o600);
		this.#hash = so.hash;
		this.#bytes = so.bytes;
	}

	static create(folder: string, name: string): GrowingFile {
		return new GrowingFile(folder, name, 'wx', {hash: createHash('sha256'), bytes: 0});
	}

	/** Another one that begins with the same bytes. */
	fork(folder: string, name: string): GrowingFile {
		this.#write();
		copyFileSync(this.#path, join(folder, name));
		return new GrowingFile(folder, name, 'a', {hash: this.#hash.copy(), bytes: this.#bytes});
	}

	add(text: string): void {
		this.#page += text;
		if (this.#page.length >= PAGE_CHARACTERS) this.#write();
	}

	end(): KeptFile {
		this.#write();
		fsyncSync(this.#descriptor);
		this.close();
		return {name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex')};
	}

	close(): void {
		if (this.#isOpen) closeSync(this.#descriptor);
		this.#isOpen = false;
	}

	#write(): void {
		const page = Buffer.from(this.#page);
		for (let written = 0; written < page.length; ) written += writeSync(this.#descriptor, page, written);
		this.#hash.update(page);
		this.#bytes += page.length;
		this.#page = '';
	}
}
