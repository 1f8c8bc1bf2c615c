import type {WasmMemory} from './webassembly.ts';

/** What `assembly/index.ts` exports: addresses and counts are numbers; 64-bit integers are bigints. */
export interface KernelExports {
	readonly memory: WasmMemory;
	/** To be called once, at the beginning. */
	readonly seedTables: (random: bigint) => void;
	readonly allocate: (bytes: number) => number;
	readonly release: (address: number, bytes: number) => void;
	/** Of more than 240 bytes, at the place of a block in its file; the two halves of the hash are read afterwards. */
	readonly hashBlock: (from: number, length: number, place: number) => void;
	/** Of blocks of the same length, one behind the other, the sums of their halves. */
	readonly hashBlocks: (from: number, length: number, count: number, place: number) => void;
	/** The same without a place, as XXH3 says. */
	readonly hashBytes: (from: number, length: number) => void;
	readonly hashLow: () => bigint;
	readonly hashHigh: () => bigint;
	/** Of pieces of text at an address: see assembly/byte-look.ts. */
	readonly beginLook: (from: number) => void;
	readonly lookAtBytes: (
		from: number,
		end: number,
		quote: number,
		firstOfDelimiter: number,
		lastOfDelimiter: number,
		newline: number,
		mustLookForLabels: number,
	) => number;
	readonly quotesSeen: () => number;
	readonly loadSpec: (words: number, hasSameStates: number) => void;
	readonly begin: () => void;
	readonly locate: (address: number, line: number, offsetOfAddress: number) => void;
	readonly consume: (from: number, end: number, isLast: number, stopAt: number, maxLines: number) => number;
	readonly guessRecordStart: (from: number, end: number) => number;
	readonly textIsUtf8: () => number;
	readonly textHasUtf8: () => number;
	readonly outcome: () => number;
	readonly line: () => number;
	/** The record that `outcome` is about, where it is a failure. */
	readonly failedRecord: () => number;
	readonly stopColumn: () => number;
	readonly stopLineNumber: () => number;
	readonly countRows: () => number;
	readonly countFiltered: () => number;
	readonly countFilteredBy: (analysis: number) => number;
	readonly countRejected: () => number;
	readonly countStructural: () => number;
	readonly countRejectedBy: (analysis: number) => number;
	readonly countKept: () => number;
	readonly rejectLog: () => number;
	readonly writeRecords: (columns: number, count: number) => void;
	readonly stopWriting: () => void;
	readonly writtenStart: () => number;
	readonly writtenEnd: () => number;
	readonly clearWritten: () => void;
	readonly spoolRejects: (most: number) => void;
	/** See assembly/reject-rows.ts. */
	readonly beginRejectRows: (
		texts: number,
		columns: number,
		analyses: number,
		reasons: number,
		countedFields: number,
		maxValueBytes: number,
	) => void;
	readonly writeRejectRows: (
		entries: number,
		end: number,
		target: number,
		targetEnd: number,
		lineShift: number,
		most: number,
	) => number;
	readonly rejectRowsEnd: () => number;
	readonly rejectRowCount: () => number;
	readonly describeFigures: (isOfRows: number) => number;
	readonly collectValues: (tables: number, target: number) => number;
	readonly beginTextLines: (seedHigh: number, seedLow: number, maxValues: number, maxBytes: number) => void;
	readonly takeTextLines: (
		from: number,
		end: number,
		isLast: number,
		offsetOfAddress: number,
		markBytes: number,
		limit: number,
		room: number,
		roomEnd: number,
		maxSampledBytes: number,
	) => number;
	readonly textTotals: () => number;
	readonly sampledEnd: () => number;
	/** Lines of a log as records of users: see assembly/user-lines.ts. */
	readonly takeUserLines: (from: number, end: number, form: number, target: number, targetEnd: number) => number;
	readonly userRecordsEnd: () => number;
	readonly userLinesTaken: () => number;
	readonly userLineLeft: () => number;
	readonly isTableGivenUp: () => number;
	readonly countedLines: () => number;
	readonly countedBytes: () => number;
	readonly countedTable: () => number;
	readonly countedSlots: () => number;
	readonly beginRows: () => void;
	readonly readFile: (from: number, end: number, line: number, offsetOfAddress: number) => number;
	readonly areRowsLarge: () => number;
	readonly bytesStart: () => number;
	readonly rowsWritten: () => number;
	readonly seedSamples: (seed: bigint) => void;
	readonly columnOf: (analysis: number, column: number) => number;
	readonly packSample: (
		analysis: number,
		column: number,
		order: number,
		count: number,
		ends: number,
		texts: number,
	) => void;
	/** Of several sources: see assembly/columns/merge-column.ts. */
	readonly beginTotals: (analysis: number) => void;
	readonly addToTotals: (analysis: number) => number;
	/** Three letters of each word that may stand in numbers and dates. */
	readonly learnWords: (text: number, bytes: number) => void;
	readonly formsOfColumn: (analysis: number, column: number) => number;
	readonly giveColumn: (analysis: number, column: number) => void;
	/** What is kept to find faults: see assembly/columns/key-counts.ts. */
	readonly mapPlaces: (areMapped: number) => void;
	readonly giveKeys: (analysis: number, kind: number) => void;
	readonly sampledKeysOf: (analysis: number, kind: number) => number;
	readonly countKeys: (analysis: number, kind: number) => number;
	readonly describeKeys: (analysis: number, kind: number) => number;
	readonly collectKeys: (analysis: number, table: number) => number;
	/** What functions of the host read and write: see assembly/function-lanes.ts. */
	readonly fitsOf: (analysis: number) => number;
	readonly openCell: (entry: number) => number;
	readonly openedEnd: () => number;
	readonly doublesOf: (number: number) => number;
	readonly nonesOf: (number: number) => number;
	readonly numberText: (number: number) => number;
	readonly numberTextEnd: (number: number) => number;
	readonly codesOf: (date: number) => number;
	readonly codeOf: (date: number) => number;
	readonly clocksOf: (date: number) => number;
	readonly clockOfRecord: (date: number) => number;
	readonly computedDoubles: (number: number) => number;
	readonly computedNones: (number: number) => number;
	readonly setComputedNumber: (number: number, units: bigint, isThere: number, isHuge: number) => void;
	readonly computedCodes: (date: number) => number;
	readonly setComputedDate: (date: number, code: number) => void;
	readonly computedEntries: (text: number) => number;
	readonly setComputedText: (text: number, start: number, end: number) => void;
	readonly setReason: (start: number, end: number) => void;
	readonly flag: (record: number) => void;
}
