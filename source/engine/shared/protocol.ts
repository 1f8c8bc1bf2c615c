// What crosses between the engine and its worker threads. Requests are imperative, replies past tense; the rest - how
// far a worker is, whether it is to hold or stop - is in shared memory, because a worker inside its read loop takes no
// messages, and because progress must not cost a message per record.
import type {ColumnMap, OwnAliases} from '../../analysis/column-map.ts';
import type {AnalysisDeclaration, CodeOrigin} from '../../analysis/declaration.ts';
import type {FormSettings, FormsRead} from '../../analysis/forms/with-forms.ts';
import type {AnalysisChoice} from '../../analysis/registry.ts';
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {Dialect} from '../../input/dialect.ts';
import type {EncodingLabel} from '../../input/encodings/encoding-labels.ts';
import type {RecordPosition} from '../../input/record-reader.ts';
import type {TextEvidence} from '../../input/text-evidence.ts';
import type {ContentHash, ContentHashName} from '../../kernel/content-hash.ts';
import type {ResultObject} from '../../model/analysis-info.ts';
import type {DialectReport, ErrorReport, RejectReport, TableStructure} from '../../model/report.ts';
import type {AnalysisResult} from '../../model/results.ts';
import type {ReadingSoFar} from '../../model/run-control.ts';
import type {RemoteLocation} from '../../remote/remote-location.ts';
import type {NamedState} from './consolidation.ts';
import type {FolderKey} from './encryption.ts';
import type {FileState} from './file-state.ts';
import type {DialectRule, ForcedDialect} from './forced-dialect.ts';
import type {ReadLimits} from './limits.ts';
import type {PackedOutcomes} from './packed-outcomes.ts';
import type {FoundReject} from './reject-report.ts';
import type {RangedSpool, RejectSpoolSettings, SpooledRejects} from './spooled-rejects.ts';
import type {ConvertRequest} from './table-protocol.ts';

/** How a file is read and folded. */
export interface ReadSettings {
	readonly analysis: AnalysisChoice;
	/** Analyses that are not built in, which a thread must know before it reads. */
	readonly registered?: readonly RegisteredAnalysis[] | undefined;
	/** Where the user stands in lines of text, see input/lines/user-pattern.ts; by default known forms of logs are tried. */
	readonly userPattern?: string | undefined;
	/** Who the user of a line of an access log is; by default who is logged in, or the client where nobody is in the first lines. */
	readonly user?: 'login' | 'client' | undefined;
	/** Which records count, see analysis/where; all where it is left out. */
	readonly where?: string | undefined;
	/** The headings of columns that the user has named. */
	readonly map?: ColumnMap | undefined;
	/** Further names of columns, which are the user's own. */
	readonly aliases?: OwnAliases | undefined;
	/** The encoding that files are in, whatever their bytes look like; without it, each file's bytes say. */
	readonly encoding?: EncodingLabel | undefined;
	/** The name of the column whose values should be different ones; without it, it is found by its name. */
	readonly keyColumn?: string | undefined;
	/** How the bytes of files are hashed as they are read; without it, they are not. */
	readonly hash?: ContentHashName | undefined;
	/** Whether nothing but the hash of its bytes is wanted of a file. */
	readonly hashesOnly?: boolean | undefined;
	/** Whether what is kept of each small file is told, beside what a group of them comes to. */
	readonly keepsFiles?: boolean | undefined;
	/** Whether the structure of a table is told, beside what is made of it. */
	readonly tellsStructure?: boolean | undefined;
	/** Only the records within so many bytes of the text are read; the structure says whether there are more. */
	readonly headBytes?: number | undefined;
	/** How the file is written; without it, as its header says. Found by the thread that reads it. */
	readonly dialect?: Dialect | undefined;
	/** What the user says of how files are written: of all, and of those with some names. */
	readonly forced?: ForcedDialect | undefined;
	readonly dialectRules?: readonly DialectRule[] | undefined;
	/** In which forms numbers and dates are; without it, what is in the columns decides. */
	readonly forms?: FormSettings | undefined;
	/** This number of rejected records fails the file; `null`: no number does. */
	readonly maxErrors: number | null;
	/** This number of rejected records in a million fails the file, once all of it has been read; `null`: no share does. */
	readonly maxErrorsPerMillion: number | null;
	readonly limits: ReadLimits;
	/** Whether fields that a record lacks at its end count as empty ones. */
	readonly fillsMissing?: boolean | undefined;
	/** Where all rejected records are written to; nowhere where it is left out. */
	readonly rejectSpool?: RejectSpoolSettings | undefined;
	/** Wait so long after every 100 records; 0 for never. */
	readonly simulateIoMs: number;
	/** Bytes per read. The results do not depend on it. */
	readonly chunkBytes: number;
	/** What reads: the SIMD kernel, or the slow reader that it is tested against. The results do not depend on it. */
	readonly reader: 'kernel' | 'reference';
	/** From this size on, several threads read a file together, in ranges of `rangeBytes`. For tests; results do not depend on them. */
	readonly splitBytes?: number | undefined;
	readonly rangeBytes?: number | undefined;
	/** Results on demand are posted after each chunk, and parts after each range, instead of a few times a second. For tests. */
	readonly postsEachChunk?: boolean | undefined;
}

