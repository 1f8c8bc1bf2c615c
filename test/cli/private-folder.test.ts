import {chmodSync, chownSync, existsSync, lstatSync, mkdirSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {makePrivateFolder} from '../../source/cli/process/private-folder.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const modeOf = (path: string): number => lstatSync(path).mode & 0o777;

test('a missing folder is made for this user alone, and found again', () => {
	const folder = createTemporaryFolder();
	const path = folder.at('cache/fileproc-tui/compiled');
	for (let count = 0; count < 2; count++) {
		expect(makePrivateFolder(path)).toBe(path);
		expect([modeOf(path), modeOf(folder.at('cache'))]).toEqual([0o700, 0o700]);
	}
});

test('its path has no links in it that could lead elsewhere later', () => {
	const folder = createTemporaryFolder();
	folder.folder('real');
	folder.link('real', 'link');
	expect(makePrivateFolder(folder.at('link/x'))).toBe(folder.at('real/x'));
});

describe('there is no such folder, and nothing is made', () => {
	test.each([0o777, 0o775, 0o757])('where a parent folder has the mode %o', mode => {
		const folder = createTemporaryFolder();
		mkdirSync(folder.at('cache/ours'), {recursive: true});
		chmodSync(folder.at('cache'), mode);
		expect(makePrivateFolder(folder.at('cache/ours/x'))).toBe(null);
		expect(makePrivateFolder(folder.at('cache/x'))).toBe(null);
		expect(existsSync(folder.at('cache/x'))).toBe(false);
	});

	test.each([0o755, 0o770, 0o701])('where it exists with the mode %o', mode => {
		const folder = createTemporaryFolder();
		folder.folder('x');
		chmodSync(folder.at('x'), mode);
		expect(makePrivateFolder(folder.at('x'))).toBe(null);
	});

	test('where it, or a parent folder, belongs to another user', ({skip}) => {
		if (process.geteuid?.() !== 0) skip('only root can give a folder away');
		const folder = createTemporaryFolder();
		folder.folder('theirs');
		chmodSync(folder.at('theirs'), 0o700);
		chownSync(folder.at('theirs'), 54_321, 54_321);
		expect(makePrivateFolder(folder.at('theirs'))).toBe(null);
		expect(makePrivateFolder(folder.at('theirs/x'))).toBe(null);
		expect(existsSync(folder.at('theirs/x'))).toBe(false);
	});

	test('where a link leads nowhere, or a file is in the way', () => {
		const folder = createTemporaryFolder();
		folder.link('nowhere', 'link');
		writeFileSync(folder.at('file'), '');
		for (const name of ['link', 'link/x', 'file', 'file/x']) expect(makePrivateFolder(folder.at(name))).toBe(null);
		expect(existsSync(folder.at('nowhere'))).toBe(false);
	});

	test.runIf(existsSync('/proc/self'))('where no folder can be made', () => {
		for (const path of ['/proc/x/y', '/dev/full/x', '/proc/self/x']) expect(makePrivateFolder(path)).toBe(null);
	});
});

test('a sticky folder that everybody may write to is a safe place for a folder of this user', () => {
	const folder = createTemporaryFolder();
	folder.folder('shared');
	chmodSync(folder.at('shared'), 0o1777);
	expect(makePrivateFolder(folder.at('shared/x'))).toBe(folder.at('shared/x'));
});
