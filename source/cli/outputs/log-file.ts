// A log in a regular file, which may go on for months: it is put aside when it is large or old enough (log -> log.1 -> log.2 …), opened anew
// when it is asked to, and outlives a full disk: lines wait in memory until there is room, and what does not fit there is counted.
//
// Each write appends, and one is under way at a time. Nobody waits for it. An exit handler writes what is left.
import {closeSync, constants, fchmodSync, fstatSync, openSync, writeSync} from 'node:fs';
import {lstat, rename, unlink} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {type FileLock, takeLock} from '../../ledger/file-lock.ts';
import {systemPath} from '../../text/path-text.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {freePage, Utf8Page} from '../../text/utf8-page.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {isReplaceableAt} from './own-file.ts';

export interface LogRotation {
	/** A file is no larger, unless a single line is; `null`: of any size. */
	readonly maxBytes: number | null;
	/** A file has lines of no longer time; `null`: of any. */
	readonly maxAgeMs: number | null;
	/** How many are kept that were put aside. */
	readonly keep: number;
}

export interface LogFileOptions {
	/** Where it lies, without links. */
	readonly path: string;
	/** Open to read and append. */
	readonly descriptor: number;
	/** When its first line was written, in milliseconds since 1970. */
	readonly startedAt: number;
	/** `null`: it is never put aside. */
	readonly rotation: LogRotation | null;
	/** Whether files of other programs may be replaced. */
	readonly isForced: boolean;
	/** What is written, as the beginning of a sentence. */
	readonly subject: string;
	/** Called once for each reason why the file could not be put aside: it goes on in the same one. */
	readonly onFault: (reason: string) => void;
	readonly now?: () => number;
	/** As `fs.write` to the end of a file; other ones are for tests. */
	readonly append?: (descriptor: number, bytes: Uint8Array) => Promise<number>;
}

/** Long enough that one write covers lines that come together. */
const SPACING_MS = 50;
const RETRY_MS = 1000;
/** After it could not be put aside. */
const ASIDE_RETRY_MS = 60_000;
/** To put a log aside takes another process some milliseconds, unless it has been stopped. */
const TURN_LOOK_MS = 10;
const TURN_LOOKS = 500;
/** What waits for a disk without room. */
const PENDING_LIMIT_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const EMPTY = new Uint8Array(0);

const {O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0} = constants;

export class LogFile {
	readonly #options: LogFileOptions;
	readonly #now: () => number;
	readonly #pending = new Utf8Page();
	#descriptor: number;
	#size: number;
	#startedAt: number;
	/** What is being written, from its first byte that is not on the disk. */
	#rest: Uint8Array = EMPTY;
	/** What the rest is a part of; `null` where it is a copy. */
	#page: Uint8Array | null = null;
	/** Where the line begins that the rest is a part of, when some of it is written. */
	#cutLine: Uint8Array = EMPTY;
	#lostLines = 0;
	#failure: unknown = null;
	#faults = new Set<string>();
	/** Before this it is not tried again to put it aside. */
	#asideAt = 0;
	/** Bytes of the rest that the system has been given, and has not answered for. */
	#inFlight = 0;
	#isReopening = false;
	#isWriting: Promise<void> | null = null;
	#isFinishing = false;
	#wake = (): void => {};

