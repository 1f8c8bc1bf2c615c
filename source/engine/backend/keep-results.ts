// A backend that keeps what files come to, and asks for what was kept before it has a file read: one whose results are known is not read
// at all, and a large one goes on from its last checkpoint.
import type {Stats} from 'node:fs';
import {resolve} from 'node:path';
import {nameOfRemote} from '../../remote/remote-location.ts';
import {pathText, systemPath} from '../../text/path-text.ts';
import {identityOf} from '../shared/file-state.ts';
import {decodeKeptFile, encodeKeptFile, partialsToKeep} from '../shared/kept-file.ts';
import type {FoldedFile, ReadSettings, SourceLocation} from '../shared/protocol.ts';
import {fileNameOf, isFoundAt, isRemote, listedIdentityOf} from '../shared/source-location.ts';
import {decodeCheckpoint, encodeCheckpoint, type SplitCheckpoint} from '../shared/split-checkpoint.ts';
import type {GroupClient, JobBackend, RunningTask, WorkerTask} from './job-backend.ts';
import {startVerified} from './verified-task.ts';

/** What is known of a file that was read before. */
export interface KnownFile {
	/** In which state it was, see `identityOf`. */
	readonly identity: string;
	/** What it came to; `null` where it was not read to its end. */
	readonly result: Uint8Array | null;
	/** Of that result, as in `FileReport`. */
	readonly contentHash: string | null;
	readonly checkpoint: Uint8Array | null;
}

/** What a file came to. */
export interface KeptResult {
	readonly path: string;
	/** See `kindOf`. */
	readonly kind: string;
	readonly identity: string;
	/** As in `FileReport`. */
	readonly contentHash: string;
	readonly result: Uint8Array<ArrayBuffer>;
}

/** Where results are kept. Paths are absolute, as texts of `text/path-text.ts`. */
export interface ResultStore {
	/** Whether `find` may find anything: at once, and without looking at the disk. */
	readonly mayKnow: (path: string) => boolean;
	/** How often processes died while they read a file, without a further checkpoint; `null` where none did. */
	readonly cutFile?: (path: string) => {readonly deaths: number; readonly lastStartedAt: number} | null;
	/** @param kind - See `kindOf`. */
	readonly find: (path: string, kind: string) => Promise<KnownFile | null>;
	/** Whether files are hashed before what is known of them is believed, instead of looked at in the file system. */
	readonly verifiesContent: boolean;
	/** Their bytes may be parts of one memory, which nobody looks at any more. Left out where only checkpoints are kept. */
	readonly keepResults?: ((kept: readonly KeptResult[]) => void) | undefined;
	/** Each replaces the one before of the same file. */
	readonly keepCheckpoint: (path: string, identity: string, checkpoint: Uint8Array) => void;
}

/** Only files by themselves have a state of their own, and a path. */
export function keptPathOf(source: SourceLocation): string | null {
	if (isRemote(source)) return nameOfRemote(source);
	if (source.kind !== 'file') return null;
	return resolve(typeof source.path === 'string' ? source.path : pathText(Buffer.from(source.path)));
}

/**
What reading depends on beside the bytes and the settings: how the name ends, all of it where settings are for some names, and whether somebody
named the file, for own output that is found is not data.
*/
export function kindOf(source: SourceLocation, {dialectRules = []}: ReadSettings): string {
	const name = (fileNameOf(source) ?? '').split('/').at(-1) ?? '';
	const dot = name.indexOf('.');
	const ending = dot === -1 ? '' : name.slice(dot).toLowerCase();
	return `${isFoundAt(source) ? 'found' : 'named'} ${dialectRules.length > 0 ? name : ending}`;
}

/** @param version - Of the program: checkpoints of another one are of no use. */
export function keepResults(backend: JobBackend, store: ResultStore, version: string): JobBackend {
	const {startGroup} = backend;
	return {
		...backend,
		async start(task, signal) {
			const path = keptPathOf(task.source);
			if (path === null) return backend.start(task, signal);
			const kind = kindOf(task.source, task.settings);
			if (await isCrashLoop(store, path)) return crashLoopTask(store, path);
			const known = store.mayKnow(path) ? await findSame(store, task.source, path, kind) : null;
			if (signal.aborted) return null;
			const takeCheckpoint = (checkpoint: SplitCheckpoint): void =>
				store.keepCheckpoint(path, checkpoint.identity, encodeCheckpoint(checkpoint, version));
			const from = known?.checkpoint == null ? null : decodeCheckpoint(known.checkpoint, version);
			const read = async (untilStarted: AbortSignal): Promise<RunningTask | null> => {
				const running = await backend.start(checkpointed(task, from, takeCheckpoint), untilStarted);
				return running === null ? null : {...running, outcome: keptOutcome(running, {path, kind}, store)};
			};
			const file = known === null ? null : decodeKnown(known);
			if (file === null) return read(signal);
			if (!store.verifiesContent) return knownTask(file);
			return startVerified(backend, task, signal, file, read, same => keep(store, {path, kind}, same));
		},
		isAlone(source) {
			const path = keptPathOf(source);
			return path !== null && (store.mayKnow(path) || deathsOf(store, path) >= MAX_DEATHS);
		},
		...(startGroup !== undefined && {startGroup: client => startGroup(keptGroup(client, store))}),
	};
}

