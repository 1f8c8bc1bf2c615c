import {linkSync, mkdirSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {isSamePlace, locate} from '../../source/cli/outputs/place.ts';
import {createTemporaryFolder, type TemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

function createBench(): TemporaryFolder {
	const folder = createTemporaryFolder();
	workIn(folder);
	folder.write('there', 'x');
	folder.write('other', 'x');
	folder.folder('sub');
	folder.link('.', 'sub/back');
	folder.link('there', 'link');
	folder.link('sub/new', 'coming');
	folder.link('../also-coming', 'sub/twice');
	folder.link('sub/twice', 'thrice');
	folder.link('round', 'round');
	linkSync(folder.at('there'), folder.at('hard'));
	return folder;
}

const isSame = (left: string, right: string): boolean => isSamePlace(locate(left), locate(right));

test.each([
	['there', './there'],
	['there', 'sub/../there'],
	['there', 'link'],
	['there', 'hard'],
	['link', 'hard'],
	['there', 'sub/back/back/../there'],
	['new', './new'],
	['sub/new', 'sub/back/new'],
	['sub/new', 'coming'],
	['also-coming', 'thrice'],
	['thrice', 'sub/twice'],
	['missing/x', './missing/x'],
])('%s and %s are the same place', (left, right) => {
	createBench();
	expect([isSame(left, right), isSame(right, left)]).toEqual([true, true]);
});

test.each([
	['there', 'other'],
	['there', 'new'],
	['new', 'sub/new'],
	['new', 'newer'],
	['round', 'new'],
	['coming', 'new'],
	['/dev/null', '/dev/null'],
])('%s and %s are different places', (left, right) => {
	createBench();
	expect([isSame(left, right), isSame(right, left)]).toEqual([false, false]);
});

describe('names of missing files that differ in case', () => {
	test('are as many files as the drive says', () => {
		const folder = createBench();
		writeFileSync(folder.at('case'), '');
		// The behaviour of the drive is found by testing it.
		const ignoresCase = isSame('case', 'CASE');
		for (const [left, right] of [
			['r.json', 'R.json'],
			['é.json', 'É.json'],
			['sub/r.json', 'sub/back/R.JSON'],
		] as const) {
			expect(isSame(left, right)).toBe(ignoresCase);
		}
	});

	test('are two where the folder has no name with letters to test', () => {
		const folder = createBench();
		mkdirSync(folder.at('1'));
		expect(isSame('1/a', '1/b')).toBe(false);
	});
});
