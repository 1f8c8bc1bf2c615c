// What lies in `unprocessed/`: which files are there, and which of them have come to rest. The list of the folder is the truth; what the system
// tells of changes is only a hint to look sooner, for it forgets some when many come at once.
import type {BigIntStats, Dirent} from 'node:fs';
import {lstat, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {pathText, systemPath} from '../text/path-text.ts';

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
	readonly bytes: number;
	readonly state: string;
	/** When it was seen first. */
	readonly arrivedAt: number;
}

/** Why something in the inbox is not taken. */
export type WaitingReason = 'growing' | 'no-marker' | 'not-regular' | 'folder' | 'hidden' | 'part' | 'unreadable';

export interface InboxScan {
	/** Those that no earlier scan has given out, in the order in which they were seen, then by name. */
	readonly settled: readonly SettledFile[];
	/** Files that are still to come to rest. */
	readonly growing: number;
	/** Names of what is left where it is, and why; hidden files and parts are not among them. */
	readonly left: ReadonlyMap<string, WaitingReason>;
}

interface Seen {
	state: string;
	/** Since when it has been so, on the monotonic clock. */
	sinceMs: number;
	readonly arrivedAt: number;
	/** Given out by a scan: whoever took it says when it is to be looked at again. */
	isGiven: boolean;
	scan: number;
}

/** How many files are looked at side by side: more only wait for one another. */
const LOOKS = 64;

export class Inbox {
	readonly #options: InboxOptions;
	readonly #seen = new Map<string, Seen>();
	#scans = 0;

	constructor(options: InboxOptions) {
		this.#options = options;
	}

	/** @throws {Error} When the folder cannot be listed. */
	async scan(): Promise<InboxScan> {
		this.#scans++;
		const left = new Map<string, WaitingReason>();
		const found: {readonly name: string; readonly isMarked: boolean}[] = [];
		await this.#list('', found, left);
		const settled: SettledFile[] = [];
		let growing = 0;
		for (let start = 0; start < found.length; start += LOOKS) {
			const looks = found.slice(start, start + LOOKS).map(({name, isMarked}) => this.#look(name, isMarked, left));
			for (const file of await Promise.all(looks)) {
				if (file === 'growing') growing++;
				else if (file !== null) settled.push(file);
			}
		}
		for (const [name, {scan}] of this.#seen) if (scan !== this.#scans) this.#seen.delete(name);
		settled.sort((one, other) => one.arrivedAt - other.arrivedAt || (one.name < other.name ? -1 : 1));
		return {settled, growing, left};
	}

	/** The file was taken, or is to come to rest anew. */
	forget(name: string): void {
		this.#seen.delete(name);
	}

	async #list(
		folder: string,
		found: {readonly name: string; readonly isMarked: boolean}[],
		left: Map<string, WaitingReason>,
	): Promise<void> {
		const entries = await readdir(systemPath(join(this.#options.folder, folder)), {
			withFileTypes: true,
			encoding: 'buffer',
		});
		const names = entries.map(entry => pathText(entry.name));
		const markers = new Set(this.#options.needsMarker ? names.filter(name => name.endsWith('.done')) : []);
		for (const [index, entry] of entries.entries()) {
			const own = names[index] ?? '';
			const name = join(folder, own);
			if (own.startsWith('.') || own.endsWith('.part') || markers.has(own)) continue;
			if (isKnownFolder(entry)) {
				if (!this.#options.isRecursive) left.set(name, 'folder');
				else await this.#list(name, found, left);
			} else found.push({name, isMarked: !this.#options.needsMarker || markers.has(`${own}.done`)});
		}
	}

	async #look(
		name: string,
		isMarked: boolean,
		left: Map<string, WaitingReason>,
	): Promise<SettledFile | 'growing' | null> {
		const {folder, settleMs, now, wallClock} = this.#options;
		const path = join(folder, name);
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
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') left.set(name, 'unreadable');
			return null;
		}
		if (!stats.isFile()) {
			left.set(name, 'not-regular');
			return null;
		}
		const state = stateOf(stats);
		const isSame = known?.state === state;
		const {sinceMs, arrivedAt} = {sinceMs: now(), arrivedAt: wallClock(), ...known, ...(!isSame && {sinceMs: now()})};
		const isSettled = now() - sinceMs >= settleMs;
		this.#seen.set(name, {state, sinceMs, arrivedAt, isGiven: isSettled && isMarked, scan: this.#scans});
		if (!isMarked) {
			left.set(name, 'no-marker');
			return null;
		}
		return isSettled ? {name, path, bytes: Number(stats.size), state, arrivedAt} : 'growing';
	}
}

const isKnownFolder = (entry: Dirent<Buffer>): boolean => entry.isDirectory();

/** What changes when anybody writes to it or puts another file in its place, to the nanosecond. */
export const stateOf = ({dev, ino, size, mtimeNs, ctimeNs}: BigIntStats): string =>
	`${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;

/** The same without what a rename changes. */
export const contentStateOf = ({dev, ino, size, mtimeNs}: BigIntStats): string => `${dev}:${ino}:${size}:${mtimeNs}`;