/** A declaration; of one with functions, from where each thread loads it. */
export type RegisteredAnalysis = AnalysisDeclaration | {readonly name: string; readonly code: CodeOrigin};

/** Where the data is. A path is as the file system wants it: bytes where the name is not UTF-8. */
export interface FileLocation {
	readonly kind: 'file';
	readonly path: string | Uint8Array;
	/** Whether a walk or a pattern has found it, rather than a person named it. */
	readonly isFound?: boolean;
	/** What people call it, where that is not its path: rules for names hold for this one. */
	readonly name?: string;
}

export type SourceLocation =
	| FileLocation
	| {readonly kind: 'standard-input'}
	/** Anything but a regular file, which can be read once: by its path, or by a descriptor that this process was given. */
	| {readonly kind: 'stream'; readonly at: string | Uint8Array | number}
	| MemberLocation
	| RemoteLocation;

/** A file within an archive. */
export interface MemberLocation {
	readonly kind: 'member';
	readonly archive: SourceLocation;
	/** As the archive has it. */
	readonly name: string;
	readonly place: MemberPlace;
}

/** Where in its archive a member is, and what that says of it. */
export type MemberPlace = ZipPlace | TarPlace;

interface AnyPlace {
	/** See `identityOf`: the archive as it was when its members were listed. */
	readonly archiveIdentity: string;
	readonly unpackedBytes: number;
}

export interface ZipPlace extends AnyPlace {
	readonly format: 'zip';
	/** Where the header in front of its data begins. */
	readonly headerOffset: number;
	readonly packedBytes: number;
	readonly method: 'stored' | 'deflated' | 'zstd';
	/** Of the unpacked data. */
	readonly crc32: number;
}

export interface TarPlace extends AnyPlace {
	readonly format: 'tar';
	/** How the archive as a whole is packed. */
	readonly packing: Packing | null;
	/** Where its data begins in the unpacked archive. */
	readonly dataOffset: number;
}

/** How a whole file is packed. */
export type Packing = 'gzip' | 'zstd' | 'brotli';

export type ToWorker =
	| ({readonly type: 'process-file'} & FileRequest)
	| ({readonly type: 'process-ranges'} & RangesRequest)
	| ({readonly type: 'process-files'} & FilesRequest)
	| ({readonly type: 'convert-file'} & ConvertRequest);

/** Read a file. */
export interface FileRequest {
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
	/** See merge-board.ts; where it is left out, the groups are always sent. */
	readonly mergeBoard?: SharedArrayBuffer | undefined;
}

/** Work through a batch of small files, one after the other. */
export interface FilesRequest {
	readonly sources: readonly SourceLocation[];
	readonly settings: ReadSettings;
	/** See batch-board.ts. */
	readonly board: SharedArrayBuffer;
}

/** Read a file for an analysis on demand. Only threads that do nothing else are asked, see engine/run/read-on-demand.ts. */
export interface OnDemandRequest {
	readonly type: 'read-on-demand';
	readonly declaration: AnalysisDeclaration;
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
	/** See `OpenSource.identity`: any other file is not read; `null`: whatever it is now. */
	readonly identity: string | null;
}

export type OnDemandReply =
	/** `identity` says which state of the file the result is of. */
	| ({readonly type: 'on-demand-so-far'; readonly identity: string | null} & ReadingSoFar)
	/** The last one; `result` is `null` where there is none. */
	| {
			readonly type: 'read-on-demand';
			readonly identity: string | null;
			readonly result: ResultObject | null;
			/** Why there is none, where that is because of the data. */
			readonly problem?: string;
	  };

