// Imports a module that a person has written, TypeScript or JavaScript. It has `fileproc-tui` wherever it lies: not the package, which
// may be installed nowhere near, but what this program declares its own analyses and processors with.
import {createHash} from 'node:crypto';
import {readFileSync, realpathSync} from 'node:fs';
import {registerHooks, stripTypeScriptTypes} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';
import * as measures from '../../analysis/declaration.ts';
import {defineAnalysis} from '../../analysis/define-analysis.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {defineProcessor} from './define-processor.ts';

const declaration = {...measures, defineAnalysis, defineProcessor};

const PACKAGE = 'fileproc-tui';
/** No file has this address. */
const ADDRESS = 'fileproc-tui:declaration';
/** Where the module behind the address finds the functions, while it is evaluated. */
const KEY = Symbol.for(ADDRESS);

/** A module cannot be imported. */
export class ImportError extends Error {
	override readonly name = 'ImportError';
	/** 1-based; `null` where it cannot be known. */
	readonly line: number | null;

	constructor(message: string, line: number | null) {
		super(message);
		this.line = line;
	}
}

export interface ImportedModule {
	/** What it exports by default; `undefined` where that is nothing. */
	readonly exported: unknown;
	/** Absolute, without links. */
	readonly path: string;
	/** Of the paths and texts of all files that it is made of, packages aside. */
	readonly digest: string;
}

/** A thread evaluates a module once. */
const imported = new Map<string, ImportedModule>();

/**
@param path - Absolute, or from the current folder.
@throws {ImportError} When it cannot be imported.
*/
export async function importModule(path: string): Promise<ImportedModule> {
	const realPath = resolveLinks(path);
	const known = imported.get(realPath);
	if (known !== undefined) return known;
	const url = pathToFileURL(realPath).href;
	const texts = new Map<string, string | Uint8Array>();
	const hooks = registerHooks({
		resolve(specifier, context, next) {
			if (specifier === PACKAGE) return {url: ADDRESS, format: 'module', shortCircuit: true};
			const resolved = next(specifier, context);
			// Whatever package.json is near says of other files.
			if (resolved.url !== url) return resolved;
			return {...resolved, format: url.endsWith('ts') ? 'module-typescript' : 'module'};
		},
		load(address, context, next) {
			if (address === ADDRESS) return {format: 'module', source: declarationSource(), shortCircuit: true};
			const loaded = next(address, context);
			if (isOwnFile(address)) texts.set(address, textOf(address, loaded.source));
			return loaded;
		},
	});
	const globals = globalThis as {[KEY]?: unknown};
	globals[KEY] = declaration;
	const showWarnings = hideExperimentalWarnings();
	try {
		const exported = await Promise.race([importDefault(url), untilNothingIsLeft()]);
		const module = {exported, path: realPath, digest: digestOf(texts)};
		imported.set(realPath, module);
		return module;
	} catch (error) {
		throw new ImportError(describe(error), findLine(error, url) ?? findSyntaxLine(error, url));
	} finally {
		showWarnings();
		delete globals[KEY];
		hooks.deregister();
	}
}

/** Node knows a module by where it really is. */
function resolveLinks(path: string): string {
	try {
		return realpathSync(path);
	} catch (error) {
		const sentence = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
		throw new ImportError(sentence, null);
	}
}

const isOwnFile = (address: string): boolean => address.startsWith('file:') && !address.includes('/node_modules/');

/** CommonJS is loaded without its text being given here. */
const textOf = (address: string, source: unknown): string | Uint8Array =>
	typeof source === 'string' || source instanceof Uint8Array ? source : readFileSync(fileURLToPath(address));

/** Files that do not depend on each other are loaded in any order. */
function digestOf(texts: ReadonlyMap<string, string | Uint8Array>): string {
	const hash = createHash('sha256');
	for (const [address, text] of Array.from(texts).sort(([one], [other]) => (one < other ? -1 : 1)))
		hash.update(`${address}\0${text.length}\0`).update(text);
	return hash.digest('hex');
}

async function importDefault(url: string): Promise<unknown> {
	const module = (await import(url)) as {readonly default?: unknown};
	return module.default;
}

/** Otherwise a module that waits for what never comes would end the program without a word. */
const untilNothingIsLeft = (): Promise<never> =>
	new Promise((_, reject) => {
		process.once('beforeExit', () => {
			reject(new Error('it waits for something that never comes'));
		});
	});

const declarationSource = (): string =>
	`export const {${Object.keys(declaration).join(', ')}} = globalThis[Symbol.for(${JSON.stringify(ADDRESS)})];`;

/** Node warns that taking types out is new. Nobody who names a module can do anything about that. */
function hideExperimentalWarnings(): () => void {
	const {emitWarning} = process;
	process.emitWarning = (...args: unknown[]) => {
		if (args[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, args);
	};
	return () => {
		process.emitWarning = emitWarning;
	};
}

/** The first line of the stack is of the module, where what threw was called by it. */
function findLine(error: unknown, url: string): number | null {
	if (!(error instanceof Error)) return null;
	const [, rest] = (error.stack ?? '').split(url, 2);
	const [, line] = /^:(\d+)/.exec(rest ?? '') ?? [];
	return line === undefined ? null : Number(line);
}

/** Node does not say where the syntax of JavaScript is wrong, only where that of TypeScript is. */
function findSyntaxLine(error: unknown, url: string): number | null {
	if (!(error instanceof SyntaxError)) return null;
	try {
		stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), {sourceUrl: url});
		return null;
	} catch (fault) {
		return findLine(fault, url);
	}
}

/** Errors of several lines begin with what is wrong. */
function describe(error: unknown): string {
	const [sentence = ''] = messageOf(error).trim().split('\n');
	return (
		sentence.replace(/( resolving ES modules)? imported from .*$|\.$/, '') || 'it threw an error without a message'
	);
}
