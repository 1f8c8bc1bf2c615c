// rsync's other end, in version 27 of its protocol, which every rsync speaks, also that of macOS. Each file comes whole and goes the way of one that comes by
// SFTP: nothing lies on a disk for it, and nothing that is here is looked at, changed or removed.
import {randomInt} from 'node:crypto';
import type {Duplex} from 'node:stream';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {readPath} from '../sftp/paths.ts';
import {type SftpPath, SftpRefusal, type SftpTarget, type SftpTree} from '../sftp/tree.ts';
import {contentOf} from './file-content.ts';
import {type ListedFile, readFileList} from './file-list.ts';
import {Md4} from './md4.ts';
import type {RsyncRequest} from './read-request.ts';
import {RsyncFault, WireReader, WireWriter} from './wire.ts';

const PROTOCOL = 27;
const MAX_SEED = 2 ** 31;
/** In place of the number of a file: there are no more. */
const DONE = -1;
/** There is nothing of it here, of which only parts would be needed. */
const NO_SUMS = [0, 0, 0, 0] as const;
const HEAD_BYTES = 16;
const SUM_BYTES = 16;

/** As rsync's own: all well; some files were not taken. */
const EXIT = {ok: 0, partial: 23} as const;

/** So many refusals are told one by one: a client that reads nothing leaves them in the memory. */
const MAX_TOLD = 20;

export interface RsyncSurroundings {
	/** Aborted when it is to end. */
	readonly signal: AbortSignal;
	/** Called when something has come. */
	readonly onBytes: () => void;
}

/**
@returns The exit code for the client.
@throws {RsyncFault} Where the other end is none that could be answered.
*/
export async function receiveFiles(
	channel: Duplex,
	request: RsyncRequest,
	tree: SftpTree,
	{signal, onBytes}: RsyncSurroundings,
): Promise<number> {
	const [reader, writer] = [new WireReader(channel, signal, onBytes), new WireWriter(channel)];
	try {
		writer.writeBare(PROTOCOL);
		const version = await reader.readInt();
		if (version < PROTOCOL) throw new RsyncFault(`That rsync is too old, with version ${version} of the protocol`);
		const seed = randomInt(MAX_SEED);
		writer.writeBare(seed);
		return await new Reception(reader, writer, {request, tree, seed}).receive();
	} finally {
		await tree.close();
	}
}

interface ReceptionParts {
	readonly request: RsyncRequest;
	readonly tree: SftpTree;
	/** What both ends begin the sum of a file with. */
	readonly seed: number;
}

class Reception {
	readonly #reader: WireReader;
	readonly #writer: WireWriter;
	readonly #parts: ReceptionParts;
	/** That are there. */
	readonly #folders = new Set<string>();
	#refusedCount = 0;

	constructor(reader: WireReader, writer: WireWriter, parts: ReceptionParts) {
		this.#reader = reader;
		this.#writer = writer;
		this.#parts = parts;
	}

