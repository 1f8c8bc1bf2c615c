// What the kernel runs and what it gives: the shapes of analysis/program.ts and analysis/figures.ts, as far as it looks at them.

export type KernelLane =
	| {readonly kind: 'number' | 'date' | 'text'; readonly column: number; readonly isOptional: boolean}
	| {readonly kind: 'product'; readonly factors: readonly [number, number]; readonly isOptional: boolean}
	| {readonly kind: 'absent'};

export interface KernelSum {
	readonly lane: number;
	readonly isCounted: boolean;
}

export interface KernelTable {
	readonly keys: ReadonlyArray<{readonly lane: number; readonly part: 'text' | 'year' | 'month' | 'day'}>;
	readonly sums: readonly KernelSum[];
	readonly maxGroups: number;
	readonly maxKeyBytes: number;
}

export interface KernelAnalysis {
	readonly required: readonly number[];
	readonly sums: readonly KernelSum[];
	readonly ranges: readonly number[];
	readonly sets: ReadonlyArray<{readonly lane: number; readonly maxValues: number; readonly maxValueBytes: number}>;
	readonly tables: readonly KernelTable[];
}

export interface KernelProgram {
	readonly lanes: readonly KernelLane[];
	readonly analyses: readonly KernelAnalysis[];
}

/** `units` × 10^-`scale`. */
export interface Sum {
	readonly units: bigint;
	readonly scale: number;
}

/** Ids that end in a number, as bits; see analysis/numbered-ids.ts. */
export interface NumberedFigures {
	/** One character per byte. */
	readonly prefix: string;
	/** Of all ids; 0 where none has zeros in front of its number. */
	readonly length: number;
	/** Number n is bit n % 32 of word n / 32. */
	readonly bits: Uint32Array;
	readonly count: number;
}

export type KernelSetFigures =
	| {
			readonly keys: Uint32Array;
			readonly longValues: Set<string>;
			readonly numbered: NumberedFigures | null;
			readonly registers: null;
	  }
	| {readonly registers: Uint8Array};

export interface KernelTableFigures {
	readonly isGivenUp: boolean;
	readonly entries: Uint32Array;
	readonly keys: Uint8Array;
	readonly scales: readonly number[];
	readonly additions: ReadonlyArray<{readonly group: number; readonly sum: number; readonly value: Sum}>;
}

export interface KernelFiguresBut<Table> {
	readonly records: number;
	readonly sums: ReadonlyArray<Sum & {readonly count: number}>;
	readonly ranges: ReadonlyArray<{readonly earliest: string; readonly latest: string} | null>;
	readonly sets: readonly KernelSetFigures[];
	readonly tables: readonly Table[];
}

export type KernelFigures = KernelFiguresBut<KernelTableFigures>;

/** The same with tables in pieces, each key in one of them. They are to be taken before anything else is read. */
export type KernelFiguresInPieces = KernelFiguresBut<Iterable<KernelTableFigures>>;
