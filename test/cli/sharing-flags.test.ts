import {describe, expect, test} from 'vitest';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {readSharing} from '../../source/cli/commands/serve/open-sharing.ts';
import {withoutPassword} from '../../source/text/secret-address.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const serve = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
	parseArguments(['serve', ...words], {env, packageJson: {name: 'fileproc-tui', version: '1.2.3'}});
const URL_WITH_PASSWORD = 'postgres://ann:s3cret@127.0.0.1/shared';

test('a server shares what it has by a database and a folder of files, by flags or variables', () => {
	expect(serve([])).toMatchObject({options: {sharing: null}});
	const sharing = {metadata: URL_WITH_PASSWORD, metadataFile: null, sharedFiles: '/files'};
	expect(serve(['--metadata', URL_WITH_PASSWORD, '--shared-files', '/files'])).toMatchObject({options: {sharing}});
	const env = {FILEPROC_METADATA: URL_WITH_PASSWORD, FILEPROC_SHARED_FILES: '/files'};
	expect(serve([], env)).toMatchObject({options: {sharing}});
});

test.each([
	[['--metadata', URL_WITH_PASSWORD], /add --shared-files/],
	[['--shared-files', '/files'], /add --metadata/],
	[['--metadata', 'redis://host', '--shared-files', '/files'], /metadata/],
	[['--metadata', URL_WITH_PASSWORD, '--metadata-file', 'a', '--shared-files', '/files'], /exclude each other/],
	[['--metadata', URL_WITH_PASSWORD, '--shared-files', '/files', '--watch', 'in'], /--metadata and --watch exclude/],
	[['--metadata', URL_WITH_PASSWORD, '--shared-files', '/files', '--open'], /--metadata and --open exclude/],
	[
		['--metadata', URL_WITH_PASSWORD, '--shared-files', '/files', '--encryption-key-file', 'k'],
		/--metadata and --encryption-key-file exclude/,
	],
])('%j is refused', (words, message) => {
	expect(() => serve(words)).toThrow(message);
});

describe('the address', () => {
	const read = (metadata: string | null, metadataFile: string | null = null) =>
		readSharing({metadata, metadataFile, sharedFiles: 'files'});

	test('may be in a file, and its password is shown to nobody', async () => {
		const path = createTemporaryFolder().write('metadata', `${URL_WITH_PASSWORD}\n`);
		const found = await read(null, path);
		expect(found?.address).toEqual({url: URL_WITH_PASSWORD, shown: 'postgres://127.0.0.1/shared'});
		expect(withoutPassword(`no ${URL_WITH_PASSWORD}, password s3cret`, found?.address ?? {url: '', shown: ''})).toBe(
			'no postgres://127.0.0.1/shared, password ***',
		);
	});

	test('of another machine says how the way there is guarded', async () => {
		await expect(read('postgres://ann:s3cret@db.example.org/shared')).rejects.toThrow(/sslmode=verify-full/);
		await expect(read('postgres://ann:s3cret@db.example.org/shared')).rejects.not.toThrow(/s3cret/);
		for (const mode of ['verify-full', 'disable'])
			expect((await read(`postgres://db.example.org/shared?sslmode=${mode}`))?.address.shown).toBe(
				'postgres://db.example.org/shared',
			);
	});

	test.each([
		'postgres://ann:50%off@127.0.0.1/shared',
		'postgres://ann:%ff@127.0.0.1/shared',
		'postgres://ann@127.0.0.1/50%off',
	])('%s says how such a sign is written', async address => {
		expect(() => serve(['--metadata', address, '--shared-files', '/files'])).toThrow(/a % .* is written as %25/);
		await expect(read(address)).rejects.toThrow(/a % .* is written as %25/);
		expect(() => serve(['--queue', address])).toThrow(/a % .* is written as %25/);
	});

	test('may have a sign in its password that is written as a number', async () => {
		const url = 'postgres://ann:50%25off@127.0.0.1/shared';
		expect(withoutPassword('no 50%off', (await read(url))?.address ?? {url: '', shown: ''})).toBe('no ***');
	});

	test('that is none, or in a file that is not there, is told', async () => {
		const folder = createTemporaryFolder();
		await expect(read(null, folder.write('empty'))).rejects.toThrow(/has no address of PostgreSQL/);
		await expect(read(null, folder.at('none'))).rejects.toThrow(/cannot be read/);
	});
});
