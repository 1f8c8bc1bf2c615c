// Modules that do to their process what a module can: the file fails with the reason, and the next one is processed.
import {spawn} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {isRunning} from '../helpers/is-running.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createStepRunner, failureOf, type StepRunner} from '../helpers/run-step.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const file = {name: 'f.txt', content: 'text\n'};

/** The next file is processed by the same processes. */
async function expectGoesOn({run, module}: StepRunner): Promise<void> {
	const {metadata} = await run(module('sound.mjs', 'return {metadata: {sound: true}};'), {}, file);
	expect(metadata).toEqual({sound: true});
}

const failures: readonly (readonly [what: string, statements: string, message: RegExp])[] = [
	['throws', "throw new Error('boom 42');", /^own: boom 42 \(bad\.mjs, line 4\)$/],
	['throws no error', 'throw undefined;', /^own: undefined$/],
	['rejects', "await null;\nthrow new TypeError('later');", /^own: TypeError: later \(bad\.mjs, line 5\)$/],
	[
		'throws where nobody catches it',
		"setTimeout(() => { throw new Error('aside'); });\nawait new Promise(() => {});",
		/aside \(bad\.mjs, line 4\)/,
	],
	[
		'leaves a promise that rejects',
		"Promise.reject(new Error('left'));\nawait new Promise(() => {});",
		/nobody waits for.*left \(bad\.mjs, line 4\)/,
	],
	['ends its process', '\nprocess.exit(7);', /process\.exit\(7\) \(bad\.mjs, line 5\)/],
	['returns a number', 'return 3;', /to return \{data, metadata, tag\}.*returned 3/],
	[
		'returns metadata that is no JSON',
		'const a = {}; a.a = a; return {metadata: a};',
		/metadata to be an object.*but JSON\.stringify refuses it/,
	],
	['returns what nobody asks for', "return {dta: 'x'};", /to return data, .*but it returned "dta", too/],
	['returns a function as metadata', 'return {metadata: () => 1};', /metadata to be an object.*a function/],
	['returns much metadata', "return {metadata: {much: 'x'.repeat(300_000)}};", /at most 256KiB of metadata/],
	['returns a number as its tag', 'return {tag: 3};', /tag to be a text/],
	['returns two tags', "return {tag: 'a', nextTag: 'b'};", /tag or nextTag/],
	['returns an object as data', 'return {data: {a: 1}};', /data to be text, bytes/],
	['returns pieces that are none', 'return {data: [1]};', /pieces of data.*one is 1/],
	[
		'has an iterator that throws',
		"return {data: (async function* () { yield 'a'; throw new Error('middle'); })()};",
		/middle \(bad\.mjs, line 4\)/,
	],
	['has a getter that throws', "return {get data() { throw new Error('got'); }};", /got \(bad\.mjs, line 4\)/],
	['returns a path as its ending', "return {data: '', ending: '../x'};", /ending to be/],
];

test.each(failures)('a module that %s fails its file alone', async (_, statements, message) => {
	const runner = createStepRunner();
	const error = await failureOf(runner.run(runner.module('bad.mjs', statements), {}, file));
	expect(error).toMatchObject({code: 'PROCESSOR_FAILED', mayPass: false});
	expect(error.message).toMatch(message);
	expect(runner.results()).toEqual([]);
	await expectGoesOn(runner);
});

test.each([
	['computes without end', 'for (;;);'],
	['waits without end', 'await new Promise(() => {});'],
	['makes data without end', "return {data: (function* () { for (;;) yield 'x'.repeat(1000); })()};"],
	['makes data that never comes', "return {data: (async function* () { yield 'a'; await new Promise(() => {}); })()};"],
	[
		'holds its process in the middle of its data',
		"return {data: (function* () { yield 'x'.repeat(100_000); for (;;); })()};",
	],
])('a module that %s is stopped after its time, and leaves nothing', async (_, statements) => {
	const runner = createStepRunner();
	const error = await failureOf(runner.run(runner.module('bad.mjs', statements), {timeout: 0.5}, file));
	expect(error).toMatchObject({code: 'PROCESSOR_FAILED', mayPass: false});
	expect(error.message).toBe(
		'own: It had not ended after 0.5 s, so it was stopped. "timeout" in "with" allows it more',
	);
	expect(runner.results()).toEqual([]);
	await expectGoesOn(runner);
});

test.each([
	['of objects', 'const all = []; for (;;) all.push({value: String(all.length)});'],
	['of a map, which grows by leaps', 'const all = new Map(); for (let i = 0; ; i++) all.set(i, {i});'],
	['of what one call makes', "'x'.repeat(2 ** 29 - 50).split('');"],
	['of texts', "const all = []; for (;;) all.push('x'.repeat(100_000) + all.length);"],
])('a heap full %s ends the process of the module alone', async (_, statements) => {
	const runner = createStepRunner({limits: {heapMiB: 128, memoryMiB: 2048}});
	const error = await failureOf(runner.run(runner.module('heap.mjs', statements), {}, file));
	expect(error).toMatchObject({code: 'PROCESSOR_FAILED', mayPass: false});
	expect(error.message).toContain('more than 128 MiB of memory');
	// What V8 has to say of it is for nobody.
	expect(runner.logged.join()).not.toContain('stack trace');
	await expectGoesOn(runner);
});

