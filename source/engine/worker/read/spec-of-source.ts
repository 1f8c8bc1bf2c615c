import type {Program} from '../../../analysis/program.ts';
import type {Dialect} from '../../../input/dialect.ts';
import type {KernelSpec} from '../../../kernel/spec.ts';
import type {ReadSettings} from '../../shared/protocol.ts';

/** How the kernel is to read the records of a source. @param header - See `repeatableHeader`. */
export const specOf = (
	program: Program,
	{delimiter, quote}: Dialect,
	columnCount: number,
	header: Uint8Array | null,
	{limits, maxErrors, maxErrorsPerMillion, fillsMissing}: ReadSettings,
): KernelSpec => ({
	...{program, delimiter, quote, columnCount, header, fillsMissing},
	maxRecordBytes: limits.maxRecordBytes,
	maxFieldBytes: limits.maxFieldBytes,
	// The first one is also needed for messages where none is kept.
	maxRejects: Math.max(1, limits.maxRejectsKept),
	rejectLimit: maxErrors,
	rejectLimitPerMillion: maxErrorsPerMillion,
});
