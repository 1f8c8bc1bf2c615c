// Which file it is, in which state: two openings that agree in it read the same data.
import type {Stats} from 'node:fs';

export type FileState = Readonly<Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs'>>;

/** The same as one text. */
export const identityOf = ({dev, ino, size, mtimeMs}: FileState): string => `${dev}:${ino}:${size}:${mtimeMs}`;

export const isSameState = (one: FileState, other: FileState): boolean =>
	one.ino === other.ino && one.dev === other.dev && one.size === other.size && one.mtimeMs === other.mtimeMs;
