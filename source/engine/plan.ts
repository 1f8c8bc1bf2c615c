// Paths as given -> the files to process, each once. Folders are walked, globs matched, standard input is a job like any
// other. Nothing is opened here: names, kinds and sizes only. What is no regular file becomes a skipped one, what may not
// be read a failed one; nothing is left out in silence.
import {isUtf8} from 'node:buffer';
import {accessSync, constants, type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync} from 'node:fs';
import {resolve} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ErrorReport} from '../store/report-types.ts';
import {compareUtf8} from '../text/byte-order.ts';
import {toErrorReport} from './errors.ts';
import {monotonicMs} from './monotonic.ts';
import type {SourceLocation} from './worker/protocol.ts';

/** One file of the run. `file` is the path as given or found; bytes that are not UTF-8 are written as `\xff`. */
export type PlanEntry =
	| {
			readonly type: 'file';
			readonly file: string;
			readonly source: SourceLocation;
			/** `null` where it is not known before it is read. */
			readonly bytesTotal: number | null;
			/** There where a walk or a pattern has found the file, and nobody named it. */
			readonly isFound?: true;
	  }
	/** No regular file; `kind` says what it is: `a FIFO`, `a dangling link` … */
	| {readonly type: 'skipped'; readonly file: string; readonly kind: string}
	/** What can't be tried again: a folder that may not be listed, a pattern without a match. */
	| {readonly type: 'unreadable'; readonly file: string; readonly error: ErrorReport};

export interface Plan {
	/** Sorted by path in byte order, which is the order of the run. A run takes them out, for 100,000 are not to be kept twice. */
	readonly entries: PlanEntry[];
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

/** Told what is found while more is looked for. */
export interface PlanWatcher {
	/** A folder has been listed: so many files there may be, with those that are known already. */
	readonly onListed?: (fileCount: number) => void;
	/** The first file of a drive; and each where it cannot be known which one it is on. */
	readonly onDrive?: (path: string | Uint8Array) => void;
	/** So many have been found; now and then. */
	readonly onCount?: (fileCount: number) => void;
}

/** Knows the files that the run itself writes. */
export interface OutputFilter {
	/** Whether a file that is found is left out, because it is one of them. */
	readonly isOutput: (stats: Stats, path: string | Uint8Array, isGiven: boolean) => boolean;
}

/** Finds the files to process. */
export async function planFiles(
	paths: readonly string[],
	signal?: AbortSignal,
	watcher: PlanWatcher = {},
	outputs?: OutputFilter,
): Promise<Plan> {
	const planner = new Planner(signal, watcher, outputs);
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
	} catch {
		entry = {type: 'file', file: path, source: {kind: 'file', path}, bytesTotal: 0};
	}
	return {entries: [entry], unmatched: []};
}

class Planner {
	readonly #signal: AbortSignal | undefined;
	readonly #watcher: PlanWatcher;
	readonly #outputs: OutputFilter | undefined;
	#turnEndsAtMs = monotonicMs() + TURN_MS;
	/** Where each file really is, one character per byte: a path given twice is one job. */
	readonly #seen = new Set<string>();
	readonly #entries: PlanEntry[] = [];
	/** Links to files: looked at when all files are known that are there under their own names. */
	readonly #links: Array<{readonly path: Buffer; readonly stats: Stats; readonly isGiven: boolean}> = [];
	/** What led to nothing: worth an entry beside others, and alone a sentence. */
	readonly #nothings: Array<{readonly entry: PlanEntry; readonly sentence: string}> = [];
	/** The numbers of those that have been told of. */
	readonly #drives = new Set<number>();

	constructor(signal: AbortSignal | undefined, watcher: PlanWatcher, outputs: OutputFilter | undefined) {
		this.#signal = signal;
		this.#watcher = watcher;
		this.#outputs = outputs;
	}

	async add(path: string): Promise<void> {
		this.#signal?.throwIfAborted();
		const name = Buffer.from(path);
		if (path === STANDARD_INPUT_PATH) {
			// No file is at this place: places are absolute.
			if (this.#isNew(name)) {
				this.#entries.push({type: 'file', file: path, source: {kind: 'standard-input'}, bytesTotal: null});
			}
			return;
		}
		try {
			const stats = lstatSync(path);
			const count = await this.#take(name, placeOf(name), stats, true);
			if (count === 0) this.#addEmptyFolder(name);
		} catch (error) {
			this.#signal?.throwIfAborted();
			const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
			// A name with brackets may be a file's real name, so a pattern is only what is not there as a file.
			if (isMissing && globPattern.test(path)) await this.#takeMatches(path);
			else if (this.#isNew(placeOf(name))) {
				// It fails when it is opened, and may be tried again when it has come.
				const entry: PlanEntry = {...fileAt(name), bytesTotal: 0};
				this.#watcher.onDrive?.(name);
				if (isMissing) this.#nothings.push({entry, sentence: `${entry.file}: no such file or folder`});
				else this.#entries.push(entry);
			}
		}
	}

