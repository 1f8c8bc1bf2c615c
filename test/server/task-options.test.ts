// Options of tasks: how a data set is read, by the same settings as those of a run.
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {taskOptions} from '../../source/cli/commands/serve/task-options.ts';
import {checkConfig} from '../../source/cli/config-file/check-config.ts';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';

const ask = (server: TestServer, file_id: string, options: unknown, analyses = ['transactions']): Promise<Reply> =>
	server.ask('POST', '/api/run', {json: {file_id, analyses, options}, headers: {prefer: 'wait=60'}});

/** The report of a task that completes. */
async function reportOf(server: TestServer, ...asked: [file: string, options: object, analyses?: string[]]) {
	const {status, json} = await ask(server, ...asked);
	expect([status, json.status, json.error, json.detail]).toEqual([200, 'COMPLETED', null, undefined]);
	expect(json.options).toEqual(asked[1]);
	return (await server.ask('GET', json.links.result)).json;
}

test('a data set is read as its options say, each task in its own way, and rejects are those of this way', async () => {
	const server = await startTestServer({isOpen: true});
	const text = [
		'Export of today',
		'kunde;betrag;datum;art',
		"k1;'1.234,50';31.12.2024;food",
		"k2;'7,25';01.02.2024;N/A",
		"k3;'oops';01.02.2024;fuel",
		'',
	].join('\n');
	const file = await server.upload(null, 'a.txt', text);
	const options = {
		...{delimiter: ';', quote: 'single', skip_lines: 1, header: true, decimal: ',', thousands: '.'},
		...{date_format: 'd/m/y', null: 'N/A'},
		map: {customer_id: 'kunde', amount: 'betrag', date: 'datum', category: 'art'},
	};
	const report = await reportOf(server, file, options);
	expect(report).toMatchObject({rows: 3, rejected_rows: 1});
	expect(report.result).toMatchObject({
		...{total_amount_exact: '1241.75', date_range: {earliest: '2024-02-01', latest: '2024-12-31'}},
	});
	expect(report.result.categories.map(({category}: {category: string}) => category)).toEqual(['', 'food']);
	const rejects = parse((await server.ask('GET', report.links.rejects)).text, {columns: true});
	expect(rejects).toEqual([expect.objectContaining({_value: 'oops', kunde: 'k3', _reason: 'not-a-number'})]);
	// The same file in another way.
	const plain = await reportOf(server, file, {}, ['profile']);
	expect(plain.dialect).not.toEqual(report.dialect);
	expect((await server.ask('GET', plain.links.task)).json.options).toEqual({});
});

test('conditions, limits of rejects, columns and users are those of a run', async () => {
	const server = await startTestServer({isOpen: true});
	const good = await server.upload(null, 'a.csv', GOOD_FILE);
	const all = await reportOf(server, good, {});
	const some = await reportOf(server, good, {where: 'amount > 8'});
	expect(some.rows).toBe(all.rows);
	expect(some.filtered).toBeGreaterThan(0);
	expect(some.result.total_transactions + some.filtered).toBe(all.result.total_transactions);
	const bad = await server.upload(null, 'b.csv', `${GOOD_FILE}x,c1,none,2024-01-01,food\n`);
	expect((await ask(server, bad, {strict: true})).json).toMatchObject({
		status: 'FAILED',
		error: {code: 'TOO_MANY_REJECTS'},
	});
});

test('each option is the setting of its name', () => {
	const settingsOf = (options: object) => taskOptions.read({...options});
	for (const [options, settings] of [
		[
			{max_errors: '50%', fill: true},
			{maxErrors: '50%', fill: true},
		],
		[
			{key: 'id', user_pattern: 'who<(\\w+)>', user: 'client'},
			{keyColumn: 'id', userPattern: 'who<(\\w+)>', user: 'client'},
		],
		[
			{aliases: {amount: ['a', 'b']}, map: 'date=Datum'},
			{aliases: {amount: ['a', 'b']}, map: {date: 'Datum'}},
		],
		[
			{encoding: 'cp1251', thousands: 'none'},
			{encoding: 'windows-1251', thousands: ''},
		],
		[{quote: 'none', header: false, comment: '#'}, {dialect: {quote: 'none', header: false, comment: '#'}}],
		[{user: 'auto', strict: false}, {}],
		[{}, {}],
	] as const)
		expect(settingsOf(options)).toEqual({settings, faults: []});
});

