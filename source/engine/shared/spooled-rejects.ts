// Rejected records on their way from the threads that read to the file of --rejects: as bytes in one file without a name that all threads
// append to, because there may be more of them than fit in memory. A thread owns a region of it at a time.
//
//   entry, 40 bytes: [ bytes of the record, u32 │ of what a function said, u32 │ byte offset, f64 │ line, f64 │ column, i32 │ fields, i32 │ reason, i32 │ analysis, i32 ]
//   behind it: the record as it stands in its file, without its line end │ what a function said
//
// A record that several analyses reject has an entry for each, of which only the first one has its bytes.
import type {TextEncoding} from '../../analysis/text-encoding.ts';

export const ENTRY_BYTES = 40;

/** Where threads write rejected records. */
export interface RejectSpoolSettings {
	/** Different for each spool of this process. */
	readonly id: string;
	/** Of a file that this process has opened. */
	readonly descriptor: number;
	/** Two `BigInt64`: how long the file is, and the number of the error with which a write failed. */
	readonly state: SharedArrayBuffer;
	/** Of each file, and of each thread that reads it. */
	readonly maxRecords: number;
}

/** Bytes of the spool. */
export interface SpoolPiece {
	readonly start: number;
	readonly bytes: number;
}

export interface SpooledPart {
	/** Whole entries, of which one may go on in the next piece. */
	readonly pieces: readonly SpoolPiece[];
	/** To be added to the lines of its entries. */
	readonly lineShift: number;
}

export const [SPOOL_LENGTH, SPOOL_ERROR] = [0, 1];

/** What rejected records of a file have in common. */
export interface SpooledHeading {
	/** The names of its columns, one character per byte. */
	readonly names: readonly string[];
	readonly delimiter: string;
	readonly quote: string;
	readonly encoding: TextEncoding;
	/** The names of its analyses, where several are combined; by the numbers in the entries. */
	readonly analyses: readonly string[] | null;
}

/** The rejected records of a file, or the first of them. */
export interface SpooledRejects extends SpooledHeading {
	/** In the order of the file. */
	readonly parts: readonly SpooledPart[];
}

/** Of a thread that reads ranges: in which range each part is. Lines count from 0 within the range. */
export interface RangedSpool extends Omit<SpooledHeading, 'encoding'> {
	readonly ranges: readonly {readonly range: number; readonly part: SpooledPart}[];
}

/** No copy of a report has it. */
const spooledRejects = Symbol('rejected records in the spool');

export function rememberSpooledRejects(report: object, spooled: SpooledRejects | undefined): void {
	if (spooled !== undefined) Object.defineProperty(report, spooledRejects, {value: spooled});
}

export const spooledRejectsOf = (report: object): SpooledRejects | undefined =>
	(report as {readonly [spooledRejects]?: SpooledRejects})[spooledRejects];
