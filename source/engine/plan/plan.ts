// Paths as given -> the files to process, each once. Folders are walked, patterns matched, standard input is a job like any
// other. Nothing is opened here: names, kinds and sizes only. What is not a regular file becomes a skipped one, what may not be
// read a failed one. A FIFO that somebody has named is read as a stream; one that was only found is skipped.
import {isUtf8} from 'node:buffer';
import {fstatSync, lstatSync, realpathSync, type Stats, statSync} from 'node:fs';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {OtherFiles, RunStarted} from '../../model/events.ts';
import type {ErrorReport} from '../../model/report.ts';
import {compareUtf8} from '../../text/byte-order.ts';
import {displayName, displayPath, pathBytes, systemPath} from '../../text/path-text.ts';
import {codeOf} from '../../text/system-error.ts';
import {toErrorReport} from '../shared/errors.ts';
import {monotonicMs} from '../shared/monotonic.ts';
import type {SourceLocation} from '../shared/protocol.ts';
import {
	asFolder,
	type Child,
	dataFileName,
	isHidden,
	listFolder,
	mayBeDataFile,
	nameOf,
	placeOf,
	plainPath,
} from './list-folder.ts';
import {visitMatches} from './match-pattern.ts';
import {isStream, STANDARD_INPUT_PATH, streamAt} from './named-stream.ts';
import {OtherFileCount} from './other-files.ts';
import {globCharacters} from './path-pattern.ts';

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
	/** Not to be read; `kind` says what it is: `a FIFO`, `a dangling link` … */
	| {readonly type: 'skipped'; readonly file: string; readonly kind: string}
	/** What can't be tried again: a folder that may not be listed, a pattern without a match. */
	| {readonly type: 'unreadable'; readonly file: string; readonly error: ErrorReport};

export interface Plan {
	/** Sorted by path in byte order, which is the order of the run. A run takes them out, for 100,000 are not to be kept twice. */
	readonly entries: PlanEntry[];
	/** What was given and led to nothing at all: a sentence for each. */
	readonly unmatched: readonly string[];
	/** Files that walks have left out because of their names; missing where there are none. Hidden ones are not counted. */
	readonly otherFiles?: OtherFiles;
}

/** What `run-started` tells of a plan. */
export const sumUpPlan = ({
	entries,
	otherFiles,
}: Plan): Pick<RunStarted, 'fileCount' | 'bytesTotal' | 'otherFiles'> => ({
	fileCount: entries.length,
	bytesTotal: entries.reduce((sum, entry) => sum + (entry.type === 'file' ? (entry.bytesTotal ?? 0) : 0), 0),
	...(otherFiles === undefined ? {} : {otherFiles}),
});

/**
Listing and asking for sizes is done with the synchronous calls, which take 3 µs where the asynchronous ones take 20 and
leave a promise behind: 0.3 s against 2.4 s and 200 MB for a folder of 100,000 files. So often they let others have a turn.
*/
const TURN_MS = 10;

/** Called with what is found while more is looked for. */
export interface PlanWatcher {
	/** A folder has been listed: so many files there may be, with those that are known already. */
	readonly onListed?: (fileCount: number) => void;
	/** So many have been found; now and then. */
	readonly onCount?: (fileCount: number) => void;
}

/** Knows the files that the run itself writes. */
export interface OutputFilter {
	/** Whether a file that is found is left out, because it is one of them. */
	readonly isOutput: (stats: Stats, path: string | Uint8Array, isGiven: boolean) => boolean;
}

export interface PlanOptions {
	/** Whether links to folders that were found, rather than named, are followed. */
	readonly follow?: boolean | undefined;
	readonly watcher?: PlanWatcher | undefined;
	readonly outputs?: OutputFilter | undefined;
}

/**
Finds the files to process.

@param paths - As texts of `text/path-text.ts`.
*/
export async function planFiles(paths: readonly string[], options: PlanOptions = {}): Promise<Plan> {
	const planner = new Planner(options);
	for (const path of paths) await planner.add(path);
	return planner.finish();
}

