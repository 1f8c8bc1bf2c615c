// Takes a file along its way: one step after the other, on the route that its tag names, until a route has no further step.

import {join} from 'node:path';
import type {FileReport} from '../model/report.ts';
import {toSeconds} from '../model/totals.ts';
import {joinReports} from './join-reports.ts';
import {
	type JsonObject,
	MAX_STEPS,
	type Pipeline,
	type PipelineFile,
	type Processor,
	type Route,
	type Step,
	StepError,
	type StepInput,
	type StepOutcome,
	type StepOutput,
} from './pipeline.ts';

export interface StepsOptions {
	readonly pipeline: Pipeline;
	/** The route that the file begins with. */
	readonly route: Route;
	readonly file: PipelineFile;
	/** That of a step, ready to work. */
	readonly processor: (step: Step) => Promise<Processor>;
	/** See `StepInput`. */
	readonly outputFolder: string;
	readonly outputPrefix: string;
	/** What a processor has kept. Until the way is over, and what it keeps then is committed, no other file is given it. */
	readonly takeState: (processor: string) => Promise<Uint8Array | null>;
	readonly onStep: (tag: string, processor: string) => void;
	/** See `StepInput`. */
	readonly aside: StepInput['aside'];
	readonly signal: AbortSignal;
	/** Monotonic milliseconds. */
	readonly now: () => number;
}

/** A step that was made, as the JSON of a result has it. */
export interface StepRecord {
	readonly processor: string;
	readonly version: number;
	/** What its processor has said of the file, or else the tag of the route that it belongs to. */
	readonly tag: string;
	/** Seconds. */
	readonly elapsed: number;
}

/** What a file came to on its way, as far as it got. */
export interface WayOutcome {
	readonly steps: readonly StepRecord[];
	readonly tag: string;
	/** The name of the processor that it got to. */
	readonly step: string | null;
	readonly metadata: JsonObject;
	readonly outputs: readonly StepOutput[];
	/** Of the last step that has read records, and of those that have left it the table. */
	readonly report: FileReport | null;
	readonly states: ReadonlyMap<string, Uint8Array>;
	/** `null` where it got to the end. */
	readonly failure: StepError | null;
}

export async function runSteps(options: StepsOptions): Promise<WayOutcome> {
	const {pipeline, file, outputFolder, now} = options;
	const steps: StepRecord[] = [];
	const outputs: StepOutput[] = [];
	const states = new Map<string, Uint8Array>();
	let [route, place] = [options.route, 0];
	let metadata: JsonObject = {};
	let report: FileReport | null = null;
	/** The name of the processor that works, or was the last one to do so. */
	let current: string | null = null;
	let {path, bytes, table, contentHash} = file;
	/** Who reads what a step has left of the table tells of the rest; any other reading is one of its own. */
	const reportOf = (made: FileReport | null): FileReport | null => {
		if (made === null) return report;
		return table === undefined ? made : joinReports(report, made);
	};
	const outcome = (failure: StepError | null): WayOutcome => ({
		...{steps, tag: route.tag, step: current, metadata, outputs, report, states, failure},
	});
	for (let step = route.steps[place]; step !== undefined; step = route.steps[place]) {
		if (steps.length === MAX_STEPS) return outcome(tooManySteps(route));
		const processor = await options.processor(step);
		current = processor.name;
		options.onStep(route.tag, current);
		const startedAtMs = now();
		let made: StepOutcome;
		try {
			made = await processor.run({
				...{file: {...file, path, bytes, table, contentHash}, tag: route.tag, step, metadata},
				...{outputFolder, outputPrefix: options.outputPrefix, signal: options.signal, aside: options.aside},
				state: processor.isStateful ? (states.get(processor.name) ?? (await options.takeState(processor.name))) : null,
			});
		} catch (error) {
			if (!(error instanceof StepError)) throw error;
			report = reportOf(error.report);
			return outcome(error);
		}
		steps.push({
			...{processor: processor.name, version: processor.version, tag: made.said ?? route.tag},
			elapsed: toSeconds(now() - startedAtMs),
		});
		outputs.push(...made.outputs);
		if (made.state !== null) states.set(processor.name, made.state);
		report = reportOf(made.report);
		metadata = {...metadata, ...made.metadata};
		if (made.data !== null) {
			path = join(outputFolder, made.data.name);
			({bytes, table} = made.data);
			contentHash = undefined;
		}
		if (made.said === null) place++;
		else {
			const next = routeOf(pipeline, step.tags[made.said]);
			if (next === undefined) return outcome(unknownTag(processor.name, made.said, Object.keys(step.tags)));
			[route, place] = [next, 0];
		}
	}
	return outcome(null);
}

const routeOf = ({routes}: Pipeline, tag: string | undefined): Route | undefined =>
	routes.find(route => route.tag === tag);

const tooManySteps = ({tag}: Route): StepError =>
	new StepError(
		'TOO_MANY_STEPS',
		`Expected the way of the file to end within ${MAX_STEPS} steps; it is still on the route ${JSON.stringify(tag)}.`,
	);

const unknownTag = (processor: string, said: string, known: readonly string[]): StepError =>
	new StepError(
		'UNKNOWN_TAG',
		`The processor ${processor} said ${JSON.stringify(said)}, but its step says where to go for ${
			known.length === 0 ? 'no tag at all' : known.map(each => JSON.stringify(each)).join(', ')
		}: add it to "tags".`,
	);
