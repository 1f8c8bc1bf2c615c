// The built command runs analyses of the user's own: modules that a flag or the user's own configuration file names.
import {mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {CLI_PATH, createFolder, parseEvents, parseReport, runCommand, transactions} from '../helpers/command.ts';
import {expectMonthlyCategories, readSimpleRecords} from '../helpers/monthly-categories.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {KEY} from '../helpers/virtual-terminal.ts';

const data = resolve('fixtures/transactions');
const example = resolve('fixtures/analyses/monthly-categories.ts');
const records = readdirSync(data)
	.filter(name => name.endsWith('.csv'))
	.flatMap(name => readSimpleRecords(readFileSync(join(data, name), 'utf8')));
const expected = expectMonthlyCategories(records) as {
	readonly total: string;
	readonly months: readonly object[];
	readonly categories: readonly {readonly category: string}[];
};

/** A folder with a file of transactions, and a module. */
function createData(module: string, name = 'own.ts'): string {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	writeFileSync(join(cwd, 'data/a.csv'), transactions(10));
	writeFileSync(join(cwd, name), module);
	return cwd;
}

const declaration = (name: string): string => `{
	name: '${name}', version: 1, title: 'Own', columns: {amount: {is: 'number'}},
	measures: {total: {kind: 'sum', of: 'amount'}}, views: [],
}`;

test('the example gives what its records come to, as JSON, Markdown, tables and a replay', async () => {
	const cwd = createFolder();
	const outputs = ['--report', 'report.md', '--export', 'tables', '--record', 'run.jsonl'];
	const {code, stdout, stderr} = await runCommand([data, '--analysis', example, '--json', ...outputs], {cwd});
	expect({code, stderr}).toMatchObject({code: 0});
	expect(stderr).not.toMatch(/warning|experimental/i);
	const report = parseReport(stdout);
	expect(report.analyses).toEqual({'monthly-categories': expected});
	expect(report.files.map(({analysis, rejected_rows}) => [analysis, rejected_rows])).toEqual(
		report.files.map(() => ['monthly-categories', 0]),
	);
	expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toContain('## monthly-categories');
	expect(readdirSync(join(cwd, 'tables')).sort()).toEqual([
		'monthly-categories.categories.csv',
		'monthly-categories.months.csv',
	]);
	const months = readFileSync(join(cwd, 'tables/monthly-categories.months.csv'), 'utf8');
	expect(months.trimEnd().split('\n')).toHaveLength(expected.months.length + 1);
	const replayed = await runCommand(['replay', 'run.jsonl', '--speed', '1000'], {cwd});
	expect(replayed).toMatchObject({code: 0});
	expect(replayed.stdout).toContain('monthly-categories');
	expect(replayed.stdout).toContain(expected.categories[0]?.category);
});

test('the dashboard shows it, and amounts over time of a file that has them', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const args = [data, '--analysis', example];
	const robot = new Robot(process.execPath, [CLI_PATH, ...args], {cwd: createFolder(), columns: 100, rows: 160});
	await robot.waitForScreen('1,410');
	robot.press(KEY.escape);
	await robot.waitForScreen('Esc summary');
	robot.press('g', KEY.enter);
	const screen = await robot.waitForScreen('AMOUNT OVER TIME');
	expect(screen).toContain('CATEGORIES');
	robot.press('q');
	expect(await robot.exit).toBe(0);
});

test('events describe it, and a path may also stand in the variable', async () => {
	const cwd = createData(`export default ${declaration('own')};`, 'own.mjs');
	const {code, stdout} = await runCommand(['data', '--jsonl'], {cwd, env: {FILEPROC_ANALYSIS: 'own.mjs'}});
	expect(code).toBe(0);
	const [started] = parseEvents(stdout);
	expect(started).toMatchObject({type: 'run-started', analyses: [{name: 'own', columns: [{name: 'amount'}]}]});
});

test('a list is chosen from by the header, whatever package.json says of its folder', async () => {
	const module = `import {count, defineAnalysis} from 'fileproc-tui';
		type Nothing = undefined;
		const pages = defineAnalysis({
			name: 'pages', version: 1, title: 'Pages', columns: {page: {is: 'text'}}, measures: {visits: count()}, views: [],
		});
		export default [${declaration('own')}, pages];`;
	const cwd = createData(module);
	writeFileSync(join(cwd, 'package.json'), '{"type": "commonjs"}');
	writeFileSync(join(cwd, 'data/b.csv'), 'page,other\n/,1\n');
	const {code, stdout, stderr} = await runCommand(['data', '--json', '--analysis', './own.ts'], {cwd});
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	expect(parseReport(stdout).analyses).toEqual({own: {total: '12.50'}, pages: {visits: 1}});
});

test("the user's own configuration file adds analyses, from its own folder; a file beside the data may not", async () => {
	const cwd = createData('');
	const home = createFolder();
	const folder = join(home, 'fileproc-tui');
	mkdirSync(folder);
	const columns =
		"{transaction_id: {is: 'text'}, customer_id: {is: 'text'}, category: {is: 'text'}, date: {is: 'date'}, amount:";
	writeFileSync(join(folder, 'mine.ts'), `export default ${declaration('mine').replace('{amount:', columns)};`);
	writeFileSync(join(folder, 'config.json'), '{"analyses": ["./mine.ts"]}');
	const env = {XDG_CONFIG_HOME: home};
	const {code, stdout} = await runCommand(['data', '--json'], {cwd, env});
	expect(code).toBe(0);
	expect(Object.keys(parseReport(stdout).analyses)).toEqual(['mine']);
	const shown = await runCommand(['config'], {cwd, env});
	expect(shown.stdout).toContain(join(folder, 'mine.ts'));
	for (const [text, sentence] of [
		['{"analyses": ["./own.ts"]}', 'analyses may only be set in your own file'],
		[
			'{"analysis": "./own.ts"}',
			'analysis takes a name. Modules are named by --analysis, or by "analyses" in your own file.',
		],
	] as const) {
		writeFileSync(join(cwd, 'own.ts'), 'console.log("RAN");');
		writeFileSync(join(cwd, 'data/fileproc.config.json'), text);
		const refused = await runCommand(['data', '--json'], {cwd});
		expect(refused).toMatchObject({code: 3, stdout: ''});
		expect(refused.stderr).toContain(sentence);
		expect(refused.stderr).not.toContain('RAN');
	}
});

