// Where those who follow a run find it.
import {isLoopback} from '../../server/loopback.ts';
import {readAddress} from './read-serve-flags.ts';
import {quoted, UsageError} from './usage-error.ts';

/** A port of this machine, or the path of a socket. */
export type SharePlace = {readonly host: string; readonly port: number} | {readonly path: string};

/** @throws {UsageError} Where other machines could reach it: a run has no accounts. */
export function readSharePlace(text: string): SharePlace {
	if (text.includes('/')) return {path: text};
	const address = readAddress(text, 'listen');
	if (isLoopback(address.host)) return address;
	throw new UsageError(
		`--listen ${quoted(text)} can be reached from other machines, and a run has no accounts: listen at 127.0.0.1 and go there by ssh -L, or use fileproc-tui serve.`,
	);
}
