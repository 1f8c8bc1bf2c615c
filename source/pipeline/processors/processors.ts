// All processors: those that are built in, and modules. It is what a configuration is checked against, and what its steps are run with.
import {availableParallelism} from 'node:os';
import pLimit from 'p-limit';
import {type BatchSettings, readSettingsOf} from '../../engine/batch.ts';
import {TableThreads} from '../../engine/pool/table-threads.ts';
import {quoted} from '../../text/quoted.ts';
import {type ProcessorModule, ProcessorModuleError, type Processors, type SettingFault} from '../catalog.ts';
import type {JsonObject, Processor, Step} from '../pipeline.ts';
import type {BuiltIn} from './built-in.ts';
import {builtIns} from './built-ins.ts';
import {isolatedProcessor} from './pool/isolated-processor.ts';
import {ProcessPool} from './pool/process-pool.ts';
import {defaultProcessLimits, type ProcessLimits, ProcessLost} from './pool/started-process.ts';
import type {ProcessReply, ToProcess} from './protocol.ts';
import {readSettings} from './settings-reader.ts';
import {defaultProcessorLimits, type ProcessorLimits, type Surroundings} from './surroundings.ts';
import {findTimeoutFault, timeoutOf} from './timeout.ts';

export interface ProcessorsOptions {
	/** How files are read: dialect, encoding, limits. */
	readonly reading?: BatchSettings | undefined;
	readonly limits?: (Partial<ProcessorLimits> & Partial<ProcessLimits>) | undefined;
	/** That read and write records, and as many processes for processors, at most. Default: the available cores. */
	readonly threads?: number | undefined;
	/** Further ones that are built in: `analyze`. */
	readonly builtIns?: readonly BuiltIn[] | undefined;
	readonly onLog?: ((message: string, fields: Readonly<Record<string, unknown>>) => void) | undefined;
}

/** To load a module, or to check its settings, takes longer only where it hangs. */
const LOAD_TIMEOUT_MS = 30_000;

/** They may wait for others more than they compute. */
const LEAST_COMMANDS = 4;

/** Starts nothing until it is needed. */
export function createProcessors(options: ProcessorsOptions = {}): Processors {
	const {reading = {}, threads = availableParallelism(), onLog = () => {}} = options;
	const processLimits = {...defaultProcessLimits, ...options.limits};
	const pool = new ProcessPool({count: threads, limits: processLimits, onLog: message => onLog(message, {})});
	let tables: TableThreads | null = null;
	const surroundings: Surroundings = {
		readSettings: readSettingsOf(reading),
		limits: {...defaultProcessorLimits, ...options.limits},
		pool,
		tables() {
			tables ??= new TableThreads(threads);
			return tables;
		},
		limitCommands: pLimit(Math.max(LEAST_COMMANDS, threads)),
		onLog,
	};
	const known = new Map([...(options.builtIns ?? []), ...builtIns].map(each => [each.name, each]));
	const modules = new Map<string, Promise<ProcessorModule>>();
	const names = new ModuleNames(known);
	const opened = new Map<string, Promise<Processor>>();

	const ask = async (message: ToProcess): Promise<ProcessReply> => {
		try {
			const reply = await pool.request(message, {timeoutMs: LOAD_TIMEOUT_MS});
			if (reply.type === 'not-loaded') throw new ProcessorModuleError(reply.message, reply.line);
			return reply;
		} catch (error) {
			if (error instanceof ProcessLost) throw new ProcessorModuleError(error.message, null);
			throw error;
		}
	};

	const loadModule = (path: string): Promise<ProcessorModule> => {
		const before = modules.get(path);
		if (before !== undefined) return before;
		const loading = ask({type: 'load', path}).then(reply => {
			if (reply.type !== 'loaded') throw new Error(`Expected a module, but found: ${reply.type}`);
			const fault = names.add(reply.module);
			if (fault !== null) throw new ProcessorModuleError(fault, null);
			return reply.module;
		});
		modules.set(path, loading);
		// It may be there the next time that somebody asks.
		loading.catch(() => modules.delete(path));
		return loading;
	};

	const namedModule = async (path: string) => {
		const module = await loadModule(path);
		return {module, processor: {kind: 'module', path: module.path, digest: module.digest} as const};
	};

	const check = async (name: string, settings: JsonObject): Promise<readonly SettingFault[]> => {
		const builtIn = known.get(name);
		if (builtIn !== undefined) return readSettings(builtIn.settings, settings).faults;
		const {processor} = await namedModule(name);
		const faults = findTimeoutFault(settings);
		if (faults.length > 0) return faults;
		const reply = await ask({type: 'check', processor, settings});
		if (reply.type !== 'checked') throw new Error(`Expected what is wrong with settings, but found: ${reply.type}`);
		return reply.fault === null ? [] : [{path: [], sentence: reply.fault}];
	};

	const openNew = async ({processor: name, with: settings}: Step): Promise<Processor> => {
		const builtIn = known.get(name);
		if (builtIn !== undefined) return builtIn.open(settings, surroundings);
		const {module, processor} = await namedModule(name);
		return isolatedProcessor(processor, module, settings, surroundings, timeoutOf(settings, surroundings));
	};

	return {
		names: Array.from(known.keys()),
		check,
		loadModule,
		async digestOf(name) {
			const builtIn = known.get(name);
			if (builtIn !== undefined) return `${name} ${builtIn.version}`;
			const {name: own, version, digest} = await loadModule(name);
			return `${own} ${version} ${digest}`;
		},
		open(step) {
			const key = JSON.stringify([step.processor, step.with]);
			const before = opened.get(key);
			if (before !== undefined) return before;
			const opening = openNew(step);
			opened.set(key, opening);
			opening.catch(() => opened.delete(key));
			return opening;
		},
		async close() {
			const all = await Promise.allSettled(opened.values());
			await Promise.all(all.map(each => (each.status === 'fulfilled' ? each.value.close() : undefined)));
			await Promise.all([pool.close(), tables?.close()]);
		},
	};
}

/** Results say which processor they are of, and what one keeps is kept by its name. */
class ModuleNames {
	readonly #builtIns: ReadonlyMap<string, BuiltIn>;
	/** Paths of those that keep something. */
	readonly #stateful = new Map<string, string>();

	constructor(builtIns: ReadonlyMap<string, BuiltIn>) {
		this.#builtIns = builtIns;
	}

	/** @returns Why a module cannot have its name; `null` where it can. */
	add({name, path, isStateful}: ProcessorModule): string | null {
		if (this.#builtIns.has(name)) return `expected another name than ${JSON.stringify(name)}, which is built in`;
		if (!isStateful) return null;
		const other = this.#stateful.get(name) ?? path;
		this.#stateful.set(name, other);
		return other === path
			? null
			: `expected another name than ${JSON.stringify(name)}, by which ${quoted(other)} keeps its state`;
	}
}
