// Messages of the built command about common mistakes: plain words, and what to do.
import {symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createFolder, parseReport, runCommand, writeFiles} from '../helpers/command.ts';

const HEADER = 'customer_id,amount,date,category\n';

test('for links that are not read the message says why, and not that they are not regular files', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 1, 3);
	const [name = ''] = parseReport((await runCommand(['data', '--json'], {cwd})).stdout).files.map(({file}) => file);
	symlinkSync(join(cwd, name), join(cwd, 'data/again.csv'));
	symlinkSync('nowhere.csv', join(cwd, 'data/dangling.csv'));
	symlinkSync('circle.csv', join(cwd, 'data/circle.csv'));
	const {stdout} = await runCommand(['data', '--json'], {cwd});
	const messages = new Map(parseReport(stdout).files.map(({file, error}) => [file, error?.message]));
	expect(Object.fromEntries(messages)).toMatchObject({
		'data/again.csv': 'It is a link to a file that is processed already; no file is processed twice',
		'data/dangling.csv': 'It is a dangling link; there is no file where it leads',
		'data/circle.csv': 'It is a link that leads in a circle; there is no file where it leads',
	});
});

test.each([
	[
		['--strict'],
		'1 record was rejected; --strict fails a file at the first one: not-a-number at line 2, column amount',
	],
	[
		['--max-errors', '2'],
		'2 records were rejected; --max-errors 2 fails a file at that number. The last one: quote at line 3, column amount',
	],
])('too many rejected records with %j', async (flags, sentence) => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), `${HEADER}C1,x,2024-01-01,a\nC2,"y"z,2024-01-01,a\n`);
	const {code, stdout} = await runCommand(['a.csv', '--plain', ...flags], {cwd});
	expect(code).toBe(1);
	expect(stdout).toContain(sentence);
});

test('a rejected value with quotes is shown in other quotes', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), `${HEADER}C1,5,2024-01-01,a\nC1,5,2024-01-01,"utilities"x\n`);
	const {stdout} = await runCommand(['a.csv', '--plain'], {cwd});
	expect(stdout).toContain(`'"utilities"x'`);
	expect(stdout).not.toContain('""utilities');
});

describe('missing input is described in words', () => {
	test.each([
		[['replay', 'nope.jsonl'], 'The recorded run nope.jsonl cannot be read: there is no such file (ENOENT)'],
		[['--files-from', 'nope.txt'], 'The list of files nope.txt cannot be read: there is no such file (ENOENT)'],
		[['replay', 'data'], 'The recorded run data cannot be read: it is a directory; expected a file (EISDIR)'],
		[['--files-from', 'data'], 'The list of files data cannot be read: it is a directory; expected a file (EISDIR)'],
	])('%j', async (words, sentence) => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 3);
		expect(await runCommand(words, {cwd})).toMatchObject({code: 3, stdout: '', stderr: `fileproc-tui: ${sentence}\n`});
	});
});

test('the size of standard input is unknown, so none is shown', async () => {
	const input = `${HEADER}C1,5,2024-01-01,a\n`;
	const {stdout} = await runCommand(['-', '--plain'], {input});
	expect(stdout).toMatch(/^Processing 1 file, /m);
});
