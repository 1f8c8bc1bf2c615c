// A file of routes → a pipeline whose processors are there and take their settings. All faults are told at once, each with its place.
import {createHash} from 'node:crypto';
import {dirname, resolve} from 'node:path';
import {ImportError} from '../../engine/shared/import-module.ts';
import {readTextFile, TextFileError} from '../../engine/shared/read-text-file.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {isModulePath} from '../../text/module-path.ts';
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import {locate} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import type {Json, Pipeline, Route, Step} from '../pipeline.ts';
import {type OtherNames, parsePipeline} from './parse-pipeline.ts';
import {PipelineError, type PipelineFault} from './pipeline-error.ts';
import type {ProcessorCatalog, ProcessorInfo, SettingFault} from './processor-catalog.ts';
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
	/** The processor of each step, by `Step.processor`. */
	readonly processors: ReadonlyMap<string, ProcessorInfo>;
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
	for (const {steps} of written.routes) for (const step of steps) checkStep(step, found, catalog, tell);
	if (all.length > 0) throw new PipelineError(path, all);
	const routes = written.routes.map(({tag, match, steps}): Route => {
		return {tag: tag.text, match: match?.terms ?? null, steps: steps.map(step => stepOf(step, found))};
	});
	const processors = new Map(Array.from(found.values(), ({id, info}) => [id, info]));
	const {settings, classic} = written;
	const pipeline = {routes, digest: digestOf(routes, processors)};
	return {path: resolve(path), pipeline, settings, text, classic, processors};
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
	readonly info: ProcessorInfo;
}

/** @returns Processors by what steps call them; those that could not be loaded are told, and `null`. */
async function findProcessors(
	{routes, modules}: WrittenPipeline,
	folder: string,
	catalog: ProcessorCatalog,
	tell: Tell,
): Promise<ReadonlyMap<string, FoundProcessor>> {
	const found = new Map(catalog.builtIn.map(info => [info.name, {id: info.name, info}]));
	const loaded = new Map<string, ProcessorInfo | null>();
	const load = async (written: WrittenText): Promise<FoundProcessor | null> => {
		const path = resolve(folder, written.text);
		const isNew = !loaded.has(path);
		const info = loaded.get(path) ?? (isNew ? await loadModule(path, written, catalog, tell) : null);
		loaded.set(path, info);
		return info === null ? null : {id: path, info};
	};
	for (const module of modules) {
		const processor = await load(module);
		if (processor === null) continue;
		const {name} = processor.info;
		const other = found.get(name);
		if (other !== undefined && other.id !== processor.id)
			tell(module, `${quoted(module.text)} exports a processor called ${quoted(name)}, as ${describe(other)} does.`);
		found.set(name, processor);
	}
	for (const {processor} of routes.flatMap(({steps}) => steps)) {
		if (!isModulePath(processor.text)) continue;
		const own = await load(processor);
		if (own !== null) found.set(processor.text, own);
	}
	return found;
}

const describe = ({id, info}: FoundProcessor): string => (id === info.name ? 'one that is built in' : quoted(id));

async function loadModule(
	path: string,
	written: WrittenText,
	catalog: ProcessorCatalog,
	tell: Tell,
): Promise<ProcessorInfo | null> {
	try {
		return await catalog.loadModule(path);
	} catch (error) {
		if (!(error instanceof ImportError)) throw error;
		const line = error.line === null ? '' : ` in its line ${error.line}`;
		tell(written, `The module ${quoted(written.text)} cannot be used${line}: ${error.message}.`);
		return null;
	}
}

function checkStep(
	{processor, with: settings, withNode}: WrittenStep,
	found: ReadonlyMap<string, FoundProcessor>,
	{builtIn}: ProcessorCatalog,
	tell: Tell,
): void {
	const known = found.get(processor.text);
	if (known !== undefined) {
		for (const fault of known.info.check(settings)) {
			const {node, path} = findSetting(withNode, fault);
			tell(node ?? processor, `${path} ${fault.sentence}`);
		}
		return;
	}
	// A module that cannot be loaded is told already.
	if (isModulePath(processor.text)) return;
	const own = Array.from(found.keys()).filter(name => !isModulePath(name) && !builtIn.some(info => info.name === name));
	const names = [...builtIn.map(({name}) => name), ...own];
	const closest = findClosestMatch(processor.text, names);
	const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
	tell(
		processor,
		`There is no processor ${quoted(processor.text)}.${hint} Known are ${joinWords(names, 'and')}; one of your own is named by the path of its module, like ./uppercase.ts.`,
	);
}

/** The nearest part of the settings that is there. */
function findSetting(
	root: JsonNode | null,
	{path}: SettingFault,
): {readonly node: JsonNode | null; readonly path: string} {
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
	return {node, path: written};
}

function stepOf({processor, with: settings, exits}: WrittenStep, found: ReadonlyMap<string, FoundProcessor>): Step {
	const {id} = found.get(processor.text) ?? {id: processor.text};
	return {processor: id, with: settings, tags: Object.fromEntries(exits.map(({said, to}) => [said, to.text]))};
}

/** Where modules lie makes no difference, what is in them does. */
function digestOf(routes: readonly Route[], processors: ReadonlyMap<string, ProcessorInfo>): string {
	const plain = routes.map(({tag, match, steps}) => ({
		tag,
		match: match === null || match === 'any' ? match : {...match, firstBytes: hexOf(match.firstBytes)},
		steps: steps.map(step => {
			const {name = '', version = 0, digest = ''} = processors.get(step.processor) ?? {};
			return {...step, processor: {name, version, digest}};
		}),
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
