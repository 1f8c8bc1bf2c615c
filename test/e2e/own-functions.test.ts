// Analyses with functions: each thread loads their module, and runs them on its records.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand, startProgram} from '../helpers/command.ts';

const data = resolve('fixtures/transactions');
const example = resolve('fixtures/analyses/fees-by-weekday.ts');
const expected: unknown = JSON.parse(readFileSync('fixtures/analyses/fees-by-weekday.expected.json', 'utf8'));

/** A folder with a file of three records, and files beside it. */
function createData(files: Readonly<Record<string, string | Uint8Array>>): string {
	const cwd = createFolder();
	for (const [name, text] of Object.entries({'a.csv': 'amount,shop\n1.0050,a\n2,"b ""x"""\n,c\n', ...files})) {
		mkdirSync(dirname(join(cwd, name)), {recursive: true});
		writeFileSync(join(cwd, name), text);
	}
	return cwd;
}

const module = (functions: string, measures = "total: sum('fee')"): string =>
	`import {count, defineAnalysis, distinct, dateRange, groupBy, month, sum} from 'fileproc-tui';
export default defineAnalysis({
	name: 'own', version: 1, title: 'Own', columns: {amount: {is: 'number', optional: true}, shop: {is: 'text'}},
	${functions},
	measures: {records: count(), ${measures}},
});
`;
/** On which line of `module` the functions begin. */
const FUNCTIONS_LINE = 4;
const derive = (fee: string): string => `derive: {fee: {is: 'number', decimals: 2, js: ${fee}}}`;
const good = module(derive('record => record.amount'));

test('the example gives its expected result, with any number of threads', async () => {
	for (const threads of ['1', '3']) {
		const {code, stdout, stderr} = await runCommand([data, '--analysis', example, '--json', '--threads', threads]);
		expect({code, stderr}).toMatchObject({code: 0});
		expect(stderr).not.toMatch(/warning|experimental/i);
		const report = parseReport(stdout);
		expect(report.analyses).toEqual({'fees-by-weekday': expected});
		expect(report.totals.rejected_rows).toBe(88);
		expect(report.files[0]?.rejects[0]).toMatchObject({
			column: null,
			reason: 'not-accepted',
			value: 'below the least amount of 5',
		});
	}
});

test('numbers, texts and dates are computed, and none is as an empty cell', async () => {
	const functions = `derive: {
		fee: {is: 'number', decimals: 2, js: ({amount}) => amount === null ? null : amount * 1},
		exact: {is: 'number', js: ({shop}) => shop === 'a' ? '123456789012345678901234.5' : 5n},
		label: {is: 'text', js: ({shop, amount}) => amount === null ? null : 'Läden ' + shop},
		due: {is: 'date', js: ({shop}) => shop === 'a' ? '2024-05-31' : shop === 'c' ? null : new Date('2024-06-01T23:00:00Z')},
	}`;
	const measures = `fees: sum('fee'), exact: sum('exact'), due: dateRange('due'), labels: distinct('label'),
		months: groupBy([month('due'), 'label'], {fees: sum('fee')}, {orderBy: 'key'})`;
	const cwd = createData({'own.ts': module(functions, measures)});
	const {stdout} = await runCommand(['a.csv', '--analysis', './own.ts', '--json'], {cwd});
	expect(parseReport(stdout).analyses.own).toEqual({
		records: 3,
		fees: '3.00',
		exact: '123456789012345678901244.500000',
		due: {earliest: '2024-05-31', latest: '2024-06-01'},
		labels: {value: 2, exact: true},
		months: [
			{month: '', label: '', fees: null},
			{month: '2024-05', label: 'Läden a', fees: '1.00'},
			{month: '2024-06', label: 'Läden b "x"', fees: '2.00'},
		],
	});
});

