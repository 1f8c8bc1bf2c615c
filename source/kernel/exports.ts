import type {WasmGlobal, WasmMemory} from './webassembly.ts';

/** What `assembly/index.ts` exports: addresses and counts are numbers; 64-bit integers are bigints. */
export interface KernelExports {
	readonly memory: WasmMemory;
	/** To be called once, at the beginning. */
	readonly seedTables: (random: bigint) => void;
	readonly allocate: (bytes: number) => number;
	readonly release: (address: number, bytes: number) => void;
	readonly begin: (
		delimiter: number,
		quote: number,
		columns: number,
		idColumn: number,
		amountColumn: number,
		dateColumn: number,
		groupColumn: number,
		rejectLimit: number,
		rejectLimitPerMillion: number,
		mostRejects: number,
		maxRecordBytes: number,
		maxFieldBytes: number,
		mostGroups: number,
		mostGroupBytes: number,
		mostValues: number,
		mostValueBytes: number,
		sumsMonths: number,
		isInSeries: number,
	) => void;
	readonly locate: (address: number, line: number, offsetOfAddress: number) => void;
	readonly consume: (from: number, end: number, isLast: number, stopAt: number, mostLines: number) => number;
	readonly readFile: (from: number, end: number, line: number, offsetOfAddress: number) => number;
	readonly guessRecordStart: (from: number, end: number) => number;
	readonly layOutFigures: (
		pieces: number,
		lineColumns: number,
		lineRoom: number,
		listRoom: number,
		mostListed: number,
	) => void;
	readonly beginSeries: () => void;
	readonly endSeries: () => void;
	readonly seriesTexts: () => number;
	readonly seriesNews: () => number;
	readonly seriesNewsBytes: () => number;
	readonly seriesScale: () => number;
	readonly seriesEarliest: () => bigint;
	readonly seriesLatest: () => bigint;
	readonly textIsUtf8: () => number;
	readonly outcome: () => number;
	readonly line: () => number;
	readonly failedRecord: () => number;
	readonly stopColumn: () => number;
	readonly stopLineNumber: () => number;
	readonly finish: () => void;
	readonly scaleOfSums: () => number;
	readonly countRows: () => number;
	readonly countRejected: () => number;
	readonly countKept: () => number;
	readonly rejectLog: () => number;
	readonly earliestDate: () => bigint;
	readonly latestDate: () => bigint;
	readonly countGroups: () => number;
	readonly groupList: () => number;
	readonly groupsAreGivenUp: () => number;
	readonly monthTable: () => number;
	readonly monthTableEnd: () => number;
	readonly countDistinct: () => number;
	readonly distinctIsEstimate: () => number;
	readonly collectValues: (target: number) => number;
	readonly collectNews: (target: number) => number;
	readonly numberedBitmap: (isOfNews: number) => number;
	readonly numberedBits: (isOfNews: number) => number;
	readonly numberedCount: (isOfNews: number) => number;
	readonly numberedPrefix: (isOfNews: number) => bigint;
	readonly numberedPrefixBytes: (isOfNews: number) => number;
	readonly numberedLength: (isOfNews: number) => number;
	readonly clearNumberedNews: () => void;
	readonly REGISTERS: WasmGlobal;
}
