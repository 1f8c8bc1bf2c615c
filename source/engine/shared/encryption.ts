// Files that a server keeps encrypted: which of them are, by which key, and how they are laid out.
//
// A file is a header and frames. The header: 7 letters, the version, what the key is known by (8 bytes), and 32 random bytes, from which and from the
// key of the server the key of this one file is derived (HKDF-SHA256). A frame: a random nonce (12 bytes), 64 KiB of the text (fewer in the last
// one) in AES-256-GCM, and its tag (16). What is authenticated with each: the header, the number of the frame, and whether it is the last one, so
// that nothing is cut off, swapped or taken from another file unnoticed. A nonce is random, and no number of the frame, because the last frame of
// an upload that comes in pieces is written again with more in it, and the same nonce may not serve for two texts.
import {InputError} from '../../input/input-error.ts';

export const FRAME_BYTES = 64 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What a frame takes beside its text. */
const EXTRA_BYTES = NONCE_BYTES + TAG_BYTES;
const STORED_FRAME_BYTES = FRAME_BYTES + EXTRA_BYTES;
const MAGIC = Buffer.from('fpcrypt\x01', 'latin1');
const KEY_ID_BYTES = 8;
const SALT_BYTES = 32;
export const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + SALT_BYTES;
export const KEY_BYTES = 32;
/** Names of encrypted files end so: who sends a file in has no say in that, as he has in what it begins with. */
export const ENCRYPTED_ENDING = '.enc';

/** The first one is that by which files are encrypted; the others are those by which some were before, and are still read. */
export type Keys = readonly [current: Uint8Array, ...earlier: Uint8Array[]];

/** The keys of encrypted files below a folder. */
export interface FolderKey {
	/** An absolute path; empty: wherever they lie. */
	readonly folder: string;
	readonly keys: Keys;
}

const known = new Set<FolderKey>();

/** Of this process or thread: given to each thread when it starts, and nowhere else. */
export const folderKeys = (): readonly FolderKey[] => [...known];

/** @returns Forgets it. */
export function addFolderKey(given: FolderKey): () => void {
	known.add(given);
	return () => void known.delete(given);
}

const textOf = (path: string | Uint8Array): string => (typeof path === 'string' ? path : Buffer.from(path).toString());

export const isNamedEncrypted = (path: string | Uint8Array): boolean => textOf(path).endsWith(ENCRYPTED_ENDING);

/** One of which a file is encrypted by; `null`: it is as it was sent. */
export function keysFor(path: string | Uint8Array): Keys | null {
	if (known.size === 0) return null;
	if (!isNamedEncrypted(path)) return null;
	const text = textOf(path);
	for (const {folder, keys} of known)
		if (folder === '' || text.startsWith(`${folder}/`) || text.startsWith(`${folder}\\`)) return keys;
	return null;
}

// Threads of runs without encrypted files need not wait for it to load.
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

/** What a key is known by, which does not tell it. */
export const keyIdOf = (key: Uint8Array): Buffer =>
	crypto().createHmac('sha256', key).update('fileproc-tui key id').digest().subarray(0, KEY_ID_BYTES);

export const createHeader = ([current]: Keys): Buffer =>
	Buffer.concat([MAGIC, keyIdOf(current), crypto().randomBytes(SALT_BYTES)]);

/** What the key of a file is known by; `null`: it does not begin as an encrypted file does. */
export const keyIdIn = (header: Uint8Array): string | null =>
	header.length === HEADER_BYTES && MAGIC.equals(header.subarray(0, MAGIC.length))
		? Buffer.from(header.subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES)).toString('hex')
		: null;

/**
@param start - Of a file that there is no key for.
@throws {InputError} Where a server has encrypted it: it would be read as if it were data.
*/
export function assertPlain(start: Uint8Array): void {
	const keyId = keyIdIn(start);
	if (keyId === null) return;
	throw new InputError(
		'NO_ENCRYPTION_KEY',
		`A server has encrypted the file by the key known by ${keyId}, which is not here: workers of such a server need it, by --encryption-key-file`,
	);
}

/** The one that a file names; `undefined`: none of these. */
const keyIn = (keys: Keys, header: Uint8Array): Uint8Array | undefined =>
	keys.find(key => keyIdOf(key).toString('hex') === keyIdIn(header));

/** `kept`: the last bytes so far of an upload that is not complete, which lie beside it. */
type FrameKind = 'inner' | 'last' | 'kept';

const KINDS: Readonly<Record<FrameKind, number>> = {inner: 0, last: 1, kept: 2};

/** Encrypts and decrypts the frames of one file. */
export class FrameCipher {
	readonly #key: Buffer;
	readonly #header: Buffer;

	/** With a header that names none of the keys it decrypts nothing. */
	constructor(keys: Keys, header: Uint8Array) {
		const key = keyIn(keys, header) ?? keys[0];
		this.#header = Buffer.from(header);
		const salt = this.#header.subarray(MAGIC.length + KEY_ID_BYTES);
		this.#key = Buffer.from(crypto().hkdfSync('sha256', key, salt, 'fileproc-tui stored file', KEY_BYTES));
	}

