// A small file that somebody changes just as it is read is read in the general way.
import {appendFileSync, renameSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {afterEach, expect, test, vi} from 'vitest';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {SmallFileReader} from '../../source/engine/worker/small/small-file.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

vi.mock('node:fs', async importOriginal => {
	const actual = await importOriginal<typeof import('node:fs')>();
	return {...actual, default: actual, statSync: vi.fn(actual.statSync)};
});
const {statSync: realStat} = await vi.importActual<typeof import('node:fs')>('node:fs');
afterEach(() => {
	vi.mocked(statSync).mockImplementation(realStat);
});

const settings: ReadSettings = {
	...readDefaults,
	...{chunkBytes: 65_536, reader: 'kernel'},
};
const header = 'transaction_id,customer_id,amount,date,category\n';
const text = `${header}t,c,1.50,2024-01-01,a\n`;

const changes: ReadonlyArray<readonly [string, (path: string) => void]> = [
	['has grown', path => appendFileSync(path, 't,c,2.50,2024-01-01,a\n')],
	['was written to', path => utimesSync(path, 1, 1)],
	[
		'was written to and its time set back',
		path => {
			const {atime, mtime} = realStat(path);
			writeFileSync(path, text.replace('1.50', '9.50'));
			utimesSync(path, atime, mtime);
		},
	],
	[
		'was replaced by another',
		path => {
			writeFileSync(`${path}.new`, text);
			renameSync(`${path}.new`, path);
		},
	],
];
test.each(changes)('one that %s while it was read is not taken in', (_, change) => {
	const reader = new SmallFileReader(new Kernel());
	const folder = createTemporaryFolder();
	const path = folder.write('a.csv', text);
	utimesSync(path, 2, 2);
	folder.awaitTick(path);
	expect(reader.read(path, settings)).toMatchObject({rows: 1, rejectedRows: 0});
	vi.mocked(statSync).mockImplementationOnce(((...args: Parameters<typeof statSync>) => {
		change(path);
		return realStat(...args);
	}) as typeof statSync);
	expect(reader.read(path, settings)).toBeNull();
	// All that there is of it is from the first time.
	const [rows] = reader.takeRows();
	expect(rows?.figures[0]?.records).toBe(1);
	expect(reader.takeRows()).toEqual([]);
});
