// What changed between two runs. Data alone, as `history diff --json` prints it.
import type {ResultValue, ValueFormat} from './analysis-info.ts';
import type {RunTotals} from './report.ts';

export interface RunDiff {
	/** The id of the earlier run. */
	readonly from: string;
	/** The id of the later run. */
	readonly to: string;
	/** When the earlier run started: ISO 8601, in UTC. */
	readonly from_started_at: string;
	/** Whether the files were read with the same settings, as far as figures depend on them. */
	readonly same_settings: boolean;
	/** Files of the later run that the earlier one did not have. */
	readonly new: readonly string[];
	readonly gone: readonly string[];
	/** Files with other bytes, or with another status. */
	readonly changed: readonly string[];
	readonly unchanged: number;
	readonly totals: {readonly from: RunTotals; readonly to: RunTotals};
	/** Of the analyses that both runs have a consolidated result of: those in which something differs. */
	readonly analyses: readonly AnalysisDiff[];
}

/** What changed since an earlier run of the same files; `null`: there is none; `problem`: a sentence why it is not known. */
export type Drift = RunDiff | {readonly problem: string} | null;

export interface AnalysisDiff {
	readonly name: string;
	readonly title: string;
	/** Single values that differ. */
	readonly figures: readonly FigureDiff[];
	/** Tables that list all of their rows in both runs, such as categories or columns, and have other names in them. */
	readonly tables: readonly {
		readonly title: string;
		readonly new: readonly string[];
		readonly gone: readonly string[];
	}[];
	/** Columns of a profile that have moved by `DRIFT_THRESHOLDS`. */
	readonly columns: readonly ColumnDiff[];
}

export interface FigureDiff {
	readonly label: string;
	readonly format: ValueFormat;
	/** As in the report; `null` where there is none. */
	readonly from: ResultValue;
	readonly to: ResultValue;
}

export interface ColumnDiff {
	readonly column: string;
	/** Cells without a value, of all cells; there where their share has moved. */
	readonly nulls?: {
		readonly from: {readonly nulls: number; readonly cells: number};
		readonly to: {readonly nulls: number; readonly cells: number};
	};
	/** How many different values there are, as in the report. */
	readonly distinct?: {readonly from: number; readonly to: number};
	/** Exact decimals, as in the report. */
	readonly mean?: {readonly from: string; readonly to: string};
}

/** How far a column must have moved to be told of. */
export const DRIFT_THRESHOLDS = {
	/** Percentage points of the share of nulls. */
	nullsPercent: 1,
	/** Percent of the earlier number of different values. A column whose values all differ grows with the rows, and is not told of. */
	distinctPercent: 10,
	/** Percent of the earlier mean. */
	meanPercent: 10,
} as const;
