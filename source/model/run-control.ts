import type {AnalysisInfo, ResultObject} from './analysis-info.ts';
import type {FileAddress} from './file-address.ts';
import type {DialectReport, FileReport, RejectReport} from './report.ts';
import type {AnalysisResult, AnalysisResults} from './results.ts';
import type {PerformCommand} from './run-command.ts';
import type {TasklessFiles} from './taskless-files.ts';
import type {WorkerInfo} from './worker-info.ts';

/** What an output may do with a run: send commands, and ask what is known. Files are named as in `FileAddress`. */
export interface RunControl {
	readonly perform: PerformCommand;
	/** What is known of a running file at this moment; `null` where it does not run or cannot say. */
	readonly inspectFile?: (file: string, jobId?: number) => Promise<FileInspection | null>;
	/** The consolidated results of what has been read so far; `null` where they are not known. */
	readonly inspectRun?: () => Promise<AnalysisResults | null>;
	/** There where workers on other machines read: those that were heard of lately. */
	readonly workers?: () => readonly WorkerInfo[];
	/** Reads files for more than reports have; also when the run is over. */
	readonly onDemand?: OnDemand;
	/** There where nothing can be asked of files: why, and what to do, in a sentence. */
	readonly noQuestions?: string;
	/** There where reports come without what only the details of a file show: has the rest of it brought into the state of the run. */
	readonly loadReport?: (address: FileAddress) => Promise<void>;
	/**
	There where files can be sent: those at a path of this machine. Resolves with what to say of it.

	@param onProgress - Called with a sentence now and then.
	*/
	readonly upload?: (path: string, onProgress: (sentence: string) => void) => Promise<string>;
	/** There where results lie elsewhere: saves what a file came to in the current folder, under a name that is free. Resolves with the path. */
	readonly save?: (file: string, part: SavedPart) => Promise<string>;
	/** There where files may lie of which nothing was asked yet. */
	readonly taskless?: TasklessFiles;
	/** There where one action can be done to all that a filter matches, also to what is in no list here. */
	readonly onAll?: ActionOnAll;
	/** There where files that wait can be held, too, not only those that run. */
	readonly canHoldQueued?: true;
	/** There where the run is one of another process, which goes on when this one ends. */
	readonly isElsewhere?: true;
}

/** What can be saved of a file that was read elsewhere. */
export type SavedPart = 'result' | 'rejects';

export interface ActionOnAll {
	/** How many files match, and to how many of them it applies. */
	readonly plan: (
		action: 'cancel' | 'retry',
		filter: string,
	) => Promise<{readonly total: number; readonly applies: number}>;
	/**
	Resolves with what to say of its end.

	@param total - How many matched when somebody agreed to it.
	@param onProgress - Called with a sentence now and then.
	*/
	readonly perform: (
		action: 'cancel' | 'retry',
		filter: string,
		total: number,
		onProgress: (sentence: string) => void,
	) => Promise<string>;
}

export interface OnDemand {
	/** What may be asked for. */
	readonly analyses: readonly AnalysisInfo[];
	/**
	Reads a file that runs or has completed once more, for one of the analyses. `null` where there is no result: the file does
	neither, has changed, or lacks the columns, or the signal was aborted.

	@param onSoFar - Called a few times a second with the result of the part that has been read.
	*/
	readonly read: (
		analysis: string,
		file: string,
		signal: AbortSignal,
		onSoFar?: (soFar: ReadingSoFar) => void,
		jobId?: number,
	) => Promise<ResultObject | null>;
	/** How a question is answered, as in `sum amount by category where amount > 100`, or why it cannot be. */
	readonly understand?: (question: string) => {readonly info: AnalysisInfo} | {readonly problem: string};
	/** As `read`, for a question that is understood. Rejects where the file does not have its columns, with what it has. */
	readonly ask?: OnDemand['read'];
}

/** The result of the part of a file that has been read for it. */
export interface ReadingSoFar {
	readonly result: ResultObject;
	readonly bytesRead: number;
	/** `null` where the size of the file is not known. */
	readonly bytesTotal: number | null;
}

/** A look into a file while it streams: the same figures as in its report, of the records read so far. */
export interface FileInspection {
	readonly rows: number;
	readonly rejectedRows: number;
	readonly analysis: string | null;
	readonly result: AnalysisResult | null;
	readonly rejects: readonly RejectReport[];
	readonly dialect: DialectReport | null;
	/** As in `FileReport`. */
	readonly results?: NonNullable<FileReport['results']>;
}