test('texts of a file in Windows-1252 are decoded for functions, and what they give stays as it is', async () => {
	const own = module(
		"derive: {label: {is: 'text', js: ({shop}) => '€ ' + shop}}",
		"shops: groupBy(['shop', 'label'], {records: count()}, {orderBy: 'key'}), labels: distinct('label')",
	);
	const cwd = createData({'own.ts': own, 'a.csv': Buffer.from('amount,shop\n1,gr\xfcn\n2,\x80\n', 'latin1')});
	const {stdout} = await runCommand(['a.csv', '--analysis', './own.ts', '--json'], {cwd});
	expect(parseReport(stdout).analyses.own).toEqual({
		records: 2,
		shops: [
			{shop: 'grün', label: '€ grün', records: 1},
			{shop: '€', label: '€ €', records: 1},
		],
		labels: {value: 2, exact: true},
	});
});

test.each<readonly [string, string, string]>([
	[
		'throws',
		derive("({shop}) => {\n\tif (shop === 'c') throw new Error('no\\u001b[2J c');\n\treturn 1;\n}"),
		`own.ts:${FUNCTIONS_LINE + 1}: derive.fee threw an error for the record on line 4: no`,
	],
	[
		'reads of nothing',
		derive('({amount}) => amount.toFixed()'),
		`own.ts:${FUNCTIONS_LINE}: derive.fee threw an error for the record on line 4: Cannot read properties of null`,
	],
	[
		'throws a text',
		derive("() => { throw 'text'; }"),
		'own.ts: derive.fee threw an error for the record on line 2: text',
	],
	[
		'recurses for ever',
		derive('function again(record) { return again(record) + 1; }'),
		'the record on line 2: Maximum call stack size exceeded',
	],
	['changes the record', derive('record => { record.amount = 1; return 1; }'), 'Cannot set property amount of'],
	[
		'gives NaN',
		derive('({amount}) => amount / 0 * 0'),
		'own.ts: derive.fee failed for the record on line 2: expected a number, a bigint, a decimal text like "12.50", or null for none, but it returned NaN',
	],
	[
		'throws what throws when it is looked at',
		derive('() => { throw {get message() { throw 1; }, toString() { throw 2; }}; }'),
		'own.ts: derive.fee threw an error for the record on line 2: it has no message',
	],
	[
		'throws what cannot be looked at',
		derive('() => { const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); throw proxy; }'),
		'own.ts: derive.fee threw an error for the record on line 2: it has no message',
	],
	[
		'throws an error whose stack throws',
		derive("() => { throw Object.defineProperty(new Error('no'), 'stack', {get() { throw 1; }}); }"),
		'derive.fee threw an error for the record on line 2: no',
	],
	[
		'throws a message of 50 million characters',
		derive("() => { throw new Error('m'.repeat(50_000_000)); }"),
		`threw an error for the record on line 2: ${'m'.repeat(499)}…`,
	],
	['gives nothing', derive('() => {}'), 'but it returned nothing'],
	['gives an object', derive('() => ({})'), 'but it returned an object'],
	['is async', derive('async () => 1'), 'but it returned a promise: it must not be async'],
	['gives a text that is no number', derive("() => '1,5'"), 'but it returned "1,5"'],
	[
		'gives a huge number',
		derive('() => 1e37'),
		'expected a number of at most 38 digits with its decimals, but it returned 1e+37',
	],
	[
		'gives a number for a text',
		"derive: {fee: {is: 'number', js: () => 1}, x: {is: 'text', js: () => 1}}",
		'derive.x failed for the record on line 2: expected a text, or null for none, but it returned 1',
	],
	[
		'gives an invalid date',
		"derive: {fee: {is: 'number', js: () => 1}, x: {is: 'date', js: () => new Date(NaN)}}",
		'expected a day like "2024-05-31", a Date, or null for none, but it returned a Date that is invalid',
	],
	[
		'has no answer of yes or no',
		`where: ({shop}) => shop === 'c' ? 'no' : true, ${derive('() => 1')}`,
		'own.ts: where failed for the record on line 4: expected true or false, but it returned "no"',
	],
	[
		'throws as a condition',
		`where: ({amount}) => amount.toFixed() !== '', ${derive('() => 1')}`,
		`own.ts:${FUNCTIONS_LINE}: where threw an error for the record on line 4: Cannot read properties of null`,
	],
	[
		'accepts by false',
		`accept: () => false, ${derive('() => 1')}`,
		'accept failed for the record on line 2: expected true, or a text that says why not, but it returned false',
	],
])('a function that %s fails the file, with its place and the record', async (_, functions, message) => {
	const cwd = createData({'own.ts': module(functions)});
	const {code, stdout} = await runCommand(['a.csv', '--analysis', './own.ts', '--json'], {cwd});
	const [file] = parseReport(stdout).files;
	expect({code, status: file?.status, error: file?.error}).toMatchObject({
		code: 1,
		status: 'failed',
		error: {code: 'ANALYSIS_FAILED', line: Number(/on line (\d+)/.exec(file?.error?.message ?? '')?.[1])},
	});
	expect(file?.error?.message).toContain(message);
});

