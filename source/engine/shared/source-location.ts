import type {SourceLocation} from './protocol.ts';

type OuterLocation = Exclude<SourceLocation, {readonly kind: 'member'}>;

/** Where in the file system a source is: of a member, where its archive is. */
export const outerLocationOf = (location: SourceLocation): OuterLocation =>
	location.kind === 'member' ? outerLocationOf(location.archive) : location;

/** Whether a source gives its data again when it is opened once more: a stream does not, nor does what is within one. */
export const canReadAgain = (location: SourceLocation): boolean => outerLocationOf(location).kind === 'file';

/** What says of a source what it may be: its path, or its name in an archive; `null` where it has none. */
export function fileNameOf(location: SourceLocation): string | null {
	if (location.kind === 'member') return location.name;
	if (location.kind !== 'file') return null;
	if (location.name !== undefined) return location.name;
	return typeof location.path === 'string' ? location.path : Buffer.from(location.path).toString('latin1');
}

/**
Which packed tar archive a source is in, by its identity; `null` where it is in none. Its members come one after the other as it is unpacked,
and to read one again takes as long as all in front of it.
*/
export const packedTarOf = (location: SourceLocation): string | null =>
	location.kind === 'member' && location.place.format === 'tar' && location.place.packing !== null
		? location.place.archiveIdentity
		: null;
