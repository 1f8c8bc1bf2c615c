// Several steps, one after the other: what the last one leaves, and what is told of the file as a whole.
import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {JsonObject, Pipeline} from '../../source/pipeline/pipeline.ts';
import {runSteps, type WayOutcome} from '../../source/pipeline/run-steps.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {createStepRunner, type StepRunner} from '../helpers/run-step.ts';

const step = (processor: string, settings: JsonObject = {}) => ({processor, with: settings, tags: {}});

async function walk(
	{processors, folder}: StepRunner,
	steps: Pipeline['routes'][number]['steps'],
	content: string,
	claim = 'c1',
): Promise<WayOutcome & {readonly text: string | null}> {
	const route = {tag: 'all', match: 'any', steps} as const;
	const way = await runSteps({
		pipeline: {routes: [route], digest: ''},
		route,
		file: {claim, name: 'f.csv', path: folder.write('in/f.csv', content), bytes: content.length},
		processor: processors.open,
		outputFolder: folder.at('results'),
		outputPrefix: `${claim}__f.csv.`,
		takeState: async () => null,
		onStep() {},
		aside: wait => wait(),
		signal: new AbortController().signal,
		now: () => performance.now(),
	});
	const last = way.outputs.findLast(({name}) => !name.endsWith('.rejects.csv'));
	return {...way, text: last === undefined ? null : readFileSync(folder.at(`results/${last.name}`), 'utf8')};
}

test('the report of a chain tells what became of each record that came', async () => {
	const runner = createStepRunner();
	const content = 'id;amount;note\n1;1;a\n2;5;a\nbroken\n3;9;ä\n4;x;a\n5;7;b\n5;8;c\n';
	const {report, text, failure, steps} = await walk(
		runner,
		[
			step('filter', {where: 'note != "b"'}),
			step('validate', {columns: {amount: {type: 'number', max: 8}}}),
			step('select', {columns: ['note', 'id']}),
			step('convert', {to: 'jsonl', where: 'id < 5'}),
		],
		content,
	);
	expect(failure).toBe(null);
	expect(steps.map(({processor}) => processor)).toEqual(['filter', 'validate', 'select', 'convert']);
	expect(text).toBe('{"note":"a","id":"1"}\n{"note":"a","id":"2"}\n');
	expect(report).toMatchObject({
		status: 'completed',
		rows: 7,
		rejected_rows: 3,
		filtered: 2,
		bytes: content.length + 1,
	});
	expect(report?.dialect?.delimiter).toBe(';');
	expect(report?.rejects.map(({line, reason}) => [line, reason])).toEqual([
		[4, 'field-count'],
		[4, 'not-accepted'],
		[5, 'not-a-number'],
	]);
});

test('steps that read the same file do not add up, and one that reads what a module has made tells of that', async () => {
	const runner = createStepRunner();
	const content = 'id,amount\n1,1\nbroken\n2,2\n';
	const rules = step('validate', {columns: {id: {}}});
	const reading = runner.module(
		'reads.mjs',
		'let n = 0; for await (const _ of file.records()) n++; return {metadata: {n}};',
	);
	const {report} = await walk(runner, [step(reading), step(reading), step('convert', {to: 'jsonl'})], content);
	expect(report).toMatchObject({rows: 3, rejected_rows: 1});
	const doubling = runner.module('doubles.mjs', "return {data: 'id\\n1\\n2\\n3\\n4\\n'};");
	const own = await walk(runner, [rules, step(doubling), rules], content, 'c2');
	expect(own.report).toMatchObject({rows: 4, rejected_rows: 0});
});

test('any order of steps accounts for all records', async () => {
	const runner = createStepRunner({reading: {dialect: {delimiter: ',', header: true}}});
	const cell = fc.constantFrom('1', '2', '3', '-4', 'x', '');
	const kinds = {
		filter: step('filter', {where: 'a > 0'}),
		validate: step('validate', {columns: {a: {type: 'integer'}, b: {unique: true}}}),
		convert: step('convert', {normalise: true}),
		select: step('select', {columns: ['b', 'a']}),
	};
	let claims = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.oneof(
					fc.tuple(cell, cell).map(cells => cells.join(',')),
					fc.constant('one,two,three'),
				),
				{maxLength: 12},
			),
			fc.array(fc.constantFrom(...Object.values(kinds)), {minLength: 1, maxLength: 4}),
			async (lines, steps) => {
				const content = `a,b\n${lines.map(line => `${line}\n`).join('')}`;
				const {report, text, failure} = await walk(runner, steps, content, `c${++claims}`);
				expect(failure).toBe(null);
				const {rows, rejected_rows: rejected, filtered = 0} = report ?? expect.fail('Expected a report');
				expect(rows).toBe(lines.length);
				// A table of which validate has rejected nothing is none of its results.
				const left = text === null ? lines.length : text.split('\n').length - 2;
				expect(rows - rejected - filtered).toBe(left);
			},
		),
		{numRuns: randomCases(60), seed: randomSeed},
	);
});