	finish(): Plan {
		this.#links.sort((left, right) => Buffer.compare(left.path, right.path));
		for (const {path, stats, isGiven} of this.#links) {
			const place = placeOf(path);
			if (this.#seen.has(place.toString('latin1')))
				this.#skip(path, path, 'a link to a file that is processed already');
			else this.#addFile(path, place, stats, isGiven);
		}
		const unmatched: string[] = [];
		const hasEntries = this.#entries.length > 0;
		for (const {entry, sentence} of this.#nothings) {
			if (hasEntries) this.#entries.push(entry);
			else unmatched.push(sentence);
		}
		this.#entries.sort((left, right) => compareUtf8(left.file, right.file));
		return {entries: this.#entries, unmatched};
	}

	async #takeMatches(pattern: string): Promise<void> {
		const entryCount = this.#entries.length;
		let count = 0;
		// Node's glob finds every kind of file, so that what is no regular one can be told of, and does not go through links
		// to folders, behind which the same files may be found again. What it may not read it passes over without a word.
		const named = (match: string): Buffer =>
			Buffer.from(pattern.startsWith('./') && !match.startsWith('.') ? `./${match}` : match);
		const exclude = (folder: string): boolean => {
			this.#tellIfUnreadable(named(folder));
			return false;
		};
		const {glob} = await import('node:fs/promises');
		for await (const match of glob(pattern, {exclude})) {
			this.#signal?.throwIfAborted();
			const path = named(match);
			count += await this.#tryTaking(path, placeOf(path), false);
		}
		if (count > 0 || this.#entries.length > entryCount) return;
		const message = 'No file matches this pattern';
		const error: ErrorReport = {code: 'NO_MATCH', message, line: null, byte_offset: null};
		this.#nothings.push({
			entry: {type: 'unreadable', file: pattern, error},
			sentence: `${pattern}: no file matches this pattern`,
		});
	}

	/**
	@param place - Where it really is, links in its path followed.
	@param isGiven - Whether someone named it, rather than a walk having met it.
	@returns How many files and the like it led to, those among them that were known before.
	*/
	async #take(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): Promise<number> {
		if (stats.isSymbolicLink()) return this.#takeLink(path, isGiven);
		if (stats.isDirectory()) return this.#walk(path, place, isGiven);
		return stats.isFile() ? this.#addFile(path, place, stats, isGiven) : this.#skip(path, place, describeKind(stats));
	}

	async #takeLink(path: Buffer, isGiven: boolean): Promise<number> {
		let target: Stats;
		try {
			target = statSync(path);
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? error.code : null;
			if (code === 'ENOENT') return this.#skip(path, path, 'a dangling link');
			if (code === 'ELOOP') return this.#skip(path, path, 'a link that leads in a circle');
			throw error;
		}
		// A walk does not follow links to folders: they may lead in a circle, or to what is walked anyway.
		if (target.isDirectory() && !isGiven) return this.#skip(path, path, 'a link to a folder');
		if (!target.isFile()) return this.#take(path, placeOf(path), target, isGiven);
		this.#links.push({path, stats: target, isGiven});
		return 1;
	}

	#addFile(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): number {
		if (this.#outputs?.isOutput(stats, path, isGiven)) return 0;
		if (!this.#isNew(place)) return 1;
		if (!this.#drives.has(stats.dev)) this.#tellDrive(stats.dev, path);
		this.#entries.push({...fileAt(path), bytesTotal: stats.size, ...(isGiven ? {} : {isFound: true})});
		return 1;
	}

	/** Takes the usual, a regular file whose path says what it is. Returns false for whatever is to be looked at again. */
	#tryAdding(path: string, place: string): boolean {
		let stats: Stats;
		try {
			stats = lstatSync(path);
		} catch {
			return false;
		}
		if (!stats.isFile() || this.#outputs?.isOutput(stats, path, false)) return false;
		if (this.#isNewPlace(place)) {
			if (!this.#drives.has(stats.dev)) this.#tellDrive(stats.dev, path);
			this.#entries.push({
				type: 'file',
				file: path,
				source: {kind: 'file', path},
				bytesTotal: stats.size,
				isFound: true,
			});
		}
		return true;
	}

	#tellDrive(device: number, path: string | Buffer): void {
		this.#drives.add(device);
		this.#watcher.onDrive?.(path);
	}

	/** @param pathText - One character per byte, and so is the place. */
	async #takeChild(child: Child, pathText: string, placeText: string): Promise<number> {
		const path = Buffer.from(pathText, 'latin1');
		const place = Buffer.from(placeText, 'latin1');
		if (typeof child !== 'string') {
			if (child.isDirectory()) return this.#walk(path, place, false);
			if (!dataFileName.test(pathText) && !isLinkToFolder(path, child)) return 0;
		}
		return this.#tryTaking(path, place, false);
	}

	#skip(path: Buffer, place: Buffer, kind: string): number {
		if (this.#isNew(place)) this.#entries.push({type: 'skipped', file: displayName(path), kind});
		return 1;
	}

	async #walk(folder: Buffer, place: Buffer, isGiven: boolean): Promise<number> {
		if (!this.#isNew(place)) return 1;
		let children: readonly Child[];
		try {
			children = listFolder(folder);
		} catch (error) {
			return this.#fail(folder, error);
		}
		this.#watcher.onListed?.(this.#entries.length + children.length);
		const [folderText, placeText] = [asFolder(folder), asFolder(place)];
		const isPlain = plainPath.test(folderText);
		let count = 0;
		for (const child of children) {
			const name = nameOf(child);
			if (isHidden(name)) continue;
			const path = folderText + name;
			const childPlace = placeText === folderText ? path : placeText + name;
			const isUsual = isPlain && plainPath.test(name) && isDataFile(child, name);
			count += isUsual && this.#tryAdding(path, childPlace) ? 1 : await this.#takeChild(child, path, childPlace);
			if (monotonicMs() > this.#turnEndsAtMs) await this.#yieldTurn();
		}
		// A folder with a data file's name and no data in it is worth a word; one with data is what Spark writes.
		if (count > 0 || isGiven || !dataFileName.test(folder.toString('latin1'))) return count;
		this.#entries.push({type: 'skipped', file: displayName(folder), kind: 'a folder'});
		return 1;
	}

	#addEmptyFolder(folder: Buffer): void {
		const file = displayName(folder);
		this.#nothings.push({
			entry: {type: 'skipped', file, kind: 'a folder without data files'},
			sentence: `${file}: no .csv, .tsv, .txt or .log file (or .gz of one) in this folder`,
		});
	}

	async #tryTaking(path: Buffer, place: Buffer, isGiven: boolean): Promise<number> {
		try {
			return await this.#take(path, place, lstatSync(path), isGiven);
		} catch (error) {
			this.#signal?.throwIfAborted();
			return this.#fail(path, error);
		}
	}

	#tellIfUnreadable(folder: Buffer): void {
		try {
			if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) accessSync(folder, constants.R_OK | constants.X_OK);
		} catch (error) {
			if (this.#isNew(placeOf(folder))) this.#fail(folder, error);
		}
	}

	async #yieldTurn(): Promise<void> {
		this.#watcher.onCount?.(this.#entries.length);
		await nextTurn();
		this.#signal?.throwIfAborted();
		this.#turnEndsAtMs = monotonicMs() + TURN_MS;
	}

	#fail(path: Buffer, error: unknown): number {
		this.#entries.push({type: 'unreadable', file: displayName(path), error: toErrorReport(error)});
		return 1;
	}

	#isNew(place: Buffer): boolean {
		return this.#isNewPlace(place.toString('latin1'));
	}

	#isNewPlace(place: string): boolean {
		const sizeBefore = this.#seen.size;
		return this.#seen.add(place).size > sizeBefore;
	}
}

