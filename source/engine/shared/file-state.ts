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
