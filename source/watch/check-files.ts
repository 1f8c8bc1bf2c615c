// Why each file of a watched folder that is not being worked on lies where it lies.
import {accessSync, constants, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {lstatIfThere} from '../engine/shared/lstat-if-there.ts';
import type {Claim, OpenClaims} from '../ledger/claims-reader.ts';
import {formatDuration, formatSeconds, quantity} from '../text/format.ts';
import {displayPath, pathText, systemPath} from '../text/path-text.ts';
import type {FolderFinding} from './check-folder.ts';
import {claimOfStoredName} from './claim-ids.ts';
import type {WatchFolders} from './folders.ts';
import {type InboxFile, type InspectedInbox, inspectInbox} from './inspect-inbox.ts';

export interface FileFinding {
	/** Relative to the folder that it lies in. */
	readonly file: string;
	readonly folder: 'unprocessed' | 'underprocess' | 'failed';
	/** For programs, and to list alike ones together. */
	readonly reason: string;
	/** What it is, and what to do. */
	readonly message: string;
}

export interface FilesContext {
	readonly isRecursive: boolean;
	readonly needsMarker: boolean;
	readonly settleMs: number;
	readonly now: number;
	readonly isWatched: boolean;
	readonly isPaused: boolean;
	readonly isFull: boolean;
	/** Names of files that the watch could not move, with the reason. */
	readonly blocked: ReadonlyMap<string, string>;
	/** Names in `underprocess/` of files that it could not go on with, with the reason. */
	readonly refused: ReadonlyMap<string, string>;
}

export interface CheckedFiles {
	readonly findings: readonly FolderFinding[];
	readonly files: readonly FileFinding[];
	/** How many files of the inbox are from the future. */
	readonly futureFiles: number;
}

/** Failures of weeks are looked up in the folder itself. */
const FAILED_LISTED = 100;
/** Clocks that are set by the network differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;
/** A file that has been at rest for so long should have been taken. */
const OVERDUE_MS = 60_000;
/** Reasons that call for somebody. */
const URGENT: ReadonlySet<string> = new Set(['overdue', 'not-movable', 'unreadable', 'disk-full']);

/** @param claims - `null`: the ledger cannot be read, or is not there. */
export function checkFiles(folders: WatchFolders, claims: OpenClaims | null, context: FilesContext): CheckedFiles {
	// First the folders, then the ledger: a file that is taken in between is known there.
	const inbox = inspectIfThere(folders.unprocessed, context.isRecursive);
	const entries = entriesOf(folders.underprocess);
	const open = claims?.list({states: ['intended', 'claimed', 'decided'], order: 'oldest-first'}) ?? [];
	const taken = new Set(open.map(({name}) => name));
	const waiting = waitingOf({...inbox, waiting: inbox.waiting.filter(({name}) => !taken.has(name))}, folders, context);
	const skipped = inbox.skipped.map(
		({file, reason, message}): FileFinding => ({file, folder: 'unprocessed', reason, message}),
	);
	const begun = begunOf(entries, open, claims, context);
	const failed = failedOf(folders, claims);
	return {
		findings: [
			describeInbox(waiting, skipped),
			describeBegun(begun, open, context.isWatched),
			...(failed.length === 0
				? []
				: [
						{name: 'failed', found: `${quantity(failed.length, 'file')}, each with its reason beside it`, advice: null},
					]),
		],
		files: [...waiting, ...skipped, ...begun, ...failed],
		futureFiles: inbox.waiting.filter(({modifiedAt}) => modifiedAt > context.now + CLOCK_TOLERANCE_MS).length,
	};
}

function waitingOf(inbox: InspectedInbox, folders: WatchFolders, context: FilesContext): FileFinding[] {
	const {needsMarker, settleMs, now, isWatched, isPaused, isFull, blocked} = context;
	const markers = new Set(
		needsMarker ? inbox.waiting.map(({name}) => name).filter(name => name.endsWith('.done')) : [],
	);
	const isMovable = createMovableTest(folders.unprocessed);
	const reasonOf = ({name, changedAt}: InboxFile, index: number): readonly [reason: string, message: string] => {
		const restMs = Math.max(0, now - changedAt);
		if (!isMovable(name))
			return [
				'not-movable',
				'It cannot be moved: its folder must be writable for this user, and where that has the sticky bit, the file must be their own.',
			];
		const reason = blocked.get(name);
		if (reason !== undefined && isWatched)
			return ['not-movable', `It could not be moved: ${reason}. It is tried again now and then.`];
		if (needsMarker && !markers.has(`${name}.done`))
			return [
				'no-marker',
				`It waits for its marker: whoever writes it makes a file of the same name with .done behind it.`,
			];
		if (!isWatched) return ['not-watched', 'Nobody watches: it is taken when the watch is started.'];
		if (restMs < settleMs)
			return [
				'growing',
				`It was changed ${formatSeconds(restMs / 1000)} ago: it is taken when it has not been changed for ${formatSeconds(settleMs / 1000)}.`,
			];
		if (isPaused) return ['paused', 'Somebody has paused the intake: resume it in the dashboard of the watch.'];
		if (isFull) return ['disk-full', 'The disk is full: it is taken by itself when there is room.'];
		if (restMs < settleMs + OVERDUE_MS) return ['waiting', 'It is about to be taken.'];
		if (index > 0) return ['in-turn', 'It waits for its turn: others came before it.'];
		return [
			'overdue',
			`It has been at rest for ${formatDuration(restMs)}: look into the log of the watch for what it says of it.`,
		];
	};
	return inbox.waiting
		.filter(({name}) => !markers.has(name))
		.map((file, index) => {
			const [reason, message] = reasonOf(file, index);
			return {file: displayPath(file.name), folder: 'unprocessed', reason, message};
		});
}

/** Whether a file can be moved away from where it is, which is for its folder to say. */
function createMovableTest(unprocessed: string): (name: string) => boolean {
	const user = process.geteuid?.();
	const known = new Map<string, {readonly isWritable: boolean; readonly isSticky: boolean}>();
	const look = (folder: string): {readonly isWritable: boolean; readonly isSticky: boolean} => {
		const stats = lstatIfThere(folder);
		const isSticky = user !== undefined && user !== 0 && ((stats?.mode ?? 0) & 0o1000) !== 0 && stats?.uid !== user;
		return {isWritable: isWritable(folder), isSticky};
	};
	return name => {
		const folder = join(unprocessed, dirname(name));
		const found = known.get(folder) ?? look(folder);
		known.set(folder, found);
		return found.isWritable && (!found.isSticky || lstatIfThere(join(unprocessed, name))?.uid === user);
	};
}

function isWritable(folder: string): boolean {
	try {
		accessSync(systemPath(folder), constants.W_OK | constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function begunOf(
	entries: readonly string[],
	open: readonly Claim[],
	claims: OpenClaims | null,
	{isWatched, refused}: FilesContext,
): FileFinding[] {
	const byStoredName = new Map(open.map(claim => [claim.storedName, claim]));
	const found = entries.flatMap((name): FileFinding[] => {
		const of = (reason: string, message: string): FileFinding[] => [
			{file: displayPath(name), folder: 'underprocess', reason, message},
		];
		const refusal = refused.get(name);
		if (refusal !== undefined)
			return of('refused', `It could not be gone on with: ${refusal}. It is tried again at each --recovery-interval.`);
		if (byStoredName.has(name)) return isWatched ? [] : of('interrupted', INTERRUPTED);
		const id = claimOfStoredName(name);
		if (id !== null && claims?.find(id)?.state === 'finished') return of('finished', FINISHED);
		return of('unknown', isWatched ? UNKNOWN : `${UNKNOWN} Nobody watches now.`);
	});
	const there = new Set(entries);
	const gone = open.filter(({state, storedName}) => state === 'claimed' && !there.has(storedName));
	return [
		...found,
		...gone.map(
			({storedName}): FileFinding => ({
				...{file: displayPath(storedName), folder: 'underprocess', reason: 'gone'},
				message: 'It is not there any more: somebody has moved it away. Its claim is given up at the next recovery.',
			}),
		),
	];
}

const INTERRUPTED = 'Its process has ended: it is gone on with when the watch is started.';
const FINISHED =
	'Its claim is finished already: look whether it is in processed/ or failed/, too. To have it processed again, move it to unprocessed/.';
const UNKNOWN =
	'The ledger does not know it: the watch adopts it when it starts, and at each --recovery-interval. To have it processed under its own name, move it to unprocessed/.';

function failedOf(folders: WatchFolders, claims: OpenClaims | null): FileFinding[] {
	// A duplicate of one that failed lies there, too.
	const failed = (['failed', 'duplicate'] as const).flatMap(
		status => claims?.list({statuses: [status], limit: FAILED_LISTED}) ?? [],
	);
	return failed.flatMap(({name, storedName, code, message, state, destination}): FileFinding[] => {
		const file = join(dirname(name), storedName);
		if (state !== 'finished' || destination !== 'failed' || lstatIfThere(join(folders.failed, file)) === null)
			return [];
		return [{file: displayPath(file), folder: 'failed', reason: code ?? 'UNKNOWN', message: message ?? ''}];
	});
}

function describeInbox(waiting: readonly FileFinding[], skipped: readonly FileFinding[]): FolderFinding {
	const urgent = [...waiting, ...skipped].find(({reason}) => URGENT.has(reason));
	const found = `${quantity(waiting.length, 'file')} waiting, ${skipped.length} not taken`;
	return {name: 'inbox', found, advice: urgent?.message ?? null};
}

function describeBegun(begun: readonly FileFinding[], open: readonly Claim[], isWatched: boolean): FolderFinding {
	const isLeft = begun.length > 0;
	const working = isWatched ? open.filter(({state}) => state !== 'intended').length : 0;
	const found = `${quantity(working, 'file')} in work${isLeft ? `, ${begun.length} left there` : ''}`;
	return {name: 'underprocess', found, advice: begun[0]?.message ?? null};
}

function inspectIfThere(unprocessed: string, isRecursive: boolean): InspectedInbox {
	try {
		return inspectInbox(unprocessed, isRecursive);
	} catch {
		// What is wrong with the folder is told of it.
		return {waiting: [], skipped: []};
	}
}

function entriesOf(folder: string): string[] {
	try {
		return readdirSync(systemPath(folder), 'buffer').map(pathText).sort();
	} catch {
		return [];
	}
}
