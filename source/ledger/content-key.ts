// Content hashes as the ledger keeps them: the name of the hash and its bytes, where reports have one text (see kernel/content-hash.ts).
import type {ResultKey} from './claims-protocol.ts';

/** As in the column `hash` of the table `results`. */
export type LedgerHash = 'xxh3-128' | 'sha256' | 'sha256-tree';

export interface ContentKey {
	readonly hash: LedgerHash;
	readonly content: Buffer;
}

export function contentKeyOf(text: string): ContentKey {
	const [content = '', name] = text.split(':').reverse();
	const hash = name === undefined ? 'xxh3-128' : name;
	if (hash !== 'xxh3-128' && hash !== 'sha256' && hash !== 'sha256-tree')
		throw new Error(`Expected the name of a content hash, but got ${hash}`);
	return {hash, content: Buffer.from(content, 'hex')};
}

/** The columns `settings`, `hash`, `content` and `kind` of the table `results`. */
export function resultKeyValues({settings, content, kind}: ResultKey): [Uint8Array, string, Uint8Array, string] {
	const {hash, content: bytes} = contentKeyOf(content);
	return [Buffer.from(settings, 'hex'), hash, bytes, kind];
}

/** SQL of the text of a content key, made of the two columns. */
export const CONTENT_TEXT = `iif(hash = 'xxh3-128', '', hash || ':') || lower(hex(content))`;

/** A file of at most this many bytes is one block, and has the name `sha256`. */
const SHA256_BLOCK_BYTES = 1024 * 1024;

/** SQL of the text of a hash of a file that completed, of which the length of the hash and that of the file say the name. */
export const FILE_HASH = `iif(length(content_hash) = 16, '', iif(bytes > ${SHA256_BLOCK_BYTES}, 'sha256-tree:', 'sha256:')) || nullif(lower(hex(content_hash)), '')`;
