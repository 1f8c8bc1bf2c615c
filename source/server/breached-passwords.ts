// Passwords that are known from breaches, in a file of the operator: as Have I Been Pwned gives them out, lines of SHA-1 in hexadecimal, with a count behind a
// colon, in order. It may have a billion of them, so it is neither read nor copied: a password is looked for in it by halves.
import {createHash} from 'node:crypto';
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {safe} from '../text/safe.ts';
import {messageOf} from '../text/system-error.ts';
import {ServeError} from './serve-error.ts';

const HASH_CHARACTERS = 40;
/** A hash, a count, and what ends a line. */
const MAX_LINE_BYTES = 80;
/** Of which the order is looked at. A list in another order, as by how often a password was seen, passes with no chance worth naming. */
const LOOKED_AT = 64;
const LINE = /^[\dA-F]{40}(?::\d+)?$/i;

/** @throws {ServeError} Where the file cannot be what it is to be, by lines from all over it. */
export function assertBreachedList(path: string): void {
	let fault: string | null;
	try {
		fault = findFault(path);
	} catch (error) {
		fault = `it cannot be read: ${messageOf(error)}`;
	}
	if (fault !== null) throw new ServeError(`${safe(path)} (--breached-passwords) is no list of passwords: ${fault}.`);
}

function findFault(path: string): string | null {
	const file = openSync(path, 'r');
	try {
		const {size} = fstatSync(file);
		const places = Array.from({length: LOOKED_AT}, (_, index) => Math.floor((index * size) / LOOKED_AT));
		const hashes = places.map(place => lineFrom(file, place, size)?.text ?? null).filter(text => text !== null);
		const other = hashes.find(text => !LINE.test(text));
		if (hashes.length === 0) return 'it is empty';
		if (other !== undefined)
			return `expected lines of SHA-1 in hexadecimal, but one is “${other.slice(0, HASH_CHARACTERS)}”`;
		return hashes.every((hash, index) => index === 0 || toHash(hashes[index - 1] ?? '') <= toHash(hash))
			? null
			: 'its lines are not in order: take the list that is ordered by hash';
	} finally {
		closeSync(file);
	}
}

/** The list of the operator cannot be read any more, so nobody can choose a password. */
export class BreachedListError extends Error {
	override readonly name = 'BreachedListError';

	constructor(path: string, reason: string) {
		super(`${safe(path)} (--breached-passwords) cannot be read, so no password can be chosen: ${reason}.`);
	}
}

/** @throws {Error} Of the system, where the list cannot be read. */
export function isBreached(path: string, password: string): boolean {
	const wanted = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
	const file = openSync(path, 'r');
	try {
		const {size} = fstatSync(file);
		// The line that is wanted begins at `from` or later, and before `to`.
		let [from, to] = [0, size];
		while (from < to) {
			const middle = Math.floor((from + to) / 2);
			const line = lineFrom(file, middle, size);
			if (line === null || line.start >= to) {
				to = middle;
				continue;
			}
			const hash = toHash(line.text);
			if (hash === wanted) return true;
			if (hash < wanted) from = line.end;
			else to = middle;
		}
		return false;
	} finally {
		closeSync(file);
	}
}

const toHash = (line: string): string => line.slice(0, HASH_CHARACTERS).toUpperCase();

interface FoundLine {
	readonly text: string;
	readonly start: number;
	/** Behind what ends it. */
	readonly end: number;
}

/** The first line that begins at a place or behind it; `null`: there is none. */
function lineFrom(file: number, place: number, size: number): FoundLine | null {
	const before = Math.max(0, place - 1);
	const bytes = Buffer.alloc(Math.min(2 * MAX_LINE_BYTES, size - before));
	const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, before));
	const start = place === 0 ? 0 : text.indexOf('\n') + 1;
	if ((start === 0 && place !== 0) || start >= text.length) return null;
	const newline = text.indexOf('\n', start);
	const end = newline === -1 ? text.length : newline + 1;
	return {text: text.slice(start, end).trimEnd(), start: before + start, end: before + end};
}
