// A recorded run in the dashboard.
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
	const robot = Robot.command(['replay', RECORDING, '--speed', '10'], {cwd: createFolder(), columns: 100, rows: 30});
	await robot.waitForScreen(/1 running|2 running|\d running/);
	robot.press('p');
	await robot.waitForScreen('paused');
	robot.press('p');
	await robot.waitForScreen(/finished in|summary/i);
	robot.press('q');
	expect(await robot.exit).toBe(0);
});
