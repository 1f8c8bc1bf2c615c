// What a file is known again by, to the nanosecond.
import type {BigIntStats} from 'node:fs';

export type ExactState = Readonly<Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>>;

/** What changes when anybody writes to it or puts another file in its place. */
export const stateOf = ({dev, ino, size, mtimeNs, ctimeNs}: ExactState): string =>
	`${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;

/** The same without what a rename changes. */
export const contentStateOf = ({dev, ino, size, mtimeNs}: Omit<ExactState, 'ctimeNs'>): string =>
	`${dev}:${ino}:${size}:${mtimeNs}`;
