// What a processor that is built in is: its settings are checked, and it is made of them.
import type {SettingFault} from '../catalog.ts';
import type {JsonObject, Processor} from '../pipeline.ts';
import type {Surroundings} from './surroundings.ts';

export interface BuiltIn {
	readonly name: string;
	/** A change of it makes results of the same content others. */
	readonly version: number;
	readonly check: (settings: JsonObject) => readonly SettingFault[];
	/** @param settings - Which `check` has nothing to say to. */
	readonly open: (settings: JsonObject, surroundings: Surroundings) => Processor;
}
