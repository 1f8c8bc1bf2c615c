// Routes as they stand in a configuration: what is right by itself, and where it stands, so that whoever finds a fault can say where.
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import type {JsonObject, Match} from '../pipeline.ts';

/** 0-based, in UTF-16 units of the text of the configuration. */
export interface Placed {
	readonly offset: number;
}

export interface WrittenText extends Placed {
	readonly text: string;
}

export interface WrittenPipeline {
	readonly routes: readonly WrittenRoute[];
	/** Modules of processors, by the paths that stand there. */
	readonly modules: readonly WrittenText[];
	/** What stands beside the routes, for whoever can set it. */
	readonly settings: readonly JsonMember[];
	/** Of a file of the system that this one replaces. */
	readonly classic: ClassicSettings | null;
}

export interface WrittenRoute {
	readonly tag: WrittenText;
	/** `null` where there is none. */
	readonly match: (Placed & {readonly terms: Match | 'any'}) | null;
	readonly steps: readonly WrittenStep[];
}

export interface WrittenStep {
	/** Leads to it from the top of the configuration. */
	readonly path: string;
	/** The name of a processor, or the path of a module. */
	readonly processor: WrittenText;
	readonly with: JsonObject;
	/** Where the settings stand; `null` where there are none. */
	readonly withNode: JsonNode | null;
	readonly exits: readonly WrittenExit[];
}

/** Where a file goes on for what a processor says. */
export interface WrittenExit {
	readonly said: string;
	/** The tag of a route. */
	readonly to: WrittenText;
}

/** What `log_processor_config.json` has beside its processors; `null` where it says nothing of that. */
export interface ClassicSettings {
	readonly watchDir: string | null;
	readonly dashboard: {readonly host: string | null; readonly port: number | null} | null;
	readonly recovery: {readonly enabled: boolean; readonly checkInterval: number | null} | null;
}
