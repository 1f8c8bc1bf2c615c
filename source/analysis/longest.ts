// The longest record of a source, and where it is.

export interface LongestRecord {
	/** The physical line where it begins, 1-based; of the first one where several are as long. */
	readonly line: number;
	readonly bytes: number;
}

/** `null` where there is no record. */
export function joinLongest(one: LongestRecord | null, other: LongestRecord | null): LongestRecord | null {
	if (one === null || other === null) return one ?? other;
	if (one.bytes !== other.bytes) return one.bytes > other.bytes ? one : other;
	return one.line <= other.line ? one : other;
}
