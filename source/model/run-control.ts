import type {AnalysisName, AnalysisResult, AnalysisResults} from '../analysis/results.ts';
import type {DialectReport, RejectReport} from './report.ts';

/**
What a face may ask of a run. Every request is safe at any moment: one that no longer applies (the file has ended, the
run is over, retries apart) does nothing, and what comes of a request is told by events.
*/
export interface RunControl {
	/** Holds the whole run: no further file is admitted, and those that run stop reading where they are. */
	readonly pause: () => void;
	readonly resume: () => void;
	/** Holds one running file. */
	readonly pauseFile: (file: string) => void;
	readonly resumeFile: (file: string) => void;
	/** Ends a file that waits or runs as `cancelled`. */
	readonly cancelFile: (file: string) => void;
	/** Queues files again that failed or were cancelled; a run that is over goes on with them. Returns how many that were. */
	readonly retryFiles: (files: readonly string[]) => number;
	/**
	Sets how many files are in flight at once: at least one, and no more than there are threads to read them. Files that
	run go on; it takes effect as the next ones are admitted. Returns the number that holds from now on.
	*/
	readonly setConcurrency: (count: number) => number;
	/** Ends the run: nothing new is started, running files are cancelled, then `run-completed` follows. */
	readonly stop: () => void;
	/** What is known of a running file at this moment; `null` where it does not run or cannot say. */
	readonly inspectFile?: (file: string) => Promise<FileInspection | null>;
	/** The consolidated results of what has been read so far; `null` where they are not known. */
	readonly inspectRun?: () => Promise<Partial<AnalysisResults> | null>;
	/**
	Reads a file that runs or has completed by itself, for its amounts by month; also when the run is over. `null` where
	they cannot be said: the file does neither, is not what it was, or nobody waits for the answer any more.

	@param onSoFar - Told a few times a second what the part that has been read came to.
	*/
	readonly inspectMonths?: (
		file: string,
		signal: AbortSignal,
		onSoFar?: (soFar: MonthsSoFar) => void,
	) => Promise<readonly MonthFigure[] | null>;
}

/** A look into a file while it streams: the same figures as in its report, of the records read so far. */
export interface FileInspection {
	readonly rows: number;
	readonly rejectedRows: number;
	readonly analysis: AnalysisName | null;
	readonly result: AnalysisResult | null;
	readonly rejects: readonly RejectReport[];
	readonly dialect: DialectReport | null;
}

export interface MonthFigure {
	/** `YYYY-MM`. */
	readonly month: string;
	/** An exact decimal. */
	readonly amount: string;
}

/** Amounts by month of the part of a file that has been read for them. */
export interface MonthsSoFar {
	readonly months: readonly MonthFigure[];
	readonly bytesRead: number;
	/** `null` where the file does not tell its size. */
	readonly bytesTotal: number | null;
}
