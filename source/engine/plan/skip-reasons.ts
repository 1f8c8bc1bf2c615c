// What is said of files that are not read.
import type {Stats} from 'node:fs';

/** What a link to a folder is called that is not followed. */
export const LINK_TO_FOLDER = 'a link to a folder';
export const LINK_TO_KNOWN_FILE = 'a link to a file that is processed already';
export const LINK_TO_KNOWN_FOLDER = 'a link to a folder that is processed already';
export const DANGLING_LINK = 'a dangling link';
export const CIRCULAR_LINK = 'a link that leads in a circle';

export const EMPTY_ARCHIVE = 'an archive without data files';
export const ARCHIVE_WITHIN_ARCHIVE = 'an archive within an archive';
export const LINK_WITHIN_ARCHIVE = 'a link within an archive';

/** Why links and the like are not read; of anything else the report says that it is not a regular file. */
export const LINK_REASONS: ReadonlyMap<string, string> = new Map([
	[LINK_TO_FOLDER, 'with --follow it is gone through'],
	[LINK_TO_KNOWN_FILE, 'no file is processed twice'],
	[LINK_TO_KNOWN_FOLDER, 'no folder is gone through twice'],
	[DANGLING_LINK, 'there is no file where it leads'],
	[CIRCULAR_LINK, 'there is no file where it leads'],
	[EMPTY_ARCHIVE, 'data files in it are .csv, .tsv, .txt and .log'],
	[ARCHIVE_WITHIN_ARCHIVE, 'unpack the outer one first'],
	[LINK_WITHIN_ARCHIVE, 'the file that it leads to is read by its own name'],
]);

export function describeKind(stats: Stats): string {
	if (stats.isFIFO()) return 'a FIFO';
	if (stats.isSocket()) return 'a socket';
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
	return 'not a regular file';
}