/** Plans one file by its name as it is, without patterns or walking; one that is not there fails when it is opened. */
export async function planFile(path: string): Promise<Plan> {
	if (path === STANDARD_INPUT_PATH) return planFiles([path]);
	let entry: PlanEntry;
	try {
		const stats = statSync(path);
		if (stats.isFile()) entry = {type: 'file', file: path, source: {kind: 'file', path}, bytesTotal: stats.size};
		else if (isStream(path, stats))
			entry = {type: 'file', file: path, source: streamAt(Buffer.from(path)), bytesTotal: null};
		else entry = {type: 'skipped', file: path, kind: stats.isDirectory() ? 'a folder' : describeKind(stats)};
	} catch {
		entry = {type: 'file', file: path, source: {kind: 'file', path}, bytesTotal: 0};
	}
	return {entries: [entry], unmatched: []};
}

/** A link to a folder that was found. */
interface LinkedFolder {
	/** One character per byte. */
	readonly path: string;
	readonly visit: () => Promise<number>;
}

class Planner {
	readonly #watcher: PlanWatcher;
	readonly #outputs: OutputFilter | undefined;
	readonly #follows: boolean;
	#turnEndsAtMs = monotonicMs() + TURN_MS;
	/** Where each file really is, one character per byte: a path given twice is one job. */
	readonly #seen = new Set<string>();
	readonly #entries: PlanEntry[] = [];
	/** Links to files: looked at when all files are known that are there under their own names. */
	readonly #links: Array<{readonly path: Buffer; readonly stats: Stats; readonly isGiven: boolean}> = [];
	/** Links to folders that are followed when all is known that is there without them. */
	#linkedFolders: LinkedFolder[] = [];
	readonly #otherFiles = new OtherFileCount();
	/** What led to nothing: worth an entry beside others, and alone a sentence. */
	readonly #nothings: Array<{readonly entry: PlanEntry; readonly sentence: string}> = [];
	/** The numbers of those that have been told of. */

	constructor({follow = false, watcher = {}, outputs}: PlanOptions) {
		this.#follows = follow;
		this.#watcher = watcher;
		this.#outputs = outputs;
	}

	async add(path: string): Promise<void> {
		const name = pathBytes(path);
		// Nothing else is at this place: places are absolute.
		if (path === STANDARD_INPUT_PATH) return void this.#addStream(name, name);
		try {
			let count = await this.#take(name, placeOf(name), lstatSync(systemPath(path)), true);
			count += await this.#takeLinkedFolders();
			if (count === 0) this.#addEmptyFolder(name);
		} catch (error) {
			const code = codeOf(error) ?? '';
			// A name with brackets may be a file's real name, so a pattern is only what is not there as a file.
			if (missingCodes.has(code) && globCharacters.test(path)) await this.#takeMatches(path);
			else this.#addMissing(name, code);
		}
	}

