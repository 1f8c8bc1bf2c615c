#!/usr/bin/env node
// The bin: arguments -> a command -> an exit code. A newcomer starts here and goes on in `cli/main.ts`.
//
// Nothing of the program is imported before Node's version is known: on an older Node the dependencies would fail with a
// syntax error, and nobody would know why. So this file alone keeps to what any Node with `import()` understands.
const oldestNode = [22, 22] as const;
const noRun = /^(-h|-?-?help|-v|--version|config|completions|replay|generate|man)$/;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
	process.stderr.write(
		`fileproc-tui needs Node ${oldestNode.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer one (https://nodejs.org), or run: npx -p node@24 -p fileproc-tui fileproc-tui\n`,
	);
	process.exitCode = 2;
} else {
	// A thread is ready some 50 ms after it was started, and so long the rest of the program takes to be loaded: after it, as
	// what is asked for together is begun together, when the last of it has been read. Words that ask for no run need none.
	const isRun = !process.argv.slice(2).some(word => noRun.test(word));
	import('./cli/process/compile-cache.ts')
		.then(({keepCompiledCode}) => keepCompiledCode(process.env))
		.then(() =>
			isRun ? import('./engine/pool/start-thread.ts').then(({startThreadsEarly}) => startThreadsEarly(1)) : undefined,
		)
		.then(() => import('./cli/main.ts'))
		.then(({main}) => main());
}
