import type {AnalysisName, AnalysisResult, AnalysisResults} from '../analysis/results.ts';
import type {DialectReport, RejectReport} from './report.ts';
import type {PerformCommand} from './run-command.ts';

/** What an output may do with a run: send commands, and ask what is known. Files are named as in `FileAddress`. */
export interface RunControl {
	readonly perform: PerformCommand;
	/** What is known of a running file at this moment; `null` where it does not run or cannot say. */
	readonly inspectFile?: (file: string, jobId?: number) => Promise<FileInspection | null>;
	/** The consolidated results of what has been read so far; `null` where they are not known. */
	readonly inspectRun?: () => Promise<Partial<AnalysisResults> | null>;
	/**
	Reads a file that runs or has completed once more, for its amounts by month; also when the run is over. `null` where they
	cannot be known: the file does neither or has changed, or the signal was aborted.

	@param onSoFar - Called a few times a second with the months of the part that has been read.
	*/
	readonly inspectMonths?: (
		file: string,
		signal: AbortSignal,
		onSoFar?: (soFar: MonthsSoFar) => void,
		jobId?: number,
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
	/** `null` where the size of the file is not known. */
	readonly bytesTotal: number | null;
}
