// How a watched folder is doing: what `status --json` prints, what the status file holds and what screens show.
// Scripts rely on every name here, which is why they are in the report's snake_case. Durations are seconds, times are texts of ISO 8601.

export interface WatchStatus {
	readonly folder: string;
	/** When this was found. */
	readonly at: string;
	readonly health: WatchHealth;
	/** The process that watches the folder now; `null`: there is none. */
	readonly owner: WatchOwner | null;
	/** When it was watched last, where nobody does now; `null` also where it never was. */
	readonly last_watched: LastWatched | null;
	/** Each file is in one of these. */
	readonly files: StatusCounts;
	readonly bytes: StatusCounts;
	/** Records of all files that were processed. */
	readonly rows: {readonly read: number; readonly rejected: number};
	readonly tags: readonly TagCounts[];
	/** The part of the files that were processed which did not fail; `null` before the first one. Duplicates do not count. */
	readonly success_rate: number | null;
	readonly processing_time: ProcessingTimes;
	readonly throughput: {
		readonly last_minute: Throughput;
		readonly last_hour: Throughput;
		/** Since the process that watches the folder now, or did so last, has begun. */
		readonly since_start: Throughput;
	};
	/** The file that waits longest, or is worked on longest; `null` where there is none. */
	readonly oldest: {readonly file: string; readonly age: number} | null;
	/** The file that failed last. */
	readonly last_error: FailedFile | null;
	/** The first ones in turn. */
	readonly waiting: readonly WaitingFile[];
	/** Files that have a claim and no result yet, in the order in which they were claimed. */
	readonly processing: readonly ClaimedFile[];
	/** The last ones first. */
	readonly failed: readonly FailedFile[];
	/** What lies in `unprocessed/` and is not taken. */
	readonly skipped: readonly SkippedFile[];
}

/**
- `ok`: files are processed as they come.
- `degraded`: somebody watches, and something is in the way of some files, or of all.
- `stopped`: nobody watches.
*/
export type WatchHealthStatus = 'ok' | 'degraded' | 'stopped';

export interface WatchHealth {
	readonly status: WatchHealthStatus;
	/** None where all is well. */
	readonly reasons: readonly HealthReason[];
}

export type HealthCode =
	| 'NOT_WATCHED'
	| 'OWNER_DIED'
	| 'DISK_FULL'
	| 'DISK_LOW'
	| 'INTAKE_PAUSED'
	| 'FOLDER_MISSING'
	| 'QUEUE_STUCK'
	| 'CRASH_LOOP';

export interface HealthReason {
	readonly code: HealthCode;
	/** A sentence, with what to do. */
	readonly message: string;
}

export interface WatchOwner {
	readonly pid: number;
	readonly host: string;
	/** Counts the processes that have watched the folder. */
	readonly epoch: number;
	readonly since: string;
	readonly uptime: number;
	/** What the process uses; `null` where the system does not say, and on another machine. */
	readonly usage: ProcessUsage | null;
}

export interface ProcessUsage {
	/** Seconds of processor time since it started. */
	readonly cpu: number;
	/** The same as a part of the time since then; 1 is one core. */
	readonly cpu_share: number;
	readonly memory_bytes: number;
	/** `null` where only its user may know. */
	readonly open_files: number | null;
}

export interface LastWatched {
	readonly pid: number;
	readonly host: string;
	readonly since: string;
	/** `null`: it was killed. */
	readonly until: string | null;
}

export interface StatusCounts {
	/** They lie in `unprocessed/` and are taken in turn. */
	readonly waiting: number;
	/** They lie there and are not taken. */
	readonly skipped: number;
	readonly processing: number;
	readonly completed: number;
	readonly failed: number;
	/** Their content had been processed before. */
	readonly duplicate: number;
}

export interface TagCounts {
	/** `null`: files that no route has taken. */
	readonly tag: string | null;
	readonly completed: number;
	readonly failed: number;
	readonly duplicate: number;
}

/** From the beginning of the last attempt to the result, exact over so many files: those that were processed last. */
export interface ProcessingTimes {
	readonly files: number;
	/** `null` without a file. */
	readonly mean: number | null;
	/** So much or less for half of them. */
	readonly p50: number | null;
	readonly p95: number | null;
	readonly p99: number | null;
}

export interface Throughput {
	readonly files: number;
	readonly bytes: number;
}

export interface WaitingFile {
	readonly file: string;
	readonly bytes: number;
	/** Since it came, or was changed last. */
	readonly age: number;
}

export interface ClaimedFile extends WaitingFile {
	readonly claim: string;
	/** `intended`: about to be moved to `underprocess/`; `claimed`: it lies there. */
	readonly state: 'intended' | 'claimed';
	readonly tag: string | null;
	readonly step: string | null;
	readonly attempts: number;
}

export interface FailedFile {
	readonly file: string;
	readonly claim: string;
	readonly at: string;
	readonly code: string;
	readonly message: string;
	readonly tag: string | null;
	readonly attempts: number;
}

export interface SkippedFile {
	readonly file: string;
	readonly reason: SkipReason;
	/** What it is, and what to do. */
	readonly message: string;
}

/** Why something in `unprocessed/` is not taken. */
export type SkipReason = 'part' | 'dotfile' | 'link' | 'folder' | 'special' | 'unreadable';
