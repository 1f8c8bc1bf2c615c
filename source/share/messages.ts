// What a run and those who follow it say to each other over a WebSocket, as JSON. Both sides are the same version of the program: the welcome says
// which one it is.
import type {RunEvent} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import type {RunCommand} from '../model/run-command.ts';
import type {FileInspection} from '../model/run-control.ts';
import type {History} from '../store/history.ts';
import type {FileState, RunState, Sample} from '../store/state.ts';
import type {Tally} from '../store/tally.ts';

export const SUBPROTOCOL = 'fileproc-run.v1';

/** What a run says first. */
export interface Welcome {
	readonly type: 'welcome';
	/** Of the program. */
	readonly version: string;
	/** The paths of the run, as given. */
	readonly title: string;
	/** Whether commands are taken. */
	readonly mayControl: boolean;
}

/** Members of the state of a run that every frame has where they have changed. */
export const RUN_MEMBERS = [
	...(['phase', 'status', 'isPaused', 'version', 'paths', 'concurrency', 'threads', 'analysisInfos'] as const),
	...(['areCombined', 'isEndless', 'commonFolder', 'counts', 'heldCount', 'heldBytesLeft', 'fileCount'] as const),
	...(['bytesTotal', 'bytesRead', 'bytesSettled', 'bytesLeftOut', 'rows', 'rejectedRows', 'totals'] as const),
] as const satisfies readonly (keyof RunState)[];

export type RunMembers = Partial<Pick<RunState, (typeof RUN_MEMBERS)[number]>>;

/** A file without what only its details show. */
export interface SharedFile extends Omit<FileState, 'samples'> {
	/** Its place in the order of the plan. */
	readonly index: number;
}

/** Progress of a file that the reader knows: its index, `bytesRead`, `rows`, `rejectedRows`, and 1 where it is held. */
export type SharedProgress = readonly [
	index: number,
	bytesRead: number,
	rows: number,
	rejectedRows: number,
	isPaused: 0 | 1,
];

export interface SharedTally extends Omit<Tally, 'slowest'> {
	readonly slowest: readonly SharedFile[];
}

/** What has changed since the frame before it: the next one follows when this one has been taken. */
export interface Frame {
	readonly type: 'frame';
	/** 1, 2, 3 … */
	readonly number: number;
	/** Milliseconds since the run began. */
	readonly elapsedMs: number;
	readonly run?: RunMembers;
	readonly tally?: SharedTally;
	/** In the first one: how far the run had come at earlier moments. */
	readonly past?: {readonly samples: readonly Sample[]; readonly history: History};
	readonly files?: readonly SharedFile[];
	readonly progress?: readonly SharedProgress[];
	/** The newest events for people that the reader has not had, and how many there have been. */
	readonly log?: {readonly count: number; readonly events: readonly RunEvent[]};
	/** There where files are still to come that the reader has not had as they are now. */
	readonly isPart?: true;
}

/** What can be asked, and what the answer is. `null`: it is not known. */
export interface Answers {
	/** Of the whole run so far, or at its end. */
	readonly results: AnalysisResults | null;
	/** The whole report of a file that has ended. */
	readonly report: FileReport | null;
	/** What is known of a file that runs. */
	readonly inspection: FileInspection | null;
}

export type About = keyof Answers;

export interface Answer {
	readonly type: 'answer';
	/** That of the question. */
	readonly id: number;
	readonly value: Answers[About];
}

/** A command that could not be carried out, or a question that could not be answered. */
export interface Refusal {
	readonly type: 'refusal';
	/** That of the question. */
	readonly id?: number;
	/** For people. */
	readonly message: string;
}

export type RunMessage = Welcome | Frame | Answer | Refusal;

export type ViewerMessage =
	| {readonly type: 'taken'; readonly frame: number}
	| {readonly type: 'perform'; readonly command: RunCommand}
	| {
			readonly type: 'ask';
			readonly id: number;
			readonly about: About;
			readonly file?: string | undefined;
			readonly jobId?: number | undefined;
	  };
