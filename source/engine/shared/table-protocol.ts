// What crosses between a command that writes the records of files anew and the threads that read them. Each file has a port of its own, on
// which records come as the bytes of the output, and no more of them than the other side has room for.
import type {MessagePort} from 'node:worker_threads';
import type {RowGroup} from 'hyparquet';
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {ErrorReport} from '../../model/report.ts';
import type {ColumnKind, ShownKinds} from './column-kinds.ts';
import type {FoldedFile, ReadSettings, SourceLocation} from './protocol.ts';

export interface ConvertRequest {
	readonly source: SourceLocation;
	/** Their analysis is not read. */
	readonly settings: ReadSettings;
	readonly work: TableWork;
	/** The encoding, where an earlier reading has found it late. */
	readonly known: TextEncoding | null;
	readonly port: MessagePort;
}

/** What is made of the records of a file. */
export interface TableWork {
	/** `kinds`: nothing is written, but all cells are looked at. */
	readonly as: 'csv' | 'jsonl' | 'parquet' | 'kinds';
	/** Of the columns of the output, where it has types. */
	readonly kinds?: readonly ColumnKind[];
	readonly guardsFormulas: boolean;
	/** Whether numbers and dates are written in one form. */
	readonly normalises: boolean;
}

/** From the thread. */
export type TableMessage =
	/** Sent once, before any piece, unless the file is empty. The thread waits for the columns. */
	| {readonly type: 'header'; readonly names: readonly string[]; readonly areOfFile: boolean}
	| {readonly type: 'piece'; readonly piece: TablePiece}
	/** The last one. */
	| {readonly type: 'ended'; readonly reply: TableReply};

/** Whole records as they stand in the output. */
export interface EncodedRecords {
	readonly bytes: Uint8Array;
	/** Where the bytes are groups of rows of Parquet: what is told of them behind all data, with places within these bytes. */
	readonly rowGroups?: readonly RowGroup[];
}

/** The same on its way. */
export interface TablePiece extends EncodedRecords {
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** To the thread. */
export type TableAnswer =
	| ({readonly type: 'columns'} & ChosenColumns)
	/** Bytes have been taken. Their memory comes back, to be used again: to get and to clear new memory takes longer than to read. */
	| {readonly type: 'taken'; readonly bytes: Uint8Array<ArrayBuffer>};

export interface ChosenColumns {
	/** Of the output. */
	readonly names: readonly string[];
	/** The places of the columns in the file, in the order of the output; `null` where these are all columns as they stand. */
	readonly places: readonly number[] | null;
}

/** What became of a file. */
export type TableReply =
	| ({readonly type: 'completed'; readonly undecided: readonly UndecidedColumn[]} & {
			/** Of the columns of the output, where they are looked for. */
			readonly shown?: readonly ShownKinds[];
	  } & Omit<FoldedFile, 'folded'>)
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	/** It is to be read once more: a part of it was sent as UTF-8 when bytes came that are not. */
	| {readonly type: 'encoding-found-late'; readonly encoding: TextEncoding}
	/** Neither processor nor engine have vectors of 128 bits. */
	| {readonly type: 'no-vectors'; readonly cause: string}
	| {readonly type: 'aborted'};

/** A column of which the cells read in two ways. */
export interface UndecidedColumn {
	readonly name: string;
	/** One cell, or two that do not fit together. */
	readonly cells: readonly string[];
}
