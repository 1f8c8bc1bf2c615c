import {defaultLimits} from '../../source/engine/shared/limits.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';

/** How a file is read where a test asks for nothing else. */
export const readDefaults: ReadSettings = {
	analysis: null,
	maxErrors: null,
	maxErrorsPerMillion: null,
	limits: defaultLimits,
	simulateIoMs: 0,
	chunkBytes: 65_536,
	reader: 'kernel',
};
