// Modules that export a processor: what they are given, what they return, and what is said of those that fail.
import {resolve} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {createStepRunner, failureOf} from '../helpers/run-step.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';

const uppercase = resolve('fixtures/processors/uppercase.ts');

test('the classic example makes a file of its text in upper case', async () => {
	const {run, results} = createStepRunner();
	const {text, metadata, outputs, data, said, state, report} = await run(
		uppercase,
		{},
		{name: 'note.txt', content: 'hello wörld\n'},
	);
	expect(text).toBe('HELLO WÖRLD\n');
	expect(metadata).toEqual({characters: 12});
	expect(outputs).toEqual([{name: 'c1__note.txt.uppercase.txt', bytes: 13}]);
	expect(data).toEqual(outputs[0]);
	expect({said, state, report}).toEqual({said: null, state: null, report: null});
	expect(results()).toEqual(['c1__note.txt.uppercase.txt']);
});

test('a text is unpacked and decoded, whatever its encoding', async () => {
	const {run} = createStepRunner();
	const texts = {
		utf8: Buffer.from('größer'),
		marked: Buffer.from('\ufeffgrößer'),
		'windows-1252': Buffer.from('größer', 'latin1'),
		'utf-16': Buffer.from('\ufeffgrößer', 'utf16le'),
		gzip: gzipSync('größer'),
	};
	for (const [name, content] of Object.entries(texts)) {
		const {text} = await run(uppercase, {}, {name: `${name}.txt`, content});
		expect(text, name).toBe('GRÖSSER');
	}
});

test('lines are the same wherever the file is cut, and in any encoding', async () => {
	const {run, module} = createStepRunner();
	const lines = module(
		'lines.mjs',
		'const lines = []; for await (const line of file.lines()) lines.push(line); return {metadata: {count: lines.length, last: lines.at(-1)?.slice(-9), length: lines.at(-1)?.length, joined: lines.length < 9 && lines.every(line => line.length < 9) ? lines : null}};',
	);
	const joined = async (content: string | Buffer) => (await run(lines, {}, {name: 'l.txt', content})).metadata.joined;
	expect(await joined('')).toEqual([]);
	expect(await joined('a')).toEqual(['a']);
	expect(await joined('a\nb\r\nc\rd\n\n')).toEqual(['a', 'b', 'c', 'd', '']);
	expect(await joined('a\r')).toEqual(['a']);
	expect(await joined(Buffer.from('ä\nö', 'latin1'))).toEqual(['ä', 'ö']);
	expect(await joined(Buffer.from('\ufeffä\r\nö', 'utf16le'))).toEqual(['ä', 'ö']);
	// Characters of two bytes over the seams of all chunks, and one byte at the end that says that it is no UTF-8.
	const long = `x${'ö\r\n'.repeat(300_000)}`;
	expect((await run(lines, {}, {name: 'l.txt', content: long})).metadata).toMatchObject({count: 300_000, last: 'ö'});
	const other = Buffer.concat([Buffer.from('é'.repeat(400_000)), Buffer.from([0xe9])]);
	expect((await run(lines, {}, {name: 'l.txt', content: other})).metadata).toMatchObject({
		count: 1,
		last: 'Ã©Ã©Ã©Ã©é',
		length: 800_001,
	});
});

test('records come by the names of their columns, malformed ones are left out and reported', async () => {
	const {run, module} = createStepRunner();
	const records = module(
		'records.mjs',
		'const all = []; for await (const record of file.records()) all.push(record); return {metadata: {count: all.length, all: all.slice(0, 5)}};',
	);
	const content = 'id;__proto__;id\n1;"a;b";x\nbroken\n2;ü;"y\nz"\n';
	const {metadata, report} = await run(records, {}, {name: 'r.csv', content: Buffer.from(content, 'latin1')});
	const all = metadata.all as readonly object[];
	expect(all.map(record => Object.entries(record))).toEqual([
		[
			['id', '1'],
			['__proto__', 'a;b'],
			['id_2', 'x'],
		],
		[
			['id', '2'],
			['__proto__', 'ü'],
			['id_2', 'y\nz'],
		],
	]);
	expect(report).toMatchObject({status: 'completed', rows: 3, rejected_rows: 1});
	expect(report?.rejects).toMatchObject([{line: 3, reason: 'field-count'}]);
	const large = await run(records, {}, {name: 'large.csv.gz', content: gzipSync(transactionsText(50_000))});
	expect(large.metadata.count).toBe(50_000);
});

