// Processors in the built command: each kind of them once, and what one keeps over kills.
import {readdirSync, readFileSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {runCommand, startCommand} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface ResultDocument {
	readonly status: string;
	readonly metadata: Readonly<Record<string, unknown>>;
	readonly outputs?: readonly {readonly name: string; readonly bytes: number; readonly text?: string}[];
}

const own = `import {defineProcessor} from 'fileproc-tui';
export default defineProcessor({name: 'own', version: 1, create: () => ({async process(file) {
	let [lines, records] = [0, 0];
	for await (const line of file.lines()) lines += line.length;
	for await (const record of file.records()) records += Number(record.id);
	return {metadata: {own: {lines, records}}};
}})});
`;

test('a file goes through modules, and through processors of all kinds', async () => {
	const folder = createTemporaryFolder();
	const csv = 'id,amount\n1,5\n2,7\n2,9\n3,x\n4,1\n';
	const steps = [
		{processor: './own.mjs'},
		{processor: 'simple'},
		{processor: 'stateful'},
		{processor: 'filter', with: {where: 'id < 4'}},
		{processor: 'validate', with: {columns: {id: {unique: true}, amount: {type: 'integer'}}}},
		{processor: 'select', with: {columns: ['amount', 'id']}},
		{processor: 'convert', with: {to: 'jsonl'}},
		{processor: 'move', with: {to: folder.folder('out')}},
		{processor: 'command', with: {run: ['tr', 'a-z', 'A-Z'], output: 'txt'}},
	];
	folder.write('own.mjs', own);
	folder.write('routes.json', JSON.stringify({routes: [{tag: 'all', match: 'any', steps}]}));
	folder.write('f.csv', csv);
	const args = ['watch', '--input', 'f.csv', '--routes', 'routes.json', '--json'];
	const {code, stdout, stderr} = await runCommand(args, {cwd: folder.path});
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	const {status, metadata, outputs = []} = JSON.parse(stdout) as ResultDocument;
	expect(status).toBe('completed');
	expect(metadata).toMatchObject({own: {lines: 24, records: 12}, totals: {files: 1, lines: 6}});
	expect(outputs.map(({name, text}) => [name, text])).toEqual([
		['f.csv.filter.csv', 'id,amount\n1,5\n2,7\n2,9\n3,x\n'],
		['f.csv.validate.csv', 'id,amount\n1,5\n2,7\n'],
		['f.csv.validate.rejects.csv', expect.stringContaining('4,id,not-accepted')],
		['f.csv.select.csv', 'amount,id\n5,1\n7,2\n'],
		['f.csv.convert.jsonl', '{"amount":"5","id":"1"}\n{"amount":"7","id":"2"}\n'],
		['f.csv.command.txt', '{"AMOUNT":"5","ID":"1"}\n{"AMOUNT":"7","ID":"2"}\n'],
	]);
	expect(readFileSync(folder.at('out/f.jsonl'), 'utf8')).toBe('{"amount":"5","id":"1"}\n{"amount":"7","id":"2"}\n');
});

const counting = `import {defineProcessor} from 'fileproc-tui';
export default defineProcessor({name: 'counting', version: 1, state: {files: 0, bytes: 0}, create: () => ({process(file, {state}) {
	const next = {files: state.files + 1, bytes: state.bytes + file.size};
	return {state: next, metadata: next, data: JSON.stringify(next)};
}})});
`;

test('what a processor keeps counts each file once, whenever the command is killed', async () => {
	const folder = createTemporaryFolder();
	folder.write('counting.mjs', counting);
	folder.write(
		'routes.json',
		JSON.stringify({routes: [{tag: 'all', match: 'any', steps: [{processor: './counting.mjs'}]}]}),
	);
	const count = 80;
	for (let file = 0; file < count; file++) folder.write(`inbox/unprocessed/f${file}.txt`, 'x'.repeat(file + 1));
	const args = ['watch', 'inbox', '--once', '--routes', 'routes.json', '--settle', '0', '--json'];
	const results = folder.folder('inbox/results');
	const done = (): number => readdirSync(results).filter(name => name.endsWith('.json')).length;
	// A file that three killed processes have held would be given up.
	for (const limit of [1, 30]) {
		const {kill, ended} = startCommand(args, {cwd: folder.path});
		await Promise.race([vi.waitFor(() => expect(done()).toBeGreaterThanOrEqual(limit), PATIENT), ended]);
		kill('SIGKILL');
		await ended;
	}
	const {code, stderr} = await runCommand(args, {cwd: folder.path});
	expect({code, stderr}).toMatchObject({code: 0});
	const states = readdirSync(results)
		.filter(name => name.endsWith('.txt.json'))
		.map(name => JSON.parse(readFileSync(`${results}/${name}`, 'utf8')) as ResultDocument)
		.map(({metadata}) => metadata as {readonly files: number; readonly bytes: number});
	expect(states.map(({files}) => files).sort((one, other) => one - other)).toEqual(
		Array.from({length: count}, (_, index) => index + 1),
	);
	expect(Math.max(...states.map(({bytes}) => bytes))).toBe((count * (count + 1)) / 2);
	expect(readdirSync(folder.at('inbox/underprocess'))).toEqual([]);
});
