// `move`: what it leaves in the other folder.
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import promises from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {expect, onTestFinished, test, vi} from 'vitest';
import {removeTemporaryFiles} from '../../source/report/temporary-files.ts';
import {createStepRunner, failureOf} from '../helpers/run-step.ts';

const file = {name: 'sub/note.txt', content: 'text\n'};

test('a file is put into the other folder under the name with which it came', async () => {
	const {run, folder} = createStepRunner();
	const to = folder.folder('out');
	const {metadata, outputs, data} = await run('move', {to}, file, {outputPrefix: 'c1__note.txt.'});
	expect({metadata, outputs, data}).toEqual({metadata: {move: {path: `${to}/note.txt`}}, outputs: [], data: null});
	expect(readdirSync(to)).toEqual(['note.txt']);
	expect(readFileSync(`${to}/note.txt`, 'utf8')).toBe('text\n');
	expect(readFileSync(folder.at('in/sub/note.txt'), 'utf8')).toBe('text\n');
});

test('nothing is overwritten, and what an attempt before has put there is not put there again', async () => {
	const {run, folder} = createStepRunner();
	const to = folder.folder('out');
	writeFileSync(`${to}/note.txt`, 'other\n');
	const input = {outputPrefix: 'c1__note.txt.'};
	// Of an attempt that was killed.
	writeFileSync(`${to}/.fileproc-c1.tmp`, 'half');
	for (let attempt = 0; attempt < 3; attempt++)
		expect((await run('move', {to}, file, input)).metadata).toEqual({move: {path: `${to}/c1__note.txt`}});
	expect(readdirSync(to).sort()).toEqual(['c1__note.txt', 'note.txt']);
	expect(readFileSync(`${to}/note.txt`, 'utf8')).toBe('other\n');
	writeFileSync(`${to}/c1__note.txt`, 'another');
	const error = await failureOf(run('move', {to}, file, input));
	expect(error).toMatchObject({code: 'MOVE_FAILED', mayPass: false});
	expect(error.message).toContain('other files are there');
	mkdirSync(`${to}/folder.txt`);
	expect((await run('move', {to}, {...file, name: 'folder.txt'})).metadata).toEqual({
		move: {path: `${to}/c1__folder.txt`},
	});
	expect(readdirSync(to).sort()).toEqual(['c1__folder.txt', 'c1__note.txt', 'folder.txt', 'note.txt']);
});

test('what cannot be removed there goes when the process ends', async () => {
	const {run, folder} = createStepRunner();
	const to = folder.folder('out');
	const {rm} = promises;
	let removals = 0;
	const spy = vi.spyOn(promises, 'rm').mockImplementation(async (path, options) => {
		// The first one is of what an attempt before may have left.
		if (String(path).includes('.fileproc-') && ++removals === 2) throw Object.assign(new Error('EIO'), {code: 'EIO'});
		await rm(path, options);
	});
	onTestFinished(() => {
		spy.mockRestore();
		syncBuiltinESMExports();
	});
	syncBuiltinESMExports();
	expect((await run('move', {to}, file)).metadata).toEqual({move: {path: `${to}/note.txt`}});
	expect(readdirSync(to)).toHaveLength(2);
	removeTemporaryFiles();
	expect(readdirSync(to)).toEqual(['note.txt']);
});

test('files of the same name that come at once are all there in the end', async () => {
	const {run, folder} = createStepRunner();
	const to = folder.folder('out');
	const contents = Array.from({length: 30}, (_, index) => `text ${index}`);
	await Promise.all(
		contents.map((content, index) =>
			run(
				'move',
				{to},
				{name: `${index}/same.txt`, content},
				{
					file: {
						claim: `c${index}`,
						name: 'same.txt',
						path: folder.write(`in/${index}/same.txt`, content),
						bytes: content.length,
					},
				},
			),
		),
	);
	const found = readdirSync(to).map(name => readFileSync(`${to}/${name}`, 'utf8'));
	expect(found.sort()).toEqual(contents.sort());
});

test('what a step has made gets the ending of what it is', async () => {
	const {run, folder} = createStepRunner();
	const to = folder.folder('out');
	const table = {name: 'sales.tsv', content: 'a\tb\n1\t2\n'};
	const {data} = await run('convert', {to: 'jsonl'}, table);
	const path = folder.at(`results/${data?.name}`);
	await run('move', {to}, table, {file: {claim: 'c1', name: 'sales.tsv', path, bytes: 1}});
	expect(readdirSync(to)).toEqual(['sales.jsonl']);
	expect(readFileSync(`${to}/sales.jsonl`, 'utf8')).toBe('{"a":"1","b":"2"}\n');
});

test('a folder that is missing may be there later, one that may not be written to is told', async () => {
	const {run, folder} = createStepRunner();
	const missing = await failureOf(run('move', {to: folder.at('nowhere')}, file));
	expect(missing).toMatchObject({code: 'MOVE_FAILED', mayPass: true});
	const noFolder = await failureOf(run('move', {to: folder.write('file')}, file));
	expect(noFolder).toMatchObject({code: 'MOVE_FAILED', mayPass: false});
	const to = folder.folder('out');
	const controller = new AbortController();
	controller.abort(new Error('no longer'));
	await expect(run('move', {to}, file, {signal: controller.signal})).rejects.toThrow('no longer');
	expect(readdirSync(to)).toEqual([]);
	rmSync(to, {recursive: true});
});
