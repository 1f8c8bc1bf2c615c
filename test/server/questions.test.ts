// Questions of the command line as options of tasks.
import {expect, test} from 'vitest';
import {declareQuestion} from '../../source/analysis/question/declare-question.ts';
import {nameOfQuestion, questionNamed} from '../../source/analysis/question/named-question.ts';
import {type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const TEXT = [
	'shop,amount,day,who',
	'a,1.10,2024-01-02,ann',
	'b,2.20,2024-02-03,ben',
	'a,3.30,2024-02-04,ann',
	'b,oops,2024-02-05,cyd',
	'',
].join('\n');

const ask = (server: TestServer, file_id: string, options: object, more: object = {}): Promise<Reply> =>
	server.ask('POST', '/api/run', {json: {file_id, options, ...more}, headers: {prefer: 'wait=60'}});

async function completed(server: TestServer, file: string, options: object): Promise<Reply['json']> {
	const {json} = await ask(server, file, options);
	expect([json.status, json.error, json.options]).toEqual(['COMPLETED', null, options]);
	return json;
}

const resultOf = async (server: TestServer, task: Reply['json']): Promise<Reply['json']> =>
	(await server.ask('GET', task.links.result)).json;

test('a task answers a question as a run does: groups, exact sums, means, extremes, different values', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', TEXT);
	const grouped = await resultOf(
		server,
		await completed(server, file, {group_by: 'shop', sum: ['amount'], mean: 'amount', order_by: 'key'}),
	);
	expect(grouped).toMatchObject({analysis: 'question', rows: 4, rejected_rows: 1});
	expect(grouped.result.groups).toEqual([
		{shop: 'a', records: 2, sum_amount: '4.40', mean_amount: '2.200000'},
		{shop: 'b', records: 1, sum_amount: '2.20', mean_amount: '2.200000'},
	]);
	const single = await resultOf(
		server,
		await completed(server, file, {max: ['amount', 'day(day)'], distinct: 'who', where: 'shop = "a"'}),
	);
	expect(single).toMatchObject({
		filtered: 2,
		result: {records: 2, max_amount: '3.30', max_day: '2024-02-04', distinct_who: {value: 1, exact: true}},
	});
	// Several at the same time do not get into each other's way.
	const months = await Promise.all(
		['month(day)', 'year(day)', 'who'].map(async by => resultOf(server, await completed(server, file, {group_by: by}))),
	);
	expect(months.map(({result}) => result.groups.length)).toEqual([2, 1, 3]);
});

test('the groups of a question are a table, in full where the report lists fewer, and what several came to adds up', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', TEXT);
	const options = {group_by: 'who', sum: ['amount'], limit: 1};
	const task = await completed(server, file, options);
	expect((await resultOf(server, task)).result.groups).toHaveLength(1);
	const {json} = await server.ask('GET', `${task.links.result}/tables`);
	expect(json.tables).toMatchObject([
		{name: 'question.groups', columns: ['who', 'records', 'sum_amount'], rows: 2, is_complete: true},
		{name: 'question.figures'},
	]);
	const csv = await server.ask('GET', `${task.links.result}.csv?table=question.groups`);
	expect(csv.text.trim().split(/\r?\n/).toSorted()).toEqual(['ann,2,4.40', 'ben,1,2.20', 'who,records,sum_amount']);
	const again = await completed(server, await server.upload(null, 'b.csv', TEXT.replace('oops', '0.01')), options);
	const combined = await server.ask('POST', '/api/v1/results/combined', {
		json: {task_execution_ids: [task.task_execution_id, again.task_execution_id]},
	});
	expect(combined.json.analyses.question.groups).toEqual([{who: 'ann', records: 4, sum_amount: '8.80'}]);
	const other = await completed(server, file, {...options, limit: 2});
	const mixed = await server.ask('POST', '/api/v1/results/combined', {
		json: {task_execution_ids: [task.task_execution_id, other.task_execution_id]},
	});
	expect(mixed).toMatchObject({status: 409, json: {code: 'NOT_COMBINABLE'}});
});

