// How long a step may take: the key `timeout` of its settings, in seconds.
import type {SettingFault} from '../catalog.ts';
import {type JsonObject, StepError} from '../pipeline.ts';
import {type Kind, kindOf, numberFrom} from './settings-reader.ts';
import type {Surroundings} from './surroundings.ts';

/** A week: what takes longer does not end. */
const MAX_SECONDS = 7 * 24 * 3600;

const seconds = numberFrom(0.1, MAX_SECONDS);

export const timeout: Kind<number> = kindOf(
	{...seconds.schema, description: 'How long it may take, in seconds'},
	(value, fault) => seconds(value, sentence => fault(`${sentence} (seconds)`)),
);

/** Of the settings of a module, which otherwise are its own. */
export function findTimeoutFault({timeout: value}: JsonObject): readonly SettingFault[] {
	const faults: SettingFault[] = [];
	if (value !== undefined) timeout(value, sentence => faults.push({path: ['timeout'], sentence}));
	return faults;
}

/** Of settings that have been checked, in milliseconds. */
export const timeoutOf = ({timeout: seconds}: JsonObject, {limits}: Pick<Surroundings, 'limits'>): number =>
	typeof seconds === 'number' ? seconds * 1000 : limits.timeoutMs;

/**
Works with a signal that is aborted after that time.

@throws {StepError} When it was. @throws The reason of the given signal, when that comes first.
*/
export async function withTimeout<Value>(
	processor: string,
	timeoutMs: number,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
	const timer = new AbortController();
	const timeoutId = setTimeout(() => timer.abort(tookTooLong(processor, timeoutMs)), timeoutMs);
	try {
		return await work(AbortSignal.any([signal, timer.signal]));
	} finally {
		clearTimeout(timeoutId);
	}
}

const tookTooLong = (processor: string, timeoutMs: number): StepError =>
	new StepError('PROCESSOR_FAILED', `${processor}: ${describeTimeout(timeoutMs)}`);

export const describeTimeout = (timeoutMs: number): string =>
	`It had not ended after ${timeoutMs / 1000} s, so it was stopped. "timeout" in "with" allows it more`;