test('a condition leaves records out, which are neither accepted nor rejected and seen by no other function', async () => {
	const functions = `where: ({amount, shop}) => amount === null ? shop === 'no number' : shop !== 'b',
		accept: ({shop}) => shop !== 'c' || 'shop c', derive: {fee: {is: 'number', decimals: 2, js: ({amount, shop}) => {
			if (shop === 'b') throw new Error('not asked');
			return amount;
		}}}`;
	const own = module(functions).replace(', optional: true', '');
	// Numbers of other decimals go by the rules, others by the run.
	const good = '1.5,a\n2,b\n'.repeat(100);
	const data = `amount,shop\n${good}1,c\n,x\nx,b\nx,no number\n1\n1.123456,b\n1.123456,a\n`;
	const cwd = createData({
		'own.ts': own,
		'a.csv': data,
		'b.csv': 'amount,shop\n',
		'c.csv': data.repeat(20),
		'd.csv': '',
	});
	const args = ['a.csv', 'b.csv', 'd.csv', '--json', '--analysis'];
	const counts = {rows: 207, rejected_rows: 3, filtered: 103};
	const alone = parseReport((await runCommand([...args, './own.ts'], {cwd})).stdout);
	expect(alone.totals).toMatchObject(counts);
	expect(alone.files).toMatchObject([counts, {rows: 0, filtered: 0}, {rows: 0, rejected_rows: 0}]);
	expect(alone.files[2]).not.toHaveProperty('filtered');
	expect(alone.files[0]?.rejects.map(({line, reason}) => [line, reason])).toEqual([
		[202, 'not-accepted'],
		[205, 'not-a-number'],
		[206, 'field-count'],
	]);
	expect(alone.analyses.own).toEqual({records: 101, total: '151.12'});
	const first = parseReport(
		(await runCommand(['a.csv', '--json', '--analysis', './own.ts', '--where', 'shop != "b"'], {cwd})).stdout,
	);
	expect(first.files).toMatchObject([counts]);
	const both = parseReport((await runCommand([...args, './own.ts,profile'], {cwd})).stdout);
	expect(both.files[0]?.results?.own).toMatchObject(counts);
	expect(both.files[1]?.results?.own).toMatchObject({rows: 0, filtered: 0});
	expect(both.files[2]?.results?.own).not.toHaveProperty('filtered');
	expect(both.totals).not.toHaveProperty('filtered');
	for (const of of [...both.files, ...both.files.map(({results}) => results?.profile)])
		expect(of).not.toHaveProperty('filtered');
});

