/** The figures of the transactions analysis as scripts read them: a part of the JSON report. */
export interface TransactionsResult {
	/** Accepted records. */
	readonly total_transactions: number;
	/** The JSON number nearest to `total_amount_exact`. */
	readonly total_amount: number | null;
	/** The exact sum, with the largest number of decimals seen in the accepted amounts of this scope. */
	readonly total_amount_exact: string | null;
	/** Total divided by accepted records, rounded half to even at 6 decimals. */
	readonly average_transaction: number | null;
	/** The most frequent category; a tie goes to the smallest in UTF-8 byte order. */
	readonly top_category: string | null;
	/** By count, descending, then by name in UTF-8 byte order; at most 100. */
	readonly categories: readonly CategoryFigure[];
	/** Why the two above are empty although there are records. It is there in no other case. */
	readonly categories_error?: CategoriesError;
	readonly date_range: DateRange | null;
	readonly unique_customers: DistinctCount;
}

/** There are more categories than can be kept; no other figure depends on them. */
export interface CategoriesError {
	readonly code: 'TOO_MANY_CATEGORIES';
	/** For people. */
	readonly message: string;
}

export interface CategoryFigure {
	readonly category: string;
	readonly count: number;
	/** An exact decimal with as many decimals as `total_amount_exact`. */
	readonly amount: string;
}

/** Calendar dates, `YYYY-MM-DD`. */
export interface DateRange {
	readonly earliest: string;
	readonly latest: string;
}

/** How many different non-empty values there are; an estimate says so with `exact: false`. */
export interface DistinctCount {
	readonly value: number;
	readonly exact: boolean;
}
