// Runs before each file of tests. Node loads the sources itself, but knows neither JSX nor the package by its own name.
import {createRequire, registerHooks} from 'node:module';
import {fileURLToPath} from 'node:url';
import {startBuiltThreads} from './built-threads.ts';

const require = createRequire(import.meta.url);
const library = new URL('../../source/index.ts', import.meta.url).href;

/** With React's production build, as users run it; the compiler must not ask for the development one. */
const jsx = {runtime: 'automatic', development: false} as const;

declare global {
	var areHooksRegistered: boolean | undefined;
}

// Files of tests that share a process run this several times.
if (globalThis.areHooksRegistered !== true) {
	globalThis.areHooksRegistered = true;
	startBuiltThreads();
	registerHooks({
		// Examples import the package by its name, as users do.
		resolve: (specifier, context, nextResolve) =>
			nextResolve(specifier === 'fileproc-tui' ? library : specifier, context),
		load(url, context, nextLoad) {
			if (!/\.tsx(\?|$)/.test(url)) return nextLoad(url, context);
			const {source} = nextLoad(url, {...context, format: 'module'});
			return {format: 'module', source: compile(fileURLToPath(url), String(source)), shortCircuit: true};
		},
	});
}

function compile(file: string, source: string): string {
	// Loaded only where it is needed: most files of tests reach no JSX.
	const {transformSync} = require('rolldown/utils') as typeof import('rolldown/utils');
	const {code, map, errors} = transformSync(file, source, {jsx, sourcemap: true});
	if (errors.length > 0) throw new Error(errors.map(({message}) => message).join('\n'));
	// So that failures name the lines of the source.
	const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
	return `${code}\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
}
