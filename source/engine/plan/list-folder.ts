// What is in a folder, and where a path leads. Paths are bytes here, written as texts of one character per byte (Latin-1): names
// may be of any bytes, and such texts are compared and put together as fast as any.
import {type Dirent, readdirSync, realpathSync} from 'node:fs';
import {resolve} from 'node:path';

/** What a walk takes for data. A file that is given by name is taken whatever its name is. */
export const dataFileName = /\.(?:(?:csv|tsv|txt|log)(?:\.(?:gz|zst|br))?|parquet)$/i;

/** What is opened and looked through for data, whoever has named it. */
export const archiveFileName = /\.(?:zip|tar|tgz|tzst|tar\.(?:gz|zst|br))$/i;

/** Whether a walk takes a file. */
export const isTakenName = (name: string): boolean => dataFileName.test(name) || archiveFileName.test(name);

/** Of a folder: with its kind, or the name alone, where all are names of data. */
export type Child = string | Dirent<Buffer>;

/**
Lists a folder. To get the kinds takes twice as long, and most folders have nothing but data files, which are asked for their
sizes and so for their kinds anyway.
*/
export function listFolder(folder: Buffer): readonly Child[] {
	const names = readdirSync(folder, {encoding: 'latin1'});
	if (names.every(name => isTakenName(name) || isHidden(name))) return names;
	// Where the file system does not tell what an entry is, Node asks for it, by both paths as bytes.
	return readdirSync(folder, {withFileTypes: true, encoding: 'buffer'});
}

export const nameOf = (child: Child): string => (typeof child === 'string' ? child : child.name.toString('latin1'));

export const isHidden = (name: string): boolean => name.startsWith('.');

/** Whether it may be a regular file with data, by all that the listing tells. */
export const mayBeDataFile = (child: Child, name: string): boolean =>
	typeof child === 'string' || (child.isFile() && dataFileName.test(name));

/** A folder's path, to be put in front of a name. */
export const asFolder = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);

/** A path whose bytes are its characters, and which is its own `displayName`. */
export const plainPath = /^(?:[^\\\u0080-\uffff]|\\(?!x))*$/;

/** Where a path really leads, as an absolute path; where it leads to nothing, the path made absolute. */
export function placeOf(path: Buffer): Buffer {
	try {
		return realpathSync.native(path, {encoding: 'buffer'});
	} catch {
		return Buffer.from(resolve(workingFolder(), path.toString('latin1')), 'latin1');
	}
}

/** `/` where the folder that this process works in has been removed: only absolute paths lead anywhere then. */
function workingFolder(): string {
	try {
		return Buffer.from(process.cwd()).toString('latin1');
	} catch {
		return '/';
	}
}
