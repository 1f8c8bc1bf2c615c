// What crosses between the engine and its worker threads. Requests are imperative, replies past tense; the rest - how
// far a worker is, whether it shall hold or stop - is in shared memory, because a worker inside its read loop takes no
// messages, and because progress must not cost a message per record.
import type {AnalysisPartials} from '../../analysis/analysis.ts';
import type {AnalysisName} from '../../analysis/results.ts';
import type {DialectReport, ErrorReport, RejectReport} from '../../store/report-types.ts';

/** How a file is read and folded. */
export interface ReadSettings {
	/** The analysis to use, `null` to detect it from the header. */
	readonly analysis: AnalysisName | null;
	/** So many rejected records fail the file; `null`: none do. */
	readonly maxErrors: number | null;
	/** Wait so long after every 100 records; 0 for never. */
	readonly simulateIoMs: number;
	/** Bytes per read. The results do not depend on it. */
	readonly chunkBytes: number;
	/** Nor on what reads: the SIMD kernel, or the slow reader that it is held against. */
	readonly reader: 'kernel' | 'reference';
}

/** Where the data is: a path as the file system wants it (bytes where the name is not UTF-8), or standard input. */
export type SourceLocation =
	| {readonly kind: 'file'; readonly path: string | Uint8Array}
	| {readonly kind: 'standard-input'};

export interface ToWorker {
	readonly type: 'process-file';
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
}

export type FromWorker =
	| {readonly type: 'ready'}
	| ({readonly type: 'completed'} & FoldedFile)
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	| {readonly type: 'aborted'};

/** What a whole file came to. */
export interface FoldedFile {
	/** Bytes of the file itself, packed where it is compressed. */
	readonly bytesRead: number;
	readonly rows: number;
	readonly rejectedRows: number;
	readonly rejects: readonly RejectReport[];
	readonly dialect: DialectReport;
	/** `null` where the file is empty: without a header there is nothing to analyse. */
	readonly folded: FoldedPartial | null;
}

/** A partial with the name that tells its type. */
export type FoldedPartial = {
	readonly [Name in AnalysisName]: {readonly analysis: Name; readonly partial: AnalysisPartials[Name]};
}[AnalysisName];

/** What a worker thread is given when it starts. */
export interface WorkerData {
	readonly shared: SharedArrayBuffer;
}
