// Whether a watched folder does its work, and what is in the way where it does not.
import type {HealthReason, WatchHealth, WatchStatus} from '../model/watch-status.ts';
import {formatBytes, formatDuration, formatInteger} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import type {DiskRoom} from './disk-room.ts';

export interface HealthFacts {
	readonly status: Pick<WatchStatus, 'owner' | 'last_watched' | 'files' | 'oldest' | 'throughput' | 'failed' | 'at'>;
	/** `null`: it cannot be looked at. */
	readonly room: DiskRoom | null;
	/** Folders that should be there and are not. */
	readonly missingFolders: readonly string[];
	/** What only the process that watches knows of. */
	readonly ownReasons?: readonly HealthReason[];
}

/** Soon there is no room for what files come to. */
export const LOW_DISK_BYTES = 16 * 1024 * 1024;
/** Each file that is taken becomes a few. */
export const LOW_DISK_FILES = 100;
/** The age from which a file is stuck that nobody is at. */
const STUCK_SECONDS = 15 * 60;
const RECENT_SECONDS = 60 * 60;

export function judgeHealth({status, room, missingFolders, ownReasons = []}: HealthFacts): WatchHealth {
	const reasons = [
		...watchingReasons(status),
		...missingFolders.map(
			(name): HealthReason => ({
				code: 'FOLDER_MISSING',
				message: `The folder ${safe(name)} is not there: put it back, or start the watch anew to make it.`,
			}),
		),
		...ownReasons,
		...(ownReasons.some(({code}) => code === 'DISK_FULL') ? [] : roomReasons(room)),
		...queueReasons(status, ownReasons.length > 0),
		...crashReasons(status),
	];
	const unique = reasons.filter(
		({code, message}, index) =>
			reasons.findIndex(other => other.code === code && (code !== 'FOLDER_MISSING' || other.message === message)) ===
			index,
	);
	if (status.owner === null) return {status: 'stopped', reasons: unique};
	return {status: unique.length === 0 ? 'ok' : 'degraded', reasons: unique};
}

function watchingReasons({owner, last_watched: last}: HealthFacts['status']): HealthReason[] {
	if (owner !== null) return [];
	if (last !== null && last.until === null)
		return [
			{
				code: 'OWNER_DIED',
				message: `The process ${last.pid} that watched it was killed: start the watch anew, and it goes on where that one was.`,
			},
		];
	return [{code: 'NOT_WATCHED', message: 'Nobody watches it: start the watch.'}];
}

function roomReasons(room: DiskRoom | null): HealthReason[] {
	if (room === null) return [];
	const {freeBytes, freeFiles} = room;
	if (freeBytes < LOW_DISK_BYTES)
		return [
			{
				code: 'DISK_LOW',
				message: `Its disk has ${formatBytes(freeBytes)} left: make room, for without it no more files are taken.`,
			},
		];
	if (freeFiles === null || freeFiles >= LOW_DISK_FILES) return [];
	return [
		{
			code: 'DISK_LOW',
			message: `Its disk has room for ${formatInteger(freeFiles)} more files (inodes): remove some, for without it no more files are taken.`,
		},
	];
}

/** A long queue that moves is not stuck, and neither is a file that takes long. */
function queueReasons({owner, files, oldest, throughput}: HealthFacts['status'], isExplained: boolean): HealthReason[] {
	if (isExplained) return [];
	const isIdle = files.processing === 0 && throughput.last_minute.files === 0;
	if (owner === null || files.waiting === 0 || !isIdle || oldest === null || oldest.age < STUCK_SECONDS) return [];
	return [
		{
			code: 'QUEUE_STUCK',
			message: `${safe(oldest.file)} has waited for ${formatDuration(oldest.age * 1000)}, and nothing is worked on: fileproc-tui doctor says what is in its way.`,
		},
	];
}

function crashReasons({failed, at}: HealthFacts['status']): HealthReason[] {
	const since = Date.parse(at) - RECENT_SECONDS * 1000;
	const crashed = failed.find(file => file.code === 'CRASH_LOOP' && Date.parse(file.at) >= since);
	if (crashed === undefined) return [];
	return [
		{
			code: 'CRASH_LOOP',
			message: `${safe(crashed.file)} was given up, because the process died each time it was at it: look into failed/.`,
		},
	];
}
