// Answers a client of SFTP, version 3, from a tree. There are no links and no attributes: who sets some is told that all is well, because clients take anything
// else for a failure of the transfer.
import {setTimeout as sleep} from 'node:timers/promises';
import ssh2, {type Attributes, type SFTPWrapper} from 'ssh2';
import {endSftp, unsentBytesOf} from './beside-sftp.ts';
import {Handles, type Opened} from './handles.ts';
import {readPath, writePath} from './paths.ts';
import {noSuchFile, type SftpEntry, SftpRefusal, type SftpTree} from './tree.ts';

export interface SftpSurroundings {
	/** Aborted when it is to end. */
	readonly signal: AbortSignal;
	/** Called when a client asks for something. */
	readonly onAsked: () => void;
	/** What people should read; clients show no sentences of answers. */
	readonly tell: (sentence: string) => void;
	/** Called with what is no refusal. */
	readonly onFault: (error: unknown) => void;
	/** Runs what answers a request, so that what goes wrong in it is known to be of this session. */
	readonly within: (perform: () => void) => void;
}

const {OPEN_MODE, STATUS_CODE} = ssh2.utils.sftp;
/** The largest part that is read at once; clients ask for 32 to 256 KiB. */
const MAX_READ_BYTES = 256 * 1024;
/** Clients wait for answers after 2 MiB; who does not wait at all would fill the memory. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** So much may lie in the memory, of what a client has asked for and does not take, before nothing more is read for it. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** The library does not tell when the client has taken something. */
const UNSENT_PAUSE_MS = 10;
/** Some clients ask for all parts of a file at once. */
const MAX_WAITING_READS = 100_000;
const ENTRIES_AT_A_TIME = 100;

/** Resolves when the client has gone, or is sent away. */
export function serveSftp(sftp: SFTPWrapper, tree: SftpTree, surroundings: SftpSurroundings): Promise<void> {
	const {signal} = surroundings;
	const handles = new Handles();
	const session = new SftpSession(sftp, tree, handles, surroundings);
	session.listen();
	return new Promise<void>(resolve => {
		const end = (): void => {
			handles.abortAll();
			endSftp(sftp);
		};
		sftp.on('end', end);
		sftp.on('close', () => resolve());
		sftp.on('error', (error: unknown) => {
			surroundings.onFault(error);
			end();
		});
		signal.addEventListener('abort', () => {
			end();
			resolve();
		});
	}).then(() => {
		handles.abortAll();
		return tree.close();
	});
}

class SftpSession {
	readonly #sftp: SFTPWrapper;
	readonly #tree: SftpTree;
	readonly #handles: Handles;
	readonly #surroundings: SftpSurroundings;
	#waitingReads = 0;

	constructor(sftp: SFTPWrapper, tree: SftpTree, handles: Handles, surroundings: SftpSurroundings) {
		this.#sftp = sftp;
		this.#tree = tree;
		this.#handles = handles;
		this.#surroundings = surroundings;
	}

