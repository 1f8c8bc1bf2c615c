// What a watched folder and the thread that writes its ledger say to each other. Names are texts of `text/path-text.ts`, times are
// milliseconds since 1970, hashes and digests are hexadecimal digits.
import type {FileRow, NewRun, RunEnd} from './protocol.ts';

export interface ClaimsThreadData {
	readonly path: string;
	/** The run that this watching is; its id is that of the owner, too. */
	readonly run: NewRun;
}

export type ClaimState = 'intended' | 'claimed' | 'decided' | 'finished';
export type ClaimStatus = 'completed' | 'failed' | 'duplicate';
export type Destination = 'processed' | 'failed';

/** A file that has been taken, or is about to be. */
export interface NewClaim {
	readonly id: string;
	/** With its folder below `unprocessed/`. */
	readonly name: string;
	/** `<claim>__<name>`, without folders. */
	readonly storedName: string;
	/** How it came: `drop`, `adopted`, `retry`, or what put it there. */
	readonly source: string;
	/** The tag of the route that a person has chosen for it. */
	readonly route?: string | null;
	/** The failed claim whose file it has taken up again. */
	readonly retryOf?: string | null;
	readonly bytes: number;
	/** When it was seen first. */
	readonly arrivedAt: number;
	readonly claimedAt: number;
}

/** What results are kept by: the same bytes that take the same way come to the same. */
export interface ResultKey {
	/** See `Pipeline.digest`. */
	readonly settings: string;
	/** What the bytes are known by, as in `FileReport.content_hash`. */
	readonly content: string;
	/** What reading takes from the name. */
	readonly kind: string;
}

export interface Decision {
	readonly status: ClaimStatus;
	readonly destination: Destination;
	/** The claim that has the result of the same content; `null` where this one has it. */
	readonly duplicateOf: string | null;
	/** The name of its file, for those who are told of it now: in the ledger that claim has it. */
	readonly duplicateOfName?: string;
	readonly code: string | null;
	readonly message: string | null;
	/** The last route and step of its way; `null` where it took none. */
	readonly tag: string | null;
	readonly step: string | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	/** As in `FileReport`; `null` where it could not be read. */
	readonly contentHash: string | null;
	/** Names of what the steps have written: in the work folder of the claim, and then in `results/`. */
	readonly outputs: readonly string[];
	/** What it came to, as JSON; `null`: nothing that would be the same the next time. */
	readonly result: {readonly key: ResultKey; readonly json: string} | null;
	/** What processors keep for the next file. */
	readonly states: readonly ProcessorState[];
}

export interface ProcessorState {
	readonly processor: string;
	readonly state: Uint8Array;
}

export type ClaimChange =
	| {readonly type: 'intend'; readonly claim: NewClaim}
	/** The file was not taken after all. */
	| {readonly type: 'withdraw'; readonly id: string}
	/** Nobody knew of the file in `underprocess/`. */
	| {readonly type: 'adopt'; readonly claim: NewClaim}
	| {
			readonly type: 'start';
			readonly id: string;
			readonly attempt: number;
			readonly identity: string;
			readonly bytes: number;
			readonly at: number;
	  }
	/** The attempt has ended without a decision: it may go well later, or was not to be finished. */
	| {
			readonly type: 'give-up';
			readonly id: string;
			readonly attempt: number;
			readonly at: number;
			readonly code: string;
	  }
	| {readonly type: 'decide'; readonly id: string; readonly at: number; readonly decision: Decision}
	| {readonly type: 'finish'; readonly id: string; readonly at: number};

/** One transaction, or a part of one: all of it is on the disk, or nothing. */
export interface ClaimCommit {
	readonly changes: readonly ClaimChange[];
	/** Events that tell of them, as lines of JSON; empty where there are none. */
	readonly lines: string;
	readonly files: readonly FileRow[];
	readonly end: RunEnd | null;
}

/** A claim as the ledger has it. */
export interface KnownClaim extends NewClaim {
	readonly state: ClaimState;
	readonly attempts: number;
	/** Attempts whose process died, without any end. */
	readonly cutAttempts: number;
	/** How the last attempt has ended; `null`: not at all. */
	readonly lastCode: string | null;
	readonly identity: string | null;
	readonly startedAt: number | null;
	readonly decidedAt: number | null;
	/** Without its result and the states of processors. `null` before it is decided. */
	readonly decision: Omit<Decision, 'result' | 'states'> | null;
	/** The claim that has taken its file up again; `null` where it still has it. */
	readonly retriedBy: string | null;
}

/** What the same content has come to. */
export interface KnownOutcome {
	readonly claim: string;
	/** Of its file, with its folder. */
	readonly name: string;
	readonly destination: Destination;
	readonly code: string | null;
	readonly message: string | null;
}

export type ClaimQuestion =
	/** Claims that are not finished, in the order in which they were taken. */
	| {readonly type: 'unfinished'}
	| {readonly type: 'outcome'; readonly key: ResultKey}
	/** The JSON of what a claim came to. */
	| {readonly type: 'result'; readonly id: string}
	/** One claim. */
	| {readonly type: 'claim'; readonly id: string}
	/** Ids of the claims whose files failed and lie in `failed/`, the first ones first. */
	| {readonly type: 'failed'}
	/** Which of these are ids of claims. */
	| {readonly type: 'known'; readonly ids: readonly string[]}
	/** What a processor has kept. */
	| {readonly type: 'state'; readonly processor: string};

export interface ClaimAnswers {
	readonly unfinished: readonly KnownClaim[];
	readonly outcome: KnownOutcome | null;
	readonly result: string | null;
	readonly claim: KnownClaim | null;
	readonly failed: readonly string[];
	readonly known: readonly string[];
	readonly state: Uint8Array | null;
}
