import {existsSync, readFileSync, write} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {EnvironmentError} from '../../source/cli/arguments/environment-error.ts';
import {openRecording, type RecordingOptions} from '../../source/cli/outputs/open-recording.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

let seq = 0;
const stamp = () => ({seq: ++seq, at: '2026-01-01T00:00:00.000Z', elapsedMs: 0});
const started = (): RunEvent => ({
	type: 'run-started',
	version: '1',
	paths: [],
	fileCount: 1,
	bytesTotal: 1,
	concurrency: 1,
	threads: 1,
	analyses: [],
	...stamp(),
});
const queued = (file: string): RunEvent => ({type: 'file-queued', file, attempt: 0, bytesTotal: 1, ...stamp()});
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n');

test('all recorded lines are in the file when it is finished', async () => {
	const path = createTemporaryFolder().at('run.jsonl');
	const recording = openRecording(path);
	recording.handle(started());
	for (let index = 0; index < 1000; index++) recording.handle(queued(`${index}.csv`));
	await recording.finish();
	const lines = linesOf(path);
	expect(lines).toHaveLength(1002);
	expect(lines.pop()).toBe('');
	for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});

test('an existing recording is overwritten to its last byte', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('run.jsonl', `{"type":"run-started","seq":1}\n${'x'.repeat(10_000)}`);
	const recording = openRecording(path);
	recording.handle(started());
	await recording.finish();
	expect(linesOf(path)).toHaveLength(2);
});

test('any other file is left unchanged', () => {
	const folder = createTemporaryFolder();
	for (const content of ['amount,date\n1,2024-01-01\n', '{', '{"type":"run"}']) {
		const path = folder.write('data.csv', content);
		expect(() => openRecording(path)).toThrow(EnvironmentError);
		expect(readFileSync(path, 'utf8')).toBe(content);
	}
	const missing = folder.at('no/run.jsonl');
	expect(() => openRecording(missing)).toThrow(/The recording .* cannot be opened: ENOENT/);
	expect(existsSync(folder.at('no'))).toBe(false);
});

test('the run does not wait for a disk that does not answer', async () => {
	const path = createTemporaryFolder().at('run.jsonl');
	let writeCount = 0;
	const write = (): void => {
		writeCount++;
	};
	const recording = openRecording(path, {write});
	recording.handle(queued('a.csv'));
	await vi.waitFor(() => expect(writeCount).toBe(1), PATIENT);
	// While a write is pending, no other is sent after it, and nothing waits for it.
	for (let index = 0; index < 10_000; index++) recording.handle(queued('a.csv'));
	await new Promise(resolve => setImmediate(resolve));
	expect(writeCount).toBe(1);
});

test('a disk that accepts a little at a time gets everything in order', async () => {
	const path = createTemporaryFolder().at('run.jsonl');
	const slow: RecordingOptions['write'] = (descriptor, bytes, position, done) => {
		write(descriptor, bytes, 0, Math.min(7, bytes.length), position, done);
	};
	const recording = openRecording(path, {write: slow});
	const events = Array.from({length: 20}, (_, index) => queued(`${index}.csv`));
	for (const event of events) recording.handle(event);
	await recording.finish();
	const lines = linesOf(path).slice(0, -1);
	expect(lines.map(line => JSON.parse(line).file)).toEqual(events.map(event => 'file' in event && event.file));
});

test('a disk that becomes full leaves whole lines, and is reported at the end', async () => {
	const path = createTemporaryFolder().at('run.jsonl');
	let room = 200;
	const full: RecordingOptions['write'] = (descriptor, bytes, position, done) => {
		const length = Math.min(room, bytes.length);
		room -= length;
		if (length > 0) write(descriptor, bytes, 0, length, position, done);
		else done(Object.assign(new Error('ENOSPC: no space left on device'), {code: 'ENOSPC'}), 0);
	};
	const recording = openRecording(path, {write: full});
	for (let index = 0; index < 10; index++) recording.handle(queued(`${index}.csv`));
	await expect(recording.finish()).rejects.toThrow(/The recording .* cannot be written, and ends early: ENOSPC/);
	const lines = linesOf(path);
	expect(lines.pop()).toBe('');
	expect(lines.length).toBeGreaterThan(0);
	for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});
