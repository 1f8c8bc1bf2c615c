// A file of routes → a pipeline whose processors are there and take their settings. All faults are told at once, each with its place.
import {createHash} from 'node:crypto';
import {dirname, resolve} from 'node:path';
import {readTextFile, TextFileError} from '../../engine/shared/read-text-file.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {isModulePath} from '../../text/module-path.ts';
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import {locate} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import {type ProcessorCatalog, type ProcessorModule, ProcessorModuleError, type SettingFault} from '../catalog.ts';
import type {Json, Pipeline, Route, Step} from '../pipeline.ts';
import {type OtherNames, parsePipeline} from './parse-pipeline.ts';
import {PipelineError, type PipelineFault} from './pipeline-error.ts';
import type {ClassicSettings, Placed, WrittenPipeline, WrittenStep, WrittenText} from './written.ts';

export interface LoadedPipeline {
	/** Absolute; what is relative in the configuration begins in its folder. */
	readonly path: string;
	readonly pipeline: Pipeline;
	/** What stands beside the routes, not checked; `text` is what their places are of. */
	readonly settings: readonly JsonMember[];
	readonly text: string;
	/** There where the file is one of the system that this one replaces. */
	readonly classic: ClassicSettings | null;
	/** Those that were loaded, by `Step.processor`. */
	readonly modules: ReadonlyMap<string, ProcessorModule>;
}

/** A hundred times the size of a long list of routes. */
const MAX_BYTES = 1024 * 1024;

/**
@param path - As a text of `text/path-text.ts`.
@throws {PipelineError} With all that is wrong.
*/
export async function loadPipeline(
	path: string,
	catalog: ProcessorCatalog,
	otherNames: OtherNames = {},
): Promise<LoadedPipeline> {
	const text = readText(path);
	const {faults, ...written} = parsePipeline(text, otherNames);
	const tell = ({offset}: Placed, sentence: string): void => {
		all.push({place: locate(text, offset), sentence});
	};
	const all: PipelineFault[] = [...faults];
	const found = await findProcessors(written, dirname(resolve(path)), catalog, tell);
	for (const {steps} of written.routes) for (const step of steps) await checkStep(step, found, catalog, tell);
	if (all.length > 0) throw new PipelineError(path, all);
	const routes = written.routes.map(({tag, match, steps}): Route => {
		return {tag: tag.text, match: match?.terms ?? null, steps: steps.map(step => stepOf(step, found))};
	});
	const {settings, classic} = written;
	const modules = new Map(
		Array.from(found.values()).flatMap(({id, module}) => (module === null ? [] : [[id, module]])),
	);
	try {
		const pipeline = {routes, digest: await digestOf(routes, catalog)};
		return {path: resolve(path), pipeline, settings, text, classic, modules};
	} catch (error) {
		// It was there a moment ago.
		throw new PipelineError(path, [
			{place: null, sentence: `A module of a step cannot be used${messageOfModule(error)}.`},
		]);
	}
}

function readText(path: string): string {
	try {
		return readTextFile(path, MAX_BYTES);
	} catch (error) {
		if (error instanceof TextFileError) throw new PipelineError(path, [{place: null, sentence: error.message}]);
		throw error;
	}
}

type Tell = (place: Placed, sentence: string) => void;

interface FoundProcessor {
	/** See `Step.processor`. */
	readonly id: string;
	/** `null` where it is built in. */
	readonly module: ProcessorModule | null;
}

/** @returns Processors by what steps call them; modules that could not be loaded are told. */
async function findProcessors(
	{routes, modules}: WrittenPipeline,
	folder: string,
	catalog: ProcessorCatalog,
	tell: Tell,
): Promise<ReadonlyMap<string, FoundProcessor>> {
	const found = new Map<string, FoundProcessor>(catalog.names.map(name => [name, {id: name, module: null}]));
	const loaded = new Map<string, ProcessorModule | null>();
	const load = async (written: WrittenText): Promise<FoundProcessor | null> => {
		const id = resolve(folder, written.text);
		if (!loaded.has(id)) loaded.set(id, await loadModule(id, written, catalog, tell));
		const module = loaded.get(id) ?? null;
		return module === null ? null : {id, module};
	};
	for (const written of modules) {
		const own = await load(written);
		if (own?.module == null) continue;
		const {name} = own.module;
		const other = found.get(name);
		if (other !== undefined && other.id !== own.id)
			tell(written, `${quoted(written.text)} exports a processor called ${quoted(name)}, as ${describe(other)} does.`);
		else found.set(name, own);
	}
	for (const {processor} of routes.flatMap(({steps}) => steps)) {
		const own = isModulePath(processor.text) ? await load(processor) : null;
		if (own !== null) found.set(processor.text, own);
	}
	return found;
}

