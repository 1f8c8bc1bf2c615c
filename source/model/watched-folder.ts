// What a screen may know of a watched folder beyond the events of its files: those that wait, those of earlier processes, and how all of it
// is doing.
import type {WatchStatus} from './watch-status.ts';

export interface WatchedFolder {
	/** Its path. */
	readonly root: string;
	/** Whether it is worked off and left then: for a person that is a run of its files as any other. */
	readonly isOnce: boolean;
	/** There where it is not what the screen is about: a view beside those of a run. */
	readonly isBeside?: true;
	/** There where nothing can be done to its files from here: a sentence, with what to do. */
	readonly noChanges?: string;
	/** There where it is done by another door than what is done to the run. */
	readonly actions?: FolderActions;
	readonly look: () => FolderLook;
	/** Tags of the routes, in the order in which they are tried. */
	readonly tags: () => readonly string[];
}

/** What may be asked of a folder; see the commands of a run. */
export interface FolderActions {
	readonly setPaused: (isPaused: boolean) => void;
	/** @returns How many files are taken up. */
	readonly retry: (claims: readonly string[] | 'all-failed', tag: string | null) => Promise<number>;
}

/** The folder at one moment. */
export interface FolderLook {
	readonly status: WatchStatus;
	/** Those next in turn, all that are worked on, and those that ended last: lists are for people, and the counts of `status` are of all. */
	readonly files: readonly WatchedFile[];
}

/**
- `waiting`: it lies in `unprocessed/` and is taken in its turn.
- `growing`: somebody may still be writing it.
- `skipped`: it lies there and is not taken.
*/
export type WatchedFileState =
	| 'waiting'
	| 'growing'
	| 'skipped'
	| 'processing'
	| 'completed'
	| 'failed'
	/** Its content had been processed before. */
	| 'duplicate';

export interface WatchedFile {
	/** What no other file of the folder has: the claim, or the name of a file that has none. */
	readonly key: string;
	/** With its folder below `unprocessed/`, to be shown. */
	readonly file: string;
	readonly claim: string | null;
	readonly state: WatchedFileState;
	/** The route and the step that it is at, or has ended on. */
	readonly tag: string | null;
	readonly step: string | null;
	readonly attempts: number;
	readonly bytes: number;
	/** When it came, or was changed last before it was taken, in milliseconds since 1970; `null`: nobody looks at it. */
	readonly cameAt: number | null;
	/** When it ended; `null` before that. */
	readonly endedAt: number | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	/** What it failed by, or is skipped for. */
	readonly code: string | null;
	/** Why it is as it is: a sentence; `null` where there is nothing to explain. */
	readonly message: string | null;
	/** The same in a few words, where the sentence does not begin with what says the most. */
	readonly note: string | null;
	/** Where it lies, below the watched folder. */
	readonly place: string;
	/** Whether it lies in `failed/`, and may be tried again. */
	readonly isRetriable: boolean;
}
