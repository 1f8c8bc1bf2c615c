// Some file systems do not tell what kind an entry of a folder is. Then Node asks for each, which it can only where the folder's path
// and the names are both bytes, or both text.
import {Buffer} from 'node:buffer';
import type {readdirSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

vi.mock('node:fs', async importOriginal => {
	const original = await importOriginal<typeof import('node:fs')>();
	return {
		...original,
		readdirSync(path: unknown, options: {readonly encoding: string; readonly withFileTypes?: boolean}) {
			const isAsking = options.withFileTypes === true;
			if (isAsking && Buffer.isBuffer(path) !== (options.encoding === 'buffer'))
				throw new TypeError('ERR_INVALID_ARG_TYPE');
			return (original.readdirSync as typeof readdirSync)(path as string, options as never);
		},
	};
});

test('a folder is walked where entries have no kind', async () => {
	const folder = createTemporaryFolder();
	const files = [folder.write('a.csv'), folder.write('below/b.csv'), folder.write('é.csv')];
	const {entries} = await planFiles([folder.path]);
	expect(entries.map(({type, file}) => [type, file])).toEqual(files.map(file => ['file', file]));
});
