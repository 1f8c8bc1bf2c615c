// All that a reading comes to, so that two readers can be compared in everything they tell: the figures, the rejects, the
// dialect, the registers of an estimate, and the error with its words.
import assert from 'node:assert/strict';
import {type ReadLimits, withDefaults} from '../../source/engine/shared/limits.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {Fold} from '../../source/engine/worker/read/fold.ts';
import {InputError} from '../../source/input/input-error.ts';
import {bytesInPieces, folds} from './fold-bytes.ts';
import {registersOf, resultOf, takeListed, takeState} from './states.ts';

export interface ReadingPlan {
	readonly chunkBytes?: number;
	/** Sizes of what the source gives at once, over and over; whole chunks where it is left out. */
	readonly pieces?: readonly number[];
	readonly maxErrors?: number | null;
	readonly maxErrorsPerMillion?: number | null;
	readonly limits?: Partial<ReadLimits>;
}

const noPulse = {report() {}, wait() {}};

/** @returns A value to be compared as a whole. */
export async function outcomeOf(
	fold: Fold,
	bytes: Uint8Array,
	{chunkBytes = 65_536, pieces = [chunkBytes], maxErrors = null, maxErrorsPerMillion = null, limits}: ReadingPlan = {},
): Promise<unknown> {
	const settings: ReadSettings = {
		analysis: null,
		maxErrors,
		maxErrorsPerMillion,
		simulateIoMs: 0,
		chunkBytes,
		reader: 'kernel',
		limits: withDefaults(limits ?? {}),
	};
	try {
		// Of the forms, what is decided is the same, not how often each was noted.
		const {take, formsRead: _, ...rest} = await fold(bytesInPieces(bytes, pieces), settings, noPulse);
		const named = takeState({take});
		if (named === null) return {...rest, result: null};
		const registers = registersOf(named);
		const listed = takeListed({take});
		const result = resultOf(named);
		assert.deepEqual(listed?.result, result, 'The figures depend on whether all groups are kept');
		return {...rest, result, registers};
	} catch (error) {
		if (error instanceof assert.AssertionError) throw error;
		if (error instanceof InputError) return {code: error.code, message: error.message, at: {...error.at}};
		if (error instanceof Error && 'code' in error) return {code: error.code, message: error.message};
		throw error;
	}
}

export const byReference = (bytes: Uint8Array, plan?: ReadingPlan): Promise<unknown> =>
	outcomeOf(folds.reference, bytes, plan);
export const byKernel = (bytes: Uint8Array, plan?: ReadingPlan): Promise<unknown> =>
	outcomeOf(folds.kernel, bytes, plan);