test('what cannot be used is refused before anything is begun, with each fault in the words of the command', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const refused = async (options: unknown, analyses?: string[]) => {
		const {status, json} = await ask(server, file, options, analyses);
		return [status, json.code, json.detail];
	};
	expect(await refused({delimitter: ';'})).toEqual([
		...[400, 'UNKNOWN_OPTION', 'There is no option “delimitter”: did you mean delimiter?'],
	]);
	expect(await refused({skipLines: 1})).toEqual([
		...[400, 'UNKNOWN_OPTION', 'There is no option “skipLines”: did you mean skip_lines?'],
	]);
	for (const path of [{report: '/etc/x.json'}, {threads: 900}, {'log-file': '/x'}, {__proto__x: 1}])
		expect((await refused(path))[1]).toBe('UNKNOWN_OPTION');
	expect(await refused({skip_lines: -1})).toEqual([
		...[400, 'BAD_OPTION', 'skip_lines takes a whole number from 0 to 1000000, but got -1.'],
	]);
	for (const options of [
		...[{delimiter: 'abc'}, {delimiter: 5}, {header: 'yes'}, {decimal: ';'}, {date_format: 'x'}, {encoding: 'klingon'}],
		...[{where: 'amount >'}, {map: {amount: 5}}, {map: 'amount'}, {aliases: {nothing: 'x'}}, {user_pattern: '('}],
		...[{map: {colour: 'x'}}, {strict: true, max_errors: 5}, {null: null}],
		{key: 'id'},
	])
		expect((await refused(options)).slice(0, 2), JSON.stringify(options)).toEqual([400, 'BAD_OPTION']);
	const {json} = await ask(server, file, {delimiter: 'abc', skip_footer: 'x', quote: '!!'});
	expect(json.errors.map(({option}: {option: string}) => option)).toEqual(['delimiter', 'skip_footer', 'quote']);
	for (const options of ['', [], 5]) expect((await refused(options))[0]).toBe(400);
	expect((await server.ask('GET', '/api/run')).json.tasks).toEqual([]);
});

test('they say the same as a configuration file', () => {
	for (const [option, name, value] of [
		...[
			['skip_lines', 'skipLines', 'x'],
			['quote', 'quote', 'x'],
			['thousands', 'thousands', 'x'],
		],
		...[
			['date_format', 'dateFormat', 'soon'],
			['where', 'where', 'a >'],
			['max_errors', 'maxErrors', '200%'],
		],
	] as const) {
		const [fault] = taskOptions.read({[option]: value}).faults;
		const [issue] = checkConfig(JSON.stringify({[name]: value}), true).issues;
		expect(fault?.detail.replace(option, name)).toBe(issue?.sentence);
	}
});

test('the same options are the same request in any order, others are not; a restart keeps them', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	const file_id = await server.upload(null, 'a.csv', GOOD_FILE);
	const headers = {'idempotency-key': 'k1'};
	const send = (options: object) =>
		server.ask('POST', '/api/run', {json: {file_id, analyses: ['transactions'], options}, headers});
	const first = await send({fill: true, where: 'amount > 8'});
	const second = await send({where: 'amount > 8', fill: true});
	expect(second.json.task_execution_id).toBe(first.json.task_execution_id);
	expect((await send({where: 'amount > 9'})).status).toBe(422);
	await server.untilTask(null, first.json.task_execution_id, 'COMPLETED');
	await server.restart();
	const {json} = await server.ask('GET', first.json.links.self);
	expect(json.options).toEqual({fill: true, where: 'amount > 8'});
});

test('which options there are is listed, and described', async () => {
	const server = await startTestServer({isOpen: true});
	const {options} = (await server.ask('GET', '/api/v1/tasks')).json;
	expect(options.skip_lines).toMatchObject({type: 'integer', minimum: 0});
	const {json} = await server.ask('GET', '/openapi.json');
	const {schema} = json.paths['/api/v1/run'].post.requestBody.content['application/json'];
	expect(schema.properties.options.properties).toEqual(options);
	expect(schema.properties.options.additionalProperties).toBe(false);
});
