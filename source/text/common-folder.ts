// The folder that all files of a run share: it is shown once, and each file with the rest of its path.

/** The folder of a path, ending with a slash; empty for a name alone. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The part of a common folder that also contains this path. */
export function commonFolder(folder: string, path: string): string {
	let common = folder;
	while (!path.startsWith(common)) common = folderOf(common.slice(0, -1));
	return common;
}