	async receive(): Promise<number> {
		const {request} = this.#parts;
		const files = await readFileList(this.#reader, request.has);
		const names = await this.#namesOf(files);
		const asked = [...names.keys()];
		this.#writer.write(asked.flatMap(index => (request.isDryRun ? [index] : [index, ...NO_SUMS])));
		this.#writer.write([DONE]);
		for (let isAgain = false; ; ) {
			const index = await this.#reader.readInt();
			if (index === DONE && isAgain) break;
			if (index === DONE) {
				// Now would be the time to ask for files again that were damaged on their way.
				isAgain = true;
				this.#writer.write([DONE]);
				continue;
			}
			const name = names.get(index);
			if (name === undefined || !names.delete(index)) throw new RsyncFault('A file comes that was not asked for');
			if (!request.isDryRun) await this.#receiveFile(this.#pathOf(name));
		}
		const others = files.filter(({type}) => type === 'other').length;
		if (others > 0) this.#writer.tell('info', `Links, devices and the like are not taken: ${others}.`);
		const untold = this.#refusedCount - MAX_TOLD;
		if (untold > 0) this.#writer.tell('failure', `Others that were not taken: ${formatInteger(untold)}.`);
		this.#writer.write([DONE]);
		return this.#refusedCount > 0 ? EXIT.partial : EXIT.ok;
	}

	/** @returns Of those that are to be sent, by their numbers: below the place that they go to, and '' for that place itself. */
	async #namesOf(files: readonly ListedFile[]): Promise<Map<number, string>> {
		const {request, tree} = this.#parts;
		const names = new Map<number, string>();
		try {
			const base = readPath(request.path);
			const {mayWrite} = await tree.stat(base.slice(0, 1));
			if (!mayWrite) throw new SftpRefusal('PERMISSION_DENIED', 'Files go into unprocessed/.');
			const isRenamed =
				files.length === 1 && files[0]?.type === 'file' && !/\/$/.test(request.path) && !(await this.#isFolder(base));
			for (const [index, {name, type, isTwice}] of files.entries()) {
				if (type !== 'file' || isTwice) continue;
				const text = isRenamed ? '' : name.toString();
				if (this.#isTaken(text)) names.set(index, text);
			}
		} catch (error) {
			this.#tellOf(request.path, error);
			names.clear();
		}
		return names;
	}

	#isTaken(name: string): boolean {
		if (name.split('/').includes('..')) throw new RsyncFault('A name leads out of its folder');
		try {
			readPath(name);
			return true;
		} catch (error) {
			this.#tellOf(name, error);
			return false;
		}
	}

	/** Made anew for each file: the parts of all names would take many times the memory of these. */
	#pathOf(name: string): SftpPath {
		return [...readPath(this.#parts.request.path), ...readPath(name)];
	}

	async #receiveFile(path: SftpPath): Promise<void> {
		const {request, seed} = this.#parts;
		const head = await this.#reader.read(HEAD_BYTES);
		if (head.readInt32LE() !== 0) throw new RsyncFault('Only parts of a file come');
		const name = path.join('/');
		let target = await this.#attempt(name, () => this.#open(path));
		try {
			const seedBytes = Buffer.alloc(4);
			seedBytes.writeInt32LE(seed);
			const sum = new Md4().update(seedBytes);
			for await (const bytes of contentOf(this.#reader, request.isCompressed)) {
				sum.update(bytes);
				const into = target;
				// What follows of one that was refused is left out.
				if (into !== null && (await this.#attempt(name, () => into.write(bytes).then(() => true))) === null) {
					into.abort();
					target = null;
				}
			}
			const isWhole = sum.digest().equals(await this.#reader.read(SUM_BYTES));
			const into = target;
			if (into === null) return;
			if (isWhole) await this.#attempt(name, () => into.finish());
			else {
				into.abort();
				this.#tellOf(name, new SftpRefusal('FAILURE', 'It was damaged on its way.'));
			}
			target = null;
		} finally {
			target?.abort();
		}
	}

	async #open(path: SftpPath): Promise<SftpTarget> {
		await this.#makeFolder(path.slice(0, -1));
		return this.#parts.tree.openToWrite(path);
	}

	async #makeFolder(path: SftpPath): Promise<void> {
		const key = path.join('/');
		if (path.length < 2 || this.#folders.has(key)) return;
		await this.#makeFolder(path.slice(0, -1));
		if (!(await this.#isFolder(path))) await this.#parts.tree.makeFolder(path);
		this.#folders.add(key);
	}

	async #isFolder(path: SftpPath): Promise<boolean> {
		try {
			return (await this.#parts.tree.stat(path)).isFolder;
		} catch (error) {
			if (error instanceof SftpRefusal) return false;
			throw error;
		}
	}

	/** @returns `null` where it was refused, which has been told. */
	async #attempt<Result>(name: string, perform: () => Promise<Result>): Promise<Result | null> {
		try {
			return await perform();
		} catch (error) {
			this.#tellOf(name, error);
			return null;
		}
	}

	/** @throws Whatever is no refusal. */
	#tellOf(name: string, error: unknown): void {
		if (!(error instanceof SftpRefusal)) throw error;
		this.#refusedCount++;
		if (this.#refusedCount <= MAX_TOLD) this.#writer.tell('failure', `${safe(name)}: ${error.message}`);
	}
}
