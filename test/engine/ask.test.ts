// Questions about files of a run, which are read again, with real threads.
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import type {Run} from '../../source/engine/run/run-options.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const never = new AbortController().signal;
const text =
	'customer_id,amount,date,category,shop\na,1.50,2024-01-02,toys,x\nb,2,2024-02-01,food,x\nc,-1,2024-02-03,toys,y\nd,n/a,2024-02-03,toys,y\n';

async function runOf(paths: readonly string[], where?: string): Promise<Run> {
	const run = startBatch({plan: await planFiles(paths), paths, settings: {threads: 1, where}, onEvent() {}});
	await run.done;
	return run;
}

test('a question is answered from a file and from a packed one, about any of its columns', async () => {
	const folder = createTemporaryFolder();
	const files = [folder.write('a.csv', text), folder.write('b.csv.gz', gzipSync(text))];
	const run = await runOf(files);
	for (const file of files) {
		const answer = await run.onDemand?.ask?.('sum amount by shop where category = "toys"', file, never);
		expect(answer).toEqual({
			records: 2,
			sum_amount: '0.50',
			groups: [
				{shop: 'x', records: 1, sum_amount: '1.50'},
				{shop: 'y', records: 1, sum_amount: '-1.00'},
			],
			group_count: {value: 2, exact: true},
		});
	}
});

test('it is about the records of the run', async () => {
	const file = createTemporaryFolder().write('a.csv', text);
	const run = await runOf([file], 'shop = "x" or shop = "z"');
	expect(await run.onDemand?.ask?.('max amount where category = "toys"', file, never)).toEqual({
		records: 1,
		max_amount: '1.50',
	});
});

test('a column that is not there is told, with the closest one', async () => {
	const file = createTemporaryFolder().write('a.csv', text);
	const run = await runOf([file]);
	await expect(run.onDemand?.ask?.('sum amuont', file, never)).rejects.toThrow(
		'The column amuont of the question is missing. Did you mean "amount" for amuont? ',
	);
	await expect(run.onDemand?.ask?.('by shop where shp = "x"', file, never)).rejects.toThrow('Did you mean "shop"');
});

test('a file that fits no analysis is asked about, too', async () => {
	const file = createTemporaryFolder().write('a.csv', 'planet,moons,mass\nEarth,1,5.97\nMars,2,0.64\nVenus,0,4.87\n');
	const run = await runOf([file]);
	expect(await run.onDemand?.ask?.('sum moons, max mass', file, never)).toEqual({
		records: 3,
		sum_moons: '3',
		max_mass: '5.97',
	});
});

test('what cannot be understood says why', async () => {
	const run = await runOf([createTemporaryFolder().write('a.csv', text)]);
	const problem = (question: string): unknown => run.onDemand?.understand?.(question);
	expect(problem('sum amount by category')).toMatchObject({info: {title: 'Sum of amount by category'}});
	expect(problem('')).toMatchObject({problem: expect.stringContaining('Ask for something')});
	expect(problem('total amount')).toMatchObject({problem: expect.stringContaining('Expected sum, mean')});
	expect(problem('sum amount where amount >')).toMatchObject({problem: expect.stringContaining('nothing more')});
	expect(problem('sum amount by a,b,c')).toMatchObject({problem: expect.stringContaining('one column or two')});
	expect(problem('sum amount by a by b')).toMatchObject({problem: 'Expected by only once'});
	for (const question of ['sum amount group by category', 'sum amount by category order by key limit 5'])
		expect(problem(question)).toMatchObject({info: {title: 'Sum of amount by category'}});
	expect(problem('sum amount by a order by max')).toMatchObject({
		problem: 'order by: takes one of records, sum_amount, key here, but got max',
	});
	expect(problem('sum amount limit 5')).toMatchObject({problem: expect.stringContaining('nothing is grouped')});
	for (const limit of ['0', '100001', 'x', '1e3'])
		expect(problem(`sum amount by a limit ${limit}`)).toMatchObject({
			problem: `Expected a number from 1 to 100000 behind limit, but found ${limit}`,
		});
});