	finish(): Plan {
		this.#links.sort((left, right) => Buffer.compare(left.path, right.path));
		for (const {path, stats, isGiven} of this.#links) {
			const place = placeOf(path);
			if (this.#seen.has(place.toString('latin1'))) this.#skip(path, path, LINK_TO_KNOWN_FILE);
			else this.#addFile(path, place, stats, isGiven);
		}
		const unmatched: string[] = [];
		const hasEntries = this.#entries.length > 0;
		for (const {entry, sentence} of this.#nothings) {
			if (hasEntries) this.#entries.push(entry);
			else unmatched.push(sentence);
		}
		this.#entries.sort((left, right) => compareUtf8(left.file, right.file));
		const otherFiles = this.#otherFiles.total();
		return {entries: this.#entries, unmatched, ...(otherFiles === null ? {} : {otherFiles})};
	}

	/** It fails when it is opened, and may be tried again when it has come. */
	#addMissing(name: Buffer, code: string): void {
		if (!this.#isNew(placeOf(name))) return;
		const entry: PlanEntry = {...fileAt(name), bytesTotal: 0};
		if (code === 'ENOENT') this.#nothings.push({entry, sentence: `${entry.file}: no such file or folder`});
		else this.#entries.push(entry);
	}

	async #takeMatches(pattern: string): Promise<void> {
		const entryCount = this.#entries.length;
		let hasMatch = false;
		const count = await visitMatches(pattern, {
			onMatch: (path, place, isNamed) => {
				hasMatch = true;
				if (!isNamed && plainPath.test(path) && this.#tryAdding(path, place)) return 1;
				return this.#tryTaking(fromLatin1(path), fromLatin1(place), isNamed);
			},
			onLinkedFolder: (path, place, visit) => this.#takeLinkedFolder(path, place, visit),
			onUnreadable: (path, error) => {
				const folder = fromLatin1(path === '' ? '.' : path.replace(/(?<=.)\/$/, ''));
				return this.#isNew(placeOf(folder)) ? this.#fail(folder, error) : 1;
			},
			pause: () => (monotonicMs() > this.#turnEndsAtMs ? this.#yieldTurn() : undefined),
		});
		if (count + (await this.#takeLinkedFolders()) > 0 || this.#entries.length > entryCount) return;
		const file = displayPath(pattern);
		const message = hasMatch
			? 'No data file is in the folders that match this pattern'
			: 'No file matches this pattern';
		const error: ErrorReport = {code: 'NO_MATCH', message, line: null, byte_offset: null};
		const sentence = `${file}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
		this.#nothings.push({entry: {type: 'unreadable', file, error}, sentence});
	}

	/**
	@param place - Where it really is, links in its path followed.
	@param isGiven - Whether someone named it, rather than a walk having met it.
	@returns How many files and the like it led to, those among them that were known before.
	*/
	async #take(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): Promise<number> {
		if (stats.isSymbolicLink()) return this.#takeLink(path, isGiven);
		if (stats.isDirectory()) return this.#walk(path, place, isGiven);
		if (stats.isFile()) return this.#addFile(path, place, stats, isGiven);
		if (isGiven && isStream(path.toString('latin1'), stats)) return this.#addStream(path, place);
		return this.#skip(path, place, describeKind(stats));
	}

	async #takeLink(path: Buffer, isGiven: boolean): Promise<number> {
		let target: Stats;
		try {
			target = statSync(path);
		} catch (error) {
			const code = codeOf(error);
			if (code === 'ENOENT') return this.#skip(path, path, DANGLING_LINK);
			if (code === 'ELOOP') return this.#skip(path, path, CIRCULAR_LINK);
			throw error;
		}
		if (target.isDirectory() && !isGiven) {
			const place = placeOf(path);
			return this.#takeLinkedFolder(latin1(path), latin1(place), () => this.#walk(path, place, false));
		}
		if (!target.isFile()) return this.#take(path, placeOf(path), target, isGiven);
		this.#links.push({path, stats: target, isGiven});
		return 1;
	}

	/** Links to folders that were found are not followed unless somebody asks for it: they may lead anywhere, and in circles. */
	#takeLinkedFolder(path: string, place: string, visit: () => Promise<number>): number {
		if (!this.#follows) return this.#skip(fromLatin1(path), fromLatin1(path), LINK_TO_FOLDER);
		const skipIfKnown = async (): Promise<number> => {
			if (!this.#seen.has(place)) return visit();
			return this.#skip(fromLatin1(path), fromLatin1(path), LINK_TO_KNOWN_FOLDER);
		};
		this.#linkedFolders.push({path, visit: skipIfKnown});
		return 0;
	}

	async #takeLinkedFolders(): Promise<number> {
		let count = 0;
		while (this.#linkedFolders.length > 0) {
			const links = this.#linkedFolders.sort((left, right) => (left.path < right.path ? -1 : 1));
			this.#linkedFolders = [];
			for (const {visit} of links) count += await visit();
		}
		return count;
	}

	#addStream(path: Buffer, place: Buffer): number {
		const source = streamAt(path);
		if (this.#isNew(source.kind === 'standard-input' ? standardInputPlace() : place)) {
			this.#entries.push({type: 'file', file: displayName(path), source, bytesTotal: null});
		}
		return 1;
	}

	#addFile(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): number {
		if (this.#outputs?.isOutput(stats, path, isGiven)) return 0;
		if (!this.#isNew(place)) return 1;
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

	/** @param pathText - One character per byte, and so is the place. */
	async #takeChild(child: Child, pathText: string, placeText: string): Promise<number> {
		const path = fromLatin1(pathText);
		const place = fromLatin1(placeText);
		if (typeof child !== 'string') {
			if (child.isDirectory()) return this.#walk(path, place, false);
			if (!dataFileName.test(pathText)) {
				// What is behind a link to a folder would be missed in silence.
				const target = child.isSymbolicLink() ? targetOf(path) : child;
				if (!target?.isDirectory()) {
					if (target?.isFile()) this.#otherFiles.add(displayName(path));
					return 0;
				}
			}
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
		const [folderText, placeText] = [asFolder(latin1(folder)), asFolder(latin1(place))];
		const isPlain = plainPath.test(folderText);
		let count = 0;
		for (const child of children) {
			const name = nameOf(child);
			if (isHidden(name)) continue;
			const path = folderText + name;
			const childPlace = placeText === folderText ? path : placeText + name;
			const isUsual = isPlain && plainPath.test(name) && mayBeDataFile(child, name);
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
			return this.#fail(path, error);
		}
	}

	async #yieldTurn(): Promise<void> {
		this.#watcher.onCount?.(this.#entries.length);
		await nextTurn();
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

/** What a link to a folder is called that is not followed. */
export const LINK_TO_FOLDER = 'a link to a folder';
const LINK_TO_KNOWN_FILE = 'a link to a file that is processed already';
const LINK_TO_KNOWN_FOLDER = 'a link to a folder that is processed already';
const DANGLING_LINK = 'a dangling link';
const CIRCULAR_LINK = 'a link that leads in a circle';

/** Why links are not read; of anything else it is said that it is no regular file. */
export const LINK_REASONS: ReadonlyMap<string, string> = new Map([
	[LINK_TO_FOLDER, 'with --follow it is gone through'],
	[LINK_TO_KNOWN_FILE, 'no file is processed twice'],
	[LINK_TO_KNOWN_FOLDER, 'no folder is gone through twice'],
	[DANGLING_LINK, 'there is no file where it leads'],
	[CIRCULAR_LINK, 'there is no file where it leads'],
]);

/** What the system says of a path that cannot be there as it is written. */
const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** `< a.csv` is the file itself, which may be named as well. */
function standardInputPlace(): Buffer {
	try {
		if (fstatSync(0).isFile()) return realpathSync.native('/proc/self/fd/0', {encoding: 'buffer'});
	} catch {
		// It is closed, or the system does not name it.
	}
	return Buffer.from(STANDARD_INPUT_PATH);
}

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const fromLatin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const fileAt = (path: Buffer): {type: 'file'; file: string; source: SourceLocation} => ({
	type: 'file',
	file: displayName(path),
	source: {kind: 'file', path: isUtf8(path) ? path.toString('utf8') : path},
});

/** What a link leads to; `null` where that is nothing: without a data file's name that is nobody's data. */
function targetOf(link: Buffer): Stats | null {
	try {
		return statSync(link);
	} catch {
		return null;
	}
}

function describeKind(stats: Stats): string {
	if (stats.isFIFO()) return 'a FIFO';
	if (stats.isSocket()) return 'a socket';
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
	return 'not a regular file';
}