test('a module that fills memory outside of the heap is ended, whether it rests or not', async () => {
	const runner = createStepRunner({limits: {memoryMiB: 512}});
	for (const rest of ['', 'await new Promise(resolve => setTimeout(resolve, 1));']) {
		const statements = `const all = []; for (;;) { all.push(Buffer.alloc(1024 * 1024, 1)); ${rest} }`;
		const error = await failureOf(runner.run(runner.module(`buffers${rest.length}.mjs`, statements), {}, file));
		expect(error.message).toContain('more than 512 MiB of memory');
	}
	await expectGoesOn(runner);
});

test('a process whose parent was killed ends, whatever its module does', async () => {
	const folder = createTemporaryFolder();
	const source = (statements: string): string =>
		`export default {name: 'x', version: 1, create: () => ({async process() { require('node:fs').writeFileSync(process.env.PIDS, process.pid + '\\n', {flag: 'a'}); ${statements} }})};`.replace(
			'require(',
			'process.getBuiltinModule(',
		);
	const pids = folder.at('pids');
	const paths = ['for (;;);', 'await new Promise(() => {});'].map((each, index) =>
		folder.write(`m${index}.mjs`, source(each)),
	);
	const script = folder.write(
		'parent.ts',
		`import {createProcessors} from ${JSON.stringify(resolve('source/pipeline/processors/processors.ts'))};
const processors = createProcessors({threads: 2});
for (const processor of ${JSON.stringify(paths)}) {
	const step = {processor, with: {}, tags: {}};
	void processors.open(step).then(open => open.run({file: {claim: 'c', name: 'f', path: import.meta.filename, bytes: 1}, tag: '', step, metadata: {}, outputFolder: '', outputPrefix: '', state: null, signal: new AbortController().signal}));
}
setInterval(() => {}, 1000);`,
	);
	const parent = spawn(process.execPath, [script], {env: {...process.env, PIDS: pids}, stdio: 'ignore'});
	const found = (): readonly string[] => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n') : []);
	await vi.waitFor(() => expect(found()).toHaveLength(2), PATIENT);
	parent.kill('SIGKILL');
	await vi.waitFor(() => expect(found().filter(isRunning)).toEqual([]), PATIENT);
});

test.each([
	['is stopped', 'await new Promise(() => {});', 'It had not ended after 5 s'],
	['ends by itself', 'process.exit(3);', 'process.exit(3)'],
])('what a module has started ends with its process where that %s', async (_, end, message) => {
	const runner = createStepRunner();
	const statements = `const {spawn} = await import('node:child_process'); const child = spawn('sleep', ['600']); context.log('pid ' + child.pid); ${end}`;
	const error = await failureOf(runner.run(runner.module('starts.mjs', statements), {timeout: 5}, file));
	expect(error.message).toContain(message);
	const [, pid = ''] = /pid (\d+)/.exec(runner.logged.join()) ?? [];
	expect(pid).not.toBe('');
	await vi.waitFor(() => expect(isRunning(pid)).toBe(false), PATIENT);
});

test('what a module sends and prints is taken for nothing else', async () => {
	const runner = createStepRunner();
	const path = runner.module(
		'sends.mjs',
		"process.send?.({type: 'completed', outcome: null}); console.log('p'.repeat(100_000)); return {metadata: {done: true}};",
	);
	expect((await runner.run(path, {}, file)).metadata).toEqual({done: true});
	await vi.waitFor(() => expect(runner.logged.length).toBeGreaterThan(0), PATIENT);
	expect(Math.max(...runner.logged.map(({length}) => length))).toBeLessThanOrEqual(4000);
});

test('signals for all processes of a service do not end what is being processed', async () => {
	const runner = createStepRunner();
	const path = runner.module(
		'signalled.mjs',
		"for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.kill(process.pid, signal);\nawait new Promise(resolve => setTimeout(resolve, 50));\nreturn {metadata: {done: true}};",
	);
	expect((await runner.run(path, {}, file)).metadata).toEqual({done: true});
});

test('more data than is allowed fails the file, and so does a longer text', async () => {
	const runner = createStepRunner({limits: {maxOutputBytes: 1000, maxTextBytes: 4}});
	const much = runner.module('much.mjs', "return {data: 'x'.repeat(1001)};");
	expect((await failureOf(runner.run(much, {}, file))).message).toContain('at most 1kB of what it makes');
	const text = runner.module('text.mjs', 'return {data: await file.text()};');
	expect(await failureOf(runner.run(text, {}, file))).toMatchObject({code: 'TEXT_TOO_LONG'});
	expect(runner.results()).toEqual([]);
	expect((await runner.run(text, {}, {...file, content: 'four'})).text).toBe('four');
});

