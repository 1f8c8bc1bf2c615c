// What the columns of a table are where an output has types. A column has the one type that all of its cells have, as they are written;
// otherwise it is text, so no cell is lost or changed. Empty cells are nulls, unless the column is text.

export type ColumnKind =
	| {readonly kind: 'text' | 'boolean' | 'integer' | 'date'}
	/** `isInstant`: with the zone Z; without it, as a clock shows it. */
	| {readonly kind: 'timestamp'; readonly isInstant: boolean}
	| {readonly kind: 'decimal'; readonly precision: number; readonly scale: number};

/** What the cells of a column have shown so far. Those of several files are added up. */
export interface ShownKinds {
	/** Bits of `CellKind`. */
	readonly kinds: number;
	/** The most digits in front of the decimal mark, and behind it. */
	readonly digits: number;
	readonly scale: number;
}

export const CellKind = {
	empty: 0,
	boolean: 1,
	integer: 2,
	decimal: 4,
	date: 8,
	clock: 16,
	instant: 32,
	text: 64,
} as const;

/** As many digits as any integer of 64 bits may have. */
const INT64_DIGITS = 18;
/** The widest decimal that is usual. */
const MAX_PRECISION = 38;

const TEXT: ColumnKind = {kind: 'text'};

export function kindOf({kinds, digits, scale}: ShownKinds): ColumnKind {
	switch (kinds) {
		case CellKind.boolean:
			return {kind: 'boolean'};
		case CellKind.date:
			return {kind: 'date'};
		case CellKind.clock:
		case CellKind.instant:
			return {kind: 'timestamp', isInstant: kinds === CellKind.instant};
		case CellKind.integer:
			if (digits <= INT64_DIGITS) return {kind: 'integer'};
			break;
		case CellKind.decimal:
		case CellKind.decimal | CellKind.integer:
			break;
		default:
			return TEXT;
	}
	const precision = Math.max(1, digits + scale);
	return precision <= MAX_PRECISION ? {kind: 'decimal', precision, scale} : TEXT;
}

export const addKinds = (one: ShownKinds, other: ShownKinds): ShownKinds => ({
	kinds: one.kinds | other.kinds,
	digits: Math.max(one.digits, other.digits),
	scale: Math.max(one.scale, other.scale),
});
