import type {Program} from '../../../analysis/program.ts';
import type {Dialect} from '../../../input/dialect.ts';
import type {KernelSpec} from '../../../kernel/spec.ts';
import type {ReadSettings} from '../../shared/protocol.ts';

/** How the kernel is to read the records of a source. */
export const specOf = (
	program: Program,
	{delimiter, quote}: Dialect,
	columnCount: number,
	{limits, maxErrors, maxErrorsPerMillion, fillsMissing}: ReadSettings,
): KernelSpec => ({
	...{program, delimiter, quote, columnCount, fillsMissing},
	maxRecordBytes: limits.maxRecordBytes,
	maxFieldBytes: limits.maxFieldBytes,
	// The first one is also needed for messages where none is kept.
	maxRejects: Math.max(1, limits.maxRejectsKept),
	rejectLimit: maxErrors,
	rejectLimitPerMillion: maxErrorsPerMillion,
});
