// How a watched folder is doing, put together: of its ledger, its folders and its owner by whoever asks from outside, and of what it
// knows anyway by the process that watches.
import {statSync} from 'node:fs';
import {type Owner, openClaims} from '../ledger/claims-reader.ts';
import {isProcessThere, partsOf} from '../ledger/process-name.ts';
import type {
	HealthReason,
	LastWatched,
	SkippedFile,
	StatusCounts,
	WaitingFile,
	WatchOwner,
	WatchStatus,
} from '../model/watch-status.ts';
import {displayPath, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {type DiskRoom, readDiskRoom} from './disk-room.ts';
import {type WatchFolders, watchFolders} from './folders.ts';
import {judgeHealth} from './health.ts';
import {type InspectedInbox, inspectInbox, waitingFile} from './inspect-inbox.ts';
import {type HowWatched, intakeReasons, readIntake, rulesOf, USUALLY} from './intake-file.ts';
import {readProcessUsage} from './process-usage.ts';
import {type ClaimStatistics, FILES_LISTED, readStatistics} from './statistics.ts';

/** The figures of `unprocessed/`. Lists have the first `FILES_LISTED` files. */
export interface InboxFigures {
	readonly waiting: {readonly files: number; readonly bytes: number; readonly first: readonly WaitingFile[]};
	readonly skipped: {readonly files: number; readonly bytes: number; readonly first: readonly SkippedFile[]};
}

export interface StatusParts {
	/** As a text of `text/path-text.ts`. */
	readonly root: string;
	/** Milliseconds since 1970. */
	readonly now: number;
	readonly owner: WatchOwner | null;
	readonly lastWatched: LastWatched | null;
	readonly statistics: ClaimStatistics;
	readonly inbox: InboxFigures;
	readonly room: DiskRoom | null;
	readonly missingFolders: readonly string[];
	/** See `HealthFacts`. */
	readonly ownReasons?: readonly HealthReason[];
}

export function composeStatus(parts: StatusParts): WatchStatus {
	const {root, now, owner, lastWatched, statistics, inbox, room, missingFolders, ownReasons = []} = parts;
	const {files, bytes, rows, tags, success_rate, processing_time, throughput, last_error, processing, failed} =
		statistics;
	const {waiting, skipped} = inbox;
	const at = new Date(now).toISOString();
	const counts: StatusCounts = {waiting: waiting.files, skipped: skipped.files, ...files};
	const oldest = oldestOf([...waiting.first, ...processing]);
	const common = {at, owner, last_watched: lastWatched, files: counts, oldest, throughput, failed};
	return {
		folder: displayPath(root),
		at,
		health: judgeHealth({status: common, room, missingFolders, ownReasons}),
		owner,
		last_watched: lastWatched,
		files: counts,
		bytes: {waiting: waiting.bytes, skipped: skipped.bytes, ...bytes},
		...{rows, tags, success_rate, processing_time, throughput, oldest, last_error},
		waiting: waiting.first,
		processing,
		failed,
		skipped: skipped.first,
	};
}

/** In the lists, the one that waits longest is among the first. */
function oldestOf(files: readonly WaitingFile[]): WatchStatus['oldest'] {
	const oldest = files.reduce<WaitingFile | null>(
		(found, file) => (found !== null && found.age >= file.age ? found : file),
		null,
	);
	return oldest === null ? null : {file: oldest.file, age: oldest.age};
}

/** Tags of the routes that files take now; `null` where nobody watches, or it is not known. */
export function findTags(folders: WatchFolders): readonly string[] | null {
	const claims = openClaims(folders.ledger);
	try {
		const owner = claims.owner();
		return owner !== null && isWatching(owner) ? (readIntake(folders, owner)?.tags ?? null) : null;
	} finally {
		claims.close();
	}
}

/** @returns `missing`: there is no such folder; `not-watched`: it is none that has ever been watched; `forbidden`: it may not be looked into. */
export function findWatched(root: string): WatchFolders | 'missing' | 'not-watched' | 'forbidden' {
	try {
		if (!statSync(systemPath(root), {throwIfNoEntry: false})?.isDirectory()) return 'missing';
		const folders = watchFolders(root);
		return statSync(systemPath(folders.ledger), {throwIfNoEntry: false}) === undefined ? 'not-watched' : folders;
	} catch (error) {
		if (codeOf(error) === 'EACCES') return 'forbidden';
		throw error;
	}
}

/**
Reads it from outside, whether somebody watches or not.

@throws {LedgerError} When the ledger cannot be read.
*/
export function readWatchStatus(folders: WatchFolders, how: HowWatched = USUALLY): WatchStatus {
	const claims = openClaims(folders.ledger);
	try {
		const intake = readIntake(folders, claims.owner());
		// First the folder, then the ledger: a file that is taken in between is found twice and not never.
		const inspected = inspectIfThere(folders.unprocessed, rulesOf(how, intake).isRecursive);
		return claims.atOnce(() => {
			const now = Date.now();
			const owner = claims.owner();
			const taken = new Set(claims.list({states: ['intended']}).map(({name}) => name));
			const waiting = inspected.waiting.filter(({name}) => !taken.has(name));
			const isWatched = owner !== null && isWatching(owner);
			return composeStatus({
				...{root: folders.root, now},
				owner: isWatched ? describeOwner(owner, now) : null,
				lastWatched: owner === null || isWatched ? null : describeLast(owner),
				statistics: readStatistics(claims, {now, startedAt: owner?.startedAt ?? null}),
				inbox: figuresOfInbox({...inspected, waiting}, now),
				room: roomOf(folders.root),
				missingFolders: missingOf(folders),
				ownReasons: isWatched && intake !== null ? intakeReasons(intake) : [],
			});
		});
	} finally {
		claims.close();
	}
}

/** The process that watches; `null`: none does. */
export function findOwner({ledger}: WatchFolders): number | null {
	const claims = openClaims(ledger);
	try {
		const owner = claims.owner();
		return owner !== null && isWatching(owner) ? partsOf(owner.process).pid : null;
	} finally {
		claims.close();
	}
}

/** Whether a process watches. One on another machine counts as there, because nobody can know. */
export const isWatching = ({process, endedAt}: Owner): boolean => endedAt === null && isProcessThere(process);

export function describeOwner({process, epoch, startedAt}: Owner, now: number): WatchOwner {
	const {pid, host, isHere} = partsOf(process);
	return {
		...{pid, host, epoch},
		since: new Date(startedAt).toISOString(),
		uptime: Math.max(0, now - startedAt) / 1000,
		usage: isHere ? readProcessUsage(pid) : null,
	};
}

function describeLast({process, startedAt, endedAt}: Owner): LastWatched {
	const {pid, host} = partsOf(process);
	return {
		...{pid, host},
		since: new Date(startedAt).toISOString(),
		until: endedAt === null ? null : new Date(endedAt).toISOString(),
	};
}

export function figuresOfInbox({waiting, waitingSum, skipped}: InspectedInbox, now: number): InboxFigures {
	const sumOf = (files: readonly {readonly bytes: number}[]): number => files.reduce((sum, {bytes}) => sum + bytes, 0);
	return {
		waiting: {
			...(waitingSum ?? {files: waiting.length, bytes: sumOf(waiting)}),
			first: waiting.slice(0, FILES_LISTED).map(file => waitingFile(file, now)),
		},
		skipped: {
			...{files: skipped.length, bytes: sumOf(skipped)},
			first: skipped.slice(0, FILES_LISTED).map(({file, reason, message}) => ({file, reason, message})),
		},
	};
}

/** The folders that a watch works with; it makes them when it starts. */
export const missingOf = ({unprocessed, underprocess, processed, failed, results}: WatchFolders): string[] =>
	[unprocessed, underprocess, processed, failed, results].filter(
		path => !statSync(systemPath(path), {throwIfNoEntry: false})?.isDirectory(),
	);

function inspectIfThere(unprocessed: string, isRecursive: boolean): InspectedInbox {
	try {
		return inspectInbox(unprocessed, isRecursive);
	} catch {
		// That it is not there is told among the reasons of its health.
		return {waiting: [], skipped: []};
	}
}

function roomOf(root: string): DiskRoom | null {
	try {
		return readDiskRoom(root);
	} catch {
		return null;
	}
}
