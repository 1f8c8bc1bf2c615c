// What can be read as it comes, and is named: standard input, a FIFO, the end of a pipe that a shell has named `/dev/fd/63`, a
// terminal.

import {isUtf8} from 'node:buffer';
import type {Stats} from 'node:fs';
import type {SourceLocation} from '../shared/protocol.ts';

/** Standard input, as a path. */
export const STANDARD_INPUT_PATH = '-';

/** Paths that name what this process has open already. A shell writes `<(command)` so. */
const descriptorPath = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/(\d+))$/;

/** Of a path that names an open descriptor: its number, which is 0 for standard input; `null` for any other path. */
export function descriptorOf(path: string): number | null {
	const match = path === STANDARD_INPUT_PATH ? ['0'] : descriptorPath.exec(path);
	return match === null ? null : Number(match[1] ?? 0);
}

/** Terminals, at which data can be typed. Of other devices some never end. */
export const terminalPath = /^\/dev\/(?:tty|pts\/|console)/;

/** Whether it can be read as it comes. A socket can where it is open already; one of the file system is for programs that connect. */
export function isStream(path: string, stats: Stats): boolean {
	if (stats.isFIFO()) return true;
	if (stats.isCharacterDevice()) return terminalPath.test(path) || descriptorOf(path) !== null;
	return stats.isSocket() && descriptorOf(path) !== null;
}

/** Where the data of such a path is. */
export function streamAt(path: Buffer): SourceLocation {
	const descriptor = descriptorOf(path.toString('latin1'));
	if (descriptor === 0) return {kind: 'standard-input'};
	return {kind: 'stream', at: descriptor ?? (isUtf8(path) ? path.toString('utf8') : path)};
}
