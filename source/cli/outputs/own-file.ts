// Only files that this program has written may be overwritten. They are recognised by their beginning, before the run starts
// and again when they are written.
import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import {OWN_OUTPUT_START_BYTES, type OwnOutput, recognizeOwnOutput} from '../../text/own-output.ts';
import {systemPath} from '../../text/path-text.ts';
import {isRejectsFile} from '../../text/rejects-heading.ts';
import {safe} from '../../text/safe.ts';
import {codeOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

export type OutputKind = 'report' | 'recording' | 'log' | 'table' | 'rejects';
/** Those that are recognised by their beginning alone; a table has the header of its columns. */
export type RecognizedKind = Exclude<OutputKind, 'table'>;
/** Those that are never data. */
type OwnKind = Exclude<RecognizedKind, 'rejects'>;

/** The files of ours that each kind of output may replace. */
const MAY_REPLACE: Readonly<Record<OwnKind, readonly OwnOutput[]>> = {
	report: ['JSON report', 'CSV report', 'Markdown report', 'HTML report'],
	recording: ['recording'],
	log: ['log'],
};

export const NOUNS = {
	report: 'The report',
	recording: 'The recording',
	log: 'The log file',
	table: 'The table',
	rejects: 'The file of rejected records',
} as const satisfies Readonly<Record<OutputKind, string>>;

/** Whether the open file may be overwritten: an empty one, or one of our own. */
export function isReplaceable(descriptor: number, kind: RecognizedKind): boolean {
	const start = new Uint8Array(OWN_OUTPUT_START_BYTES);
	const length = readSync(descriptor, start, 0, start.length, 0);
	return isReplaceableStart(start.subarray(0, length), kind);
}

/** The same by the first bytes, at least `OWN_OUTPUT_START_BYTES` where there are so many. */
export function isReplaceableStart(start: Uint8Array, kind: RecognizedKind): boolean {
	if (start.length === 0) return true;
	if (kind === 'rejects') return isRejectsFile(start);
	const own = recognizeOwnOutput(start);
	return own !== null && MAY_REPLACE[kind].includes(own);
}

/** Whether the file at this path may be overwritten. A file that cannot be read may not. */
export const isReplaceableAt = (path: string, kind: RecognizedKind): boolean =>
	isMissingOr(path, descriptor => !fstatSync(descriptor).isFile() || isReplaceable(descriptor, kind));

/** Whether there is no file at this path, or one that can be read and of which `isWanted` is true. */
export function isMissingOr(path: string, isWanted: (descriptor: number) => boolean): boolean {
	let descriptor: number;
	try {
		descriptor = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		return codeOf(error) === 'ENOENT';
	}
	try {
		return isWanted(descriptor);
	} catch {
		return false;
	} finally {
		closeSync(descriptor);
	}
}

export const foreignFileError = (path: string, kind: OutputKind): EnvironmentError =>
	new EnvironmentError(
		`${NOUNS[kind]} ${safe(path)} is not written: a file of that name exists that is not ${kind === 'rejects' ? 'one' : `a ${kind}`} of fileproc-tui. --force ${kind === 'log' ? 'adds to' : 'replaces'} it.`,
	);