/** Read ranges of a large file, together with others. */
export interface RangesRequest {
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
	readonly fileBytes: number;
	readonly rangeBytes: number;
	/** See range-board.ts. */
	readonly board: SharedArrayBuffer;
	/** Whether the thread only helps, and may be asked to leave. */
	readonly isHelper: boolean;
	/** Whether it posts what its ranges came to from time to time, so that another process can go on from there. */
	readonly tellsParts: boolean;
}

export type FromWorker =
	/** `warning` says what makes this thread slower than others. */
	| {readonly type: 'ready'; readonly warning: string | null}
	/** `part` is `null` where the file is not as it should be for being read in ranges: one must read it alone. */
	| {readonly type: 'read-ranges'; readonly part: RangedPart | null}
	/** Of all ranges that the thread has read so far. */
	| RangesSoFarReply
	| PackedFilesReply
	| SnapshotReply
	/** What became of it was said on its port. */
	| {readonly type: 'converted-file'}
	| ({readonly type: 'completed'} & FoldedFile)
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	| {readonly type: 'aborted'};

export interface RangesSoFarReply {
	readonly type: 'ranges-so-far';
	readonly part: RangedPart;
}

/** What a thread has of a file so far, because somebody asked; the reply to the request is still to come. */
export interface SnapshotReply {
	readonly type: 'part-so-far';
	/** `null` where nothing has been read yet, or the reader cannot say. */
	readonly part: PartSoFar | null;
}

/** What became of the next files of a batch, in order. */
export interface FilesReply {
	readonly type: 'did-files';
	readonly outcomes: OutcomeList;
	/** All that completed among them, merged. */
	readonly merged: readonly NamedPartial[];
	/** The figures of those that completed, in order; `rowBytes` of each say where one ends. */
	readonly rows: readonly FileRows[];
	/** Whether the batch is over. */
	readonly isLast: boolean;
}

/** Figures of files of the same analyses; see analysis/file-rows.ts. */
export interface FileRows {
	readonly analyses: readonly string[];
	/**
	The rows, one behind the other, and behind them the keys of each table and top of each analysis, once for all of these files. Packed
	where `isPacked` says so, see engine/shared/packed-rows.ts.
	*/
	readonly bytes: Uint8Array;
	readonly isPacked: boolean;
	/** Of all rows, unpacked. */
	readonly rowBytes: number;
	/** Of the keys of each table, then of the most frequent values of each text. */
	readonly keyBytes: readonly number[];
}

/** Outcomes in order, as an array has them. They may be made when they are asked for: hundreds at once would outlive their turn. */
export interface OutcomeList extends Iterable<SmallFileOutcome> {
	readonly length: number;
	readonly at: (place: number) => SmallFileOutcome | undefined;
	/** What is kept of the files that completed, one behind the other, see shared/kept-file.ts; there where it is. */
	readonly kept?: Uint8Array<ArrayBuffer>;
}

/** The same on its way. */
export type PackedFilesReply = Omit<FilesReply, 'outcomes'> & {readonly outcomes: PackedOutcomes};

export type SmallFileOutcome =
	| ({readonly type: 'completed'; readonly elapsedMs: number} & SummedFile)
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number; readonly elapsedMs: number}
	| {readonly type: 'aborted'; readonly elapsedMs: number}
	/** It was cancelled before it was begun. */
	| {readonly type: 'skipped'};

/** What a whole file came to. */
export interface FoldedFile {
	/** Bytes of the file itself, packed where it is compressed. */
	readonly bytesRead: number;
	readonly rows: number;
	readonly rejectedRows: number;
	/** Records that conditions leave out, the run's and that of an only analysis; there only where one was given. */
	readonly filteredRows?: number;
	/** Where analyses are combined, only those whose structure is wrong. */
	readonly rejects: readonly RejectReport[];
	/** There where analyses are combined: for each of them, in the order in which they were asked for. */
	readonly combined?: readonly AnalysisReading[];
	readonly dialect: DialectReport;
	/** There only where it was asked for, and the file is a table. */
	readonly structure?: TableStructure;
	/** What would make more of the file: which columns another analysis lacks. */
	readonly hint?: string;
	/** For each analysis that is made of it; none where the file is empty. */
	readonly folded: readonly FoldedAnalysis[];
	/** See `OpenSource.identity`. */
	readonly identity?: string | null;
	/** There where rejected records are wanted, and there are some. */
	readonly spooled?: SpooledRejects;
	/** Of all bytes of the file; there where it was asked for, and can be had. */
	readonly contentHash?: string;
	/** Whether it was not read, because its results were kept by an earlier run. */
	readonly isKnown?: true;
}