const describe = ({id, module}: FoundProcessor): string => (module === null ? 'one that is built in' : quoted(id));

async function loadModule(
	path: string,
	written: WrittenText,
	catalog: ProcessorCatalog,
	tell: Tell,
): Promise<ProcessorModule | null> {
	try {
		return await catalog.loadModule(path);
	} catch (error) {
		tell(written, describeModuleError(error, written.text));
		return null;
	}
}

const describeModuleError = (error: unknown, name: string): string =>
	`The module ${quoted(name)} cannot be used${messageOfModule(error)}.`;

function messageOfModule(error: unknown): string {
	if (!(error instanceof ProcessorModuleError)) throw error;
	const line = error.line === null ? '' : ` in its line ${error.line}`;
	return `${line}: ${error.message.replace(/\.$/, '')}`;
}

async function checkStep(
	{path, processor, with: settings, withNode}: WrittenStep,
	found: ReadonlyMap<string, FoundProcessor>,
	catalog: ProcessorCatalog,
	tell: Tell,
): Promise<void> {
	const known = found.get(processor.text);
	if (known === undefined) {
		// A module that cannot be loaded is told already.
		if (!isModulePath(processor.text)) tell(processor, describeUnknown(processor.text, found));
		return;
	}
	try {
		for (const fault of await catalog.check(known.id, settings)) {
			const {node, written} = findSetting(withNode, fault);
			tell(node ?? processor, `${path}.${written} ${withEnd(fault.sentence)}`);
		}
	} catch (error) {
		tell(processor, describeModuleError(error, processor.text));
	}
}

const withEnd = (sentence: string): string => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`);

function describeUnknown(name: string, found: ReadonlyMap<string, FoundProcessor>): string {
	const names = Array.from(found.keys()).filter(known => !isModulePath(known));
	const closest = findClosestMatch(name, names);
	const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
	return `There is no processor ${quoted(name)}.${hint} Known are ${joinWords(names, 'and')}; one of your own is named by the path of its module, like ./uppercase.ts.`;
}

/** The nearest part of the settings that is there. */
function findSetting(
	root: JsonNode | null,
	{path}: SettingFault,
): {readonly node: JsonNode | null; readonly written: string} {
	let node = root;
	let isThere = true;
	let written = 'with';
	for (const part of path) {
		const next: JsonNode | undefined =
			node?.type === 'object'
				? node.members.findLast(({name}) => name === part)?.value
				: node?.type === 'list'
					? node.items[Number(part)]
					: undefined;
		isThere &&= next !== undefined;
		if (isThere && next !== undefined) node = next;
		written += typeof part === 'number' ? `[${part}]` : `.${part}`;
	}
	return {node, written};
}

function stepOf({processor, with: settings, exits}: WrittenStep, found: ReadonlyMap<string, FoundProcessor>): Step {
	const {id} = found.get(processor.text) ?? {id: processor.text};
	return {processor: id, with: settings, tags: Object.fromEntries(exits.map(({said, to}) => [said, to.text]))};
}

/** Where modules lie makes no difference, what is in them does. */
async function digestOf(routes: readonly Route[], catalog: ProcessorCatalog): Promise<string> {
	const digests = new Map<string, string>();
	for (const {processor} of routes.flatMap(({steps}) => steps))
		if (!digests.has(processor)) digests.set(processor, await catalog.digestOf(processor));
	const plain = routes.map(({tag, match, steps}) => ({
		tag,
		match: match === null || match === 'any' ? match : {...match, firstBytes: hexOf(match.firstBytes)},
		steps: steps.map(step => ({...step, processor: digests.get(step.processor)})),
	}));
	return createHash('sha256')
		.update(JSON.stringify(sorted(plain as unknown as Json)))
		.digest('hex')
		.slice(0, DIGEST_DIGITS);
}

const DIGEST_DIGITS = 32;

const hexOf = (bytes: Uint8Array | undefined): string | null =>
	bytes === undefined ? null : Buffer.from(bytes).toString('hex');

/** The order of names makes no difference, that of lists does. */
function sorted(value: Json): Json {
	if (Array.isArray(value)) return value.map(sorted);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
	return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each as Json)]));
}
