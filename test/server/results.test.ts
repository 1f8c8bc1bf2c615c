import {createHash} from 'node:crypto';
import {parse} from 'csv-parse/sync';
import {parquetReadObjects} from 'hyparquet';
import {expect, test} from 'vitest';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';
import {zipOf} from '../helpers/zip.ts';

async function resultOf(server: TestServer, file: string, ...analyses: readonly string[]): Promise<string> {
	const id = await server.run(null, file, analyses);
	await server.untilTask(null, id, 'COMPLETED');
	return id;
}

/** Strictly: every record has as many fields as the first one. */
const recordsOf = ({text}: Reply): readonly Readonly<Record<string, string>>[] => parse(text, {columns: true});

test('a result of several tables says which there are, and each is one that any program can read', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'sales.csv', GOOD_FILE);
	const id = await resultOf(server, file, 'transactions', 'quality');
	const {json: result} = await server.ask('GET', `/api/results/${id}`);
	const {json} = await server.ask('GET', result.links.tables);
	expect(json.tables.map(({name}: {name: string}) => name)).toEqual([
		...['transactions.categories', 'transactions.figures', 'quality.columns', 'quality.findings', 'quality.figures'],
	]);
	for (const {name, columns, rows, links} of json.tables) {
		const reply = await server.ask('GET', links.csv);
		expect(reply.headers.get('content-disposition')).toContain(`filename="sales.${name}.csv"`);
		expect(parse(reply.text)[0], name).toEqual(columns);
		expect(recordsOf(reply), name).toHaveLength(rows);
	}
	const {categories, ...figures} = result.results.transactions.result;
	const [table] = json.tables;
	expect(recordsOf(await server.ask('GET', table.links.csv))).toEqual(
		categories.map((row: object) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, String(cell)]))),
	);
	const [row] = recordsOf(await server.ask('GET', `/api/results/${id}.csv?table=transactions.figures`));
	expect(row).toMatchObject({
		total_transactions: String(figures.total_transactions),
		total_amount_exact: figures.total_amount_exact,
		date_range_earliest: figures.date_range.earliest,
		unique_customers: String(figures.unique_customers.value),
		unique_customers_exact: 'true',
	});
	// Without a choice it is the first one, which links to the others.
	const first = await server.ask('GET', `/api/results/${id}.csv`);
	expect(first.text).toBe((await server.ask('GET', table.links.csv)).text);
	expect(first.headers.get('link')?.match(/rel="alternate"/g)).toHaveLength(4);
	expect(await server.ask('GET', `/api/results/${id}.csv?table=sales.departments`)).toMatchObject({
		status: 404,
		json: {code: 'NO_TABLE', tables: json.tables.map(({name}: {name: string}) => name)},
	});
	for (const ending of ['exe', 'csvx', 'constructor', ''])
		expect((await server.ask('GET', `/api/results/${id}.${ending}`)).status).toBe(404);
});

test('Parquet has amounts as decimals, and names that look like numbers as text', async () => {
	const server = await startTestServer({isOpen: true});
	const text = `${GOOD_FILE}x1,c1,12345678901234.05,2024-01-01,007\n`.replaceAll(',food\n', ',12\n');
	const id = await resultOf(server, await server.upload(null, 'a.csv', text), 'transactions');
	const {json} = await server.ask('GET', `/api/results/${id}`);
	const response = await fetch(`${server.url}/api/results/${id}.parquet`);
	expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
	const rows = await parquetReadObjects({file: await response.arrayBuffer()});
	expect(rows.map(({category, count}) => [category, count])).toEqual(
		json.result.categories.map((row: {category: string; count: number}) => [row.category, BigInt(row.count)]),
	);
	const figures = await fetch(`${server.url}/api/results/${id}.parquet?table=transactions.figures`);
	const bytes = await figures.arrayBuffer();
	const {parquetMetadata} = await import('hyparquet');
	const exact = parquetMetadata(bytes).schema.find(({name}) => name === 'total_amount_exact');
	expect(exact).toMatchObject({converted_type: 'DECIMAL', scale: 2});
});

test('tables of an archive are those of all its files, with the file of each row', async () => {
	const server = await startTestServer({isOpen: true});
	const zip = zipOf([
		{name: 'a.csv', content: GOOD_FILE},
		{name: 'b.csv', content: GOOD_FILE},
	]);
	const id = await resultOf(server, await server.upload(null, 'both.zip', zip), 'transactions');
	const rows = recordsOf(await server.ask('GET', `/api/results/${id}.csv`));
	expect(new Set(rows.map(({file}) => file))).toEqual(new Set(['both.zip!a.csv', 'both.zip!b.csv']));
	expect(rows[0]).toHaveProperty('category');
});