test('a question in one line is the same as its parts, and says where in it something is wrong', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', TEXT);
	const lines: readonly (readonly [line: string, parts: object])[] = [
		[
			'sum amount, mean amount by shop where amount > 1.5 order by key limit 5',
			{group_by: 'shop', sum: ['amount'], mean: ['amount'], where: 'amount > 1.5', order_by: 'key', limit: 5},
		],
		['max day(day), distinct who', {max: ['day(day)'], distinct: ['who']}],
		['by month(day)', {group_by: 'month(day)'}],
	];
	for (const [question, parts] of lines) {
		const [whole, inParts] = [await completed(server, file, {question}), await completed(server, file, parts)];
		const [one, other] = [await resultOf(server, whole), await resultOf(server, inParts)];
		expect(one.result).toEqual(other.result);
		expect([one.analysis, one.filtered, one.rejected_rows]).toEqual(['question', other.filtered, other.rejected_rows]);
		const {json} = await server.ask('GET', `${whole.links.result}/tables`);
		expect(json.views).toMatchObject([{name: 'question', title: expect.stringMatching(/./), views: expect.anything()}]);
	}
	const profile = await server.run(null, file, ['profile']);
	await server.untilTask(null, profile, 'COMPLETED');
	expect((await server.ask('GET', `/api/v1/results/${profile}/tables`)).json.views).toMatchObject([{name: 'profile'}]);

	const wrong: readonly (readonly [
		options: object,
		detail: string,
		place?: {readonly start: number; readonly end: number},
	])[] = [
		[
			{question: 'sum amount by shop, day, who'},
			'question: Expected one column or two, but found 3, at character 25.',
			{start: 24, end: 28},
		],
		[
			{question: 'sum amount limit none'},
			'question: Expected a number from 1 to 100000 behind limit, but found none, at character 18.',
			{start: 17, end: 21},
		],
		[
			{question: 'sum amount where amount >'},
			expect.stringMatching(/^question: .*, at character \d+\.$/) as unknown as string,
		],
		[{question: 'sum month(day)'}, 'question: sum: takes a column of numbers, and month(day) is a date.'],
		[{question: 'limit 3'}, expect.stringContaining('Ask for something') as unknown as string],
		[{question: 7}, 'question takes a text, but got 7.'],
		[{question: 'by shop', sum: ['amount']}, 'sum: the option question says this, too: leave one of them out.'],
		[
			{question: 'by shop where amount > 1', where: 'amount > 2'},
			'where: the option question says this, too: leave one of them out.',
		],
	];
	for (const [options, detail, place] of wrong) {
		const {status, json} = await ask(server, file, options);
		expect([status, json.code, json.detail], JSON.stringify(options)).toEqual([400, 'BAD_OPTION', detail]);
		if (place !== undefined) expect(json.errors).toEqual([{option: 'question', detail, ...place}]);
	}
	expect((await ask(server, file, {question: 'by shop'}, {analyses: ['profile']})).json.detail).toBe(
		'The option question asks a question instead of an analysis: leave it or profile out.',
	);
	// A condition beside it is one for all that is asked.
	const {result} = await resultOf(server, await completed(server, file, {question: 'by shop', where: 'amount > 3'}));
	expect(result.groups).toEqual([{shop: 'a', records: 1}]);
});

test('what cannot be asked is refused when it is asked, as for flags; a column that is not there fails the task', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', TEXT);
	for (const [options, detail] of [
		[{sum: ['month(day)']}, 'sum: takes a column of numbers, and month(day) is a date.'],
		[{group_by: 'shop', distinct: ['who']}, /^distinct: different values are counted over all records/],
		[{limit: 3}, /^limit: belongs to groups, and nothing is grouped/],
		[{group_by: 'shop', order_by: 'who'}, 'order_by: takes one of records, key here, but got who.'],
		[{group_by: 'shop', limit: 0}, /limit/],
	] as const) {
		const {status, json} = await ask(server, file, options);
		expect([status, json.code], JSON.stringify(options)).toEqual([400, 'BAD_OPTION']);
		expect(json.detail).toMatch(detail);
	}
	expect((await ask(server, file, {sum: ['amount']}, {analyses: ['profile']})).json).toMatchObject({
		code: 'BAD_OPTION',
		detail: 'The option sum asks a question instead of an analysis: leave it or profile out.',
	});
	const name = nameOfQuestion({
		...{groupBy: null, sum: ['amount'], mean: [], min: [], max: [], distinct: [], orderBy: null, limit: null},
	});
	expect((await ask(server, file, {}, {analyses: [name]})).json.code).toBe('UNKNOWN_TASK');
	expect((await ask(server, file, {sum: ['amuont']})).json).toMatchObject({
		status: 'FAILED',
		error: {code: 'MISSING_COLUMN', message: expect.stringContaining('of the question')},
	});
	const {json} = await server.ask('GET', '/api/v1/tasks');
	expect(json.options).toMatchObject({sum: expect.anything(), group_by: {type: expect.anything()}});
});

test('a question is remembered with its task, by one that is tried again and by the next process', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', TEXT);
	const failed = (await ask(server, file, {sum: ['gone'], group_by: 'shop'})).json;
	await server.ask('POST', `${failed.links.self}/retry`);
	await server.untilTask(null, failed.task_execution_id, 'FAILED');
	expect((await server.ask('GET', failed.links.self)).json).toMatchObject({
		...{options: {sum: ['gone'], group_by: 'shop'}, attempts: 2, error: {code: 'MISSING_COLUMN'}},
	});
	await server.restart({maxConcurrentTasks: 0});
	const waiting = (await server.ask('POST', '/api/run', {json: {file_id: file, options: {sum: ['amount']}}})).json;
	await server.restart({maxConcurrentTasks: 10});
	await server.untilTask(null, waiting.task_execution_id, 'COMPLETED');
	expect((await resultOf(server, waiting)).result).toEqual({records: 3, sum_amount: '6.60'});
});

const hexOf = (text: string): string => `question-${Buffer.from(text).toString('hex')}`;

test('a question is known by its name alone, and anything else is none', () => {
	const question = {
		...{groupBy: 'shop, month(day)', sum: ['amount'], mean: [], min: [], max: ['day(day)'], distinct: []},
		...{orderBy: 'key', limit: 7},
	};
	const name = nameOfQuestion(question);
	expect(questionNamed(name)).toEqual({...declareQuestion(question), name});
	for (const other of [
		'question',
		'question-',
		hexOf('[]'),
		hexOf('[1]'),
		hexOf('{'),
		hexOf('[1,[],[],[],[],[],null,null]'),
		'sales',
	])
		expect(questionNamed(other), other).toBeUndefined();
});
