// Paths as given -> the files to process, each once. Folders are walked, patterns matched, standard input is a job like any
// other. No file is opened here, only archives are: names, kinds and sizes. What is not a regular file becomes a skipped one, what may not be
// read a failed one. A FIFO that somebody has named is read as a stream; one that was only found is skipped.
import {lstatSync, type Stats, statSync} from 'node:fs';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ErrorReport} from '../../model/report.ts';
import {displayName, displayPath, pathBytes, systemPath} from '../../text/path-text.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import {codeOf} from '../../text/system-error.ts';
import {withDefaults} from '../shared/limits.ts';
import {monotonicMs} from '../shared/monotonic.ts';
import {FoundFiles, pathForNode} from './found-files.ts';
import {
	archiveFileName,
	asFolder,
	type Child,
	dataFileName,
	isHidden,
	isTakenName,
	listFolder,
	mayBeDataFile,
	nameOf,
	placeOf,
	plainPath,
} from './list-folder.ts';
import {visitMatches} from './match-pattern.ts';
import {isStream, STANDARD_INPUT_PATH, streamAt} from './named-stream.ts';
import {globCharacters} from './path-pattern.ts';
import type {OutputFilter, Plan, PlanEntry, PlanOptions, PlanWatcher, UnpackLimits} from './plan.ts';
import {CIRCULAR_LINK, DANGLING_LINK, describeKind, LINK_TO_FOLDER, LINK_TO_KNOWN_FOLDER} from './skip-reasons.ts';

