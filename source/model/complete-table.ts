import type {ResultRow} from './analysis-info.ts';

/** What is known of a table of an analysis before the run. */
export interface TableOutline {
	/** The name of the analysis. */
	readonly analysis: string;
	/** The key of the result that lists its first rows. */
	readonly name: string;
	/** The keys of a row, in their order. */
	readonly columns: readonly string[];
}

/** A table with every row, of which results list the first ones. */
export interface CompleteTable extends TableOutline {
	/** In the order of the result, with names that are not cut. Each row is made when it is asked for. */
	readonly rows: Iterable<ResultRow>;
	/** Why there are no rows although there are records: more groups than can be kept. */
	readonly error: {readonly code: string; readonly message: string} | null;
}
