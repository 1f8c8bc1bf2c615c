// Hashes a file as it is read, where that is asked for.
import type {ContentHasher} from '../../../kernel/content-hasher.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import type {OpenSource} from './open-source.ts';

/** `null` where nothing is hashed, or nothing can: without the kernel it would take longer than reading. */
export const hasherFor = (kernel: Kernel | null, {hashesContent = false}: ReadSettings): ContentHasher | null =>
	hashesContent && kernel !== null ? kernel.hasher : null;

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
		const contentHash = hasher.end();
		return contentHash.bytes === size ? {contentHash} : {};
	};
}
