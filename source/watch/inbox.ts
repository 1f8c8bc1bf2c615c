// What lies in `unprocessed/`: which files are there, and which of them have come to rest. The list of the folder is the truth; what the system
// tells of changes is only a hint to look sooner, for it forgets some when many come at once.
import type {BigIntStats} from 'node:fs';
import {lstat, opendir} from 'node:fs/promises';
import {join} from 'node:path';
import type {SkipReason} from '../model/watch-status.ts';
import {displayPath, pathText, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {type InspectedInbox, SKIP_MESSAGES} from './inspect-inbox.ts';
import {FirstInTurn, Line} from './waiting-line.ts';

export interface InboxOptions {
	/** `unprocessed/`. */
	readonly folder: string;
	/** A file is taken when its size and times have not changed for so long. */
	readonly settleMs: number;
	/** Whether folders in it are walked, too. */
	readonly isRecursive: boolean;
	/** Whether a file is taken only when there is another one with the same name and `.done` behind it. */
	readonly needsMarker: boolean;
	/** Whether a file could not be moved lately, and is not given out yet. */
	readonly mustWait: (name: string) => boolean;
	/** Monotonic milliseconds: a clock that is set must not make a file old. */
	readonly now: () => number;
	/** Milliseconds since 1970. */
	readonly wallClock: () => number;
}

/** A file that has come to rest. */
export interface SettledFile {
	/** With its folder below the inbox, as a text of `text/path-text.ts`. */
	readonly name: string;
	readonly path: string;
	/** The path of the file that says that it is whole; `null` where none is needed. */
	readonly marker: string | null;
	readonly bytes: number;
	readonly state: string;
	/** When it was seen first. */
	readonly arrivedAt: number;
}

interface Seen {
	state: string;
	bytes: number;
	/** As in `InboxFile`. */
	changedAt: number;
	/** Since when it has been so, on the monotonic clock. */
	sinceMs: number;
	readonly arrivedAt: number;
	readonly isMarked: boolean;
	/** `taken`: it was given out, and who took it says when it is to be looked at again. */
	turn: 'growing' | 'in-line' | 'taken';
	scan: number;
}

/** Behind the name of a file: it is whole. */
export const MARKER = '.done';
/** How many files are looked at side by side: more only wait for one another. */
const LOOKS = 64;
/** Entries of a folder that are read at once. */
const ENTRIES_READ = 512;

export class Inbox {
	readonly #options: InboxOptions;
	readonly #seen = new Map<string, Seen>();
	readonly #line = new Line();
	/** What the last scan has found that is not taken. */
	#skipped: InspectedInbox['skipped'][number][] = [];
	#scans = 0;

	constructor(options: InboxOptions) {
		this.#options = options;
	}

	/**
	Puts files in line that have come to rest.

	@returns How many are still to come to rest.
	@throws {Error} When the folder cannot be listed.
	*/
	async scan(): Promise<number> {
		this.#scans++;
		const skipped: InspectedInbox['skipped'][number][] = [];
		const found: FoundName[] = [];
		await this.#list('', found);
		const settled: {readonly name: string; readonly arrivedAt: number}[] = [];
		let growing = 0;
		for (let start = 0; start < found.length; start += LOOKS) {
			const looks = found.slice(start, start + LOOKS).map(each => this.#look(each, skipped));
			for (const file of await Promise.all(looks)) {
				if (file === 'growing') growing++;
				else if (file !== null) settled.push(file);
			}
		}
		this.#skipped = skipped;
		for (const [name, {scan}] of this.#seen) if (scan !== this.#scans) this.#seen.delete(name);
		settled.sort((one, other) => one.arrivedAt - other.arrivedAt || (one.name < other.name ? -1 : 1));
		for (const {name} of settled) this.#line.add(name);
		return growing;
	}

	/** How many files are in line. */
	get lineLength(): number {
		return this.#line.length;
	}

	/** The next one in line: those that were seen together by name, else first come, first served. */
	next(): SettledFile | undefined {
		for (let name = this.#line.next(); name !== undefined; name = this.#line.next()) {
			const seen = this.#seen.get(name);
			// It is gone by now, or another one of its name is not at rest yet.
			if (seen?.turn !== 'in-line') continue;
			seen.turn = 'taken';
			const path = join(this.#options.folder, name);
			const {bytes, state, arrivedAt} = seen;
			return {name, path, marker: this.#options.needsMarker ? `${path}${MARKER}` : null, bytes, state, arrivedAt};
		}
		return undefined;
	}

	/** Whether the last scan has seen it. */
	has(name: string): boolean {
		return this.#seen.has(name);
	}

	/** The file was taken, or is to come to rest anew. */
	forget(name: string): void {
		this.#seen.delete(name);
	}

	/** What a file waits for that the last scan has seen. */
	waitsFor(name: string): 'turn' | 'rest' | 'marker' {
		const {turn, isMarked} = this.#seen.get(name) ?? {turn: 'growing', isMarked: true};
		return turn !== 'growing' ? 'turn' : isMarked ? 'rest' : 'marker';
	}

	/** What was known after the last scan. Asked for twice a second, also where very many files wait. */
	inspected(): InspectedInbox {
		const first = new FirstInTurn();
		let bytesWaiting = 0;
		for (const [name, {bytes, changedAt}] of this.#seen) {
			bytesWaiting += bytes;
			first.add(name, bytes, changedAt);
		}
		return {
			waiting: first.files(),
			waitingSum: {files: this.#seen.size, bytes: bytesWaiting},
			skipped: this.#skipped,
		};
	}

	async #list(folder: string, found: FoundName[]): Promise<void> {
		const {folder: root, isRecursive, needsMarker} = this.#options;
		const entries = await entriesOf(join(root, folder));
		const markers = new Set(
			needsMarker ? entries.flatMap(entry => (entry.name.endsWith(MARKER) ? [entry.name] : [])) : [],
		);
		for (const entry of entries) {
			const own = entry.name;
			const name = join(folder, own);
			if (markers.has(own)) continue;
			if (own.startsWith('.')) found.push({name, isMarked: true, reason: 'dotfile'});
			else if (own.toLowerCase().endsWith('.part')) found.push({name, isMarked: true, reason: 'part'});
			else if (!entry.isFolder) found.push({name, isMarked: !needsMarker || markers.has(own + MARKER)});
			else if (isRecursive) await this.#listBelow(name, found);
			else found.push({name, isMarked: true, reason: 'folder'});
		}
	}

	/** A folder that cannot be read keeps nobody from the others. */
	async #listBelow(name: string, found: FoundName[]): Promise<void> {
		try {
			await this.#list(name, found);
		} catch (error) {
			if (codeOf(error) !== 'ENOENT') found.push({name, isMarked: true, reason: 'unreadable'});
		}
	}

	async #look(
		{name, isMarked, reason}: FoundName,
		skipped: InspectedInbox['skipped'][number][],
	): Promise<{readonly name: string; readonly arrivedAt: number} | 'growing' | null> {
		const {folder, settleMs, mustWait, now, wallClock} = this.#options;
		const path = join(folder, name);
		const skip = (why: SkipReason, bytes: bigint): null => {
			skipped.push({file: displayPath(name), reason: why, message: SKIP_MESSAGES[why], bytes: Number(bytes)});
			return null;
		};
		const known = this.#seen.get(name);
		if (known !== undefined && known.turn !== 'growing') {
			known.scan = this.#scans;
			return null;
		}
		let stats: BigIntStats;
		try {
			stats = await lstat(systemPath(path), {bigint: true});
		} catch (error) {
			// It is gone again; anything else is told, because nobody else will.
			return codeOf(error) === 'ENOENT' ? null : skip('unreadable', 0n);
		}
		if (reason !== undefined) return skip(reason, stats.isFile() ? stats.size : 0n);
		if (!stats.isFile()) return skip(stats.isSymbolicLink() ? 'link' : 'special', 0n);
		const [state, bytes] = [stateOf(stats), Number(stats.size)];
		const isSame = known?.state === state;
		const sinceMs = isSame ? known.sinceMs : now();
		const arrivedAt = known?.arrivedAt ?? wallClock();
		const changedAt = Math.max(Number(stats.ctimeMs), Math.min(Number(stats.mtimeMs), wallClock()));
		const isSettled = isMarked && now() - sinceMs >= settleMs && !mustWait(name);
		this.#seen.set(name, {
			state,
			bytes,
			changedAt,
			sinceMs,
			arrivedAt,
			isMarked,
			turn: isSettled ? 'in-line' : 'growing',
			scan: this.#scans,
		});
		if (!isMarked) return null;
		return isSettled ? {name, arrivedAt} : 'growing';
	}
}

interface Entry {
	readonly name: string;
	readonly isFolder: boolean;
}

/** Some at a time: what Node makes of each takes several times the name, and a folder may have very many. */
async function entriesOf(folder: string): Promise<readonly Entry[]> {
	const entries: Entry[] = [];
	// Node's types know texts only.
	const options = {encoding: 'buffer' as BufferEncoding, bufferSize: ENTRIES_READ};
	for await (const entry of await opendir(systemPath(folder), options))
		entries.push({name: pathText(entry.name as unknown as Buffer), isFolder: entry.isDirectory()});
	return entries;
}

/** Something in the inbox, by its name. */
interface FoundName {
	readonly name: string;
	readonly isMarked: boolean;
	/** Why it is not taken, as far as the name says. */
	readonly reason?: SkipReason;
}

/** What changes when anybody writes to it or puts another file in its place, to the nanosecond. */
export const stateOf = ({dev, ino, size, mtimeNs, ctimeNs}: BigIntStats): string =>
	`${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;

/** The same without what a rename changes. */
export const contentStateOf = ({dev, ino, size, mtimeNs}: BigIntStats): string => `${dev}:${ino}:${size}:${mtimeNs}`;
