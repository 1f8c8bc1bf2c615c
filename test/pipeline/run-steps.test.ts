// The way of a file along its steps: laws over random pipelines, against a walk by hand.
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
	MAX_STEPS,
	type Pipeline,
	type Processor,
	type Route,
	StepError,
	type StepInput,
	type StepOutcome,
} from '../../source/pipeline/pipeline.ts';
import {runSteps, type StepsOptions} from '../../source/pipeline/run-steps.ts';
import {randomCases} from '../helpers/random-cases.ts';

const NOTHING: StepOutcome = {said: null, metadata: {}, outputs: [], data: null, report: null, state: null};

function processorOf(name: string, run: (input: StepInput) => Partial<StepOutcome>, isStateful = false): Processor {
	return {name, version: 1, isStateful, run: async input => ({...NOTHING, ...run(input)}), async close() {}};
}

function optionsOf(routes: readonly Route[], processors: readonly Processor[]): StepsOptions {
	const [route] = routes;
	if (route === undefined) throw new Error('Expected a route');
	const pipeline: Pipeline = {routes, digest: ''};
	return {
		...{pipeline, route, outputFolder: '/out', outputPrefix: 'c__a.csv.', now: () => 0},
		file: {claim: 'c', name: 'a.csv', path: '/in/a.csv', bytes: 7, contentHash: 'sha256:00'},
		async processor({processor}) {
			return processors.find(({name}) => name === processor) ?? expect.fail(`no ${processor}`);
		},
		takeState: async () => null,
		onStep() {},
		aside: wait => wait(),
		signal: new AbortController().signal,
	};
}

const step = (processor: string, tags: Readonly<Record<string, string>> = {}) => ({processor, with: {}, tags});

test('a step reads what the one before has written, and nobody knows its hash', async () => {
	const read: unknown[] = [];
	const look = (name: string, outcome: Partial<StepOutcome> = {}): Processor =>
		processorOf(name, ({file: {path, bytes, contentHash}, metadata}) => {
			read.push({path, bytes, contentHash, metadata});
			return outcome;
		});
	const data = {name: 'c__a.csv.upper.txt', bytes: 9};
	const upper = look('upper', {data, outputs: [data], metadata: {words: 2}});
	const way = await runSteps(
		optionsOf([{tag: 'all', match: 'any', steps: [step('upper'), step('last')]}], [upper, look('last')]),
	);
	expect(read).toEqual([
		{path: '/in/a.csv', bytes: 7, contentHash: 'sha256:00', metadata: {}},
		{path: join('/out', data.name), bytes: 9, contentHash: undefined, metadata: {words: 2}},
	]);
	expect(way).toMatchObject({failure: null, tag: 'all', outputs: [data], metadata: {words: 2}});
	expect(way.steps.map(({processor}) => processor)).toEqual(['upper', 'last']);
});

test('what is said leads to another route, and the rest of the first one is left out', async () => {
	const routes: Route[] = [
		{tag: 'first', match: 'any', steps: [step('say', {urgent: 'page'}), step('never')]},
		{tag: 'page', match: null, steps: [step('ring')]},
	];
	const way = await runSteps(
		optionsOf(routes, [processorOf('say', () => ({said: 'urgent'})), processorOf('ring', () => ({}))]),
	);
	expect(way).toMatchObject({failure: null, tag: 'page', step: 'ring'});
	expect(way.steps.map(({processor, tag}) => [processor, tag])).toEqual([
		['say', 'urgent'],
		['ring', 'page'],
	]);
});

test('a tag that the step does not know fails the file, with those that it knows', async () => {
	const route: Route = {tag: 'all', match: 'any', steps: [step('say', {one: 'all', two: 'all'})]};
	const {failure} = await runSteps(optionsOf([route], [processorOf('say', () => ({said: 'three'}))]));
	expect(failure).toMatchObject({code: 'UNKNOWN_TAG'});
	expect(failure?.message).toContain('"one", "two"');
});

test('a failure ends the way with what there is, and a fault of the program is none of the file', async () => {
	const fails = processorOf('fails', () => {
		throw new StepError('PROCESSOR_FAILED', 'boom', {mayPass: true});
	});
	const first = processorOf('first', () => ({metadata: {a: 1}}));
	const route: Route = {tag: 'all', match: 'any', steps: [step('first'), step('fails'), step('first')]};
	const way = await runSteps(optionsOf([route], [first, fails]));
	expect(way).toMatchObject({failure: {code: 'PROCESSOR_FAILED', mayPass: true}, step: 'fails', metadata: {a: 1}});
	const broken = processorOf('first', () => {
		throw new TypeError('of ours');
	});
	await expect(runSteps(optionsOf([route], [broken, fails]))).rejects.toThrow('of ours');
});

test('a step is known by the name of its processor, also where it is named by the path of its module', async () => {
	const told: string[] = [];
	const way = await runSteps({
		...optionsOf([{tag: 'all', match: 'any', steps: [step('/modules/own.ts')]}], []),
		processor: async () => processorOf('own', () => ({})),
		onStep: (tag, processor) => void told.push(`${tag} ${processor}`),
	});
	expect(way).toMatchObject({failure: null, step: 'own'});
	expect(told).toEqual(['all own']);
});

test('a processor that keeps something is given what it kept last on the way', async () => {
	const given: (string | null)[] = [];
	const counts = processorOf(
		'counts',
		({state}) => {
			given.push(state === null ? null : Buffer.from(state).toString());
			return {state: Buffer.from(String(given.length))};
		},
		true,
	);
	const route: Route = {tag: 'all', match: 'any', steps: [step('counts'), step('counts')]};
	const options = {...optionsOf([route], [counts]), takeState: async () => Buffer.from('kept')};
	const way = await runSteps(options);
	expect(given).toEqual(['kept', '1']);
	expect(Array.from(way.states, ([name, state]) => [name, Buffer.from(state).toString()])).toEqual([['counts', '2']]);
});

test('any way ends: as a walk by hand says, or after the most steps there may be', async () => {
	const names = ['r0', 'r1', 'r2', 'r3'];
	const tags = fc.constantFrom(...names, null);
	const routesOf = fc.array(fc.array(tags, {maxLength: 4}), {minLength: names.length, maxLength: names.length});
	await fc.assert(
		fc.asyncProperty(routesOf, async says => {
			const routes = says.map((jumps, index): Route => {
				const steps = jumps.map(to => step(to === null ? 'stay' : `to-${to}`, to === null ? {} : {go: to}));
				return {tag: `r${index}`, match: index === 0 ? 'any' : null, steps};
			});
			const walked: string[] = [];
			for (let [route, place] = [0, 0]; walked.length < MAX_STEPS; ) {
				const to = says[route]?.[place];
				if (to === undefined) break;
				walked.push(to === null ? 'stay' : `to-${to}`);
				[route, place] = to === null ? [route, place + 1] : [names.indexOf(to), 0];
			}
			const processors = [
				processorOf('stay', () => ({})),
				...names.map(name => processorOf(`to-${name}`, () => ({said: 'go'}))),
			];
			const way = await runSteps(optionsOf(routes, processors));
			expect(way.steps.map(({processor}) => processor)).toEqual(walked);
			const mayEnd = walked.length < MAX_STEPS;
			if (mayEnd) expect(way.failure).toBeNull();
			else expect(way.failure?.code ?? 'TOO_MANY_STEPS').toBe('TOO_MANY_STEPS');
		}),
		{numRuns: randomCases(200)},
	);
});
