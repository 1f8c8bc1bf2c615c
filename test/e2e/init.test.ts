// `init` writes files, never over others, and what it has written works at once.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {runCommand} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('writes what is asked for, says what to run next, writes over nothing else, and config accepts it', async () => {
	const folder = createTemporaryFolder();
	const init = (...words: string[]) => runCommand(['init', ...words], {cwd: folder.path});
	const first = await init('batch');
	expect(first).toMatchObject({code: 0, stdout: ''});
	expect(first.stderr).toMatch(
		/^fileproc-tui: fileproc\.config\.json written\nWhat to run next:\n {2}fileproc-tui config /,
	);
	const written = readFileSync(folder.at('fileproc.config.json'), 'utf8');
	const config = await runCommand(['config'], {cwd: folder.path});
	expect(config).toMatchObject({code: 0, stderr: ''});
	expect(config.stdout).toMatch(/^concurrency +3 +fileproc\.config\.json$/m);
	expect((await init('batch')).stderr).toContain('fileproc.config.json is there already, as it would be');
	writeFileSync(folder.at('fileproc.config.json'), '{"theme": "mono"}');
	const refused = await init('batch');
	expect(refused).toMatchObject({code: 3, stdout: ''});
	expect(refused.stderr).toContain(
		'there is fileproc.config.json already, with something else in it. --force writes over it',
	);
	expect(readFileSync(folder.at('fileproc.config.json'), 'utf8')).toBe('{"theme": "mono"}');
	expect((await init('batch', '--force')).code).toBe(0);
	expect(readFileSync(folder.at('fileproc.config.json'), 'utf8')).toBe(written);
	expect(await init('batch', '--stdout')).toMatchObject({code: 0, stdout: written, stderr: ''});
	expect(readdirSync(folder.path)).toEqual(['fileproc.config.json']);
});

test('asks on a terminal alone, makes the folder that is named, and its routes can be used', async () => {
	const folder = createTemporaryFolder();
	const unasked = await runCommand(['init'], {cwd: folder.path});
	expect(unasked).toMatchObject({code: 2, stdout: ''});
	expect(unasked.stderr).toContain('init takes what to write: batch, watch, serve, ');
	expect((await runCommand(['init', 'watch', '-o', 'new/place'], {cwd: folder.path})).code).toBe(0);
	const checked = await runCommand(['routes', 'check', 'new/place/routes.json'], {cwd: folder.path});
	expect(checked).toMatchObject({code: 0, stderr: ''});
	expect(checked.stdout).toContain('transactions');
});

test.skipIf(whyNoTerminal !== null)('asks on a terminal until the answer is one of those that it names', async () => {
	const folder = createTemporaryFolder();
	const robot = Robot.command(['init'], {cwd: folder.path});
	await robot.waitForScreen(/What is it to be\?.*compose +a server in containers.*Name:/s);
	robot.press('nothing\r');
	await robot.waitForScreen('is none of them');
	robot.press('serve\r');
	await robot.waitForScreen('fileproc-serve.env written');
	expect(await robot.exit).toBe(0);
	expect(readdirSync(folder.path)).toEqual(['fileproc-serve.env']);
});
