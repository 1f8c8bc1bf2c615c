// A reader of events that stops reading, as a pipe into `less` or a debugger does: the run waits for it, in little memory.
import {spawn} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {CLI_PATH, commandEnvironment, createFolder, writeFiles} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

/** Their events are more than is kept for a reader: some 3 kB each, with these names. */
const FILES = 3600;
const FOLDER = join('data', 'f'.repeat(250), 'g'.repeat(250));

/** The command without a reader of its output. */
function startUnread(cwd: string) {
	const args = [CLI_PATH, 'data', '--jsonl', '--log-file', 'log'];
	const child = spawn(process.execPath, args, {cwd, env: commandEnvironment(), stdio: ['ignore', 'pipe', 'pipe']});
	onTestFinished(() => void child.kill('SIGKILL'));
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	/** The exit code, and what was written to standard error. */
	const exit = new Promise<[number | null, string]>(resolve => child.once('exit', code => resolve([code, stderr])));
	return {child, exit};
}

/** The run has started, and does not continue. */
async function untilItStands(cwd: string): Promise<void> {
	const log = join(cwd, 'log');
	await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('file-completed'), PATIENT);
	let [size, looks] = [0, 0];
	await vi.waitFor(() => {
		const next = statSync(log).size;
		looks = next === size ? looks + 1 : 0;
		size = next;
		expect(looks).toBeGreaterThan(15);
	}, PATIENT);
	expect(readFileSync(log, 'utf8')).not.toContain('run-completed');
}

test('the run waits for a reader of events that has stopped, and sends it everything when it resumes', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, FOLDER), FILES, 20);
	const {child, exit} = startUnread(cwd);
	await untilItStands(cwd);
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	expect(await exit).toEqual([0, '']);
	const events = text
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as {type: string; file?: string});
	const filesOf = (type: string): Set<unknown> =>
		new Set(events.flatMap(event => (event.type === type ? [event.file] : [])));
	for (const type of ['file-queued', 'file-started', 'file-completed']) expect(filesOf(type).size, type).toBe(FILES);
	expect(events[0]?.type).toBe('run-started');
	expect(events.at(-1)).toMatchObject({type: 'run-completed', totals: {completed: FILES, rows: 20 * FILES}});
});

test('a run that waits for its reader can be interrupted', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, FOLDER), FILES, 20);
	const {child, exit} = startUnread(cwd);
	await untilItStands(cwd);
	child.kill('SIGINT');
	expect(await exit).toEqual([130, '']);
});
