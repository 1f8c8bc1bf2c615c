// The watched folder beside a server, for those who come by SFTP without an account: what they put goes into it as by any other client of the server, and
// operators read what lies there. Links are nothing, and neither is what begins with a dot: that is the state of the watch.
import {randomUUID} from 'node:crypto';
import type {Dir} from 'node:fs';
import {constants, type Stats} from 'node:fs';
import {type FileHandle, lstat, open, opendir, realpath} from 'node:fs/promises';
import {join} from 'node:path';
import type {Connection} from '../../../../client/connection.ts';
import {mayCall, type Role} from '../../../../server/roles.ts';
import {listingOf, type SftpListing} from '../../../../ssh/sftp/listing.ts';
import {
	noSuchFile,
	type SftpEntry,
	type SftpPath,
	SftpRefusal,
	type SftpSource,
	type SftpTarget,
	type SftpTree,
} from '../../../../ssh/sftp/tree.ts';
import {codeOf} from '../../../../text/system-error.ts';
import {openTarget} from './remote-target.ts';
import {FOLDERS} from './shown-files.ts';

export class WatchedBox implements SftpTree {
	readonly #connection: Connection;
	readonly #root: string;
	readonly #role: Role;

	/** @param root - The watched folder. */
	constructor(connection: Connection, root: string, role: Role) {
		this.#connection = connection;
		this.#root = root;
		this.#role = role;
	}

	async stat(path: SftpPath): Promise<SftpEntry> {
		if (path.length === 0 || isTop(path)) return folderEntry(path);
		this.#assertMaySee();
		return entryOf(path.at(-1) ?? '', await this.#look(path));
	}

	async list(path: SftpPath): Promise<SftpListing> {
		if (path.length === 0) return listingOf(FOLDERS.map(name => folderEntry([name])));
		this.#assertMaySee();
		if (!isTop(path) && !(await this.#look(path)).isDirectory()) throw noSuchFile();
		const place = await this.#placeOf(path);
		return listFolder(await opendir(place).catch(refuse), place);
	}

	async openToRead(path: SftpPath): Promise<SftpSource> {
		this.#assertMaySee();
		const stats = await this.#look(path);
		if (!stats.isFile()) throw new SftpRefusal('FAILURE', 'It is a folder.');
		const handle = await open(await this.#placeOf(path), constants.O_RDONLY | constants.O_NOFOLLOW).catch(refuse);
		const {ino, dev} = await handle.stat();
		if (ino === stats.ino && dev === stats.dev) return sourceOf(handle, entryOf(path.at(-1) ?? '', stats));
		// Somebody has put something else in its place.
		await handle.close();
		throw noSuchFile();
	}

	async openToWrite([folder, name, ...more]: SftpPath): Promise<SftpTarget> {
		if (folder !== 'unprocessed') throw new SftpRefusal('PERMISSION_DENIED', 'Files go into unprocessed/.');
		if (!mayCall(this.#role, 'uploader'))
			throw new SftpRefusal('PERMISSION_DENIED', `The role ${this.#role} may not send files in.`);
		if (name === undefined || more.length > 0)
			throw new SftpRefusal('FAILURE', 'Files of a watched folder are put into unprocessed/ itself.');
		if (/["\\\r\n]/.test(name))
			throw new SftpRefusal('FAILURE', 'Names of files that are put here have no quotes, backslashes and line ends.');
		const boundary = randomUUID();
		return openTarget(
			stream =>
				this.#connection.ask('POST', '/api/v1/upload?to=inbox', {
					headers: {'content-type': `multipart/form-data; boundary=${boundary}`},
					...{stream: formOf(name, boundary, stream), timeoutMs: 0},
				}),
			async () => {},
		);
	}

	async makeFolder(): Promise<void> {
		throw new SftpRefusal('PERMISSION_DENIED', 'Files of a watched folder are put into unprocessed/ itself.');
	}

	async close(): Promise<void> {
		this.#connection.close();
	}

	#assertMaySee(): void {
		if (!mayCall(this.#role, 'operator'))
			throw new SftpRefusal('PERMISSION_DENIED', `The role ${this.#role} may not see what lies in the watched folder.`);
	}

	/** @throws {SftpRefusal} Also where it is a link, or behind one. */
	async #look(path: SftpPath): Promise<Stats> {
		const place = await this.#placeOf(path);
		const stats = await lstat(place).catch(refuse);
		if (!stats.isFile() && !stats.isDirectory()) throw noSuchFile();
		return stats;
	}

	/** Where it is on the disk, whichever way leads there. */
	async #placeOf(path: SftpPath): Promise<string> {
		if (!isTop(path.slice(0, 1)) || path.some(name => name.startsWith('.'))) throw noSuchFile();
		const expected = join(await realpath(this.#root).catch(refuse), ...path);
		if ((await realpath(expected).catch(refuse)) !== expected) throw noSuchFile();
		return expected;
	}
}

const isTop = (path: SftpPath): boolean => path.length === 1 && FOLDERS.some(name => name === path[0]);

const folderEntry = (path: SftpPath): SftpEntry => ({
	...{name: path.at(-1) ?? '/', isFolder: true, bytes: null, changedAt: Date.now()},
	mayWrite: path[0] === 'unprocessed',
});

const entryOf = (name: string, stats: Stats): SftpEntry => ({
	...{name, isFolder: stats.isDirectory(), bytes: stats.isFile() ? stats.size : null},
	...{changedAt: stats.mtimeMs, mayWrite: false},
});

function refuse(error: unknown): never {
	const code = codeOf(error);
	if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') throw noSuchFile();
	if (code === 'EACCES' || code === 'EPERM') throw new SftpRefusal('PERMISSION_DENIED', 'The server may not read it.');
	throw error;
}

const sourceOf = (handle: FileHandle, entry: SftpEntry): SftpSource => ({
	entry,
	async read(offset, length) {
		const {bytesRead, buffer} = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
		return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
	},
	close: () => void handle.close().catch(() => {}),
});

function listFolder(folder: Dir, place: string): SftpListing {
	let isOpen = true;
	const close = (): void => {
		if (isOpen) void folder.close().catch(() => {});
		isOpen = false;
	};
	return {
		async next(count) {
			const entries: SftpEntry[] = [];
			while (isOpen && entries.length < count) {
				const names: string[] = [];
				while (names.length < count - entries.length) {
					const found = await folder.read();
					if (found === null) break;
					if (!found.name.startsWith('.')) names.push(found.name);
				}
				if (names.length === 0) close();
				// One that goes while it is looked at is not there.
				const looked = await Promise.all(names.map(name => lstat(join(place, name)).catch(() => null)));
				for (const [index, stats] of looked.entries())
					if (stats?.isFile() || stats?.isDirectory()) entries.push(entryOf(names[index] ?? '', stats));
			}
			return entries;
		},
		close,
	};
}

async function* formOf(
	name: string,
	boundary: string,
	content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
	yield Buffer.from(
		`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
	);
	yield* content;
	yield Buffer.from(`\r\n--${boundary}--\r\n`);
}
