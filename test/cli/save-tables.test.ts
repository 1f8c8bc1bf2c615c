// Tables that are saved under the rules of all outputs.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {EnvironmentError} from '../../source/cli/arguments/environment-error.ts';
import {createDefaultSettings} from '../../source/cli/arguments/settings.ts';
import {exportedTables} from '../../source/cli/outputs/exported-tables.ts';
import {assertTableFolder, saveTables} from '../../source/cli/outputs/save-tables.ts';
import type {CompleteTable} from '../../source/model/complete-table.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const visits: CompleteTable = {
	analysis: 'visits',
	name: 'pages',
	columns: ['page', 'visits'],
	rows: [
		{page: '/home', visits: 3},
		{page: '=a,b', visits: 1},
	],
	error: null,
};
const VISITS = 'page,visits\n/home,3\n"=a,b",1\n';

const refusalOf = async (attempt: Promise<unknown>): Promise<string> => {
	const error: unknown = await attempt.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof EnvironmentError)) throw new Error('An EnvironmentError was expected', {cause: error});
	return error.message;
};

test('each table has a file in the folder, which is made, with the folders around it', async () => {
	const folder = createTemporaryFolder().at('a/b');
	await saveTables([visits, {...visits, name: 'users', rows: []}], folder, false);
	expect(readdirSync(folder).sort()).toEqual(['visits.pages.csv', 'visits.users.csv']);
	expect(readFileSync(join(folder, 'visits.pages.csv'), 'utf8')).toBe(VISITS);
	expect(readFileSync(join(folder, 'visits.users.csv'), 'utf8')).toBe('page,visits\n');
});

test('a table of ours and an empty file are replaced, another file only by force', async () => {
	const folder = createTemporaryFolder();
	const path = folder.at('visits.pages.csv');
	for (const old of ['', 'page,visits\n/old,1\n']) {
		writeFileSync(path, old);
		await saveTables([visits], folder.path, false);
		expect(readFileSync(path, 'utf8')).toBe(VISITS);
	}
	for (const foreign of ['page,visit\n', 'page', '\n', 'page,visits,more\n']) {
		writeFileSync(path, foreign);
		expect(await refusalOf(saveTables([visits], folder.path, false))).toMatch(/is in .*visits\.pages-\d+\.csv instead/);
		expect(readFileSync(path, 'utf8')).toBe(foreign);
	}
	expect(readFileSync(folder.at('visits.pages-2.csv'), 'utf8')).toBe(VISITS);
	await saveTables([visits], folder.path, true);
	expect(readFileSync(path, 'utf8')).toBe(VISITS);
});

test('a table with too many groups is not written, and the reason is given', async () => {
	const folder = createTemporaryFolder();
	const error = {code: 'TOO_MANY_PAGES', message: 'There are too many.'};
	const message = await refusalOf(
		saveTables(
			[
				{...visits, error},
				{...visits, name: 'users'},
			],
			folder.path,
			false,
		),
	);
	expect(message).toMatch(/visits\.pages\.csv is not written\. There are too many\.$/);
	expect(readdirSync(folder.path)).toEqual(['visits.users.csv']);
});

test('what would prevent tables from being written is an error before the run', async () => {
	const folder = createTemporaryFolder();
	const settings = (exportFolder: string | null) => ({...createDefaultSettings(), exportFolder});
	await assertTableFolder(settings(null));
	await assertTableFolder(settings(folder.path));
	await assertTableFolder(settings(folder.at('new/and/newer')));
	expect(existsSync(folder.at('new'))).toBe(false);
	writeFileSync(folder.at('file'), '');
	expect(await refusalOf(assertTableFolder(settings(folder.at('file'))))).toMatch(/^The table .*ENOTDIR.*$/);
	expect(await refusalOf(assertTableFolder(settings(folder.at('file/in/it'))))).toMatch(/^The folder .*ENOTDIR/);
	const [first] = exportedTables(settings(folder.path));
	mkdirSync(first?.path ?? '');
	expect(await refusalOf(assertTableFolder(settings(folder.path)))).toMatch(
		/^The table .* cannot be written: there is a/,
	);
});

test('the files are those of all analyses, or of the one that is chosen', () => {
	const paths = exportedTables({...createDefaultSettings(), exportFolder: 'out'}).map(({path}) => path);
	expect(paths).toContain('out/transactions.categories.csv');
	const settings = {...createDefaultSettings(), exportFolder: 'out', analysis: 'transactions' as const};
	expect(exportedTables(settings)).toEqual([
		{
			path: 'out/transactions.categories.csv',
			outline: {analysis: 'transactions', name: 'categories', columns: ['category', 'count', 'amount']},
		},
	]);
});
