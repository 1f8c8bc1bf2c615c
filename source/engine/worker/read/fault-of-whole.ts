// Why a record is rejected before anybody looks at its cells.
import type {RejectReason} from '../../../model/report.ts';

export interface FaultOfWhole {
	readonly reason: RejectReason;
	/** Of its fields, or of its NUL bytes. */
	readonly count: number;
}

/**
@param bytes - Of the record. @param fields - What it holds, those that were filled in, too.
@param repeatable - See `repeatableHeader`.
*/
export function faultOfWhole(
	bytes: Uint8Array,
	fields: readonly string[],
	columns: number,
	repeatable: Uint8Array | null,
): FaultOfWhole | null {
	const count = fields.length;
	if (count !== columns) return {reason: 'field-count', count};
	if (count > 1 && fields.every(field => field === '')) return {reason: 'padding', count};
	if (repeatable !== null && Buffer.compare(bytes, repeatable) === 0) return {reason: 'repeated-header', count};
	return bytes.includes(0) ? {reason: 'nul-byte', count: bytes.filter(byte => byte === 0).length} : null;
}
