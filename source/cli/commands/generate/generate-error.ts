/** The folder or a file in it cannot be written. `code` is the system's: `ENOTDIR`, `EACCES`, `ENOSPC` … */
export class GenerateError extends Error {
	override readonly name = 'GenerateError';
	readonly code: string;
	readonly path: string;

	constructor(path: string, cause: unknown) {
		const {code = 'UNKNOWN', message} = cause as NodeJS.ErrnoException;
		const existing = cause instanceof FilesExistError;
		super(existing ? message : `Cannot write ${path}: ${REASONS.get(code) ?? message} (${code})`, {cause});
		this.code = code;
		this.path = path;
	}
}

const REASONS: ReadonlyMap<string, string> = new Map([
	['ENOTDIR', 'a part of the path is a file, not a folder'],
	['EEXIST', 'there is a file of this name, not a folder'],
	['EACCES', 'no permission'],
	['EPERM', 'no permission'],
	['EROFS', 'the disk is read-only'],
	['ENOSPC', 'the disk is full'],
	['ENOENT', 'no folder can be made there'],
	['ENAMETOOLONG', 'the name is longer than the file system takes'],
	['ELOOP', 'links lead in a circle'],
	['EISDIR', 'there is a folder of this name'],
]);

/** The cause of a `GenerateError`. */
export class FilesExistError extends Error {
	readonly code = 'EEXIST';

	constructor(first: string, count: number) {
		super(
			count === 1
				? `This file exists already: ${first}. --force replaces it`
				: `${count} of these files exist already: ${first} and ${count - 1} more. --force replaces them`,
		);
	}
}
