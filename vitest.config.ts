import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {defineConfig} from 'vitest/config';

// Threads of the engine run the sources as they are, and Node takes the types out of them with a large WebAssembly module,
// which each thread would compile anew: 170 ms for each start instead of 40, and V8 now and then fails as several come and go
// (nodejs/node#64500). What Node has kept needs no module. Inherited by the processes that run the tests.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

const SHARED = [
	'test/{analysis,corpus,input,kernel,model,property,report,store,text,ui,ledger}/**/*.test.{ts,tsx}',
	// These replace modules, or what the whole process has.
	'test/cli/!(limit-young-generation|log-file|past-runs|prestart-threads).test.ts',
];
/** To load all that a server is made of takes longer than most of its tests. */
const SERVER = 'test/server/**/*.test.ts';

export default defineConfig({
	test: {
		// Most tests wait for a process or a terminal, so vitest's own number, one less than the cores, leaves them idle.
		maxWorkers: availableParallelism(),
		// Ink paints nothing until exit when CI is set; the screens under test are interactive ones.
		env: {CI: 'false', NODE_ENV: 'production', FORCE_COLOR: '0'},
		// Far more than any test takes, so that only a test that hangs is ended on a busy machine.
		testTimeout: 900_000 * Math.max(1, Number(process.env.RANDOM_CASES ?? 1)),
		hookTimeout: 900_000,
		// Node loads the sources itself, as threads of the engine do: the module runner of Vite makes each access to an import a
		// look-up, in loops as well, and has no compile cache.
		experimental: {viteModuleRunner: false},
		setupFiles: [
			'test/helpers/run-sources.ts',
			...(process.env.RANDOM_CASES === undefined ? [] : ['test/helpers/more-cases.ts']),
		],
		// To start a process for each file takes longer than most files of these rooms: they leave nothing behind, and share one.
		projects: [
			{extends: true, test: {name: 'shared', isolate: false, include: SHARED}},
			// Apart from the others, which register analyses that a server would offer.
			{extends: true, test: {name: 'server', isolate: false, include: [SERVER]}},
			{extends: true, test: {name: 'alone', include: ['test/**/*.test.{ts,tsx}'], exclude: [...SHARED, SERVER]}},
		],
	},
});
