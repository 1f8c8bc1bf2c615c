// Paths as given -> the files to process, each once. Folders are walked, globs matched, standard input is a job like any
// other. Nothing is opened here: names, kinds and sizes only. What was asked for by name and cannot be read becomes a
// failed file, what is no regular file a skipped one; nothing is left out in silence.
import {isUtf8} from 'node:buffer';
import {type Dirent, lstatSync, readdirSync, type Stats, statSync} from 'node:fs';
import {glob} from 'node:fs/promises';
import {resolve} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ErrorReport} from '../store/report-types.ts';
import {compareUtf8} from '../text/byte-order.ts';
import {toErrorReport} from './errors.ts';
import type {SourceLocation} from './worker/protocol.ts';

/** One file of the run. `file` is the path as given or found; bytes that are not UTF-8 are written as `\xff`. */
export type PlanEntry =
	| {
			readonly type: 'file';
			readonly file: string;
			readonly source: SourceLocation;
			/** `null` where it is not known before it is read. */
			readonly bytesTotal: number | null;
	  }
	/** No regular file; `kind` says what it is: `a FIFO`, `a dangling link` … */
	| {readonly type: 'skipped'; readonly file: string; readonly kind: string}
	| {readonly type: 'unreadable'; readonly file: string; readonly error: ErrorReport};

export interface Plan {
	/** Sorted by path in byte order, which is the order of the run. */
	readonly entries: readonly PlanEntry[];
	/** What was given and led to nothing at all: a sentence for each. */
	readonly unmatched: readonly string[];
}

/** What a walk takes for data. A file that is given by name is taken whatever its name is. */
const dataFileName = /\.(?:csv|tsv|txt|log)(?:\.gz)?$/i;

/**
Listing and asking for sizes is done with the synchronous calls, which take 3 µs where the asynchronous ones take 20 and
leave a promise behind: 0.3 s against 2.4 s and 200 MB for a folder of 100,000 files. So often they let others have a turn.
*/
const TURN_MS = 10;

