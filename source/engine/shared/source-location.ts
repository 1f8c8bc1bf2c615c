import {identityOfRemote, isForOthers, pathOfRemote, type RemoteLocation} from '../../remote/remote-location.ts';
import type {SourceLocation} from './protocol.ts';

/** Whether its data comes from another machine. */
export const isRemote = (location: SourceLocation): location is RemoteLocation =>
	location.kind === 's3' || location.kind === 'http';

type OuterLocation = Exclude<SourceLocation, {readonly kind: 'member'}>;

/** Where in the file system a source is: of a member, where its archive is. */
export const outerLocationOf = (location: SourceLocation): OuterLocation =>
	location.kind === 'member' ? outerLocationOf(location.archive) : location;

/** Whether a source gives its data again when it is opened once more: a stream does not, nor does what is within one. */
export const canReadAgain = (location: SourceLocation): boolean => {
	const outer = outerLocationOf(location);
	return outer.kind === 'file' || isRemote(outer);
};

/** Whether it was found, and nobody named it. */
export const isFoundAt = (location: SourceLocation): boolean =>
	(location.kind === 'file' || location.kind === 's3') && location.isFound === true;

/** The same with what is known of how it came into the plan. */
export const withFound = <Location extends SourceLocation>(location: Location, isFound: boolean): Location =>
	isFound && (location.kind === 'file' || location.kind === 's3') ? {...location, isFound} : location;

/** Whether any part of it can be read by itself, as far as that is known before it is opened. */
export const hasRanges = (location: SourceLocation): boolean =>
	location.kind === 'file' || location.kind === 's3' || (location.kind === 'http' && location.hasRanges);

/** Whether another machine may open it: neither a pipe, nor what only this process has the address of. */
export function isSendable(location: SourceLocation): boolean {
	const outer = outerLocationOf(location);
	return outer.kind === 'file' || (isRemote(outer) && isForOthers(outer));
}

/** Which version of an object there was when it was listed; `null` where that is not known. */
export const listedIdentityOf = (location: RemoteLocation): string | null => identityOfRemote(location);

/** What says of a source what it may be: its path, or its name in an archive; `null` where it has none. */
export function fileNameOf(location: SourceLocation): string | null {
	if (location.kind === 'member') return location.name;
	if (isRemote(location)) return pathOfRemote(location);
	if (location.kind !== 'file') return null;
	if (location.name !== undefined) return location.name;
	return typeof location.path === 'string' ? location.path : Buffer.from(location.path).toString('latin1');
}

/**
Which packed tar archive a source is in, by where it lies; `null` where it is in none. Its members come one after the other as it is unpacked,
and to read one again takes as long as all in front of it. Two links of one archive are two: their members would take turns.
*/
export function packedTarOf(location: SourceLocation): string | null {
	if (location.kind !== 'member' || location.place.format !== 'tar' || location.place.packing === null) return null;
	const {archive, place} = location;
	// Not what people call it: two folders may have archives of one name.
	return `${place.archiveIdentity} ${archive.kind === 'file' ? String(archive.path) : fileNameOf(archive)}`;
}