test('a reading that is left early ends, and the file can be read again', async () => {
	const {run, module} = createStepRunner();
	const early = module(
		'early.mjs',
		`const first = async iterable => { for await (const piece of iterable) return piece; };
const [line, record, bytes] = [await first(file.lines()), await first(file.records()), (await first(file.bytes())).length];
return {metadata: {line, record: {...record}, bytes, again: await first(file.lines()), length: (await file.text()).length}};`,
	);
	const content = transactionsText(20_000);
	const {metadata} = await run(early, {}, {name: 'e.csv', content});
	expect(metadata).toEqual({
		line: 'transaction_id,customer_id,amount,date,category',
		record: {transaction_id: 't0', customer_id: 'c0', amount: '0.25', date: '2024-01-01', category: 'food'},
		bytes: 65_536,
		again: 'transaction_id,customer_id,amount,date,category',
		length: content.length,
	});
});

test('data may be text, bytes, or pieces as they come', async () => {
	const {run, module} = createStepRunner();
	const file = {name: 'd.csv', content: 'x\n'};
	const made = async (name: string, result: string) => (await run(module(name, result), {}, file)).text;
	expect(await made('text.mjs', "return {output: 'text'};")).toBe('text');
	expect(await made('bytes.mjs', "return {data: Buffer.from('bytes')};")).toBe('bytes');
	expect(await made('list.mjs', "return {data: ['a', Buffer.from('b')]};")).toBe('ab');
	expect(await made('pieces.mjs', "return {data: (async function* () { yield 'p'; yield* file.bytes(); })()};")).toBe(
		'px\n',
	);
	expect(await made('nothing.mjs', 'return {data: null};')).toBe(null);
	expect(await made('nothing-at-all.mjs', '')).toBe(null);
	const {outputs} = await run(module('ending.mjs', "return {data: '{}', ending: 'json'};"), {}, file);
	expect(outputs.map(({name}) => name)).toEqual(['c1__d.csv.own.json']);
});

test('a step whose processor has made a file before makes another one', async () => {
	const {run, results} = createStepRunner();
	await run(uppercase, {}, {name: 'n.txt', content: 'a'});
	await run(uppercase, {}, {name: 'n.txt', content: 'b'});
	expect(results()).toEqual(['c1__n.txt.uppercase-2.txt', 'c1__n.txt.uppercase.txt']);
});

test('names of results fit into the file system, however long the names are that they are made of', async () => {
	const {run, folder, results} = createStepRunner();
	const long = folder.write(
		'long.mjs',
		`export default {name: 'x${'y'.repeat(39)}', version: 1, create: () => ({process: () => ({data: '', ending: 'abcdefghijklmnop'})})};`,
	);
	const file = {name: 'n.txt', content: ''};
	for (const outputPrefix of [`c1__${'ä'.repeat(111)}.`, `c2__${'ä'.repeat(125)}.`]) {
		await run(long, {}, file, {outputPrefix});
		await run(long, {}, file, {outputPrefix});
	}
	const names = results();
	expect(names).toHaveLength(4);
	for (const name of names) {
		expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
		expect(Buffer.byteLength(name)).toBeGreaterThanOrEqual(254);
		expect(name).toMatch(/^c[12]__ä+\.?x?y*(?:-2)?\.abcdefghijklmnop$/);
	}
});