/** Of a folder: with its kind, or the name alone, one character per byte, where all are names of data. */
type Child = string | Dirent<Buffer>;

/**
Lists a folder. Listings are bytes, because names may be of any. To get the kinds takes twice as long, and most folders have
nothing but data files, which are asked for their sizes and so for their kinds anyway.
*/
function listFolder(folder: Buffer): readonly Child[] {
	const names = readdirSync(folder, {encoding: 'latin1'});
	if (names.every(name => dataFileName.test(name) || isHidden(name))) return names;
	// Where the file system does not tell what an entry is, Node asks for it, by both paths as bytes.
	return readdirSync(folder, {withFileTypes: true, encoding: 'buffer'});
}

const nameOf = (child: Child): string => (typeof child === 'string' ? child : child.name.toString('latin1'));

const isHidden = (name: string): boolean => name.startsWith('.');

/** Whether it may be a regular file with data, by all that the listing tells. */
const isDataFile = (child: Child, name: string): boolean =>
	typeof child === 'string' || (child.isFile() && dataFileName.test(name));

const fileAt = (path: Buffer): {type: 'file'; file: string; source: SourceLocation} => ({
	type: 'file',
	file: displayName(path),
	source: {kind: 'file', path: isUtf8(path) ? path.toString('utf8') : path},
});

/** Its files would be missed in silence. */
const isLinkToFolder = (path: Buffer, child: Dirent<Buffer>): boolean => {
	try {
		return child.isSymbolicLink() && statSync(path).isDirectory();
	} catch {
		// A link without a data file's name that leads nowhere is nobody's data.
		return false;
	}
};

/** Where a path really leads, as an absolute path; where it leads to nothing, the path made absolute. */
function placeOf(path: Buffer): Buffer {
	try {
		return realpathSync.native(path, {encoding: 'buffer'});
	} catch {
		const workingFolder = Buffer.from(process.cwd()).toString('latin1');
		return Buffer.from(resolve(workingFolder, path.toString('latin1')), 'latin1');
	}
}

/** A folder's path, to be put in front of a name; one character per byte. */
const asFolder = (folder: Buffer): string => {
	const text = folder.toString('latin1');
	return text.endsWith('/') ? text : `${text}/`;
};

/** A path whose bytes are its characters, and which is its own `displayName`. */
const plainPath = /^(?:[^\\\u0080-\uffff]|\\(?!x))*$/;

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
