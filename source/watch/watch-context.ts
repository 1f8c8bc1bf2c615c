// What the parts of a watched folder share.
import type {ClaimAnswers, ClaimChange, ClaimQuestion, Decision, ResultKey} from '../ledger/claims-protocol.ts';
import type {RunFact} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import type {Pipeline, Processor, Route, Step} from '../pipeline/pipeline.ts';
import type {FolderSync} from '../report/folder-sync.ts';
import type {OpenClaim} from './claim-life.ts';
import type {WatchFolders} from './folders.ts';
import type {Inbox} from './inbox.ts';
import type {ProcessorStates} from './processor-states.ts';

export interface WatchContext {
	readonly folders: WatchFolders;
	readonly sync: FolderSync;
	readonly inbox: Inbox;
	readonly states: ProcessorStates;
	readonly settleMs: number;
	/** See `InboxOptions`. */
	readonly needsMarker: boolean;
	readonly pipeline: Pipeline;
	/** That of a step, ready to work. */
	readonly processor: (step: Step) => Promise<Processor>;
	/** `null`: none takes it. */
	readonly chooseRoute: (claim: OpenClaim, path: string) => Promise<Route | null>;
	/** Aborted when running files are to be given back. */
	readonly signal: AbortSignal;
	/** Monotonic milliseconds. */
	readonly now: () => number;
	/** Milliseconds since 1970. */
	readonly wallClock: () => number;
	readonly createId: () => string;
	readonly storedName: (claim: string, name: string) => string;
	/**
	Resolves when all of it is on the disk; a full disk is waited for.

	@param facts - Told when it is.
	@param ended - A file that has ended by it.
	@throws {Error} When the ledger cannot be used any more.
	*/
	readonly commit: (
		changes: readonly ClaimChange[],
		facts: readonly RunFact[],
		ended?: {readonly jobId: number; readonly report: FileReport},
	) => Promise<void>;
	readonly ask: <Question extends ClaimQuestion>(question: Question) => Promise<ClaimAnswers[Question['type']]>;
	/** Runs one after the other what is about the same content. */
	readonly once: <Value>(key: ResultKey, work: () => Promise<Value>) => Promise<Value>;
	/** Waits for something that nobody here has in hand: other files have their turn meanwhile. */
	readonly aside: <Value>(wait: () => Promise<Value>) => Promise<Value>;
	/** Whether an error was for want of room: then there is room again. */
	readonly isOutOfRoom: (code: string) => Promise<boolean>;
	/** Whether the watched folder is there, and the one that it was. */
	readonly isThere: () => Promise<boolean>;
	/** Tries again as long as the disk is full. */
	readonly untilDone: (work: () => Promise<void>) => Promise<void>;
	/** A file of the inbox could not be moved. */
	readonly onBlocked: (name: string, reason: string) => void;
	/** The system has refused a step of a claim: recovery goes on with it. */
	readonly onRefused: (claim: Pick<OpenClaim, 'id' | 'name' | 'storedName'>, reason: string) => void;
	readonly onTaken: (name: string) => void;
	/** Something that is no event of a file, as a sentence. */
	readonly onNotice: (notice: string) => void;
	readonly onStep: (claim: string, tag: string, processor: string) => void;
	readonly onDecided: (claim: OpenClaim, decision: Decision, at: number) => void;
}