/**
Listing and asking for sizes is done with the synchronous calls, which take 3 µs where the asynchronous ones take 20 and
leave a promise behind: 0.3 s against 2.4 s and 200 MB for a folder of 100,000 files. After this time they let others have a turn.
*/
const TURN_MS = 10;

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
	if (path === STANDARD_INPUT_PATH || isRemotePath(path)) return planFiles([path]);
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
	readonly #follows: boolean;
	readonly #found: FoundFiles;
	readonly #limits: UnpackLimits;
	#turnEndsAtMs = monotonicMs() + TURN_MS;
	/** Links to folders that are followed when all is known that is there without them. */
	#linkedFolders: LinkedFolder[] = [];
	/** Of other machines: they are asked all at once. */
	readonly #remotePaths: string[] = [];
	readonly #outputs: OutputFilter | undefined;
	readonly #keepsArchives: boolean;

	constructor({follow = false, keepsArchives = false, watcher = {}, outputs, limits}: PlanOptions) {
		this.#outputs = outputs;
		this.#keepsArchives = keepsArchives;
		this.#follows = follow;
		this.#watcher = watcher;
		this.#found = new FoundFiles(outputs, keepsArchives);
		this.#limits = withDefaults({maxUnpackedBytes: limits?.maxUnpackedBytes, maxUnpackRatio: limits?.maxUnpackRatio});
	}

	async add(path: string): Promise<void> {
		if (isRemotePath(path)) return void this.#remotePaths.push(path);
		const name = pathBytes(path);
		// Nothing else is at this place: places are absolute.
		if (path === STANDARD_INPUT_PATH) return void this.#found.addStream(name, name);
		try {
			let count = await this.#take(name, placeOf(name), lstatSync(systemPath(path)), true);
			count += await this.#takeLinkedFolders();
			if (count === 0) this.#addEmptyFolder(name);
		} catch (error) {
			const code = codeOf(error) ?? '';
			const member = missingCodes.has(code) ? splitMember(path) : null;
			if (member !== null) return this.#found.addMember(pathBytes(member.archive), displayPath(member.name));
			// A name with brackets may be a file's real name, so a pattern is only what is not there as a file.
			if (missingCodes.has(code) && globCharacters.test(path)) await this.#takeMatches(path);
			else this.#found.addMissing(name, code);
		}
	}

	async finish(): Promise<Plan> {
		this.#found.takeLinks();
		if (this.#remotePaths.length > 0) {
			const {planRemote} = await import('./plan-remote.ts');
			await planRemote(this.#remotePaths, {
				found: this.#found,
				watcher: this.#watcher,
				keepsArchives: this.#keepsArchives,
				limits: this.#limits,
				isOutput: name => this.#outputs?.isRemoteOutput?.(name) === true,
			});
		}
		const archives = this.#found.takeArchives();
		if (archives.length > 0) {
			const {planArchive} = await import('./plan-archive.ts');
			for (const {path, wanted} of archives) {
				const watcher: PlanWatcher = {
					onCount: count => this.#watcher.onCount?.(this.#found.count + count),
					onArchiveRead: (...read) => this.#watcher.onArchiveRead?.(...read),
				};
				const name = displayName(path);
				const {entries, otherNames} = await planArchive(pathForNode(path), name, this.#limits, wanted, watcher);
				for (const entry of entries) this.#found.add(entry);
				for (const name of otherNames) this.#found.otherFiles.add(name);
				if (monotonicMs() > this.#turnEndsAtMs) await this.#yieldTurn();
			}
		}
		return this.#found.finish();
	}

	async #takeMatches(pattern: string): Promise<void> {
		const entryCount = this.#found.count;
		let hasMatch = false;
		const count = await visitMatches(pattern, {
			onMatch: (path, place, isNamed) => {
				hasMatch = true;
				if (!isNamed && plainPath.test(path) && this.#found.tryAdding(path, place)) return 1;
				return this.#tryTaking(fromLatin1(path), fromLatin1(place), isNamed);
			},
			onLinkedFolder: (path, place, visit) => this.#takeLinkedFolder(path, place, visit),
			onUnreadable: (path, error) => {
				const folder = fromLatin1(path === '' ? '.' : path.replace(/(?<=.)\/$/, ''));
				return this.#found.isNew(placeOf(folder)) ? this.#found.fail(folder, error) : 1;
			},
			pause: () => (monotonicMs() > this.#turnEndsAtMs ? this.#yieldTurn() : undefined),
		});
		if (count + (await this.#takeLinkedFolders()) > 0 || this.#found.count > entryCount) return;
		const file = displayPath(pattern);
		const message = hasMatch
			? 'No data file is in the folders that match this pattern'
			: 'No file matches this pattern';
		const error: ErrorReport = {code: 'NO_MATCH', message, line: null, byte_offset: null};
		const sentence = `${file}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
		this.#found.addNothing({type: 'unreadable', file, error}, sentence);
	}

	/**
	@param place - Where it really is, links in its path followed.
	@param isGiven - Whether someone named it, rather than a walk having met it.
	@returns How many files and the like it led to, those among them that were known before.
	*/
	async #take(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): Promise<number> {
		if (stats.isSymbolicLink()) return this.#takeLink(path, isGiven);
		if (stats.isDirectory()) return this.#walk(path, place, isGiven);
		if (stats.isFile()) return this.#found.addFile(path, place, stats, isGiven);
		if (isGiven && isStream(path.toString('latin1'), stats)) return this.#found.addStream(path, place);
		return this.#found.skip(path, place, describeKind(stats));
	}

	async #takeLink(path: Buffer, isGiven: boolean): Promise<number> {
		let target: Stats;
		try {
			target = statSync(path);
		} catch (error) {
			const code = codeOf(error);
			if (code === 'ENOENT') return this.#found.skip(path, path, DANGLING_LINK);
			if (code === 'ELOOP') return this.#found.skip(path, path, CIRCULAR_LINK);
			throw error;
		}
		if (target.isDirectory() && !isGiven) {
			const place = placeOf(path);
			return this.#takeLinkedFolder(latin1(path), latin1(place), () => this.#walk(path, place, false));
		}
		if (!target.isFile()) return this.#take(path, placeOf(path), target, isGiven);
		this.#found.addLink(path, target, isGiven);
		return 1;
	}

	/** Links to folders that were found are not followed unless somebody asks for it: they may lead anywhere, and in circles. */
	#takeLinkedFolder(path: string, place: string, visit: () => Promise<number>): number {
		if (!this.#follows) return this.#found.skip(fromLatin1(path), fromLatin1(path), LINK_TO_FOLDER);
		const skipIfKnown = async (): Promise<number> => {
			if (!this.#found.isKnown(place)) return visit();
			return this.#found.skip(fromLatin1(path), fromLatin1(path), LINK_TO_KNOWN_FOLDER);
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

	/** @param pathText - One character per byte, and so is the place. */
	async #takeChild(child: Child, pathText: string, placeText: string): Promise<number> {
		const path = fromLatin1(pathText);
		const place = fromLatin1(placeText);
		if (typeof child !== 'string') {
			if (child.isDirectory()) return this.#walk(path, place, false);
			if (!isTakenName(pathText)) {
				// What is behind a link to a folder would be missed in silence.
				const target = child.isSymbolicLink() ? targetOf(path) : child;
				if (!target?.isDirectory()) {
					if (target?.isFile()) this.#found.otherFiles.add(displayName(path));
					return 0;
				}
			}
		}
		return this.#tryTaking(path, place, false);
	}

	async #walk(folder: Buffer, place: Buffer, isGiven: boolean): Promise<number> {
		if (!this.#found.isNew(place)) return 1;
		let children: readonly Child[];
		try {
			children = listFolder(folder);
		} catch (error) {
			return this.#found.fail(folder, error);
		}
		const [folderText, placeText] = [asFolder(latin1(folder)), asFolder(latin1(place))];
		const isPlain = plainPath.test(folderText);
		let count = 0;
		for (const child of children) {
			const name = nameOf(child);
			if (isHidden(name)) continue;
			const path = folderText + name;
			const childPlace = placeText === folderText ? path : placeText + name;
			const isUsual = isPlain && plainPath.test(name) && mayBeDataFile(child, name);
			count += isUsual && this.#found.tryAdding(path, childPlace) ? 1 : await this.#takeChild(child, path, childPlace);
			if (monotonicMs() > this.#turnEndsAtMs) await this.#yieldTurn();
		}
		// A folder with a data file's name and no data in it is worth a word; one with data is what Spark writes.
		if (count > 0 || isGiven || !dataFileName.test(folder.toString('latin1'))) return count;
		this.#found.add({type: 'skipped', file: displayName(folder), kind: 'a folder'});
		return 1;
	}

	#addEmptyFolder(folder: Buffer): void {
		const file = displayName(folder);
		this.#found.addNothing(
			{type: 'skipped', file, kind: 'a folder without data files'},
			`${file}: no .csv, .tsv, .txt or .log file (or .gz, .zst or .br of one), and no .parquet, .zip or .tar, in this folder`,
		);
	}

	async #tryTaking(path: Buffer, place: Buffer, isGiven: boolean): Promise<number> {
		try {
			return await this.#take(path, place, lstatSync(path), isGiven);
		} catch (error) {
			return this.#found.fail(path, error);
		}
	}

	async #yieldTurn(): Promise<void> {
		void this.#watcher.onCount?.(this.#found.count);
		await nextTurn();
		this.#turnEndsAtMs = monotonicMs() + TURN_MS;
	}
}

/** What the system says of a path that cannot be there as it is written. */
const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** `a.zip!dir/b.csv` is a file in an archive; `null` where there is no such archive. */
function splitMember(path: string): {readonly archive: string; readonly name: string} | null {
	for (let at = path.indexOf('!'); at !== -1; at = path.indexOf('!', at + 1)) {
		const archive = path.slice(0, at);
		if (archiveFileName.test(archive) && statSync(systemPath(archive), {throwIfNoEntry: false})?.isFile())
			return {archive, name: path.slice(at + 1)};
	}
	return null;
}

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const fromLatin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What a link leads to; `null` where that is nothing: without a data file's name that is nobody's data. */
function targetOf(link: Buffer): Stats | null {
	try {
		return statSync(link);
	} catch {
		return null;
	}
}