test('what the steps before have said, the tag, the claim and the settings are known', async () => {
	const {run, module, logged} = createStepRunner();
	const speaking = module(
		'speaking.mjs',
		"const {metadata, tag, claim} = context; context.log('hello ' + claim); console.log('printed'); return {tag: 'urgent', metadata: {metadata, tag, claim, config, name: file.name, size: file.size}};",
	);
	const {said, metadata} = await run(
		speaking,
		{level: 3},
		{name: 'sub/n.txt', content: 'abc'},
		{metadata: {before: [1]}, outputPrefix: 'c1__n.'},
	);
	expect(said).toBe('urgent');
	expect(metadata).toEqual({
		metadata: {before: [1]},
		tag: 'route',
		claim: 'c1',
		config: {level: 3},
		name: 'n.txt',
		size: 3,
	});
	expect(logged).toContain('hello c1');
});

test('a state goes from file to file as JSON', async () => {
	const {run, module, processors} = createStepRunner();
	const counter = module(
		'counter.mjs',
		'return {state: {files: context.state.files + 1}, metadata: {...context.state}};',
		'state: {files: 0},',
	);
	expect((await processors.loadModule(counter)).isStateful).toBe(true);
	const file = {name: 'f', content: ''};
	const first = await run(counter, {}, file);
	expect([first.metadata, Buffer.from(first.state ?? []).toString()]).toEqual([{files: 0}, '{"files":1}']);
	const second = await run(counter, {}, file, {state: first.state});
	expect([second.metadata, Buffer.from(second.state ?? []).toString()]).toEqual([{files: 1}, '{"files":2}']);
	expect((await failureOf(run(module('none.mjs', 'return {state: 1};'), {}, file))).message).toContain(
		'Expected no state',
	);
});

test('a configuration hears of what a module is, and of what is wrong with it', async () => {
	const {processors, folder, module} = createStepRunner();
	expect(await processors.loadModule(uppercase)).toMatchObject({
		name: 'uppercase',
		version: 1,
		isStateful: false,
		path: uppercase,
	});
	const refused = async (source: string) =>
		processors.loadModule(folder.write(`m${Math.random()}.ts`, source)).catch((error: unknown) => error);
	expect(await refused('export const x = 1;')).toMatchObject({message: expect.stringContaining('there is none')});
	expect(await refused('export default {name: "Not this"};')).toMatchObject({
		message: expect.stringContaining('name: expected'),
	});
	expect(await refused('\n\nthrow new Error("at once");')).toMatchObject({message: 'at once', line: 3});
	expect(await refused('\nconst x = ;')).toMatchObject({line: 2});
	expect(await refused('process.exit(3);')).toMatchObject({message: expect.stringContaining('process.exit(3)')});
	expect(await processors.loadModule(folder.at('nowhere.ts')).catch((error: unknown) => error)).toMatchObject({
		message: 'there is no such file',
	});
	const named = (name: string, more = '') =>
		`export default {name: '${name}', version: 1, ${more} create() { return {process() {}}; }};`;
	expect(await refused(named('filter'))).toMatchObject({
		message: 'expected another name than "filter", which is built in',
	});
	expect(await refused(named('keeps', 'state: 1,'))).toMatchObject({name: 'keeps'});
	expect(await refused(named('keeps', 'state: 1,'))).toMatchObject({
		message: expect.stringContaining('keeps its state'),
	});
	const picky = folder.write(
		'picky.mjs',
		`export default {name: 'picky', version: 2, create(config) { if (config.level === undefined) throw new Error('expected a level'); return {process() {}}; }};`,
	);
	expect(await processors.check(picky, {})).toEqual([
		{path: [], sentence: expect.stringContaining('expected a level (picky.mjs, line 1)')},
	]);
	expect(await processors.check(picky, {level: 1, timeout: 'long'})).toEqual([
		{path: ['timeout'], sentence: 'expected a number from 0.1 to 604800, but found "long" (seconds)'},
	]);
	expect(await processors.check(picky, {level: 1})).toEqual([]);
	const digest = await processors.digestOf(module('one.mjs', 'return {};'));
	expect(digest).toMatch(/^own 1 [0-9a-f]{64}$/);
});
