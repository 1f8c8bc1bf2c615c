// Names of files that are sent in: data, never paths; and those that no person has sent on purpose.

import {problem} from './problem.ts';

const MAX_NAME_BYTES = 255;

/** The last part of a path of any system. */
export function nameOfUpload(given: string): string {
	const name = given.split(/[/\\]/).at(-1)?.replaceAll('\0', '') ?? '';
	if (name === '' || name === '.' || name === '..') return 'unnamed';
	const bytes = Buffer.from(name);
	if (bytes.length <= MAX_NAME_BYTES) return name;
	const ending = /\.[\w.]{1,20}$/.exec(name)?.[0] ?? '';
	return (
		bytes
			.subarray(0, MAX_NAME_BYTES - ending.length)
			.toString()
			.replace(/\ufffd+$/, '') + ending
	);
}

const JUNK: readonly {readonly pattern: RegExp; readonly what: string}[] = [
	{pattern: /^(?:\.DS_Store|\._.*|\.localized)$/i, what: 'what macOS keeps beside files'},
	{pattern: /^(?:Thumbs\.db|desktop\.ini|ehthumbs\.db)$/i, what: 'what Windows keeps beside files'},
	{pattern: /^(?:~\$.*|\.~lock\..*#)$/, what: 'the lock of a document that somebody has open'},
	{pattern: /\.(?:part|crdownload|partial|download)$/i, what: 'a file that is not complete yet'},
];

/** A sentence on why a file of this name is not taken; `null`: it is. @param name - Without folders. */
export function findNameFault(name: string): string | null {
	const junk = JUNK.find(({pattern}) => pattern.test(name));
	return junk === undefined ? null : `By its name it is ${junk.what}.`;
}

const MAX_LEVELS = 32;

/**
Where a file lay in the folder that was sent: a label, and no path of ours.

@param given - With slashes of any system; its last part is the name of the file.
@returns `null`: it lay in none.
@throws {Problem} When it is deeper than folders are.
*/
export function relativePathOf(given: string | null | undefined): string | null {
	const parts = (given ?? '').split(/[/\\]/).filter(part => !['', '.', '..'].includes(part));
	if (parts.length > MAX_LEVELS)
		throw problem('BAD_NAME_OF_FILE', `Expected a path of ${MAX_LEVELS} levels at most, but got ${parts.length}.`);
	return parts.length < 2 ? null : parts.map(nameOfUpload).join('/');
}
