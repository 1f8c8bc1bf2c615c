// Any error -> what the report says of it.
import {InputError} from '../csv/input-error.ts';
import type {ErrorReport} from '../store/report-types.ts';

/** What the usual refusals of an operating system mean, and what to try. */
const explanations: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such file (any more)',
	EACCES: 'this user may not read it; ask for permission or run as a user who may',
	EPERM: 'this user may not read it; ask for permission or run as a user who may',
	EISDIR: 'it is a directory; expected a file',
	ENOTDIR: 'a part of its path is not a folder',
	ELOOP: 'its symbolic links lead in a circle',
	ENAMETOOLONG: 'its name is longer than the file system takes',
	EMFILE: 'too many files are open; lower --concurrency or raise `ulimit -n`',
	ENFILE: 'too many files are open on this machine',
	EIO: 'the disk or network drive could not deliver the data',
	EBUSY: 'another program holds it',
	ENOMEM: 'the machine is out of memory',
	ESTALE: 'the network drive has lost it',
};

/** Describes an error that a file ran into. `bytesRead` says how far the file had been read, where that is known. */
export function toErrorReport(error: unknown, bytesRead: number | null = null): ErrorReport {
	if (error instanceof InputError) {
		return {code: error.code, message: error.message, line: error.at.line, byte_offset: error.at.byteOffset};
	}
	if (!(error instanceof Error)) return {code: 'INTERNAL_ERROR', message: String(error), line: null, byte_offset: null};
	const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
	if (code === null) {
		return {code: 'INTERNAL_ERROR', message: error.stack ?? error.message, line: null, byte_offset: null};
	}
	const explanation = explanations[code];
	const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : null;
	if (syscall === null) return {code, message: error.message, line: null, byte_offset: null};
	return {
		code,
		message: `${code} in ${syscall}: ${explanation ?? error.message}`,
		line: null,
		byte_offset: syscall === 'read' ? bytesRead : null,
	};
}
