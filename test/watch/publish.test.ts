// What was decided of a claim comes to its place, whatever somebody has put there.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {FolderSync} from '../../source/report/folder-sync.ts';
import {watchFolders} from '../../source/watch/folders.ts';
import {publish} from '../../source/watch/publish.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

/** Publishes a claim of `sub/a.csv`, with one output. */
async function publishInto(before: readonly string[], destination: 'processed' | 'failed') {
	const folder = createTemporaryFolder();
	const folders = watchFolders(folder.path);
	for (const name of ['processed', 'failed', 'results', 'underprocess', '.state/work/c1']) folder.folder(name);
	folder.write('underprocess/c1__a.csv', 'data');
	folder.write('.state/work/c1/c1__a.csv.out.txt', 'made');
	for (const path of before) folder.write(path, 'of somebody');
	const notices: string[] = [];
	await publish(
		{
			claim: {id: 'c1', name: 'sub/a.csv', storedName: 'c1__a.csv'},
			decision: {
				...{status: destination === 'failed' ? 'failed' : 'completed', destination, duplicateOf: null, code: null},
				...{message: null, tag: null, step: null, rows: 1, rejectedRows: 0, contentHash: null},
				outputs: ['c1__a.csv.out.txt'],
			},
			document: '{}',
		},
		{folders, sync: new FolderSync(), isThere: async () => true, onNotice: notice => void notices.push(notice)},
	);
	const read = (path: string): string | null =>
		existsSync(folder.at(path)) ? readFileSync(folder.at(path), 'utf8') : null;
	expect(readdirSync(folder.at('underprocess'))).toEqual([]);
	expect(read(`${destination}/sub/c1__a.csv`)).toBe('data');
	expect(read('results/sub/c1__a.csv.out.txt')).toBe('made');
	expect(read(destination === 'failed' ? 'failed/sub/c1__a.csv.reason.json' : 'results/sub/c1__a.csv.json')).toBe('{}');
	return {read, notices};
}

test.each(['processed', 'failed'] as const)('nothing is in the way in %s/', async destination => {
	expect((await publishInto([], destination)).notices).toEqual([]);
});

test('folders where its files belong are put aside, with what is in them', async () => {
	const {read, notices} = await publishInto(
		['processed/sub/c1__a.csv/x', 'results/sub/c1__a.csv.json/y', 'results/sub/c1__a.csv.out.txt/z'],
		'processed',
	);
	expect(read('processed/sub/c1__a.csv.aside/x')).toBe('of somebody');
	expect(read('results/sub/c1__a.csv.json.aside/y')).toBe('of somebody');
	expect(read('results/sub/c1__a.csv.out.txt.aside/z')).toBe('of somebody');
	expect(notices).toHaveLength(3);
	expect(notices[0]).toMatch(/c1__a\.csv\.out\.txt was in the way .* it is called c1__a\.csv\.out\.txt\.aside now\.$/);
});

test('the same in failed/, where a name for it is taken', async () => {
	const {read} = await publishInto(
		['failed/sub/c1__a.csv.reason.json/x', 'failed/sub/c1__a.csv.reason.json.aside', 'failed/sub/c1__a.csv/y'],
		'failed',
	);
	expect(read('failed/sub/c1__a.csv.reason.json.aside-2/x')).toBe('of somebody');
	expect(read('failed/sub/c1__a.csv.reason.json.aside')).toBe('of somebody');
	expect(read('failed/sub/c1__a.csv.aside/y')).toBe('of somebody');
});

test('files where its folders belong are put aside', async () => {
	const {read} = await publishInto(['processed/sub', 'results/sub'], 'processed');
	expect(read('processed/sub.aside')).toBe('of somebody');
	expect(read('results/sub.aside')).toBe('of somebody');
});
