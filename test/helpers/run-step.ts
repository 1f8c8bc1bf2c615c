// Runs a step of a pipeline on a file of a temporary folder, as the watcher does.
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {Processors} from '../../source/pipeline/catalog.ts';
import type {JsonObject, StepInput, StepOutcome} from '../../source/pipeline/pipeline.ts';
import {StepError} from '../../source/pipeline/pipeline.ts';
import {createProcessors, type ProcessorsOptions} from '../../source/pipeline/processors/processors.ts';
import {createTemporaryFolder, type TemporaryFolder} from './temporary-folder.ts';

export interface StepRunner {
	readonly folder: TemporaryFolder;
	readonly processors: Processors;
	/** What was logged. */
	readonly logged: readonly string[];
	/** Writes a module that exports a processor, of the statements of `process(file, context)`; gives its path. */
	readonly module: (name: string, statements: string, more?: string) => string;
	/** @param content - Of the file, which is `in/<name>`. */
	readonly run: (
		processor: string,
		settings: JsonObject,
		file: GivenFile,
		input?: Partial<StepInput>,
	) => Promise<StepRun>;
	/** The same as if no step had been there before. */
	readonly runAnew: StepRunner['run'];
	/** The names in the folder of results. */
	readonly results: () => readonly string[];
}

export interface GivenFile {
	readonly name: string;
	readonly content: string | Uint8Array;
}

export interface StepRun extends StepOutcome {
	/** What it has made, as text; `null` where that is nothing. */
	readonly text: string | null;
}

export function createStepRunner(options: ProcessorsOptions = {}): StepRunner {
	const folder = createTemporaryFolder();
	const logged: string[] = [];
	const processors = createProcessors({threads: 2, onLog: message => logged.push(message), ...options});
	onTestFinished(() => processors.close());
	const outputFolder = folder.folder('results');
	let claims = 1;
	const runner: StepRunner = {
		folder,
		processors,
		logged,
		results: () => readdirSync(outputFolder).sort(),
		module(name, statements, more = '') {
			const source = `import {defineProcessor} from 'fileproc-tui';
export default defineProcessor({name: 'own', version: 1, ${more} create(config) { return {
async process(file, context) {
${statements}
}}; }});
`;
			return folder.write(name, source);
		},
		runAnew(processor, settings, file, input = {}) {
			claims++;
			return runner.run(processor, settings, file, {...input, outputPrefix: `c${claims}__${file.name}.`});
		},
		async run(processor, settings, {name, content}, input = {}) {
			const path = folder.at(join('in', name));
			mkdirSync(dirname(path), {recursive: true});
			writeFileSync(path, content);
			const step = {processor, with: settings, tags: {}};
			const open = await processors.open(step);
			const outcome = await open.run({
				file: {claim: 'c1', name, path, bytes: statSync(path).size},
				tag: 'route',
				step,
				metadata: {},
				outputFolder,
				outputPrefix: `c1__${name}.`,
				state: null,
				aside: wait => wait(),
				signal: new AbortController().signal,
				...input,
			});
			const {data} = outcome;
			return {...outcome, text: data === null ? null : readFileSync(join(outputFolder, data.name), 'utf8')};
		},
	};
	return runner;
}

/** Why a step fails its file. */
export async function failureOf(step: Promise<unknown>): Promise<StepError> {
	const error: unknown = await step.then(
		() => new Error('Expected the step to fail'),
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof StepError)) throw error;
	return error;
}