	constructor(options: LogFileOptions) {
		this.#options = options;
		this.#now = options.now ?? Date.now;
		this.#descriptor = options.descriptor;
		this.#size = fstatSync(options.descriptor).size;
		this.#startedAt = options.startedAt;
		process.on('exit', this.#writeRemainder);
	}

	/** Adds a line, with its newline. */
	write(line: string): void {
		if (this.#pending.length > PENDING_LIMIT_BYTES) {
			this.#lostLines++;
			return;
		}
		this.#pending.add(line);
		this.#start();
	}

	/** The next line goes to a file of the given name, whatever has become of the one that was open. */
	reopen(): void {
		this.#isReopening = true;
		this.#start();
	}

	/**
	Writes what is left, and closes the file.

	@throws {EnvironmentError} When lines are missing.
	*/
	async finish(): Promise<void> {
		this.#isFinishing = true;
		this.#wake();
		while (this.#isWriting !== null) await this.#isWriting;
		if (this.#hasMore) await this.#writeAll();
		process.off('exit', this.#writeRemainder);
		closeSync(this.#descriptor);
		const {subject} = this.#options;
		if (this.#failure !== null)
			throw new EnvironmentError(`${subject} cannot be written, and ends early`, this.#failure);
		if (this.#lostLines > 0)
			throw new EnvironmentError(
				`${subject} lacks ${this.#lostLines} lines, because it could not be written for a time`,
			);
	}

	get #hasMore(): boolean {
		return this.#rest.length > 0 || this.#pending.length > 0 || this.#isReopening;
	}

	#start(): void {
		if (this.#isWriting !== null || this.#isFinishing) return;
		this.#isWriting = this.#writeSoon().finally(() => {
			this.#isWriting = null;
			if (this.#hasMore) this.#start();
		});
	}

	async #writeSoon(): Promise<void> {
		await this.#pause(this.#failure === null ? SPACING_MS : RETRY_MS);
		await this.#writeAll();
	}

	/** No reason to go on living, so who waits for the end of it must wake it: a process with nothing else to do would end before. */
	async #pause(ms: number): Promise<void> {
		const {promise, resolve} = Promise.withResolvers<void>();
		this.#wake = resolve;
		const timer = setTimeout(resolve, ms).unref();
		await promise;
		clearTimeout(timer);
	}

	async #writeAll(): Promise<void> {
		try {
			while (this.#hasMore) {
				if (this.#rest.length === 0) this.#turnPage();
				await this.#chooseFile();
				await this.#writeSome();
			}
			this.#failure = null;
		} catch (error) {
			this.#failure = error;
		}
	}

	#turnPage(): void {
		// All of it is written, so nothing is a part of it any more.
		this.#cutLine = EMPTY;
		if (this.#page !== null) freePage(this.#page);
		this.#rest = this.#pending.drain();
		this.#page = this.#rest.length > 0 ? this.#rest : null;
	}

	/** Writes as many whole lines as the file has room for. */
	async #writeSome(): Promise<void> {
		const {append = appendBytes} = this.#options;
		if (this.#rest.length === 0) return;
		const end = this.#cutLine.length > 0 ? this.#rest.length : this.#endOfFitting();
		if (end === 0) return;
		this.#inFlight = end;
		const written = await append(this.#descriptor, this.#rest.subarray(0, end)).finally(() => {
			this.#inFlight = 0;
		});
		const done = this.#rest.subarray(0, written);
		this.#size += written;
		const lineStart = done.lastIndexOf(NEWLINE) + 1;
		this.#cutLine = lineStart === 0 ? Buffer.concat([this.#cutLine, done]) : done.subarray(lineStart);
		this.#rest = this.#rest.subarray(written);
	}

	/** Where the last line ends that fits; at least one does in an empty file. */
	#endOfFitting(): number {
		const {rotation} = this.#options;
		if (rotation === null || rotation.maxBytes === null || this.#faults.size > 0) return this.#rest.length;
		const room = rotation.maxBytes - this.#size;
		if (room >= this.#rest.length) return this.#rest.length;
		const end = room <= 0 ? 0 : this.#rest.lastIndexOf(NEWLINE, room - 1) + 1;
		return end === 0 && this.#size === 0 ? this.#rest.indexOf(NEWLINE) + 1 : end;
	}

	async #chooseFile(): Promise<void> {
		const {rotation, path} = this.#options;
		const isAsked = this.#isReopening;
		if (isAsked || (rotation !== null && (await this.#isElsewhere()))) {
			await this.#openAnew();
			if (isAsked) this.#isReopening = false;
		}
		if (rotation === null || this.#cutLine.length > 0 || this.#size === 0 || !this.#isDue(rotation)) return;
		if (this.#now() < this.#asideAt) return;
		try {
			const lock = await this.#takeTurn();
			try {
				// Meanwhile another process may have done so.
				if (!(await this.#isElsewhere())) await putAside(path, rotation.keep, this.#options.isForced);
				await this.#openAnew();
			} finally {
				lock.release();
			}
			this.#faults.clear();
		} catch (error) {
			this.#asideAt = this.#now() + ASIDE_RETRY_MS;
			const reason = messageOf(error);
			if (this.#faults.has(reason)) return;
			this.#faults.add(reason);
			this.#options.onFault(reason);
		}
	}

	/** One process at a time: another one that renames as well would replace what has just been put aside. */
	async #takeTurn(): Promise<FileLock> {
		const {path} = this.#options;
		const lockPath = join(dirname(path), `.${basename(path)}.lock`);
		for (let looks = 0; looks < TURN_LOOKS; looks++) {
			const lock = takeLock(systemPath(lockPath));
			if (lock !== null) return lock;
			await this.#pause(TURN_LOOK_MS);
		}
		throw new Error(`another process has held ${lockPath} for ${(TURN_LOOKS * TURN_LOOK_MS) / 1000} s`);
	}

	#isDue({maxBytes, maxAgeMs}: LogRotation): boolean {
		if (maxAgeMs !== null && this.#now() - this.#startedAt >= maxAgeMs) return true;
		if (maxBytes === null || this.#rest.length === 0) return false;
		const firstLine = this.#rest.indexOf(NEWLINE) + 1;
		return this.#size + firstLine > maxBytes;
	}

	/** Another process that writes to the same log has put it aside. */
	async #isElsewhere(): Promise<boolean> {
		const own = fstatSync(this.#descriptor);
		try {
			const there = await lstat(systemPath(this.#options.path));
			return there.ino !== own.ino || there.dev !== own.dev;
		} catch (error) {
			return codeOf(error) === 'ENOENT';
		}
	}

	/** A line that was cut is written once more as a whole. */
	async #openAnew(): Promise<void> {
		const {path, isForced} = this.#options;
		const {mode} = fstatSync(this.#descriptor);
		const opened = await openLogAt(path, mode & 0o777, isForced);
		closeSync(this.#descriptor);
		this.#descriptor = opened.descriptor;
		this.#size = opened.size;
		this.#startedAt = opened.size === 0 ? this.#now() : opened.startedAt;
		if (this.#cutLine.length === 0) return;
		this.#rest = Buffer.concat([this.#cutLine, this.#rest]);
		this.#cutLine = EMPTY;
	}

	readonly #writeRemainder = (): void => {
		try {
			let bytes: Uint8Array = Buffer.concat([this.#rest.subarray(this.#inFlight), this.#pending.drain()]);
			while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
		} catch {
			// The process is ending, and nobody could handle the error.
		}
	};
}

async function appendBytes(descriptor: number, bytes: Uint8Array): Promise<number> {
	const {promise, resolve, reject} = Promise.withResolvers<number>();
	const {write} = process.getBuiltinModule('node:fs');
	write(descriptor, bytes, (error, written) => (error === null ? resolve(written) : reject(error)));
	return promise;
}

interface OpenedLog {
	readonly descriptor: number;
	readonly size: number;
	readonly startedAt: number;
}

/** @throws When it cannot be opened, or is a link or a file of another program. */
async function openLogAt(path: string, mode: number, isForced: boolean): Promise<OpenedLog> {
	if (!isForced && !isReplaceableAt(path, 'log')) throw new Error(`${path} is not a log of fileproc-tui`);
	let descriptor: number;
	try {
		descriptor = openSync(systemPath(path), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
		// As the one before was, whatever the umask is by now.
		fchmodSync(descriptor, mode);
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
		descriptor = openSync(systemPath(path), O_RDWR | O_APPEND | O_NOFOLLOW);
	}
	return {descriptor, size: fstatSync(descriptor).size, startedAt: startOfLog(descriptor)};
}

/** When the first line of a log was written; now where it has none that says so. */
export function startOfLog(descriptor: number, now = Date.now()): number {
	const {readSync} = process.getBuiltinModule('node:fs');
	const start = Buffer.alloc(64);
	const length = readSync(descriptor, start, 0, start.length, 0);
	const [, at = ''] = /^(?:\{"at":")?([\d-]+T[\d:.]+Z)/.exec(start.toString('latin1', 0, length)) ?? [];
	const time = Date.parse(at);
	return Number.isNaN(time) ? now : time;
}

/**
Renames log to log.1, log.1 to log.2 and so on, and removes what is beyond the number.

@throws When one of them is no log of ours: nothing has been renamed.
*/
async function putAside(path: string, keep: number, isForced: boolean): Promise<void> {
	await assertOwnLogs(path, keep, isForced);
	if (keep === 0) await unlink(systemPath(path));
	for (let number = keep; number > 0; number--) {
		const from = number === 1 ? path : `${path}.${number - 1}`;
		await rename(systemPath(from), systemPath(`${path}.${number}`)).catch(ignoreMissing);
	}
	// Fewer are to be kept than before.
	for (let number = keep + 1; await isOwnLog(`${path}.${number}`); number++)
		await unlink(systemPath(`${path}.${number}`));
}

/** @throws {Error} With a sentence that says which file is in the way. */
export async function assertOwnLogs(path: string, keep: number, isForced: boolean): Promise<void> {
	for (let number = 1; number <= keep; number++) {
		const at = `${path}.${number}`;
		const stats = await lstat(systemPath(at)).catch(() => null);
		if (stats === null) continue;
		if (!stats.isFile() || !(isForced || isReplaceableAt(at, 'log')))
			throw new Error(`${at} is in the way: it is not a log of fileproc-tui`);
	}
}

async function isOwnLog(path: string): Promise<boolean> {
	const stats = await lstat(systemPath(path)).catch(() => null);
	return stats?.isFile() === true && stats.size > 0 && isReplaceableAt(path, 'log');
}

function ignoreMissing(error: unknown): void {
	if (codeOf(error) !== 'ENOENT') throw error;
}
