// What the built command says of routes, and of which one a file would take.
import {readdirSync, readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {runCommand} from '../helpers/command.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const config = {
	watch: {
		routes: [
			{
				tag: 'money',
				match: {columns: ['customer_id', 'amount', 'date', 'category']},
				steps: [{processor: 'analyze', with: {analysis: ['transactions', 'quality']}}],
			},
			{
				tag: 'errors',
				match: {name: '*.log*', contains: 'ERROR'},
				steps: [{processor: 'uppercase', tags: {urgent: 'page'}}],
			},
			{tag: 'page', steps: [{processor: 'simple'}]},
		],
		processors: ['./processors/uppercase.ts'],
	},
};

const uppercase = `import {defineProcessor} from 'fileproc-tui';
export default defineProcessor({
	name: 'uppercase',
	version: 1,
	create: () => ({process: async (file: {text(): Promise<string>}) => ({output: (await file.text()).toUpperCase()})}),
});
`;

function createRoutes() {
	const folder = createTemporaryFolder();
	folder.write('processors/uppercase.ts', uppercase);
	return {folder, file: folder.write('routes.json', JSON.stringify(config, null, 2))};
}

test('routes are explained, and files with the routes that they would take', async () => {
	const {folder, file} = createRoutes();
	folder.write('money.csv.gz', gzipSync(transactionsText(50)));
	folder.write('app.log', 'fine\nan ERROR\n');
	folder.write('quiet.log', 'fine\n');
	const names = ['money.csv.gz', 'app.log', 'quiet.log', 'none.csv'];
	const {code, stdout, stderr} = await runCommand(['routes', 'check', file, ...names], {cwd: folder.path});
	expect({code, stderr}).toEqual({code: 1, stderr: ''});
	expect(stdout.split('\n')).toEqual([
		`${file}: 3 routes, and nothing is wrong with them.`,
		'',
		'1. money: files with the columns “customer_id”, “amount”, “date”, “category”',
		'   analyze: analysis ["transactions","quality"]',
		'2. errors: files with a name like “*.log*” and “ERROR” in the text',
		'   processors/uppercase.ts: “urgent” → page',
		'3. page: only what “errors” sends here',
		'   simple',
		'',
		'money.csv.gz → money',
		'',
		'app.log → errors',
		'   not money: columns: expected “customer_id”, “amount”, “date”, “category”; found no table',
		'',
		'quiet.log → no route: it would fail (NO_ROUTE)',
		'   not money: columns: expected “customer_id”, “amount”, “date”, “category”; found no table',
		'   not errors: contains: expected “ERROR”; found a text without it',
		'',
		'none.csv cannot be read: ENOENT: ENOENT in lstat: there is no file or folder of this name; check how it is written, or whether it was moved',
		'',
	]);
});

test('of a folder the files in it are looked at, and of a watched one those in its inbox', async () => {
	const {folder, file} = createRoutes();
	for (const name of ['a.log', 'b.log', 'c.log.part']) folder.write(`inbox/unprocessed/${name}`, 'ERROR\n');
	const options = {cwd: folder.path};
	const {code, stdout} = await runCommand(['routes', 'check', file, 'inbox', '--json'], options);
	expect(code).toBe(0);
	const routed = [{file: 'inbox/unprocessed/a.log', route: 'errors'}, {file: 'inbox/unprocessed/b.log'}];
	expect(JSON.parse(stdout)).toMatchObject({files: routed});
	expect(JSON.parse(stdout)).toHaveProperty('files.length', 2);
});

test('files are not moved into the watched folder itself, where they would come again without end', async () => {
	const {folder} = createRoutes();
	const steps = [{processor: 'move', with: {to: folder.at('inbox/unprocessed/again')}}];
	const file = folder.write('loop.json', JSON.stringify({routes: [{tag: 'loop', match: 'any', steps}]}));
	const {code, stderr} = await runCommand(['watch', folder.at('inbox'), '--routes', file, '--once']);
	expect(code).toBe(3);
	expect(stderr).toContain('loop.json: The route “loop” has files moved to “');
	expect(stderr).toContain('within the watched folder: expected one outside of it');
});

test('the same for programs', async () => {
	const {folder, file} = createRoutes();
	const log = folder.write('in/unprocessed/2026/app.log', 'an ERROR\n');
	const {code, stdout} = await runCommand(['routes', 'check', file, log, '--json']);
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toEqual({
		file,
		digest: expect.stringMatching(/^[\da-f]{32}$/),
		routes: [
			{
				tag: 'money',
				match: {columns: ['customer_id', 'amount', 'date', 'category']},
				steps: [{processor: 'analyze', with: {analysis: ['transactions', 'quality']}, tags: {}}],
				reached_from: [],
			},
			{
				tag: 'errors',
				match: {name: ['*.log*'], contains: 'ERROR'},
				steps: [{processor: folder.at('processors/uppercase.ts'), with: {}, tags: {urgent: 'page'}}],
				reached_from: [],
			},
			{tag: 'page', match: null, steps: [{processor: 'simple', with: {}, tags: {}}], reached_from: ['errors']},
		],
		files: [
			{
				file: log,
				route: 'errors',
				passed: [
					{
						tag: 'money',
						term: 'columns',
						expected: '“customer_id”, “amount”, “date”, “category”',
						found: 'no table',
					},
				],
				error: null,
			},
		],
	});
});

