// Reads files as a run does, in ranges of any size, with threads of a real pool; and says all that they come to.

import type {RunningTask, TaskOutcome} from '../../source/engine/backend/job-backend.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {OpenPool} from './open-pool.ts';
import {readDefaults} from './read-defaults.ts';
import {registersOf, resultOf} from './states.ts';

const never = new AbortController().signal;
const wholeSettings: ReadSettings = {
	...readDefaults,
	chunkBytes: 4096,
	reader: 'kernel',
};

export interface SplitPlan extends Partial<ReadSettings> {
	/** `null` for a reading that is not split. */
	readonly rangeBytes?: number | undefined;
}

export async function startReading(
	pool: OpenPool,
	path: string,
	bytesTotal: number,
	plan: SplitPlan = {},
): Promise<RunningTask> {
	const splitBytes = plan.rangeBytes === undefined ? Number.POSITIVE_INFINITY : 0;
	const settings = {...wholeSettings, splitBytes, ...plan};
	const task = await pool.start({source: {kind: 'file', path}, settings, bytesTotal}, never);
	if (task === null) throw new Error('The file got no thread');
	return task;
}

/** To be compared as a whole: with every figure, reject and error that the report would have. */
export function describeOutcome(outcome: TaskOutcome): unknown {
	if (outcome.type !== 'completed') return outcome;
	const {folded, ...rest} = outcome.file;
	return {...rest, result: resultOf(folded), registers: registersOf(folded)};
}

export async function readSplit(
	pool: OpenPool,
	path: string,
	bytesTotal: number,
	plan: SplitPlan = {},
): Promise<unknown> {
	const task = await startReading(pool, path, bytesTotal, plan);
	return describeOutcome(await task.outcome);
}
