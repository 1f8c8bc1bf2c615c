// Reads a small file of settings that a person has written.
import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';

/** It cannot be read; the message is a sentence without its subject. */
export class TextFileError extends Error {
	override readonly name = 'TextFileError';
}

const NOT_OPENED: Readonly<Record<string, string>> = {
	ENOENT: 'is not there: look at its name, and at the folder it is in.',
	EACCES: 'may not be read by this user: change its permissions.',
	ENOTDIR: 'is not there: a part of its path is a file.',
};

/**
@param path - As a text of `text/path-text.ts`.
@throws {TextFileError}
*/
export function readTextFile(path: string, maxBytes: number): string {
	let descriptor: number;
	try {
		// Non-blocking: in a folder of another user it may be a FIFO without a writer.
		descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		throw new TextFileError(NOT_OPENED[codeOf(error) ?? ''] ?? `cannot be read: ${messageOf(error)}.`, {cause: error});
	}
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) throw new TextFileError('is no regular file.');
		if (stats.size > maxBytes) throw new TextFileError(`is larger than ${maxBytes} bytes.`);
		return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(descriptor));
	} catch (error) {
		if (error instanceof TextFileError) throw error;
		if (error instanceof TypeError) throw new TextFileError('is no text in UTF-8.', {cause: error});
		throw new TextFileError(`cannot be read: ${messageOf(error)}.`, {cause: error});
	} finally {
		closeSync(descriptor);
	}
}
