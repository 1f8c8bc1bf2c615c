// A backend that keeps what files come to, and asks for what was kept before it has a file read: one whose results are known is not read
// at all, and a large one goes on from its last checkpoint.
import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {hashText} from '../../kernel/content-hasher.ts';
import {pathText, systemPath} from '../../text/path-text.ts';
import {identityOf} from '../shared/file-state.ts';
import {decodeKeptFile, encodeKeptFile, partialsToKeep} from '../shared/kept-file.ts';
import type {FoldedFile, SmallFileOutcome, SourceLocation} from '../shared/protocol.ts';
import {decodeCheckpoint, encodeCheckpoint, type SplitCheckpoint} from '../shared/split-checkpoint.ts';
import type {GroupClient, JobBackend, RunningTask, WorkerTask} from './job-backend.ts';
import {startVerified} from './verified-task.ts';

/** What is known of a file that was read before. */
export interface KnownFile {
	/** In which state it was, see `identityOf`. */
	readonly identity: string;
	/** What it came to; `null` where it was not read to its end. */
	readonly result: Uint8Array | null;
	readonly checkpoint: Uint8Array | null;
}

/** Where results are kept. Paths are absolute, as texts of `text/path-text.ts`. */
export interface ResultStore {
	/** Whether `find` may find anything: at once, and without looking at the disk. */
	readonly mayKnow: (path: string) => boolean;
	readonly find: (path: string) => Promise<KnownFile | null>;
	/** Whether files are hashed before what is known of them is believed, instead of looked at in the file system. */
	readonly verifiesContent: boolean;
	/** @param contentHash - As in `FileReport`. */
	readonly keepResult: (path: string, identity: string, contentHash: string, result: Uint8Array<ArrayBuffer>) => void;
	/** Each replaces the one before of the same file. */
	readonly keepCheckpoint: (path: string, identity: string, checkpoint: Uint8Array) => void;
}

/** Only files by themselves have a state of their own, and a path. */
export const keptPathOf = (source: SourceLocation): string | null =>
	source.kind === 'file'
		? resolve(typeof source.path === 'string' ? source.path : pathText(Buffer.from(source.path)))
		: null;

/** @param version - Of the program: checkpoints of another one are of no use. */
export function keepResults(backend: JobBackend, store: ResultStore, version: string): JobBackend {
	const {startGroup} = backend;
	return {
		...backend,
		async start(task, signal) {
			const path = keptPathOf(task.source);
			if (path === null) return backend.start(task, signal);
			const known = store.mayKnow(path) ? await findSame(store, path) : null;
			if (signal.aborted) return null;
			const takeCheckpoint = (checkpoint: SplitCheckpoint): void =>
				store.keepCheckpoint(path, checkpoint.identity, encodeCheckpoint(checkpoint, version));
			const from = known?.checkpoint == null ? null : decodeCheckpoint(known.checkpoint, version);
			const read = async (untilStarted: AbortSignal): Promise<RunningTask | null> => {
				const running = await backend.start(checkpointed(task, from, takeCheckpoint), untilStarted);
				return running === null ? null : {...running, outcome: keptOutcome(running, path, store)};
			};
			if (known?.result == null) return read(signal);
			const file = decodeKeptFile(known.result);
			if (!store.verifiesContent) return knownTask(file);
			return startVerified(backend, task, signal, file, read, same =>
				keep(store, path, same, partialsToKeep(same.folded)),
			);
		},
		isAlone(source) {
			const path = keptPathOf(source);
			return path !== null && store.mayKnow(path);
		},
		...(startGroup !== undefined && {startGroup: client => startGroup(keptGroup(client, store))}),
	};
}

/** `null` where the file is not what it was. */
async function findSame(store: ResultStore, path: string): Promise<KnownFile | null> {
	if (store.verifiesContent) {
		const known = await store.find(path);
		if (known?.result != null) return known;
	}
	const [known, stats] = await Promise.all([store.find(path), stat(systemPath(path)).catch(() => null)]);
	return known !== null && stats !== null && identityOf(stats) === known.identity ? known : null;
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
async function keptOutcome(running: RunningTask, path: string, store: ResultStore): RunningTask['outcome'] {
	const outcome = await running.outcome;
	if (outcome.type === 'completed') keep(store, path, outcome.file, partialsToKeep(outcome.file.folded));
	return outcome;
}

function keep(store: ResultStore, path: string, file: FoldedFile, partials: ReturnType<typeof partialsToKeep>): void {
	const {identity, contentHash} = file;
	// Without a hash nobody can say which content it is.
	if (partials === null || identity == null || contentHash === undefined) return;
	store.keepResult(path, identity, hashText(contentHash), encodeKeptFile(file, partials));
}

function keptGroup(client: GroupClient, store: ResultStore): GroupClient {
	let paths: readonly (string | null)[] = [];
	let place = 0;
	return {
		...client,
		choose() {
			const files = client.choose();
			paths = files.sources.map(keptPathOf);
			return files;
		},
		onReply(reply) {
			for (const outcome of reply.outcomes) {
				const path = paths[place++] ?? null;
				if (outcome.type === 'completed' && path !== null) keepSmall(outcome, path, store);
			}
			client.onReply(reply);
		},
	};
}

function keepSmall(outcome: Extract<SmallFileOutcome, {type: 'completed'}>, path: string, store: ResultStore): void {
	const {type: _, elapsedMs: __, analyses: ___, rowBytes: ____, partials = null, state, ...file} = outcome;
	const identity = file.identity ?? (state === undefined ? null : identityOf(state));
	keep(store, path, {...file, identity, folded: []}, partials);
}
