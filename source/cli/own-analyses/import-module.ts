// Imports a module that a person has written, TypeScript or JavaScript. It has `fileproc-tui` wherever it lies: not the package, which
// may be installed nowhere near, but what this program declares its own analyses with.
import {readFileSync, realpathSync} from 'node:fs';
import {registerHooks, stripTypeScriptTypes} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';
import * as declaration from '../../analysis/declaration.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {ModuleError} from './module-error.ts';

const PACKAGE = 'fileproc-tui';
/** No file has this address. */
const ADDRESS = 'fileproc-tui:declaration';
/** Where the module behind the address finds the functions, while it is evaluated. */
const KEY = Symbol.for(ADDRESS);

/**
@param path - Absolute, or from the current folder.
@returns What it exports by default; `undefined` where that is nothing.
@throws {ModuleError} When it cannot be imported, with the line where that is known.
*/
export async function importModule(path: string): Promise<unknown> {
	const url = pathToFileURL(resolveLinks(path)).href;
	const hooks = registerHooks({
		resolve(specifier, context, next) {
			if (specifier === PACKAGE) return {url: ADDRESS, format: 'module', shortCircuit: true};
			const resolved = next(specifier, context);
			// Whatever package.json is near says of other files.
			if (resolved.url !== url) return resolved;
			return {...resolved, format: url.endsWith('ts') ? 'module-typescript' : 'module'};
		},
		load(address, context, next) {
			return address === ADDRESS
				? {format: 'module', source: declarationSource(), shortCircuit: true}
				: next(address, context);
		},
	});
	const globals = globalThis as {[KEY]?: unknown};
	globals[KEY] = declaration;
	const showWarnings = hideExperimentalWarnings();
	try {
		return await Promise.race([importDefault(url), untilNothingIsLeft()]);
	} catch (error) {
		throw new ModuleError(path, [
			{line: findLine(error, url) ?? findSyntaxLine(error, url), sentence: describe(error)},
		]);
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
		throw new ModuleError(path, [{line: null, sentence}]);
	}
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
