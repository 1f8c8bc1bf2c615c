import {defaultLimits} from '../../source/engine/shared/limits.ts';

/** What a kernel is told of bounds, for records within all of them. */
export const kernelLimits = {
	rejectLimit: null,
	rejectLimitPerMillion: null,
	mostRejects: defaultLimits.maxRejectsKept,
	maxRecordBytes: defaultLimits.maxRecordBytes,
	maxFieldBytes: defaultLimits.maxFieldBytes,
} as const;
