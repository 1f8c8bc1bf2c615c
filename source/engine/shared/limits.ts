// How large the parts of a file may be before it fails, and how much of it is reported: each limit has a flag. They keep memory and time bounded by
// settings, and not by data, so none can be raised without end.
import {MAX_COLUMNS, MAX_FIELD_BYTES, MAX_RECORD_BYTES, type RecordLimits} from '../../input/record-reader.ts';

export interface ReadLimits extends RecordLimits {
	/** No packed file is unpacked further. */
	readonly maxUnpackedBytes: number;
	/** Past 64 MiB, more unpacked bytes for each packed one are not a table any more: text packs 5:1 to 50:1, zeros 1000:1. */
	readonly maxUnpackRatio: number;
	/** This number of rejected records of a file is in its report at most. */
	readonly maxRejectsKept: number;
}

interface LimitRange {
	readonly default: number;
	readonly minimum: number;
	readonly maximum: number;
}

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

export const limitRanges: {readonly [Name in keyof ReadLimits]: LimitRange} = {
	/** A thread's window holds twice as much. */
	maxRecordBytes: {default: MAX_RECORD_BYTES, minimum: 1, maximum: 64 * MiB},
	/** The kernel's tables have 24 bits for the length of a value. */
	maxFieldBytes: {default: MAX_FIELD_BYTES, minimum: 1, maximum: 8 * MiB},
	/** As in kernel/assembly/memory.ts, which has room for the fields of one record. */
	maxColumns: {default: MAX_COLUMNS, minimum: 1, maximum: 65_536},
	maxUnpackedBytes: {default: 20 * GiB, minimum: 1, maximum: 1024 ** 5},
	maxUnpackRatio: {default: 200, minimum: 1, maximum: 1_000_000},
	/** Each takes up to a kilobyte, for as long as the run lasts. */
	maxRejectsKept: {default: 20, minimum: 0, maximum: 1000},
};

/** An archive with more is not opened: as many files are known to fit in a folder. */
export const MAX_ARCHIVE_MEMBERS = 100_000;

/** Small files may be as repetitive as they like, and so may what is in a small archive. */
export const RATIO_FLOOR_BYTES = 64 * MiB;

export const limitNames = Object.keys(limitRanges) as (keyof ReadLimits)[];

export const defaultLimits = withDefaults({});

export function withDefaults(limits: {readonly [Name in keyof ReadLimits]?: number | undefined}): ReadLimits {
	const entries = limitNames.map(name => [name, limits[name] ?? limitRanges[name].default]);
	return Object.fromEntries(entries) as ReadLimits;
}

/** Whether a header that was read within some limits would be read alike within others. */
export const allowSameRecords = (one: RecordLimits, other: RecordLimits): boolean =>
	one.maxRecordBytes === other.maxRecordBytes &&
	one.maxFieldBytes === other.maxFieldBytes &&
	one.maxColumns === other.maxColumns;
