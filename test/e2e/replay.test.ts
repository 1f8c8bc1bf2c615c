// A recorded run in the dashboard.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {beforeEach, expect, test} from 'vitest';
import {createFolder} from '../helpers/command.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';

beforeEach(({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
});

const RECORDING = fileURLToPath(new URL('../../fixtures/recordings/branches.jsonl', import.meta.url));

test('a replay offers only the actions that are possible in it', async () => {
	const robot = Robot.command(['replay', RECORDING, '--speed', '50'], {cwd: createFolder(), columns: 100, rows: 60});
	await robot.waitForScreen(/completed/);
	robot.press('?');
	const help = await robot.waitForScreen('Paint the screen anew');
	expect(help).toContain('Pause the run');
	for (const absent of ['Cancel the marked', 'Retry the marked', 'one more file at a time', 'Pause this file'])
		expect(help).not.toContain(absent);
	robot.press('?', 'q');
	expect(await robot.exit).toBe(0);
	// Node warns of negative waits.
	expect(robot.written).not.toContain('Warning');
});

test('a paused replay resumes, and continues to its end', async () => {
	const robot = Robot.command(['replay', RECORDING, '--speed', '20'], {cwd: createFolder(), columns: 100, rows: 30});
	await robot.waitForScreen(/1 running|2 running|\d running/);
	robot.press('p');
	await robot.waitForScreen('paused');
	robot.press('p');
	await robot.waitForScreen(/finished in|summary/i);
	robot.press('q');
	expect(await robot.exit).toBe(0);
});

test('a recording that is not there, or is none, is an error of its own kind also while the dashboard is loaded', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'hello.jsonl'), 'hello\n');
	for (const [name, code, message] of [
		['missing.jsonl', 3, 'missing.jsonl'],
		['hello.jsonl', 2, 'hello.jsonl'],
	] as const) {
		const robot = Robot.command(['replay', name], {cwd, columns: 100, rows: 30});
		expect(await robot.exit).toBe(code);
		expect(robot.written).toContain(message);
		expect(robot.written).not.toContain('which is a bug');
	}
});
