// How much is kept of each column. It depends on the number of columns alone: with more of them, each has less, so that all
// together take no more memory. Where the columns of several sources are merged, their number only grows, so what is kept of a column
// is a function of all records, whatever the order.
import type {SampleCaps} from '../position-sample.ts';

/** Of all columns together, and the most of one. */
export interface ColumnCaps {
	readonly maxValues: number;
	readonly maxValueBytes: number;
	readonly sample: SampleCaps;
	/** The registers of an estimate are two to the power of these. */
	readonly registerBits: number;
	/** Up to this number of columns, each may have the most of one. */
	readonly fullColumns: number;
	/** Up to this number of columns, each has all registers: they are a small part of what a column takes. */
	readonly fullRegisterColumns: number;
	/** Of faults; the default ones where they are left out. */
	readonly faults?: FaultCaps;
	/** Whether nothing is kept but how many cells have each class: a type needs no more. */
	readonly onlyClasses?: true;
}

export interface KeyCaps {
	/** Most different keys that are counted exactly, and most bytes of them together. */
	readonly maxValues: number;
	readonly maxValueBytes: number;
	/** Most keys in the sample. */
	readonly maxSampled: number;
}

export interface FaultCaps {
	/** Of records, and of the column whose values should be different ones. */
	readonly keys: KeyCaps;
}

/** Other ones are for tests. */
export const defaultColumnCaps: ColumnCaps = {
	maxValues: 16_384,
	maxValueBytes: 1024 * 1024,
	sample: {maxEntries: 4096, maxBytes: 1024 * 1024, maxTextBytes: 4096},
	registerBits: 14,
	fullColumns: 32,
	fullRegisterColumns: 2048,
};

/** A few values say of what kind a column is; then they are not counted any more. */
export const classCaps: ColumnCaps = {...defaultColumnCaps, maxValues: 8, registerBits: 4, onlyClasses: true};

/** Other ones are for tests. */
const defaultFaultCaps: FaultCaps = {
	keys: {maxValues: 2 ** 20, maxValueBytes: 16 * 1024 * 1024, maxSampled: 4096},
};

export const faultCapsOf = ({faults = defaultFaultCaps}: ColumnCaps): FaultCaps => faults;

/** What is kept of one column. */
export interface ColumnLimits {
	/** Most different values that are counted exactly, and most bytes of them together. */
	readonly maxValues: number;
	readonly maxValueBytes: number;
	readonly sample: SampleCaps;
	readonly registerBits: number;
	readonly onlyClasses: boolean;
}

const MIN_REGISTER_BITS = 4;

/** @param columns - How many there are. */
export function columnLimits(caps: ColumnCaps, columns: number): ColumnLimits {
	const part = (most: number): number =>
		columns <= caps.fullColumns ? most : Math.max(1, Math.floor((most * caps.fullColumns) / columns));
	let registerBits = caps.registerBits;
	for (let rest = columns / caps.fullRegisterColumns; rest > 1; rest /= 2) registerBits--;
	return {
		maxValues: part(caps.maxValues),
		maxValueBytes: part(caps.maxValueBytes),
		sample: {
			...caps.sample,
			maxEntries: part(caps.sample.maxEntries),
			maxBytes: part(caps.sample.maxBytes),
		},
		registerBits: Math.max(MIN_REGISTER_BITS, registerBits),
		onlyClasses: caps.onlyClasses === true,
	};
}
