// What is told of a file before anything is made of it, and its newest result.
import {expect, test} from 'vitest';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';
import {zipOf} from '../helpers/zip.ts';

test('a preview says how a file is written, what its columns are, and what can be made of it, as options say', async () => {
	const server = await startTestServer({isOpen: true});
	const text =
		'transaction_id;customer_id;amount;date;category\nt1;c1;1.234,50;31.12.2024;food\nt2;c2;7,25;01.02.2024;fuel\n';
	const file = await server.upload(null, 'a.csv', text);
	const {json: listed} = await server.ask('GET', `/api/v1/files/${file}`);
	const {status, json} = await server.ask('GET', listed.links.preview);
	expect([status, json.dialect.delimiter, json.dialect.header, json.records]).toEqual([200, ';', true, 2]);
	expect(json.columns.map(({name, type, format}: Record<string, string>) => [name, type, format])).toEqual([
		...[
			['transaction_id', 'text', null],
			['customer_id', 'text', null],
		],
		...[
			['amount', 'decimal', '1.234,56'],
			['date', 'date', 'd/m/y'],
			['category', 'text', null],
		],
	]);
	expect(json.preview).toEqual([
		['t1', 'c1', '1.234,50', '31.12.2024', 'food'],
		['t2', 'c2', '7,25', '01.02.2024', 'fuel'],
	]);
	expect(json.analyses[0]).toBe('transactions');
	expect(json).toMatchObject({file_id: file, quick: false, problems: []});
	const as = (options: unknown) =>
		server.ask('GET', `${listed.links.preview}?options=${encodeURIComponent(JSON.stringify(options))}`);
	expect((await as({delimiter: '|', header: false})).json.columns.map(({name}: {name: string}) => name)).toEqual([
		'column_1',
	]);
	for (const options of [{delimiter: 'abc'}, [], 5])
		expect(await as(options)).toMatchObject({status: 400, json: {code: 'BAD_OPTION'}});
	expect(await server.ask('GET', `${listed.links.preview}?options={`)).toMatchObject({
		status: 400,
		json: {code: 'BAD_OPTION'},
	});
	expect((await server.ask('GET', '/api/v1/files/f_none/preview')).status).toBe(404);
	// Of an archive the first file; what cannot be read says why.
	const zip = await server.upload(
		null,
		'a.zip',
		zipOf([
			{name: 'b.csv', content: GOOD_FILE},
			{name: 'c.csv', content: 'x'},
		]),
	);
	expect((await server.ask('GET', `/api/v1/files/${zip}/preview`)).json.columns).toHaveLength(5);
	const html = await server.upload(null, 'x.txt', '<!doctype html><html><body>none</body></html>');
	const told = await server.ask('GET', `/api/v1/files/${html}/preview`);
	expect(told.status).toBe(200);
	expect(told.json.dialect === null || told.json.analyses.includes('lines')).toBe(true);
	expect((await server.ask('GET', '/api/run')).json.tasks).toEqual([]);
});

test('a file has the result of the task that has ended last', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', `${GOOD_FILE}x,c1,none,2024-01-01,food\n`);
	const path = `/api/v1/files/${file}/result`;
	expect(await server.ask('GET', path)).toMatchObject({status: 409, json: {code: 'NOT_COMPLETED'}});
	const ids: string[] = [];
	for (const analysis of ['transactions', 'quality']) {
		ids.push(await server.run(null, file, [analysis]));
		await server.untilTask(null, ids.at(-1) ?? '', 'COMPLETED');
		expect((await server.ask('GET', path)).json.task_execution_id).toBe(ids.at(-1));
	}
	for (const ending of ['.json', '.csv', '.parquet', '']) {
		const [ofFile, ofTask] = [
			await server.ask('GET', `${path}${ending}`),
			await server.ask('GET', `/api/results/${ids[1]}${ending}`),
		];
		expect([ofFile.status, ofFile.text]).toEqual([200, ofTask.text]);
		expect(ofFile.headers.get('repr-digest')).toBe(ofTask.headers.get('repr-digest'));
	}
	expect((await server.ask('GET', `${path}.exe`)).status).toBe(404);
	const again = await server.run(null, file, ['transactions']);
	await server.untilTask(null, again, 'COMPLETED');
	expect((await server.ask('GET', `/api/v1/files/${file}/rejects.csv`)).text).toBe(
		(await server.ask('GET', `/api/results/${again}/rejects.csv`)).text,
	);
	expect((await server.ask('GET', '/api/v1/files/f_none/result')).status).toBe(404);
});
