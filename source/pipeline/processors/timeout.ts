// How long a step may take: the key `timeout` of its settings, in seconds.
import type {SettingFault} from '../catalog.ts';
import type {JsonObject} from '../pipeline.ts';
import {type Kind, numberFrom} from './settings-reader.ts';
import type {Surroundings} from './surroundings.ts';

/** A week: what takes longer does not end. */
const MAX_SECONDS = 7 * 24 * 3600;

export const timeout: Kind<number> = (value, fault) =>
	numberFrom(0.1, MAX_SECONDS)(value, sentence => fault(`${sentence} (seconds)`));

/** Of the settings of a module, which otherwise are its own. */
export function findTimeoutFault({timeout: value}: JsonObject): readonly SettingFault[] {
	const faults: SettingFault[] = [];
	if (value !== undefined) timeout(value, sentence => faults.push({path: ['timeout'], sentence}));
	return faults;
}

/** Of settings that have been checked, in milliseconds. */
export const timeoutOf = ({timeout: seconds}: JsonObject, {limits}: Pick<Surroundings, 'limits'>): number =>
	typeof seconds === 'number' ? seconds * 1000 : limits.timeoutMs;
