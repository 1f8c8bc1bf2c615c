// Whether a file is worth sending: what the server would refuse at its end is refused here before its first byte.

import {formatBytes, formatInteger} from '../../text/format.ts';
import {T} from '../texts.ts';

export interface Candidate {
	readonly name: string;
	readonly bytes: number;
	/** With its folders, where it lay in some. */
	readonly relativePath: string | null;
}

/** `null`: there is no such limit. */
export interface Room {
	readonly maxBytes: number;
	readonly bytesLeft: number | null;
	readonly bytesLimit: number | null;
	readonly filesLeft: number | null;
	readonly filesLimit: number | null;
}

const JUNK: readonly RegExp[] = [
	/^(?:\.DS_Store|\._.*|\.localized)$/i,
	/^(?:Thumbs\.db|desktop\.ini|ehthumbs\.db)$/i,
	/^(?:~\$.*|\.~lock\..*#)$/,
	/\.(?:part|crdownload|partial|download)$/i,
];

/** By their names alone: what is in other files is for the server to find out. */
const NO_DATA =
	/\.(?:xlsx?|xlsm|ods|numbers|docx?|odt|pptx?|odp|pdf|png|jpe?g|gif|webp|heic|svg|bmp|tiff?|mp[34]|m4a|wav|mov|avi|mkv|webm|exe|dll|msi|dmg|iso|app|apk|jar|sqlite|db|rar|7z)$/i;

const MAX_LEVELS = 32;

export interface Refusal {
	readonly reason: string;
	/** Nobody meant to send it. */
	readonly isJunk: boolean;
}

const refuse = (reason: string): Refusal => ({reason, isJunk: false});

/** `null`: it may come. */
export function findRefusal({name, bytes, relativePath}: Candidate, room: Room): Refusal | null {
	const {refusal} = T.upload;
	if (JUNK.some(pattern => pattern.test(name))) return {reason: refusal.junk, isJunk: true};
	if (bytes === 0) return refuse(refusal.empty);
	const type = NO_DATA.exec(name)?.[0];
	if (type !== undefined) return refuse(refusal.type(type.toLowerCase()));
	if ((relativePath?.split('/').length ?? 0) > MAX_LEVELS) return refuse(refusal.deep);
	if (bytes > room.maxBytes) return refuse(refusal.tooLarge(formatBytes(bytes), formatBytes(room.maxBytes)));
	if (room.bytesLeft !== null && bytes > room.bytesLeft)
		return refuse(
			refusal.quota(formatBytes(bytes), formatBytes(Math.max(0, room.bytesLeft)), formatBytes(room.bytesLimit ?? 0)),
		);
	if (room.filesLeft !== null && room.filesLeft < 1)
		return refuse(refusal.fileQuota(formatInteger(room.filesLimit ?? 0)));
	return null;
}

/** What is left for the next one. */
export const roomAfter = (room: Room, bytes: number): Room => ({
	...room,
	bytesLeft: room.bytesLeft === null ? null : room.bytesLeft - bytes,
	filesLeft: room.filesLeft === null ? null : room.filesLeft - 1,
});