test.each<readonly [string, string, string]>([
	['throws', '\n\nthrow new Error("no\\u001b[2Jway.");', 'own.ts:3: no\\x1b[2Jway.'],
	['throws a text', 'throw "text";', 'own.ts: text.'],
	['throws nothing', 'throw undefined;', 'own.ts: undefined.'],
	['has a wrong syntax', 'const a: number = 1;\n\nconst b = = 2;', 'own.ts:3: Expression expected.'],
	['has an enum', '\nenum A {B}\nexport default 1;', 'own.ts:2: TypeScript enum is not supported in strip-only mode.'],
	[
		'exports nothing by default',
		'export const a = 1;',
		'own.ts: expected the default export to be an analysis or a list of them, but there is none',
	],
	[
		'has the name of what flags ask',
		`export default ${declaration('question')};`,
		'own.ts: The name question is that of what flags ask, so no analysis can have it.',
	],
	['exports a text', 'export default "sales";', 'own.ts: expected an object, but found "sales".'],
	['exports an empty list', 'export default [];', 'own.ts: expected 1 to 50 analyses, but found 0.'],
	[
		'exports a huge list',
		'export default new Array(1e7).fill({});',
		'own.ts: expected 1 to 50 analyses, but found 10000000.',
	],
	['throws when it is read', 'export default {get name() { throw new Error("mine"); }};', 'own.ts: mine.'],
	['exports a proxy', `export default new Proxy(${declaration('a')}, {});`, 'own.ts: #<Object> could not be cloned.'],
	['imports what is missing', 'import "./nowhere.ts";', "nowhere.ts'.\n"],
	['waits for ever', 'await new Promise(() => {});', 'own.ts: it waits for something that never comes.'],
	['throws no message', 'throw new Error();', 'own.ts:1: it threw an error without a message.'],
	[
		'imports what is not there',
		'\nimport {median} from "fileproc-tui";',
		"own.ts:2: The requested module 'fileproc-tui' does not provide an export named 'median'.",
	],
	[
		'has the name of a built-in analysis',
		`export default ${declaration('sales')};`,
		'own.ts: The name sales belongs to a built-in analysis.',
	],
	[
		'has one name twice',
		`export default [${declaration('a')}, {...${declaration('a')}, version: 2}];`,
		'own.ts: The name a belongs to another analysis.',
	],
	[
		'sums no column',
		`export default [${declaration('a').replace("of: 'amount'", "of: 'amunt'")}];`,
		'own.ts: [0].measures.total.of: expected one of the columns of type number (amount), but found "amunt".',
	],
	[
		'has a function that it may not have',
		`export default {...${declaration('a')}, map: record => true};`,
		'own.ts: map: is unknown; expected name, version, title, columns, derive, where, accept, measures, views.',
	],
	[
		'is wrong where it is declared',
		`import {defineAnalysis} from 'fileproc-tui';\n\nexport default defineAnalysis({name: 'A', columns: {}, measures: {}});`,
		'own.ts:3: The analysis A cannot be used: name: expected lower case letters, digits and dashes that begin with a letter, but found "A"; version: ',
	],
])('a module that %s is refused in one sentence', async (_, module, sentence) => {
	const cwd = createData(module);
	const {code, stdout, stderr} = await runCommand(['data', '--json', '--analysis', './own.ts'], {cwd});
	expect({code, stdout}, stderr).toEqual({code: 3, stdout: ''});
	expect(stderr).toContain(sentence);
	expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a module behind a link is read as any other', async () => {
	const cwd = createData('');
	mkdirSync(join(cwd, 'real'));
	writeFileSync(join(cwd, 'package.json'), '{"type": "commonjs"}');
	symlinkSync('real', join(cwd, 'linked'));
	for (const [module, code, found] of [
		[`export default ${declaration('own')};`, 0, ''],
		['\nthrow new Error("no");', 3, 'fileproc-tui: linked/own.js:2: no.\n'],
	] as const) {
		writeFileSync(join(cwd, 'real/own.js'), module);
		expect(await runCommand(['data/a.csv', '--json', '--analysis', 'linked/own.js'], {cwd})).toMatchObject({
			code,
			stderr: found,
		});
	}
});

test('JavaScript of a wrong syntax is refused with its line, a module that is not there with its path', async () => {
	const cwd = createData('const a = 1;\n\nconst b = = 2;', 'own.mjs');
	const wrong = await runCommand(['data', '--analysis', './own.mjs'], {cwd});
	expect(wrong).toMatchObject({code: 3, stderr: "fileproc-tui: ./own.mjs:3: Unexpected token '='.\n"});
	const missing = await runCommand(['data', '--analysis', './gone.ts'], {cwd});
	expect(missing).toMatchObject({code: 3, stderr: 'fileproc-tui: ./gone.ts: there is no such file.\n'});
	const misspelled = await runCommand(['data', '--analysis', 'sale'], {cwd});
	expect(misspelled.code).toBe(2);
	expect(misspelled.stderr).toMatch(
		/^fileproc-tui: --analysis takes detect, .* or a module like \.\/refunds\.ts, or several with commas between, but got “sale”\./,
	);
});
