// What a processor that is built in is: its settings are checked, and it is made of them.
import type {JsonObject, Processor} from '../pipeline.ts';
import type {Kind} from './settings-reader.ts';
import type {Surroundings} from './surroundings.ts';

export interface BuiltIn {
	readonly name: string;
	/** A change of it makes results of the same content others. */
	readonly version: number;
	/** What its settings may be. */
	readonly settings: Kind<unknown>;
	/** @param settings - Such ones. */
	readonly open: (settings: JsonObject, surroundings: Surroundings) => Processor;
}
