// What lies in `unprocessed/`: which files are there, and which of them have come to rest. The list of the folder is the truth; what the system
// tells of changes is only a hint to look sooner, for it forgets some when many come at once.
import type {BigIntStats} from 'node:fs';
import {lstat, opendir} from 'node:fs/promises';
import {join} from 'node:path';
import type {SkipReason} from '../model/watch-status.ts';
import {displayPath, pathText, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {type InspectedInbox, SKIP_MESSAGES} from './inspect-inbox.ts';
import {SeenFiles} from './seen-files.ts';
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

/** Behind the name of a file: it is whole. */
export const MARKER = '.done';
/** How many files are looked at side by side: more only wait for one another. */
const LOOKS = 64;
/** Entries of a folder that are read at once: what Node makes of each takes several times the name, and a folder may have very many. */
const ENTRIES_READ = 512;

export class Inbox {
	readonly #options: InboxOptions;
	readonly #seen = new SeenFiles();
	readonly #line = new Line();
	/** What the last scan has found that is not taken. */
	#skipped: InspectedInbox['skipped'] = [];

	constructor(options: InboxOptions) {
		this.#options = options;
	}

	/**
	Puts files in line that have come to rest.

	@returns How many are still to come to rest.
	@throws {Error} When the folder cannot be listed.
	*/
	async scan(): Promise<number> {
		this.#seen.beginScan();
		const scan: Scan = {settled: [], skipped: [], growing: 0};
		await this.#scanFolder('', scan);
		this.#skipped = scan.skipped;
		this.#seen.endScan();
		const arrivalOf = (name: string): number => this.#seen.times(name)?.arrivedAt ?? 0;
		scan.settled.sort((one, other) => arrivalOf(one) - arrivalOf(other) || (one < other ? -1 : 1));
		for (const name of scan.settled) this.#line.add(name);
		return scan.growing;
	}

	/** How many files are in line. */
	get lineLength(): number {
		return this.#line.length;
	}

	/** The next one in line: those that were seen together by name, else first come, first served. */
	next(): SettledFile | undefined {
		for (let name = this.#line.next(); name !== undefined; name = this.#line.next()) {
			const taken = this.#seen.take(name);
			// It is gone by now, or another one of its name is not at rest yet.
			if (taken === null) continue;
			const path = join(this.#options.folder, name);
			return {name, path, marker: this.#options.needsMarker ? `${path}${MARKER}` : null, ...taken};
		}
		return undefined;
	}

	/** Whether the last scan has seen it. */
	has(name: string): boolean {
		return this.#seen.has(name);
	}

	/** The file was taken, or is to come to rest anew. */
	forget(name: string): void {
		this.#seen.forget(name);
	}

	/** What a file waits for that the last scan has seen. */
	waitsFor(name: string): 'turn' | 'rest' | 'marker' {
		const turn = this.#seen.turnOf(name) ?? 'growing';
		return turn !== 'growing' ? 'turn' : this.#seen.isMarked(name) ? 'rest' : 'marker';
	}

	/** What was known after the last scan. Asked for twice a second, also where very many files wait. */
	inspected(): InspectedInbox {
		const first = new FirstInTurn();
		let bytesWaiting = 0;
		this.#seen.forEach((name, bytes, changedAt) => {
			bytesWaiting += bytes;
			first.add(name, bytes, changedAt);
		});
		return {
			waiting: first.files(),
			waitingSum: {files: this.#seen.size, bytes: bytesWaiting},
			skipped: this.#skipped,
		};
	}

	/** Looks at its files as their names come, so that never all of them are in memory. */
	async #scanFolder(folder: string, scan: Scan): Promise<void> {
		const path = join(this.#options.folder, folder);
		const markers = this.#options.needsMarker ? await markersIn(path) : null;
		const subfolders: string[] = [];
		let found: FoundName[] = [];
		const look = async (): Promise<void> => {
			await Promise.all(found.map(each => this.#look(each, scan)));
			found = [];
		};
		for await (const {name: own, isFolder} of entriesOf(path)) {
			if (markers?.has(own)) continue;
			const name = folder === '' ? own : `${folder}/${own}`;
			const reason = reasonOf(own, isFolder && !this.#options.isRecursive);
			if (reason === null && isFolder) subfolders.push(name);
			else found.push({name, isMarked: reason !== null || markers === null || markers.has(own + MARKER), reason});
			if (found.length === LOOKS) await look();
		}
		await look();
		for (const name of subfolders) await this.#scanSubfolder(name, scan);
	}

	/** A folder that cannot be read keeps nobody from the others. */
	async #scanSubfolder(name: string, scan: Scan): Promise<void> {
		try {
			await this.#scanFolder(name, scan);
		} catch (error) {
			if (codeOf(error) !== 'ENOENT') await this.#look({name, isMarked: true, reason: 'unreadable'}, scan);
		}
	}

	async #look({name, isMarked, reason}: FoundName, scan: Scan): Promise<void> {
		const {folder, settleMs, mustWait, now, wallClock} = this.#options;
		const path = join(folder, name);
		const skip = (why: SkipReason, bytes: bigint): void => {
			scan.skipped.push({file: displayPath(name), reason: why, message: SKIP_MESSAGES[why], bytes: Number(bytes)});
		};
		const turn = this.#seen.turnOf(name);
		if (turn !== null && turn !== 'growing') {
			this.#seen.keep(name);
			return;
		}
		let stats: BigIntStats;
		try {
			stats = await lstat(systemPath(path), {bigint: true});
		} catch (error) {
			// It is gone again; anything else is told, because nobody else will.
			if (codeOf(error) !== 'ENOENT') skip('unreadable', 0n);
			return;
		}
		if (reason !== null) return skip(reason, stats.isFile() ? stats.size : 0n);
		if (!stats.isFile()) return skip(stats.isSymbolicLink() ? 'link' : 'special', 0n);
		const known = this.#seen.times(name);
		const sinceMs = known !== null && this.#seen.isSame(name, stats) ? known.sinceMs : now();
		const isSettled = isMarked && now() - sinceMs >= settleMs && !mustWait(name);
		this.#seen.put(name, {
			state: stats,
			changedAt: Math.max(Number(stats.ctimeMs), Math.min(Number(stats.mtimeMs), wallClock())),
			...{sinceMs, arrivedAt: known?.arrivedAt ?? wallClock(), isMarked},
			turn: isSettled ? 'in-line' : 'growing',
		});
		if (isSettled) scan.settled.push(name);
		else if (isMarked) scan.growing++;
	}
}

/** What a scan comes to. */
interface Scan {
	/** Names of those that have come to rest. */
	readonly settled: string[];
	readonly skipped: InspectedInbox['skipped'][number][];
	/** How many are still to come to rest. */
	growing: number;
}

/** Something in the inbox, by its name. */
interface FoundName {
	readonly name: string;
	readonly isMarked: boolean;
	/** Why it is not taken, as far as the name says. */
	readonly reason: SkipReason | null;
}

function reasonOf(name: string, isLeftFolder: boolean): SkipReason | null {
	if (name.startsWith('.')) return 'dotfile';
	if (name.toLowerCase().endsWith('.part')) return 'part';
	return isLeftFolder ? 'folder' : null;
}

/** Names of the markers that lie in a folder. */
async function markersIn(folder: string): Promise<ReadonlySet<string>> {
	const markers = new Set<string>();
	for await (const {name} of entriesOf(folder)) if (name.endsWith(MARKER)) markers.add(name);
	return markers;
}

interface Entry {
	readonly name: string;
	readonly isFolder: boolean;
}

async function* entriesOf(folder: string): AsyncGenerator<Entry, void, undefined> {
	// Node's types know texts only.
	const options = {encoding: 'buffer' as BufferEncoding, bufferSize: ENTRIES_READ};
	for await (const entry of await opendir(systemPath(folder), options))
		yield {name: pathText(entry.name as unknown as Buffer), isFolder: entry.isDirectory()};
}