test('formulas are no formulas in CSV, and a name is safe as a name', async () => {
	const server = await startTestServer({isOpen: true});
	const text = GOOD_FILE.replace(',food\n', ',=HYPERLINK("http://x")\n').replace(',food\n', ',\t=1\n');
	const id = await resultOf(server, await server.upload(null, `\u202eümläut it's (1).csv`, text), 'transactions');
	const reply = await server.ask('GET', `/api/results/${id}.csv`);
	expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
	expect(reply.headers.get('content-disposition')).toBe(
		`attachment; filename="_u202e_ml_ut it's (1).transactions.categories.csv"; filename*=UTF-8''_u202e%C3%BCml%C3%A4ut%20it%27s%20%281%29.transactions.categories.csv`,
	);
	expect(reply.headers.get('content-security-policy')).toBe('sandbox');
	expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
	expect(reply.text).toContain('HYPERLINK');
	expect(reply.text).not.toMatch(/(^|,|")[\t]?=/m);
	const {headers} = await server.ask('GET', `/api/results/${id}`);
	expect(headers.get('content-disposition')).toBeNull();
});

test.each([
	'result',
	'original',
] as const)('parts of a download (%s) are those of the whole, and of the same version only', async kind => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const id = await resultOf(server, file, 'transactions');
	const path = kind === 'result' ? `/api/results/${id}.csv` : `/api/v1/files/${file}/original`;
	const ask = (headers: Readonly<Record<string, string>>, method = 'GET') => server.ask(method, path, {headers});
	const whole = await ask({});
	const {text} = whole;
	const [tag, digest] = [whole.headers.get('etag') ?? '', whole.headers.get('repr-digest')];
	expect(digest).toBe(`sha-256=:${createHash('sha256').update(text).digest('base64')}:`);
	if (kind === 'original') expect(text).toBe(GOOD_FILE);
	const size = text.length;
	const cases = [
		['bytes=0-0', 0, 1],
		['bytes=3-9', 3, 10],
		['bytes=10-', 10, size],
		['bytes=-4', size - 4, size],
		[`bytes=-${size + 5}`, 0, size],
		[`bytes=5-${size + 5}`, 5, size],
	] as const;
	for (const [range, start, end] of cases)
		for (const condition of [{}, {'if-range': tag}]) {
			const part = await ask({range, ...condition});
			expect([part.status, part.text], range).toEqual([206, text.slice(start, end)]);
			expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${size}`);
			expect(part.headers.get('repr-digest')).toBe(digest);
		}
	// As if it was not asked for a part: another version, several parts, what is none.
	for (const headers of [
		{range: 'bytes=0-1', 'if-range': '"other"'},
		{range: 'bytes=0-1,3-4'},
		{range: 'lines=1-2'},
		{range: 'bytes=9-3'},
	])
		expect([(await ask(headers)).status, (await ask(headers)).text]).toEqual([200, text]);
	for (const range of [`bytes=${size}-`, 'bytes=-0']) {
		const none = await ask({range});
		expect(none).toMatchObject({status: 416, json: {code: 'RANGE_NOT_SATISFIABLE'}});
		expect(none.headers.get('content-range')).toBe(`bytes */${size}`);
		expect(none.headers.get('content-type')).toMatch('application/problem+json');
	}
	for (const header of [tag, `"x", W/${tag}`, '*'])
		expect(await ask({'if-none-match': header})).toMatchObject({status: 304, text: ''});
	const head = await ask({}, 'HEAD');
	expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(size)]);
	expect(head.headers.get('etag')).toBe(tag);
});

test('who accepts CSV rather than JSON gets the table, without an ending behind the id', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const task = await server.run(null, file);
	await server.untilTask(null, task, 'COMPLETED');
	const csv = await server.ask('GET', `/api/v1/results/${task}.csv`);
	for (const path of [`/api/v1/results/${task}`, `/api/v1/files/${file}/result`]) {
		for (const accept of ['text/csv', 'application/json;q=0.5, text/csv', 'TEXT/CSV;q=0.2,*/*;q=0.1']) {
			const reply = await server.ask('GET', path, {headers: {accept}});
			expect([reply.status, reply.text], accept).toEqual([200, csv.text]);
			expect(reply.headers.get('content-type')).toMatch(/^text\/csv/);
			expect(reply.headers.get('vary')).toContain('accept, ');
		}
		for (const accept of ['*/*', 'application/json', 'text/csv;q=0', 'text/csv;q=0.5, application/json', 'text/html'])
			expect((await server.ask('GET', path, {headers: {accept}})).json?.analysis, accept).toBe('transactions');
	}
});