	/** What is not listed here is answered by the library: it is not supported. */
	listen(): void {
		const [sftp, tree, handles] = [this.#sftp, this.#tree, this.#handles];
		const stat = (id: number, path: string): void =>
			this.#answer(id, async () => void sftp.attrs(id, attributesOf(await tree.stat(readPath(path)))));
		sftp.on('STAT', stat);
		sftp.on('LSTAT', stat);
		sftp.on('REALPATH', (id, path) =>
			this.#answer(id, async () => void sftp.name(id, [{...nameOf(writePath(readPath(path)))}])),
		);
		sftp.on('OPENDIR', (id, path) =>
			this.#answer(id, async () => {
				handles.assertRoom();
				sftp.handle(id, handles.open({type: 'folder', listing: await tree.list(readPath(path))}));
			}),
		);
		sftp.on('READDIR', (id, handle) => this.#answer(id, () => this.#list(id, handle)));
		sftp.on('OPEN', (id, path, flags) => this.#answer(id, () => this.#open(id, path, flags)));
		sftp.on('READ', (id, handle, offset, length) => this.#answer(id, () => this.#read(id, handle, offset, length)));
		sftp.on('WRITE', (id, handle, offset, bytes) => this.#answer(id, () => this.#write(id, handle, offset, bytes)));
		sftp.on('FSTAT', (id, handle) =>
			this.#answer(id, async () => void sftp.attrs(id, attributesOf(entryOf(handles.find(handle))))),
		);
		sftp.on('FSETSTAT', (id, handle) =>
			this.#answer(id, async () => {
				handles.find(handle);
				this.#ok(id);
			}),
		);
		sftp.on('SETSTAT', (id, path) =>
			this.#answer(id, async () => {
				// What was put there may have been taken from there by now.
				const {mayWrite} = await tree.stat(readPath(path).slice(0, 1));
				if (!mayWrite) await tree.stat(readPath(path));
				this.#ok(id);
			}),
		);
		sftp.on('MKDIR', (id, path) =>
			this.#answer(id, async () => {
				await tree.makeFolder(readPath(path));
				this.#ok(id);
			}),
		);
		sftp.on('CLOSE', (id, handle) => this.#answer(id, () => this.#close(id, handle)));
	}

	#ok(id: number): void {
		this.#sftp.status(id, STATUS_CODE.OK);
	}

	#answer(id: number, perform: () => Promise<void>): void {
		const {signal, tell, onAsked, onFault, within} = this.#surroundings;
		onAsked();
		within(() => {
			perform().catch((error: unknown) => {
				if (signal.aborted) return;
				const refusal = error instanceof SftpRefusal ? error : null;
				if (refusal === null) onFault(error);
				if (refusal?.isToTell === true) tell(refusal.message);
				this.#sftp.status(id, STATUS_CODE[refusal?.code ?? 'FAILURE'], refusal?.message);
			});
		});
	}

	async #list(id: number, handle: Buffer): Promise<void> {
		const {listing} = this.#handles.find(handle, 'folder');
		const entries = await this.#handles.inTurn(handle, async () => {
			await this.#untilTaken();
			return listing.next(ENTRIES_AT_A_TIME);
		});
		if (entries.length === 0) this.#sftp.status(id, STATUS_CODE.EOF);
		else
			this.#sftp.name(
				id,
				entries.map(entry => ({filename: entry.name, longname: longNameOf(entry), attrs: attributesOf(entry)})),
			);
	}

	async #open(id: number, path: string, flags: number): Promise<void> {
		this.#handles.assertRoom();
		const opened: Opened =
			(flags & OPEN_MODE.WRITE) === 0
				? {type: 'source', source: await this.#tree.openToRead(readPath(path))}
				: {type: 'target', target: await this.#tree.openToWrite(readPath(path)), offset: 0, waitingBytes: 0};
		this.#sftp.handle(id, this.#handles.open(opened));
	}

	async #read(id: number, handle: Buffer, offset: number, length: number): Promise<void> {
		const {source} = this.#handles.find(handle, 'source');
		if (this.#waitingReads >= MAX_WAITING_READS)
			throw new SftpRefusal('FAILURE', 'Wait for answers before you ask for more.');
		this.#waitingReads++;
		try {
			const bytes = await this.#handles.inTurn(handle, async () => {
				await this.#untilTaken();
				return source.read(offset, Math.min(length, MAX_READ_BYTES));
			});
			if (bytes === null) this.#sftp.status(id, STATUS_CODE.EOF);
			else this.#sftp.data(id, bytes);
		} finally {
			this.#waitingReads--;
		}
	}

	async #untilTaken(): Promise<void> {
		const {signal} = this.#surroundings;
		while (!signal.aborted && unsentBytesOf(this.#sftp) > MAX_UNSENT_BYTES) await sleep(UNSENT_PAUSE_MS);
	}

	async #write(id: number, handle: Buffer, offset: number, bytes: Buffer): Promise<void> {
		const opened = this.#handles.find(handle, 'target');
		if (offset !== opened.offset)
			throw new SftpRefusal('FAILURE', 'A file is sent from its beginning to its end, and nothing of it twice.');
		opened.offset += bytes.length;
		opened.waitingBytes += bytes.length;
		if (opened.waitingBytes > MAX_WAITING_BYTES) {
			opened.target.abort();
			throw new SftpRefusal('FAILURE', 'Wait for answers before you send more.');
		}
		await this.#handles.inTurn(handle, () => opened.target.write(bytes));
		opened.waitingBytes -= bytes.length;
		this.#ok(id);
	}

	async #close(id: number, handle: Buffer): Promise<void> {
		const opened = this.#handles.find(handle);
		const closed = this.#handles.inTurn(handle, async () => {
			if (opened.type === 'folder') opened.listing.close();
			if (opened.type === 'source') opened.source.close();
			if (opened.type === 'target') await opened.target.finish();
		});
		this.#handles.release(handle);
		await closed;
		this.#ok(id);
	}
}

function entryOf(opened: Opened): SftpEntry {
	switch (opened.type) {
		case 'source':
			return opened.source.entry;
		case 'target':
			return {name: '', isFolder: false, bytes: opened.offset, changedAt: Date.now(), mayWrite: true};
		case 'folder':
			throw noSuchFile();
	}
}

const FOLDER = 0o040_000;
const FILE = 0o100_000;

const permissionsOf = ({isFolder, mayWrite}: SftpEntry): number => (isFolder ? 0o555 : 0o444) | (mayWrite ? 0o200 : 0);

function attributesOf(entry: SftpEntry): Attributes {
	const {isFolder, bytes, changedAt} = entry;
	const seconds = Math.floor(changedAt / 1000);
	const mode = (isFolder ? FOLDER : FILE) | permissionsOf(entry);
	// What is left out is not known: 0 would be the size of an empty file.
	return {mode, uid: 0, gid: 0, ...(bytes !== null && {size: bytes}), atime: seconds, mtime: seconds} as Attributes;
}

const nameOf = (filename: string) => ({filename, longname: filename, attrs: {} as Attributes});

/** As `ls -l` has it, which clients show as it is. */
function longNameOf(entry: SftpEntry): string {
	const {name, isFolder, bytes, changedAt} = entry;
	const permissions = permissionsOf(entry);
	const letters = [6, 3, 0]
		.map(shift => (permissions >> shift) & 7)
		.map(bits => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`)
		.join('');
	const time = new Date(changedAt).toISOString().slice(0, 16).replace('T', ' ');
	return `${isFolder ? 'd' : '-'}${letters} 1 fileproc fileproc ${String(bytes ?? 0).padStart(12)} ${time} ${name}`;
}
