// Runs that were saved: how they are listed, and what an output may ask of them.
import type {RunEvent} from './events.ts';
import type {RunTotals} from './report.ts';
import type {SavedPart} from './run-control.ts';
import type {Drift} from './run-diff.ts';

/** `interrupted`: its process ended before the run did. */
export type LedgerRunStatus = 'completed' | 'cancelled' | 'running' | 'interrupted';

export interface LedgerRun {
	readonly id: string;
	/** ISO 8601, in UTC. */
	readonly started_at: string;
	/** The working folder, which the paths start from. */
	readonly folder: string;
	readonly paths: readonly string[];
	readonly status: LedgerRunStatus;
	/** Of a run without an end, those of the files that had ended. */
	readonly totals: RunTotals;
	/** Seconds. */
	readonly elapsed: number;
}

/** `folder`: `null` where its paths are names of files elsewhere, which start from no folder of this machine. */
export type ListedRun = Omit<LedgerRun, 'folder'> & {readonly folder: string | null};

export interface FoundRuns {
	/** Newest first. */
	readonly runs: readonly ListedRun[];
	/** Whether there are older ones. */
	readonly hasMore: boolean;
}

/** The runs of the ledger that is at hand. Where there is none, or it cannot be read, everything rejects with what to do. */
export interface PastRuns {
	/** How the ledger names the run that is on the screen; `null` where it is not saved. */
	readonly currentId: () => string | null;
	/** @param search - Terms as those of `history`; an empty one finds all. */
	readonly find: (search: string) => Promise<FoundRuns>;
	/** What happened in a run, up to its end; of one without an end, open files are cancelled. */
	readonly read: (id: string, signal: AbortSignal) => AsyncIterable<RunEvent>;
	/** What changed since the run before it. */
	readonly drift: (id: string) => Promise<Drift>;
	/**
	Reads files of a run again, as it did, and saves that as a new run.

	@returns A sentence on what came of it.
	*/
	readonly readAgain: (id: string, files: readonly string[]) => Promise<string>;
	/** What prints the report of a run into a file, to be typed in a shell. */
	readonly reportCommand: (id: string) => string;
	/** There where results lie elsewhere: saves what a run came to in the current folder, under a name that is free. Resolves with the path. */
	readonly save?: (id: string, part: SavedPart) => Promise<string>;
	/** Stops what is being read. */
	readonly close: () => Promise<void>;
}
