// What a term of a route expects, and what was found, for people: short, and on one line.

import {formatByteSize} from '../../../text/byte-size.ts';
import {quantity} from '../../../text/format.ts';
import {quoted} from '../../../text/quoted.ts';
import type {Match} from '../../pipeline.ts';
import type {Contents} from './file-look.ts';

const MAX_CHARACTERS = 60;
const MAX_NAMES = 8;

/** A text in quotes, without its end where it is long. */
export const inOneLine = (text: string): string =>
	quoted(text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text);

export function describeNames(names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMES).map(inOneLine).join(', ');
	const more = names.length - MAX_NAMES;
	return more > 0 ? `${shown} and ${more} more` : shown;
}

export const describeFolders = (folders: readonly string[]): string =>
	folders.map(folder => (folder === '' ? 'no folder' : inOneLine(folder))).join(', ');

export function describeSize({min, max}: NonNullable<Match['size']>): string {
	const [from, to] = [min, max].map(bytes => (bytes === undefined ? '' : formatByteSize(bytes)));
	if (max === undefined) return `${from} or more`;
	return min === undefined ? `up to ${to}` : `${from} to ${to}`;
}

const MAX_BYTES = 16;
const IN_ASCII = /^[ -~]*$/;

export function describeBytes(bytes: Uint8Array): string {
	if (bytes.length === 0) return 'no bytes';
	const shown = Buffer.from(bytes.subarray(0, MAX_BYTES));
	const more = bytes.length > MAX_BYTES ? '…' : '';
	const text = shown.toString('latin1');
	return IN_ASCII.test(text) ? quoted(text + more) : (shown.toString('hex').match(/../g) ?? []).join(' ') + more;
}

/** @param found - What was found in the file, or in the last one of an archive. */
export function describeMembers({archive, texts, more}: Contents, found: string): string {
	if (archive === null) return found;
	if (texts.length === 0) return 'an archive without files of data';
	if (texts.length === 1 && more === 0) return `an archive with one file: ${found}`;
	const which = more === 0 ? 'of the' : 'of the first';
	return `an archive, and none ${which} ${quantity(texts.length, 'file')} in it is so`;
}
