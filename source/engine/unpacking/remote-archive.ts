// An archive on another machine, of which one version is read: its list and small members through a memory that asks for more at a time the longer
// somebody reads on, and large members each by a reader of ranges.
import {InputError} from '../../input/input-error.ts';
import {objectAt, openVersion, type RangedSource} from '../../remote/open-remote.ts';
import type {RemoteObject} from '../../remote/range-answer.ts';
import {RemoteError} from '../../remote/remote-error.ts';
import {identityOfRemote, nameOfRemote, pathOfRemote, type RemoteLocation} from '../../remote/remote-location.ts';
import type {ArchiveToList} from '../shared/archive-bytes.ts';
import {ReadError} from '../shared/errors.ts';

/** What comes with a first read somewhere, and at most. */
const LEAST_BYTES = 16 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;
/** Files come by their names, which need not be their order in the archive: so much of it is kept. */
export const KEPT_BYTES = 8 * 1024 * 1024;

/** What has come, and from where on. */
interface Piece {
	readonly start: number;
	readonly bytes: Buffer;
}

/** See `MemberPlace.archiveIdentity`: servers may call versions of different objects the same. */
export const identityOfArchive = (location: RemoteLocation): string =>
	`${nameOfRemote(location)} ${identityOfRemote(location)}`;

export class RemoteArchive {
	readonly size: number;
	readonly #object: RemoteObject;
	readonly #version: string;
	readonly #reader: RangedSource;
	readonly #keptBytes: number;
	/** The last one came last. */
	#pieces: Piece[] = [];
	#aheadBytes = LEAST_BYTES;

	/**
	@param keptBytes - So much of it is kept, beside what came last.
	@throws {RemoteError} Where its ranges cannot be had, or nobody knows of which version they are.
	*/
	static async open(location: RemoteLocation, keptBytes: number): Promise<RemoteArchive> {
		const {size, version} = location;
		if (size === null || version === null || (location.kind === 'http' && !location.hasRanges)) throw noRanges();
		return new RemoteArchive(await objectAt(location), {size, version}, keptBytes);
	}

	private constructor(
		object: RemoteObject,
		{size, version}: {readonly size: number; readonly version: string},
		keptBytes: number,
	) {
		this.size = size;
		this.#keptBytes = keptBytes;
		this.#object = object;
		this.#version = version;
		this.#reader = this.openWhole();
	}

	/** The bytes from a place on, or fewer where there are fewer. */
	async readBytes(start: number, end: number): Promise<Buffer> {
		const until = Math.min(end, this.size);
		if (start >= until) return Buffer.alloc(0);
		const known = this.#pieces.find(piece => start >= piece.start && until <= piece.start + piece.bytes.length);
		const piece = known ?? (await this.#load(start, until));
		return piece.bytes.subarray(start - piece.start, until - piece.start);
	}

	/** All of it, or from a place on: someone must close it. */
	openWhole(): RangedSource {
		return openVersion(this.#object, {size: this.size, version: this.#version});
	}

	async #load(start: number, end: number): Promise<Piece> {
		const last = this.#pieces.at(-1);
		const isFurther =
			last !== undefined && start >= last.start && start <= last.start + last.bytes.length + this.#aheadBytes;
		this.#aheadBytes = isFurther ? Math.min(2 * this.#aheadBytes, MOST_BYTES) : LEAST_BYTES;
		try {
			const bytes = await this.#reader.readAt(start, Math.min(this.size, Math.max(end, start + this.#aheadBytes)));
			const piece = {start, bytes: Buffer.from(bytes.buffer)};
			this.#keep(piece);
			return piece;
		} catch (error) {
			throw error instanceof InputError ? error : new ReadError(error, start);
		}
	}

	#keep(piece: Piece): void {
		let bytes = this.#pieces.reduce((sum, each) => sum + each.bytes.length, 0);
		while (bytes > this.#keptBytes) bytes -= this.#pieces.shift()?.bytes.length ?? bytes;
		this.#pieces.push(piece);
	}
}

/** For the list of its members. */
export async function openRemoteArchive(location: RemoteLocation): Promise<ArchiveToList> {
	const archive = await RemoteArchive.open(location, 0);
	let whole: RangedSource | null = null;
	let bytesRead = 0;
	return {
		...{location, size: archive.size, identity: identityOfArchive(location), name: pathOfRemote(location)},
		readBytes: (start, end) => archive.readBytes(start, end),
		whole: {
			async read(target) {
				whole ??= archive.openWhole();
				const length = await whole.read(target);
				bytesRead += length;
				return length;
			},
		},
		bytesRead: () => bytesRead,
		// Each range was asked for by its version.
		assertUnchanged() {},
		close: () => whole?.close(),
	};
}

const noRanges = (): RemoteError =>
	new RemoteError(
		'ARCHIVE_ELSEWHERE',
		'Files of an archive are read where they lie in it, all of one version; its server gives no parts of it, or does not say of which version they are. Fetch it first, for example: curl -O',
	);
