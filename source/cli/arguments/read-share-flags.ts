// How a run is followed, and which one is.
import {isLoopback} from '../../text/is-loopback.ts';
import type {FlagValues} from './flags.ts';
import {readServerTarget, type ServerTarget} from './read-client-words.ts';
import {readOperand} from './read-operand.ts';
import {readAddress} from './read-serve-flags.ts';
import type {LookSettings} from './settings.ts';
import {quoted, UsageError} from './usage-error.ts';

/** A port of this machine, or the path of a socket. */
export type SharePlace = {readonly host: string; readonly port: number} | {readonly path: string};

export interface ShareFlags {
	/** Where those who follow find it; `null`: nobody does. */
	readonly place: SharePlace | null;
	/** Whether they may change what it does. */
	readonly mayControl: boolean;
	/** Whether it runs in the background. */
	readonly isDetached: boolean;
}

export interface AttachCommand {
	readonly name: 'attach';
	/** A path, or the address of a run; `null`: the one run in the background. */
	readonly target: string | null;
	/** The same, where it is a server. */
	readonly server: ServerTarget;
	/** Whether one frame is printed. */
	readonly isOnce: boolean;
	readonly isReadonly: boolean;
	readonly look: LookSettings;
}

/**
@returns `null` where nobody is to follow it, and it keeps its terminal.
@throws {UsageError}
*/
export function readShareFlags(values: FlagValues): ShareFlags | null {
	const {listen, 'allow-control': mayControl = false, detach: isDetached = false} = values;
	if (listen !== undefined) return {place: readSharePlace(listen), mayControl, isDetached};
	if (mayControl) throw new UsageError('--allow-control is for those who follow the run: add --listen 127.0.0.1:8001.');
	return isDetached ? {place: null, mayControl, isDetached} : null;
}

/** @throws {UsageError} */
export function readAttachFlags(rest: readonly string[], values: FlagValues, look: LookSettings): AttachCommand {
	const target = rest.length === 0 ? null : readOperand(rest, 'attach takes one run', 'attach ./data');
	const server = readServerTarget(target, values);
	return {name: 'attach', target, server, isOnce: values.once ?? false, isReadonly: values.readonly ?? false, look};
}

/** @throws {UsageError} Where other machines could reach it: a run has no accounts. */
function readSharePlace(text: string): SharePlace {
	if (text.includes('/')) return {path: text};
	const address = readAddress(text, 'listen');
	if (isLoopback(address.host)) return address;
	throw new UsageError(
		`--listen ${quoted(text)} can be reached from other machines, and a run has no accounts: listen at 127.0.0.1 and go there by ssh -L, or use fileproc-tui serve.`,
	);
}
