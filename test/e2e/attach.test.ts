// A run of one terminal, seen from another one.
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {createFolder, runCommand} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

/** It does not end by itself as long as anybody looks. */
const SLOW = ['--simulate-io', '20000', '--threads', '3'];

function madeFolder(): {readonly cwd: string; readonly env: {readonly XDG_STATE_HOME: string}} {
	const cwd = createFolder();
	const state = join(cwd, 's');
	mkdirSync(state, {mode: 0o700});
	return {cwd, env: {XDG_STATE_HOME: state}};
}

test('a second terminal follows a run, cancels a file of it, and leaves it running', async () => {
	const {cwd} = madeFolder();
	await runCommand(['generate', './data', '--files', '6', '--rows', '3000'], {cwd});
	const first = Robot.command(['./data', '--listen', './run.sock', '--allow-control', ...SLOW], {cwd});
	await first.waitForScreen('3 running');
	const second = Robot.command(['attach', './run.sock'], {cwd, columns: 100, rows: 30});
	await second.waitForScreen(/live.*6 files/);
	second.press('G', 'x', 'y');
	await first.waitForScreen('1 cancelled');
	await second.waitForScreen('1 cancelled');
	second.press('q');
	expect(await second.exit).toBe(0);
	await first.waitForScreen('3 running');
	const third = await runCommand(['attach', './run.sock', '--once'], {cwd});
	expect(third).toMatchObject({code: 0, stderr: ''});
	expect(third.stdout).toMatch(/3 running.*1 cancelled/);
	// It leaves by itself when the run has stopped.
	first.press('\u0003');
	expect(await first.exit).toBe(130);
});

test('a run in the background is found by its folder, while it runs and when it has ended', async () => {
	const {cwd, env} = madeFolder();
	await runCommand(['generate', './data', '--files', '4', '--rows', '2000'], {cwd});
	const begun = await runCommand(['./data', '--detach', ...SLOW], {cwd, env});
	expect(begun).toMatchObject({code: 0, stderr: ''});
	const [, pid = ''] = /process (\d+)/.exec(begun.stdout) ?? [];
	onTestFinished(() => {
		try {
			process.kill(Number(pid), 'SIGKILL');
		} catch {
			// It has ended.
		}
	});
	const robot = Robot.command(['attach', 'data/'], {cwd, env, columns: 100, rows: 30});
	await robot.waitForScreen(/live.*4 files/);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	process.kill(Number(pid), 'SIGINT');
	const after = Robot.command(['attach', 'data/'], {cwd, env, columns: 100, rows: 30});
	await after.waitForScreen('stopped');
	after.press('q');
	await after.exit;
	const [, printed = ''] = /^ {2}(\S+output\.txt)/m.exec(begun.stdout) ?? [];
	expect(readFileSync(printed, 'utf8')).toMatch(/cancelled/);
});

test('what cannot begin in the background says why in this terminal, with its own exit code', async () => {
	const {cwd, env} = madeFolder();
	const wrong = await runCommand(['./nothing', '--detach'], {cwd, env});
	expect(wrong).toMatchObject({code: 4});
	expect(wrong.stdout + wrong.stderr).toContain('no such file or folder');
	expect(await runCommand(['attach', './nothing', '--once'], {cwd, env})).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('None was started with --detach'),
	});
	expect(await runCommand(['-', '--detach'], {cwd, env})).toMatchObject({code: 2});
	expect(await runCommand(['.', '--listen', '0.0.0.0:8001'], {cwd, env})).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('other machines'),
	});
});