/** What makes a path that is not there a pattern: `*`, `?`, `[ab]`, `{a,b}`, `+(a|b)`. */
const globPattern = /[*?[{]|[!+@]\(/;

/** Standard input, as a path. */
export const STANDARD_INPUT_PATH = '-';

/** Finds the files to process. */
export async function planFiles(paths: readonly string[], signal?: AbortSignal): Promise<Plan> {
	const planner = new Planner(signal);
	for (const path of paths) await planner.add(path);
	return planner.finish();
}

/** Plans one file by its name as it is, without globs or walking; one that is not there fails when it is opened. */
export async function planFile(path: string): Promise<Plan> {
	if (path === STANDARD_INPUT_PATH) return planFiles([path]);
	let entry: PlanEntry;
	try {
		const stats = statSync(path);
		if (stats.isFile()) entry = {type: 'file', file: path, source: {kind: 'file', path}, bytesTotal: stats.size};
		else entry = {type: 'skipped', file: path, kind: stats.isDirectory() ? 'a folder' : describeKind(stats)};
	} catch (error) {
		entry = {type: 'unreadable', file: path, error: toErrorReport(error)};
	}
	return {entries: [entry], unmatched: []};
}

class Planner {
	readonly #signal: AbortSignal | undefined;
	#turnEndsAtMs = performance.now() + TURN_MS;
	/** Paths are compared as bytes, one character each, and so is what they are relative to. */
	readonly #workingFolder = Buffer.from(process.cwd()).toString('latin1');
	/** By resolved path, one character per byte: a path given twice is one job. */
	readonly #seen = new Set<string>();
	readonly #entries: PlanEntry[] = [];
	readonly #missing: PlanEntry[] = [];
	readonly #unmatched: string[] = [];

	constructor(signal: AbortSignal | undefined) {
		this.#signal = signal;
	}

	async add(path: string): Promise<void> {
		this.#signal?.throwIfAborted();
		if (path === STANDARD_INPUT_PATH) {
			// As it is: resolved, it would be the path of a file of that name.
			if (!this.#seen.has(path)) {
				this.#seen.add(path);
				this.#entries.push({type: 'file', file: path, source: {kind: 'standard-input'}, bytesTotal: null});
			}
			return;
		}
		const name = Buffer.from(path);
		try {
			await this.#take(name, lstatSync(path), true);
		} catch (error) {
			this.#signal?.throwIfAborted();
			const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
			// A name with brackets may be a file's real name, so a pattern is only what is not there as a file.
			if (isMissing && globPattern.test(path)) await this.#takeMatches(path);
			else if (this.#isNew(name))
				(isMissing ? this.#missing : this.#entries).push({
					type: 'unreadable',
					file: displayName(name),
					error: toErrorReport(error),
				});
		}
	}

	finish(): Plan {
		// A missing file beside others is one that failed; alone it is a wrong path.
		if (this.#entries.length > 0) this.#entries.push(...this.#missing);
		else this.#unmatched.push(...this.#missing.map(({file}) => `${file}: no such file or folder`));
		this.#entries.sort((left, right) => compareUtf8(left.file, right.file));
		return {entries: this.#entries, unmatched: this.#unmatched};
	}

	async #takeMatches(pattern: string): Promise<void> {
		let count = 0;
		// Node's glob finds every kind of file, so that what is no regular one can be told of, and does not go through links
		// to folders, behind which the same files may be found again.
		for await (const match of glob(pattern)) {
			this.#signal?.throwIfAborted();
			await this.#tryTaking(Buffer.from(match), false);
			count++;
		}
		if (count === 0) this.#unmatched.push(`${pattern}: no file matches`);
	}

	/**
	@param isGiven - Whether someone named it, rather than a walk having met it.
	@returns How many entries it led to.
	*/
	async #take(path: Buffer, stats: Stats, isGiven: boolean): Promise<number> {
		if (stats.isSymbolicLink()) return this.#takeLink(path, isGiven);
		if (stats.isDirectory()) return this.#walk(path, isGiven);
		if (!stats.isFile()) return this.#skip(path, describeKind(stats));
		if (!this.#isNew(path)) return 0;
		const source: SourceLocation = {kind: 'file', path: isUtf8(path) ? path.toString('utf8') : path};
		this.#entries.push({type: 'file', file: displayName(path), source, bytesTotal: stats.size});
		return 1;
	}

	async #takeLink(path: Buffer, isGiven: boolean): Promise<number> {
		let target: Stats;
		try {
			target = statSync(path);
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? error.code : null;
			if (code === 'ENOENT') return this.#skip(path, 'a dangling link');
			if (code === 'ELOOP') return this.#skip(path, 'a link that leads in a circle');
			throw error;
		}
		// A walk does not follow links to folders: they may lead in a circle, or to what is walked anyway.
		if (target.isDirectory() && !isGiven) return this.#skip(path, 'a link to a folder');
		return this.#take(path, target, isGiven);
	}

	#skip(path: Buffer, kind: string): number {
		if (!this.#isNew(path)) return 0;
		this.#entries.push({type: 'skipped', file: displayName(path), kind});
		return 1;
	}

	/** Walks a folder. Listings are bytes, because names may be of any bytes. */
	async #walk(folder: Buffer, isGiven: boolean): Promise<number> {
		if (!this.#isNew(folder)) return 0;
		let children: Array<Dirent<Buffer>>;
		try {
			children = readdirSync(folder, {withFileTypes: true, encoding: 'buffer'});
		} catch (error) {
			return this.#fail(folder, error);
		}
		const separator = folder.at(-1) === SLASH ? Buffer.alloc(0) : Buffer.of(SLASH);
		let count = 0;
		for (const child of children) {
			if (child.name[0] === DOT) continue;
			const isData = dataFileName.test(child.name.toString('latin1'));
			if (!isData && !child.isDirectory()) continue;
			const path = Buffer.concat([folder, separator, child.name]);
			count += child.isDirectory() ? await this.#walk(path, false) : await this.#tryTaking(path, false);
			if (performance.now() > this.#turnEndsAtMs) await this.#yieldTurn();
		}
		// A folder with a data file's name and no data in it is worth a word; one with data is what Spark writes.
		if (count > 0 || isGiven || !dataFileName.test(folder.toString('latin1'))) return count;
		this.#entries.push({type: 'skipped', file: displayName(folder), kind: 'a folder'});
		return 1;
	}

	async #tryTaking(path: Buffer, isGiven: boolean): Promise<number> {
		try {
			return await this.#take(path, lstatSync(path), isGiven);
		} catch (error) {
			this.#signal?.throwIfAborted();
			return this.#fail(path, error);
		}
	}

	async #yieldTurn(): Promise<void> {
		await nextTurn();
		this.#signal?.throwIfAborted();
		this.#turnEndsAtMs = performance.now() + TURN_MS;
	}

	#fail(path: Buffer, error: unknown): number {
		this.#entries.push({type: 'unreadable', file: displayName(path), error: toErrorReport(error)});
		return 1;
	}

	#isNew(path: Buffer): boolean {
		const key = resolve(this.#workingFolder, path.toString('latin1'));
		if (this.#seen.has(key)) return false;
		this.#seen.add(key);
		return true;
	}
}

const SLASH = 0x2f;
const DOT = 0x2e;

/**
A path as text, different for different paths: files are known by it. Bytes that are not UTF-8 become `\xff`; where a
name itself looks like that, its backslash becomes `\x5c`.
*/
export function displayName(path: Buffer): string {
	if (isUtf8(path) && !path.includes('\\x')) return path.toString('utf8');
	let name = '';
	for (let index = 0; index < path.length; ) {
		// The longest valid sequence is 4 bytes; a byte that begins none is written as an escape.
		const length = [1, 2, 3, 4].find(
			count => index + count <= path.length && isUtf8(path.subarray(index, index + count)),
		);
		name +=
			length === undefined || looksEscaped.test(path.toString('latin1', index, index + 4))
				? `\\x${path.toString('hex', index, index + 1)}`
				: path.toString('utf8', index, index + length);
		index += length ?? 1;
	}
	return name;
}

const looksEscaped = /^\\x[0-9a-f]{2}$/;

function describeKind(stats: Stats): string {
	if (stats.isFIFO()) return 'a FIFO';
	if (stats.isSocket()) return 'a socket';
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
	return 'not a regular file';
}