test('a file that cannot be read fails with what is wrong with it, unless the module catches that', async () => {
	const runner = createStepRunner();
	const reading = runner.module('reads.mjs', 'for await (const line of file.lines()); return {};');
	const cut = {name: 'cut.txt.gz', content: Buffer.from([0x1f, 0x8b, 8, 0, 0])};
	expect((await failureOf(runner.run(reading, {}, cut))).code).toBe('CORRUPT_GZIP');
	const catching = runner.module(
		'catches.mjs',
		'try { await file.text(); } catch (error) { return {metadata: {caught: error.message}}; }',
	);
	expect((await runner.run(catching, {}, cut)).metadata.caught).toMatch(/gzip/i);
});

test('a file is given up when its signal says so, and its process is told before it is ended', async () => {
	const runner = createStepRunner();
	const waits = runner.module(
		'waits.mjs',
		"context.log('begun'); await new Promise(resolve => context.signal.addEventListener('abort', resolve)); context.log('told'); return {};",
	);
	const controller = new AbortController();
	const logged = runner.logged as string[];
	logged.push = (...messages) => {
		if (messages.includes('begun')) controller.abort(new Error('no longer'));
		return Array.prototype.push.apply(logged, messages);
	};
	await expect(runner.run(waits, {}, file, {signal: controller.signal})).rejects.toThrow('no longer');
	expect(runner.logged).toContain('told');
	await expectGoesOn(runner);
});

test('what a file before has left running costs the next one its process, and is no fault of it', async () => {
	const runner = createStepRunner({threads: 1});
	const leaving = runner.module(
		'leaves.mjs',
		`const timer = setInterval(() => { if (globalThis.begun === config.until) { clearInterval(timer); throw new Error('of the one before'); } }, 5);
return {};`,
	);
	const waiting = runner.module(
		'waits.mjs',
		'globalThis.begun = true; await new Promise(resolve => setTimeout(resolve, config.wait)); return {metadata: {done: true}};',
	);
	await runner.run(leaving, {until: true}, file);
	const error = await failureOf(runner.run(waiting, {wait: 60_000}, file));
	expect(error).toMatchObject({code: 'WORKER_LOST', mayPass: true});
	expect(error.message).toContain('of the one before (leaves.mjs, line 4)');
	expect((await runner.run(waiting, {wait: 1}, file)).metadata).toEqual({done: true});
	// One that ends between two files is told in the log.
	await failureOf(runner.run(runner.module('exits.mjs', 'process.exit();'), {}, file));
	await runner.run(leaving, {}, file);
	const told = () => runner.logged.filter(line => line.includes('of the one before'));
	await vi.waitFor(() => expect(told()).toHaveLength(2), PATIENT);
	expect((await runner.run(waiting, {wait: 1}, file)).metadata).toEqual({done: true});
});

test('a process that cannot be started is no fault of the file', async () => {
	const {NODE_OPTIONS: before} = process.env;
	onTestFinished(() => {
		process.env.NODE_OPTIONS = before;
		if (before === undefined) delete process.env.NODE_OPTIONS;
	});
	process.env.NODE_OPTIONS = '--no-such-option-anywhere';
	const runner = createStepRunner();
	const error = await failureOf(runner.run('simple', {}, file));
	expect(error).toMatchObject({code: 'WORKER_LOST', mayPass: true});
});

test('a module that was changed since the configuration was read is not run with half of the files', async () => {
	const runner = createStepRunner({threads: 1});
	const path = runner.module('changed.mjs', 'return {metadata: {is: 1}};');
	expect((await runner.run(path, {}, file)).metadata).toEqual({is: 1});
	runner.module('changed.mjs', 'return {metadata: {is: 2}};');
	// The process that has it goes on with it; another one would get another module.
	expect((await runner.run(path, {}, file)).metadata).toEqual({is: 1});
	await failureOf(runner.run(runner.module('exits.mjs', 'process.exit();'), {}, file));
	const error = await failureOf(runner.run(path, {}, file));
	expect(error).toMatchObject({code: 'PROCESSOR_FAILED', mayPass: true});
	expect(error.message).toContain('was changed since the configuration was read');
});

test('many files share the processes, each with its own result', async () => {
	const runner = createStepRunner();
	const path = runner.module('echo.mjs', 'return {metadata: {text: await file.text()}};');
	const texts = Array.from({length: 60}, (_, index) => `text ${index}`);
	const runs = texts.map((content, index) => runner.run(path, {}, {name: `f${index}.txt`, content}));
	expect((await Promise.all(runs)).map(({metadata}) => metadata.text)).toEqual(texts);
});
