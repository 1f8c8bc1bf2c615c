// The built command and its HTML report: the library for its charts is loaded only for it.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder, runCommand, writeFiles} from '../helpers/command.ts';
import {parseHtml, readTables} from '../helpers/parse-html.ts';

test('is a page of one file with every file of the run', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 3, 10);
	expect(await runCommand(['data', '--json', '--report', 'r.html'], {cwd})).toMatchObject({code: 0, stderr: ''});
	const files = readTables(parseHtml(readFileSync(join(cwd, 'r.html'), 'utf8'))).get('Files') ?? [];
	expect(files.slice(1).map(([name]) => name)).toEqual(['data/0001.csv', 'data/0002.csv', 'data/0003.csv']);
});

test('stands in a chunk with its library, which other chunks import only when it is asked for', () => {
	const folder = 'dist/chunks';
	const chunks = readdirSync(folder).filter(name => name.endsWith('.js'));
	const texts = new Map(chunks.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
	const [page = '', ...others] = chunks.filter(name => texts.get(name)?.includes('/d3-scale/'));
	expect(page).not.toBe('');
	expect(others).toEqual([]);
	const importers = chunks.filter(name => texts.get(name)?.includes(`"./${page}"`));
	expect(importers).toHaveLength(1);
	for (const name of importers) expect(texts.get(name)).not.toMatch(new RegExp(`^import .*"\\./${page}"`, 'm'));
});
