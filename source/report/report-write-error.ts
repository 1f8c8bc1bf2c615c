import {basename, dirname, resolve} from 'node:path';
import {safe} from '../text/safe.ts';
import {codeOf, messageOf} from '../text/system-error.ts';

/** What could not be written, at the beginning of a sentence. */
export type WrittenNoun = 'The report' | 'The table' | 'The folder' | 'The file' | 'The file of rejected records';

/** A report could not be written: what was expected, what was found, what to try. */
export class ReportWriteError extends Error {
	override readonly name = 'ReportWriteError';
	/** The system's code of the error (`ENOSPC`, `EACCES` …), `NOT_A_FILE`, `UNKNOWN_FORMAT` or `UNKNOWN`. */
	readonly code: string;
	/** The path as given. */
	readonly path: string;

	/** @param outcome - The consequence of the reason. */
	constructor(
		path: string,
		cause: unknown,
		outcome: 'was not written' | 'was not made' | 'cannot be written' = 'was not written',
		noun: WrittenNoun = 'The report',
	) {
		const code = codeOf(cause) ?? 'UNKNOWN';
		super(describe(path, code, cause, `${noun} ${safe(path)} ${outcome}`), {cause});
		this.code = code;
		this.path = path;
	}
}

function describe(path: string, code: string, cause: unknown, beginning: string): string {
	const folder = safe(dirname(resolve(path)));
	return `${beginning}: ${explain(code, folder, safe(basename(path)), cause)}`;
}

function explain(code: string, folder: string, name: string, cause: unknown): string {
	switch (code) {
		case 'ENOSPC':
			return `the disk that holds ${folder} is full (${code}). Free some space there, or write to another disk.`;
		case 'EDQUOT':
			return `your share of the disk that holds ${folder} is used up (${code}). Free some space there, or write to another disk.`;
		case 'EACCES':
		case 'EPERM':
			return `you may not write in the folder ${folder} (${code}). Choose a folder that you may write in.`;
		case 'EROFS':
			return `the disk that holds ${folder} is read-only (${code}). Write to another disk.`;
		case 'ENOENT':
			return `the folder ${folder} does not exist (${code}). Create it, or choose one that is there.`;
		case 'ENOTDIR':
			return `a part of ${folder} is a file and not a folder (${code}). Choose a folder that is there.`;
		case 'ENAMETOOLONG':
			return `its name is longer than the file system takes (${code}). Choose a shorter one.`;
		case 'ELOOP':
			return `links lead in a circle at ${name} in ${folder} (${code}). Choose another name.`;
		case 'NOT_A_FILE':
			return `there is a folder, a device or a pipe of the name ${name} in ${folder}. Choose another name.`;
		case 'UNKNOWN_FORMAT':
			return 'its name must end in .json, .csv, .md or .html, which says the format.';
		default:
			return `${safe(messageOf(cause))} (in the folder ${folder}).`;
	}
}
