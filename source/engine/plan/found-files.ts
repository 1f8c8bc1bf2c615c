// What a planner has found so far: each file once, wherever paths and links have led to it.
import {isUtf8} from 'node:buffer';
import {fstatSync, lstatSync, realpathSync, type Stats} from 'node:fs';
import {compareUtf8} from '../../text/byte-order.ts';
import {displayName} from '../../text/path-text.ts';
import {toErrorReport} from '../shared/errors.ts';
import type {SourceLocation} from '../shared/protocol.ts';
import {archiveFileName, placeOf} from './list-folder.ts';
import {STANDARD_INPUT_PATH, streamAt} from './named-stream.ts';
import {OtherFileCount} from './other-files.ts';
import type {OutputFilter, Plan, PlanEntry} from './plan.ts';
import {LINK_TO_KNOWN_FILE} from './skip-reasons.ts';

export interface FoundArchive {
	readonly path: Buffer;
	/** Names of the members that were given one by one; `null` where all are to be taken. */
	wanted: Set<string> | null;
}

/** The methods that add something return how many files it is: 0 for one that the run itself writes. */
export class FoundFiles {
	/** Files that walks have left out because of their names. */
	readonly otherFiles = new OtherFileCount();
	readonly #outputs: OutputFilter | undefined;
	/** Where each file really is, one character per byte: a path given twice is one job. */
	readonly #seen = new Set<string>();
	readonly #entries: PlanEntry[] = [];
	/** Links to files: looked at when all files are known that are there under their own names. */
	readonly #links: Array<{readonly path: Buffer; readonly stats: Stats; readonly isGiven: boolean}> = [];
	/** Archives, to be opened when all files are known. */
	readonly #archives = new Map<string, FoundArchive>();
	/** What led to nothing: worth an entry beside others, and alone a sentence. */
	readonly #nothings: Array<{readonly entry: PlanEntry; readonly sentence: string}> = [];

	readonly #keepsArchives: boolean;

	constructor(outputs: OutputFilter | undefined, keepsArchives: boolean) {
		this.#outputs = outputs;
		this.#keepsArchives = keepsArchives;
	}

	get count(): number {
		return this.#entries.length;
	}

	/** Whether it is not known yet; from now on it is. @param place - Where it really is, links in its path followed. */
	isNew(place: Buffer): boolean {
		return this.#isNewPlace(place.toString('latin1'));
	}

	#isNewPlace(place: string): boolean {
		const sizeBefore = this.#seen.size;
		return this.#seen.add(place).size > sizeBefore;
	}

	/** @param place - One character per byte. */
	isKnown(place: string): boolean {
		return this.#seen.has(place);
	}

	add(entry: PlanEntry): void {
		this.#entries.push(entry);
	}

	addNothing(entry: PlanEntry, sentence: string): void {
		this.#nothings.push({entry, sentence});
	}

	addLink(path: Buffer, stats: Stats, isGiven: boolean): void {
		this.#links.push({path, stats, isGiven});
	}

	addStream(path: Buffer, place: Buffer): number {
		const source = streamAt(path);
		if (this.isNew(source.kind === 'standard-input' ? standardInputPlace() : place)) {
			this.#entries.push({type: 'file', file: displayName(path), source, bytesTotal: null});
		}
		return 1;
	}

	addFile(path: Buffer, place: Buffer, stats: Stats, isGiven: boolean): number {
		if (this.#outputs?.isOutput(stats, path, isGiven)) return 0;
		const isArchive = this.#isToOpen(path.toString('latin1'));
		if (isArchive) this.#addArchive(path, place.toString('latin1'), null);
		if (!this.isNew(place)) return 1;
		if (!isArchive) this.#entries.push({...fileAt(path), bytesTotal: stats.size, ...(isGiven ? {} : {isFound: true})});
		return 1;
	}

	/** Adds the usual, a regular file whose path says what it is. Returns false for whatever is to be looked at again. */
	tryAdding(path: string, place: string): boolean {
		let stats: Stats;
		try {
			stats = lstatSync(path);
		} catch {
			return false;
		}
		if (!stats.isFile() || this.#outputs?.isOutput(stats, path, false)) return false;
		const isArchive = this.#isToOpen(path);
		if (isArchive) this.#addArchive(Buffer.from(path), place, null);
		if (this.#isNewPlace(place) && !isArchive) {
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

	/** It fails when it is opened, and may be tried again when it has come. */
	addMissing(name: Buffer, code: string): void {
		if (!this.isNew(placeOf(name))) return;
		const entry: PlanEntry = {...fileAt(name), bytesTotal: 0};
		if (code === 'ENOENT') this.addNothing(entry, `${entry.file}: no such file or folder`);
		else this.#entries.push(entry);
	}

	skip(path: Buffer, place: Buffer, kind: string): number {
		if (this.isNew(place)) this.#entries.push({type: 'skipped', file: displayName(path), kind});
		return 1;
	}

	fail(path: Buffer, error: unknown): number {
		this.#entries.push({type: 'unreadable', file: displayName(path), error: toErrorReport(error)});
		return 1;
	}

	/** To be called when there is nothing more to be found. */
	takeLinks(): void {
		this.#links.sort((left, right) => Buffer.compare(left.path, right.path));
		for (const {path, stats, isGiven} of this.#links.splice(0)) {
			const place = placeOf(path);
			if (this.isKnown(place.toString('latin1'))) this.skip(path, path, LINK_TO_KNOWN_FILE);
			else this.addFile(path, place, stats, isGiven);
		}
	}

	/** A member that was given by its name, as it is shown. */
	addMember(archive: Buffer, name: string): void {
		this.#addArchive(archive, placeOf(archive).toString('latin1'), name);
	}

	#isToOpen(path: string): boolean {
		return !this.#keepsArchives && archiveFileName.test(path);
	}

	#addArchive(path: Buffer, place: string, name: string | null): void {
		const known = this.#archives.get(place) ?? {path, wanted: new Set<string>()};
		this.#archives.set(place, known);
		if (name === null) known.wanted = null;
		else known.wanted?.add(name);
	}

	/** Archives that have been found; each is given out once. */
	takeArchives(): FoundArchive[] {
		const archives = Array.from(this.#archives.values());
		this.#archives.clear();
		return archives;
	}

	finish(): Plan {
		const unmatched: string[] = [];
		const hasEntries = this.#entries.length > 0;
		for (const {entry, sentence} of this.#nothings) {
			if (hasEntries) this.#entries.push(entry);
			else unmatched.push(sentence);
		}
		this.#entries.sort((left, right) => compareUtf8(left.file, right.file));
		const otherFiles = this.otherFiles.total();
		return {entries: this.#entries, unmatched, ...(otherFiles === null ? {} : {otherFiles})};
	}
}

/** `< a.csv` is the file itself, which may be named as well. */
function standardInputPlace(): Buffer {
	try {
		if (fstatSync(0).isFile()) return realpathSync.native('/proc/self/fd/0', {encoding: 'buffer'});
	} catch {
		// It is closed, or the system does not name it.
	}
	return Buffer.from(STANDARD_INPUT_PATH);
}

const fileAt = (path: Buffer): {type: 'file'; file: string; source: SourceLocation} => ({
	type: 'file',
	file: displayName(path),
	source: {kind: 'file', path: pathForNode(path)},
});

export const pathForNode = (path: Buffer): string | Buffer => (isUtf8(path) ? path.toString('utf8') : path);
