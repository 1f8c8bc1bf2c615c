// What crosses between the pipeline and its processes. Each has one request at a time; what it writes to files of results does not cross.
import type {ReadSettings} from '../../engine/shared/protocol.ts';
import type {FileReport} from '../../model/report.ts';
import type {ProcessorModule} from '../catalog.ts';
import type {JsonObject, PipelineFile, StepOutput} from '../pipeline.ts';

/** What runs there: one of our own, or a module. */
export type NamedProcessor =
	| {readonly kind: 'built-in'; readonly name: IsolatedBuiltIn}
	/** `digest`: what it was when it was loaded first; `null` for that time. */
	| {readonly kind: 'module'; readonly path: string; readonly digest: string | null};

/** Those that look at each cell or line. */
export type IsolatedBuiltIn = 'simple' | 'stateful' | 'validate';

export type ToProcess =
	| {readonly type: 'load'; readonly path: string}
	| {readonly type: 'check'; readonly processor: NamedProcessor; readonly settings: JsonObject}
	| ({readonly type: 'run'} & RunRequest)
	/** Of what runs; it is still answered. */
	| {readonly type: 'abort'};

export interface RunRequest {
	readonly processor: NamedProcessor;
	readonly settings: JsonObject;
	readonly file: PipelineFile;
	readonly tag: string;
	readonly metadata: JsonObject;
	readonly outputFolder: string;
	readonly outputPrefix: string;
	/** As in `StepInput`. */
	readonly state: Uint8Array | null;
	readonly readSettings: ReadSettings;
	readonly maxTextBytes: number;
	readonly maxOutputBytes: number;
}

export type FromProcess =
	| {readonly type: 'ready'}
	/** The processor that runs wants this in the log. */
	| {readonly type: 'log'; readonly message: string}
	/** A file of results is there; whole, when the request is answered. */
	| {readonly type: 'writing'; readonly name: string}
	| ProcessReply
	/** The process ends after this, because of something that nobody has caught. `isOfEarlier`: what an earlier request has left running has done it. */
	| {readonly type: 'ending'; readonly message: string; readonly isOfEarlier: boolean};

/** The answer to a request. */
export type ProcessReply =
	| {readonly type: 'loaded'; readonly module: ProcessorModule}
	| {readonly type: 'not-loaded'; readonly line: number | null; readonly message: string}
	/** What `create` has said to its settings; `null`: nothing. */
	| {readonly type: 'checked'; readonly fault: string | null}
	| {readonly type: 'completed'; readonly outcome: IsolatedOutcome}
	| {readonly type: 'failed'; readonly failure: StepFailure};

export interface IsolatedOutcome {
	readonly said: string | null;
	readonly metadata: JsonObject;
	readonly outputs: readonly StepOutput[];
	/** What the next step reads. */
	readonly data: StepOutput | null;
	readonly report: FileReport | null;
	readonly state: Uint8Array<ArrayBuffer> | null;
}

/** A `StepError` on its way. */
export interface StepFailure {
	readonly code: string;
	readonly message: string;
	readonly mayPass: boolean;
	readonly report: FileReport | null;
}
