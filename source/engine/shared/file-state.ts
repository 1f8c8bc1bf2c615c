// Which file it is, in which state: two openings that agree in it read the same data.
import type {Stats} from 'node:fs';

/** A program that writes to a file can set `mtime` back, but not `ctime`. */
export type FileState = Readonly<Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>>;

/** The same as one text. */
export const identityOf = ({dev, ino, size, mtimeMs, ctimeMs}: FileState): string =>
	`${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;

export const isSameFile = (one: FileState, other: FileState): boolean => one.ino === other.ino && one.dev === other.dev;

export const isSameState = (one: FileState, other: FileState): boolean =>
	isSameFile(one, other) && one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;

/**
Whether two openings, maybe on two machines, were of the same state of a file. Each machine numbers its drives, and over a network maybe the files, in its
own way: then size and time of the last change count. Identities of objects say the same everywhere.
*/
export function agreesElsewhere(one: string | null, other: string | null): boolean {
	if (one === other) return true;
	const [left, right] = [one, other].map(identity => identity?.split(':') ?? []);
	if (left?.length !== FIELDS || right?.length !== FIELDS || left[0] === right[0]) return false;
	return left[2] === right[2] && left[3] === right[3];
}

/** Of what `identityOf` gives. */
const FIELDS = 5;