/** What is told of one of several analyses of a file, beside what it came to. */
export interface AnalysisReading<Reject = RejectReport> {
	readonly analysis: string;
	/** Why it is not made of the file; `null` where it is, or where the file is empty. */
	readonly error: ErrorReport | null;
	/** Records that its own condition leaves out, beside those that the run's does; there only where it has one. */
	readonly filteredRows?: number;
	/** The first records that it rejects, those whose structure is wrong among them. */
	readonly rejects: readonly Reject[];
}

/** What a file came to for one analysis: a partial from another thread, a state of this one. */
export type FoldedAnalysis = (NamedPartial | NamedState) & {
	/** The figures, where the rest has no groups because they are not needed there; otherwise they can be made of it. */
	readonly result?: AnalysisResult;
};

/** What a small file came to: its figures instead of its partials, which have been merged with others. */
export interface SummedFile extends Omit<FoldedFile, 'folded'> {
	/** None where the file is empty. */
	readonly analyses: readonly string[];
	/** What `identity` is made of, where that has not been done. */
	readonly state?: FileState;
	/** How long its row is, which stands in `FilesReply.rows`; 0 where it has no figures. */
	readonly rowBytes: number;
	/** How much of `OutcomeList.kept` is what is kept of it; there where it is. */
	readonly keptBytes?: number;
}

/** What some records of a file came to: those of the ranges that a thread read, or those in front of a place. */
export interface FilePart
	extends Omit<FoldedFile, 'bytesRead' | 'rejects' | 'combined' | 'folded' | 'identity' | 'spooled' | 'contentHash'> {
	/** For each analysis; none where the file has no records at all. */
	readonly folded: readonly NamedPartial[];
	/** The first rejected records; `line` counts from 0 within the range. A file that is not split is one range. */
	readonly rejects: readonly RangedReject[];
	readonly combined?: readonly AnalysisReading<RangedReject>[];
	/** By the bytes that were read here. All texts are as they stand in the file: which encoding it has, all parts say together. */
	readonly encoding: TextEncoding;
	/** As of rejected records, `line` counts from 0 within the range. */
	readonly textEvidence: Omit<TextEvidence, 'notUtf8'> & {
		readonly notUtf8: {readonly range: number; readonly position: RecordPosition} | null;
	};
	/** Line ends in front of the first data record. */
	readonly headerLines: number;
}

export interface RangedReject {
	readonly range: number;
	readonly reject: FoundReject;
}

/** What a thread's ranges came to. */
export interface RangedPart extends FilePart {
	readonly identity: string | null;
	/** The numbers of the ranges. */
	readonly ranges: readonly number[];
	/** There where rejected records are wanted. */
	readonly spooled?: RangedSpool;
	/** In which forms the columns were read, and what their cells show of them. */
	readonly formsRead: FormsRead;
	/** Of the blocks that begin in the ranges; there where it was asked for. */
	readonly contentHash?: ContentHash;
}

/** A part of a file that is still being read: with what the records from `position` on come to, it is the whole file. */
export interface PartSoFar extends FilePart {
	/**
	Where the first record begins that is not in the part; in compressed files, a place in the unpacked data. `null` where the reader
	cannot say, because it reads ranges or lines, or has found an error.
	*/
	readonly position: RecordPosition | null;
}

/** A partial (analysis/partial) with the name of its analysis. */
export interface NamedPartial {
	readonly analysis: string;
	readonly partial: Uint8Array<ArrayBuffer>;
}

/** What a worker thread is given when it starts. */
export interface WorkerData {
	readonly shared: SharedArrayBuffer;
	/** See group-room.ts. */
	readonly groupRoom: SharedArrayBuffer;
	/** Of encrypted files that it may be given to read. */
	readonly keys: readonly FolderKey[];
}
