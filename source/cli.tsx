#!/usr/bin/env node
// The entry point: arguments -> a command -> an exit code. New readers continue in `cli/main.ts`.
//
// Nothing of the program is imported before Node's version is checked: on an older Node the dependencies would fail with an
// unhelpful syntax error. So this file uses only syntax that any Node with `import()` understands.
const minimumNode = [22, 22] as const;
const otherCommand =
	/^(-h|-?-?help|-v|--version|config|completions|replay|generate|man|history|doctor|status|clean|routes|watch|serve|worker)$/;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
	process.stderr.write(
		`fileproc-tui needs Node ${minimumNode.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer one (https://nodejs.org), or run: npx -p node@24 -p fileproc-tui fileproc-tui\n`,
	);
	process.exitCode = 2;
} else {
	// A thread needs some 50 ms to start, as long as the rest of the program needs to load. The steps are chained because
	// imports that are requested together also start together. Commands other than a run need no thread.
	const isRun = !process.argv.slice(2).some(word => otherCommand.test(word));
	import('./cli/process/compile-cache.ts')
		.then(({keepCompiledCode}) => keepCompiledCode(process.env))
		.then(() =>
			isRun ? import('./engine/pool/start-thread.ts').then(({prestartThreads}) => prestartThreads(1)) : undefined,
		)
		.then(() => import('./cli/main.ts'))
		.then(({main}) => main());
}
