import type {TransactionsResult} from './transactions/result.ts';

/** The result of each analysis, by its name. A new analysis adds its line here and its entry in `registry.ts`. */
export interface AnalysisResults {
	readonly transactions: TransactionsResult;
}

export type AnalysisName = keyof AnalysisResults;
export type AnalysisResult = AnalysisResults[AnalysisName];
