// What lies in `unprocessed/`: which files are there, and which of them have come to rest. The list of the folder is the truth; what the system
// tells of changes is only a hint to look sooner, for it forgets some when many come at once.
import type {BigIntStats} from 'node:fs';
import {lstat, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {SkipReason} from '../model/watch-status.ts';
import {displayPath, pathText, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {type InspectedInbox, SKIP_MESSAGES} from './inspect-inbox.ts';

export interface InboxOptions {
	/** `unprocessed/`. */
	readonly folder: string;
	/** A file is taken when its size and times have not changed for so long. */
	readonly settleMs: number;
	/** Whether folders in it are walked, too. */
	readonly isRecursive: boolean;
	/** Whether a file is taken only when there is another one with the same name and `.done` behind it. */
	readonly needsMarker: boolean;
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

export interface InboxScan {
	/** Those that no earlier scan has given out, in the order in which they were seen, then by name. */
	readonly settled: readonly SettledFile[];
	/** Files that are still to come to rest. */
	readonly growing: number;
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
	/** Given out by a scan: whoever took it says when it is to be looked at again. */
	isGiven: boolean;
	scan: number;
}

/** Behind the name of a file: it is whole. */
export const MARKER = '.done';
/** How many files are looked at side by side: more only wait for one another. */
const LOOKS = 64;

export class Inbox {
	readonly #options: InboxOptions;
	readonly #seen = new Map<string, Seen>();
	/** What the last scan has found that is not taken. */
	#skipped: InspectedInbox['skipped'][number][] = [];
	#scans = 0;

	constructor(options: InboxOptions) {
		this.#options = options;
	}

	/** @throws {Error} When the folder cannot be listed. */
	async scan(): Promise<InboxScan> {
		this.#scans++;
		const skipped: InspectedInbox['skipped'][number][] = [];
		const found: FoundName[] = [];
		await this.#list('', found);
		const settled: SettledFile[] = [];
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
		return {settled, growing};
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
		const {isGiven, isMarked} = this.#seen.get(name) ?? {isGiven: false, isMarked: true};
		return isGiven ? 'turn' : isMarked ? 'rest' : 'marker';
	}

	/** What was known after the last scan. */
	inspected(): InspectedInbox {
		const waiting = Array.from(this.#seen, ([name, {bytes, changedAt}]) => ({
			name,
			bytes,
			changedAt,
			modifiedAt: changedAt,
		}));
		waiting.sort((one, other) => one.changedAt - other.changedAt || (one.name < other.name ? -1 : 1));
		return {waiting, skipped: this.#skipped};
	}

	async #list(folder: string, found: FoundName[]): Promise<void> {
		const {folder: root, isRecursive, needsMarker} = this.#options;
		const entries = await readdir(systemPath(join(root, folder)), {withFileTypes: true, encoding: 'buffer'});
		const names = entries.map(entry => pathText(entry.name));
		const markers = new Set(needsMarker ? names.filter(name => name.endsWith(MARKER)) : []);
		for (const [index, entry] of entries.entries()) {
			const own = names[index] ?? '';
			const name = join(folder, own);
			if (markers.has(own)) continue;
			if (own.startsWith('.')) found.push({name, isMarked: true, reason: 'dotfile'});
			else if (own.toLowerCase().endsWith('.part')) found.push({name, isMarked: true, reason: 'part'});
			else if (!entry.isDirectory()) found.push({name, isMarked: !needsMarker || markers.has(own + MARKER)});
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
	): Promise<SettledFile | 'growing' | null> {
		const {folder, settleMs, needsMarker, now, wallClock} = this.#options;
		const path = join(folder, name);
		const skip = (why: SkipReason, bytes: bigint): null => {
			skipped.push({file: displayPath(name), reason: why, message: SKIP_MESSAGES[why], bytes: Number(bytes)});
			return null;
		};
		const known = this.#seen.get(name);
		if (known?.isGiven) {
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
		const isSettled = isMarked && now() - sinceMs >= settleMs;
		this.#seen.set(name, {
			state,
			bytes,
			changedAt,
			sinceMs,
			arrivedAt,
			isMarked,
			isGiven: isSettled,
			scan: this.#scans,
		});
		if (!isMarked) return null;
		const marker = needsMarker ? `${path}${MARKER}` : null;
		return isSettled ? {name, path, marker, bytes, state, arrivedAt} : 'growing';
	}
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