test('routes that cannot be used are refused with all that is wrong, by line and column', async () => {
	const folder = createTemporaryFolder();
	const file = folder.write(
		'routes.json',
		`{"routes": [
  {"tag": "a", "match": "any", "steps": [{"processor": "analyze", "with": {"analysis": "transaktions"}}]},
  {"tag": "b", "steps": [{"processor": "./no.ts"}, {"processor": "simple", "tags": {"x": "nowhere"}}]}],
 "settle": 3}
`,
	);
	const lines = [
		`${file}:2:88: routes[0].steps[0].with.analysis there is no analysis "transaktions": did you mean transactions?`,
		`${file}:3:11: routes[1] is never taken: it has no match, and no step leads to “b”.`,
		`${file}:3:40: The module “./no.ts” cannot be used: there is no such file.`,
		`${file}:3:90: routes[1].steps[1].tags sends files to “nowhere” for “x”, but no route has this tag.`,
		`${file}:4:2: settle can only be set by its flag, or under watch in your own configuration file (fileproc-tui config shows where it is).`,
	];
	const {code, stdout, stderr} = await runCommand(['routes', 'check', file]);
	expect({code, stdout}).toEqual({code: 3, stdout: ''});
	expect(stderr).toBe(`fileproc-tui: ${lines.join('\n')}\n`);
	const asJson = await runCommand(['routes', 'check', file, '--json']);
	expect(asJson.code).toBe(3);
	// As a watch with them says.
	const watched = await runCommand(['watch', folder.folder('in'), '--routes', file]);
	expect(watched).toEqual({code, stdout, stderr});
	const {faults} = JSON.parse(asJson.stdout) as {faults: {line: number; column: number; message: string}[]};
	expect(faults.map(({line, column, message}) => `${file}:${line}:${column}: ${message}`)).toEqual(lines);
});

test('without check and a file there is nothing to do', async () => {
	for (const words of [['routes'], ['routes', 'chek', 'x.json'], ['routes', 'check']]) {
		const {code, stderr} = await runCommand(words);
		expect(code).toBe(2);
		expect(stderr).toContain('routes takes check and the file with the routes');
	}
});

test('routes under watch in the own configuration file are those of a watched folder, and those of a flag win over them', async () => {
	const {folder, file} = createRoutes();
	const routesOf = (tag: string) => [{tag, match: 'any', steps: [{processor: '../../processors/uppercase.ts'}]}];
	folder.write(
		'own/fileproc-tui/config.json',
		JSON.stringify({watch: {settle: 0, poll: 0.1, routes: routesOf('mine')}}),
	);
	const env = {XDG_CONFIG_HOME: folder.at('own')};
	const tagOf = async (inbox: string, ...words: string[]): Promise<unknown> => {
		folder.write(`${inbox}/unprocessed/money.csv`, transactionsText(5));
		const {code, stderr} = await runCommand(['watch', folder.at(inbox), '--once', '--json', ...words], {env});
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
		const [result = ''] = readdirSync(folder.at(`${inbox}/results`)).filter(name => name.endsWith('money.csv.json'));
		return (JSON.parse(readFileSync(folder.at(`${inbox}/results/${result}`), 'utf8')) as {route: unknown}).route;
	};
	expect(await tagOf('one')).toBe('mine');
	expect(await tagOf('two', '--routes', file)).toBe('money');
	const checked = await runCommand(['routes', 'check', folder.at('own/fileproc-tui/config.json')], {env});
	expect(checked).toMatchObject({code: 0, stderr: ''});
	folder.write('own/fileproc-tui/config.json', '{"watch": {\n"routes": [{"tag": "x", "match": "all", "steps": []}]}}');
	const refused = await runCommand(['watch', folder.at('one'), '--once'], {env});
	expect(refused.code).toBe(3);
	expect(refused.stderr).toContain('config.json:2:34: watch.routes[0].match takes "any" or an object');
	folder.write('own/fileproc-tui/config.json', '{"watch": {\n"settle": -1}}');
	expect((await runCommand(['watch', folder.at('one'), '--once'], {env})).stderr).toContain(
		'config.json:2:11: watch.settle takes',
	);
});