	encrypt(text: Uint8Array, frame: number, kind: FrameKind): Buffer {
		const nonce = crypto().randomBytes(NONCE_BYTES);
		const cipher = crypto().createCipheriv('aes-256-gcm', this.#key, nonce, {authTagLength: TAG_BYTES});
		cipher.setAAD(this.#about(frame, kind));
		return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
	}

	/** @throws {InputError} Where it is not what was written there. */
	decrypt(stored: Uint8Array, frame: number, kind: FrameKind): Buffer {
		try {
			const nonce = stored.subarray(0, NONCE_BYTES);
			const cipher = crypto().createDecipheriv('aes-256-gcm', this.#key, nonce, {authTagLength: TAG_BYTES});
			cipher.setAAD(this.#about(frame, kind));
			cipher.setAuthTag(stored.subarray(-TAG_BYTES));
			const text = cipher.update(stored.subarray(NONCE_BYTES, stored.length - TAG_BYTES));
			cipher.final();
			return text;
		} catch {
			const from = frame * FRAME_BYTES;
			throw corrupt(`the bytes from ${from} on are not those that were written there, or what followed is cut off`);
		}
	}

	#about(frame: number, kind: FrameKind): Buffer {
		const about = Buffer.alloc(HEADER_BYTES + 9);
		this.#header.copy(about);
		about.writeBigUInt64BE(BigInt(frame), HEADER_BYTES);
		about[HEADER_BYTES + 8] = KINDS[kind];
		return about;
	}
}

/** Where a frame begins in the file. */
export const offsetOfFrame = (frame: number): number => HEADER_BYTES + frame * STORED_FRAME_BYTES;

const corrupt = (what: string): InputError =>
	new InputError(
		'CORRUPT_ENCRYPTION',
		`The encrypted file was changed or damaged on the disk of the server: ${what}. Send the file again, or take it from a backup`,
	);

/** Gives the text of an encrypted file, from any place on. */
export class EncryptedBytes {
	/** Of the text. */
	readonly size: number;
	readonly #frames: number;
	readonly #storedBytes: number;
	readonly #cipher: FrameCipher;
	readonly #read: (target: Uint8Array, byteOffset: number) => number;
	/** The frame that was decrypted last. */
	#frame = -1;
	#text: Uint8Array = new Uint8Array(0);

	/**
	@param read - Reads what is stored.
	@throws {InputError} Where it is no such file, or of another key.
	*/
	constructor(keys: Keys, storedBytes: number, read: (target: Uint8Array, byteOffset: number) => number) {
		this.#read = read;
		this.#storedBytes = storedBytes;
		const header = this.#stored(0, Math.min(HEADER_BYTES, storedBytes));
		const keyId = keyIdIn(header);
		const rest = (storedBytes - HEADER_BYTES) % STORED_FRAME_BYTES;
		if (keyId === null) throw corrupt('it does not begin as one');
		if (keyIn(keys, header) === undefined) throw corrupt(`it names another key (${keyId})`);
		if (storedBytes === HEADER_BYTES || (rest > 0 && rest < EXTRA_BYTES)) throw corrupt('its end is cut off');
		this.#frames = Math.ceil((storedBytes - HEADER_BYTES) / STORED_FRAME_BYTES);
		this.size = storedBytes - HEADER_BYTES - this.#frames * EXTRA_BYTES;
		this.#cipher = new FrameCipher(keys, header);
		// Of an empty one nothing would be read.
		if (this.size === 0) this.#load(0);
	}

	/** @returns How many bytes there were: as many as fit, or up to the end. */
	readAt(target: Uint8Array, byteOffset: number): number {
		const end = Math.min(this.size, byteOffset + target.length);
		let at = byteOffset;
		while (at < end) {
			const frame = Math.floor(at / FRAME_BYTES);
			if (frame !== this.#frame) this.#load(frame);
			const start = at - frame * FRAME_BYTES;
			const piece = this.#text.subarray(start, Math.min(FRAME_BYTES, start + end - at));
			target.set(piece, at - byteOffset);
			at += piece.length;
		}
		return Math.max(0, at - byteOffset);
	}

	#load(frame: number): void {
		const start = offsetOfFrame(frame);
		const stored = this.#stored(start, Math.min(start + STORED_FRAME_BYTES, this.#storedBytes));
		this.#text = this.#cipher.decrypt(stored, frame, frame === this.#frames - 1 ? 'last' : 'inner');
		this.#frame = frame;
	}

	#stored(start: number, end: number): Uint8Array {
		const bytes = new Uint8Array(end - start);
		let filled = 0;
		while (filled < bytes.length) {
			const length = this.#read(bytes.subarray(filled), start + filled);
			if (length === 0) throw corrupt(`it ends at byte ${start + filled} of ${this.#storedBytes}`);
			filled += length;
		}
		return bytes;
	}
}
