// What is said of a problem in answers and in `/docs/problems/`.
export interface ProblemEntry {
	readonly status: number;
	readonly title: string;
	readonly meaning: string;
	readonly remedy: string;
	/** An IANA type where there is one; else it is `/docs/problems/` and the code. */
	readonly type?: string;
}