/** `null` where there is nothing. Node's module is asked for and not imported, because most runs keep nothing. */
const statOf = (path: string): Promise<Stats | null> =>
	process
		.getBuiltinModule('node:fs/promises')
		.stat(systemPath(path))
		.catch(() => null);

/** `null` where the file is not what it was. */
async function findSame(
	store: ResultStore,
	source: SourceLocation,
	path: string,
	kind: string,
): Promise<KnownFile | null> {
	if (store.verifiesContent) {
		const known = await store.find(path, kind);
		if (known?.result != null) return known;
	}
	const [known, identity] = await Promise.all([store.find(path, kind), identityNow(source, path)]);
	return known !== null && identity === known.identity ? known : null;
}

/** Of an object, as it was listed when the run began. */
async function identityNow(source: SourceLocation, path: string): Promise<string | null> {
	if (isRemote(source)) return listedIdentityOf(source);
	const stats = await statOf(path);
	return stats === null ? null : identityOf(stats);
}

/** `null` where it was not read to its end, or what was kept cannot be read or is of another content: then the file is read. */
function decodeKnown({identity, result, contentHash}: KnownFile): FoldedFile | null {
	if (result === null) return null;
	try {
		const file = decodeKeptFile(result);
		// Another file with the same content may have been the first.
		const isOfContent = file.contentHash === contentHash;
		return isOfContent ? {...file, identity} : null;
	} catch {
		// Whatever is wrong with it, the file itself is there.
		return null;
	}
}

/**
A process is mostly killed for other reasons than the file that it reads, so there may be more deaths than there may be of threads. A large file that
gets on between them is no loop.
*/
const MAX_DEATHS = 5;

const deathsOf = (store: ResultStore, path: string): number => store.cutFile?.(path)?.deaths ?? 0;

/** Unless the file was changed since: it may have been put right. */
async function isCrashLoop(store: ResultStore, path: string): Promise<boolean> {
	const cut = store.cutFile?.(path) ?? null;
	if (cut === null || cut.deaths < MAX_DEATHS) return false;
	const stats = await statOf(path);
	return stats !== null && stats.ctimeMs < cut.lastStartedAt;
}

function crashLoopTask(store: ResultStore, path: string): RunningTask {
	const message = `${deathsOf(store, path)} runs were killed while they read this file, and got no further, so it is not tried again. To read it all the same, leave out --resume`;
	return {
		outcome: Promise.resolve({
			type: 'failed',
			error: {code: 'CRASH_LOOP', message, line: null, byte_offset: null},
			bytesRead: 0,
		}),
		readProgress: () => ({bytesRead: 0, rows: 0, rejectedRows: 0}),
		direct() {},
		kill() {},
	};
}

/** A task that is over as it begins. */
function knownTask(file: FoldedFile): RunningTask {
	const {bytesRead, rows, rejectedRows} = file;
	return {
		outcome: Promise.resolve({type: 'completed', file: {...file, isKnown: true}}),
		readProgress: () => ({bytesRead, rows, rejectedRows}),
		direct() {},
		kill() {},
	};
}

const checkpointed = (
	task: WorkerTask,
	from: SplitCheckpoint | null,
	onTaken: (checkpoint: SplitCheckpoint) => void,
): WorkerTask => ({...task, checkpoints: {from: from?.fileBytes === task.bytesTotal ? from : null, onTaken}});

/** What a file came to is kept before anyone else hears of it. */
async function keptOutcome(running: RunningTask, named: NamedKind, store: ResultStore): RunningTask['outcome'] {
	const outcome = await running.outcome;
	if (outcome.type === 'completed') keep(store, named, outcome.file);
	return outcome;
}

type NamedKind = Pick<KeptResult, 'path' | 'kind'>;

function keep(store: ResultStore, named: NamedKind, file: FoldedFile): void {
	const {identity, contentHash} = file;
	// Without a hash nobody can say which content it is.
	if (store.keepResults === undefined || identity == null || contentHash === undefined) return;
	const partials = partialsToKeep(file.folded);
	if (partials === null) return;
	store.keepResults([{...named, identity, contentHash, result: encodeKeptFile(file, partials)}]);
}

function keptGroup(client: GroupClient, store: ResultStore): GroupClient {
	let names: readonly (NamedKind | null)[] = [];
	let place = 0;
	return {
		...client,
		choose() {
			const files = client.choose();
			names = files.sources.map(source => {
				const path = keptPathOf(source);
				return path === null || files.settings === null ? null : {path, kind: kindOf(source, files.settings)};
			});
			return files;
		},
		onReply(reply) {
			const all: KeptResult[] = [];
			// The store hands it on, and the run has use for its own.
			const kept = reply.outcomes.kept?.slice();
			let start = 0;
			for (const outcome of reply.outcomes) {
				const named = names[place++] ?? null;
				if (outcome.type !== 'completed' || kept === undefined) continue;
				const {keptBytes = 0, state, contentHash, identity = state && identityOf(state)} = outcome;
				const result = kept.subarray(start, start + keptBytes);
				start += keptBytes;
				// Without a hash nobody can say which content it is.
				if (keptBytes === 0 || named === null || identity == null || contentHash === undefined) continue;
				all.push({...named, identity, contentHash, result});
			}
			if (all.length > 0) store.keepResults?.(all);
			client.onReply(reply);
		},
	};
}