test('an error of a file that the module has imported has its place', async () => {
	const cwd = createData({
		'own.ts': `import {fee} from './lib/fee.ts';\n${module(derive('fee'))}`,
		'lib/fee.ts':
			"type Record = object;\n\nexport const fee = (record: Record): number => {\n\tthrow new Error('not me');\n};\n",
	});
	const {stdout} = await runCommand(['a.csv', '--analysis', './own.ts', '--json'], {cwd});
	expect(parseReport(stdout).files[0]?.error?.message).toContain(`${join(cwd, 'lib/fee.ts')}:4: derive.fee threw`);
});

test('a function that never ends is ended by the time limit, and other files go on', async () => {
	const cwd = createData({
		'own.ts': module(derive("({shop}) => { while (shop === 'for ever'); return 1; }")),
		'b.csv': 'amount,shop\n1,for ever\n',
	});
	const {code, stdout} = await runCommand(
		['a.csv', 'b.csv', '--analysis', './own.ts', '--json', '--timeout', '5', '--retries', '0'],
		{cwd},
	);
	expect(code).toBe(1);
	expect(parseReport(stdout).files.map(({status}) => status)).toEqual(['completed', 'failed']);
});

test.each([
	'own.ts',
	'own.mts',
	'own.js',
	'own.mjs',
	'a folder/größe %20 #1.ts',
])('a module may be called %s', async name => {
	const cwd = createData({
		[name]: good
			.replace('record.amount', 'fee(record)')
			.replace('export default', "import {fee} from '../fee.mjs';\nexport default")
			.replace('../', name.includes('/') ? '../' : './')
			.replaceAll('\n', '\r\n'),
		'fee.mjs': 'export const fee = ({amount}) => amount;',
	});
	const {stdout, stderr} = await runCommand(['a.csv', '--analysis', `./${name}`, '--json'], {cwd});
	expect(stderr).toBe('');
	expect(parseReport(stdout).analyses.own).toEqual({records: 3, total: '3.00'});
	writeFileSync(join(cwd, name), good.replace('derive:', 'derive: = {').replaceAll('\n', '\r\n'));
	const wrong = await runCommand(['a.csv', '--analysis', `./${name}`, '--json'], {cwd});
	expect(wrong.code).toBe(3);
	expect(wrong.stderr).toContain(`./${name}:${FUNCTIONS_LINE}: `);
});

test("a name may be that of an analysis of the user's own configuration", async () => {
	const cwd = createData({
		'home/fileproc-tui/config.json': '{"analyses": ["./mine.ts"]}',
		'home/fileproc-tui/mine.ts': good,
	});
	const env = {XDG_CONFIG_HOME: join(cwd, 'home')};
	const {code, stdout} = await runCommand(['a.csv', '--json', '--analysis', 'own'], {cwd, env});
	expect({code, names: Object.keys(parseReport(stdout).analyses)}).toEqual({code: 0, names: ['own']});
	const unknown = await runCommand(['a.csv', '--json', '--analysis', 'owns'], {cwd, env});
	expect(unknown).toMatchObject({code: 2, stdout: ''});
	expect(unknown.stderr).toMatch(
		/^fileproc-tui: --analysis takes detect, .*, own or a module like .*, but got “owns”\./,
	);
});

test('the library takes the path of a module', async () => {
	const script = `import {processBatch} from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
		const {analyses} = await processBatch(['a.csv'], {analyses: ['./own.ts'], analysis: 'own'});
		console.log(JSON.stringify(analyses));
		await processBatch(['a.csv'], {analyses: ['./wrong.ts']}).catch(error => console.log(error.name, error.message));`;
	const cwd = createData({'own.ts': good, 'wrong.ts': good.replace('js:', 'jss:'), 'run.mjs': script});
	const {stdout} = await startProgram(process.execPath, ['run.mjs'], {cwd}).ended;
	const [result = '', refusal] = stdout.trim().split('\n');
	expect(JSON.parse(result)).toEqual({own: {records: 3, total: '3.00'}});
	expect(refusal).toMatch(/^RangeError \.\/wrong\.ts:2: The analysis own cannot be used: derive\.fee/);
});
