// Hashes a file as it is read, where that is asked for.
import {hashText} from '../../../kernel/content-hash.ts';
import {ContentHasher} from '../../../kernel/content-hasher.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import {Sha256Blocks} from '../../../kernel/sha256-blocks.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import type {OpenSource} from './open-source.ts';

/** `null` where nothing is hashed, or nothing can: XXH3 without the kernel would take longer than reading. */
export function hasherFor(kernel: Kernel | null, {hash}: ReadSettings): ContentHasher | null {
	if (hash !== 'sha256') return hash === undefined ? null : (kernel?.hasher ?? null);
	sha256Hasher ??= new ContentHasher(new Sha256Blocks()) as ContentHasher;
	return sha256Hasher;
}

/** A thread reads one file at a time. */
let sha256Hasher: ContentHasher | null = null;

/**
Begins to hash a source that has been opened.

@returns Gives the hash, if all bytes of the file have come by.
*/
export function hashSource(
	{hashWith, size}: OpenSource,
	hasher: ContentHasher | null,
): () => Pick<FoldedFile, 'contentHash'> {
	if (hasher === null || hashWith === undefined) return () => ({});
	hasher.begin();
	hashWith(hasher.take);
	return () => {
		const hash = hasher.end();
		return hash.bytes === size ? {contentHash: hashText(hash)} : {};
	};
}
