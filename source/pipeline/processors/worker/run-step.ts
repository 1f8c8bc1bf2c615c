// Runs a processor on one file: what it returns is written, and what it throws becomes the reason why the file fails.
import type {ProcessorContext, ProcessorData} from '../../../engine/shared/define-processor.ts';
import {type JsonObject, StepError, type StepOutput} from '../../pipeline.ts';
import type {IsolatedOutcome, RunRequest} from '../protocol.ts';
import {endingOf, openOutput, writeOutput} from '../write-output.ts';
import {type BuiltInContext, type BuiltInDeclaration, isStateful, loadProcessor} from './load-processor.ts';
import {checkPiece, checkResult} from './result-of.ts';
import {StepFile} from './step-file.ts';

type Process = ReturnType<BuiltInDeclaration['create']>['process'];

/** By processor and settings: `create` is called once in a process. */
const created = new Map<string, Process>();

async function processOf(request: Pick<RunRequest, 'processor' | 'settings'>): Promise<{
	readonly process: Process;
	readonly declaration: BuiltInDeclaration;
}> {
	const {processor, settings} = request;
	const loaded = await loadProcessor(processor);
	const declaration = loaded.declaration as BuiltInDeclaration;
	const key = JSON.stringify([processor, settings]);
	const known = created.get(key);
	if (known !== undefined) return {process: known, declaration};
	// A module may write to what it is given.
	const instance: unknown = declaration.create(structuredClone(settings));
	if (!isInstance(instance))
		throw new StepError('PROCESSOR_FAILED', 'Expected create() to return an object with process(file, context)');
	const process: Process = (file, context) => instance.process(file, context);
	created.set(key, process);
	return {process, declaration};
}

const isInstance = (value: unknown): value is {process: Process} =>
	typeof value === 'object' && value !== null && 'process' in value && typeof value.process === 'function';

/** @throws Whatever `create` says is wrong with the settings. */
export async function checkSettings(request: Pick<RunRequest, 'processor' | 'settings'>): Promise<void> {
	await processOf(request);
}

export interface StepSurroundings {
	readonly signal: AbortSignal;
	readonly log: (message: string) => void;
	/** Told of a file of results as it is begun. */
	readonly onOutput: (name: string) => void;
}

/** @throws {StepError} @throws {FileFault} @throws Whatever the processor throws. */
export async function runStep(
	request: RunRequest,
	{signal, log, onOutput}: StepSurroundings,
): Promise<IsolatedOutcome> {
	const {process, declaration} = await processOf(request);
	const {file: claimed, tag, metadata, outputFolder, outputPrefix} = request;
	const file = new StepFile(request);
	const state = stateOf(request, declaration);
	const given: ProcessorContext = {metadata: copyOf(metadata), tag, claim: claimed.claim, state, signal, log};
	if (request.processor.kind === 'module')
		return outcomeOf(request, declaration, file, await process(file, given as BuiltInContext), onOutput);
	const place = {outputFolder, outputPrefix, processor: declaration.name};
	const context: BuiltInContext = {
		...given,
		isNormalised: claimed.table?.isNormalised === true,
		openOutput: ending => openOutput({...place, ending}, {onOpened: onOutput}),
	};
	const {written = {}, ...returned} = ((await process(file, context)) ?? {}) as Partial<Written>;
	return {...(await outcomeOf(request, declaration, file, returned, onOutput)), ...written};
}

/** What our own processors return beside what a module may. */
interface Written {
	readonly written: Pick<IsolatedOutcome, 'outputs' | 'data'>;
}

async function outcomeOf(
	request: RunRequest,
	declaration: BuiltInDeclaration,
	file: StepFile,
	returned: unknown,
	onOutput: (name: string) => void,
): Promise<IsolatedOutcome> {
	const result = checkResult(returned, isStateful(declaration));
	const output =
		result.data === null ? null : await write(request, declaration.name, result.data, result.ending, onOutput);
	const {said, metadata, state} = result;
	return {said, metadata, outputs: output === null ? [] : [output], data: output, report: file.report, state};
}

const copyOf = (metadata: JsonObject): JsonObject => structuredClone(metadata);

/** As JSON has it, for the first file, too. */
function stateOf({state}: RunRequest, declaration: BuiltInDeclaration): ProcessorContext['state'] {
	if (!isStateful(declaration)) return null;
	const text = state === null ? JSON.stringify(declaration.state) : Buffer.from(state).toString();
	return JSON.parse(text) as ProcessorContext['state'];
}

function write(
	{outputFolder, outputPrefix, file, maxOutputBytes}: RunRequest,
	processor: string,
	data: ProcessorData,
	ending: string | null,
	onOpened: (name: string) => void,
): Promise<StepOutput> {
	const place = {outputFolder, outputPrefix, processor, ending: ending ?? endingOf(file.name, endingFor(data))};
	return writeOutput(
		place,
		async output => {
			if (typeof data === 'string' || data instanceof Uint8Array) return output.add(data);
			for await (const piece of data) await output.add(checkPiece(piece));
		},
		{maxBytes: maxOutputBytes, onOpened},
	);
}

const endingFor = (data: ProcessorData): string => (data instanceof Uint8Array ? 'bin' : 'txt');
