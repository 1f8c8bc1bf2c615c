// The tasks of a server, seen as a run.
import {expect, test} from 'vitest';
import type {ServerMessage, TaskView} from '../../source/client/messages.ts';
import {TasksAsRun} from '../../source/client/tasks-as-run.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import type {RunState} from '../../source/store/state.ts';

const timeOf = (second: number): string => new Date(Date.UTC(2026, 10, 30) + second * 1000).toISOString();

function followed() {
	let state: RunState = createRunState();
	const run = new TasksAsRun({
		...{origin: 'https://files.example.org', version: '0.1.0', analyses: []},
		onReset: () => {
			state = createRunState();
		},
		onEvent: event => {
			state = reduce(state, [event]);
		},
	});
	return {
		run,
		say: (...messages: readonly ServerMessage[]) => {
			for (const message of messages) run.handle(message);
		},
		state: () => state,
		files: () => state.files.map(({file, status, bytesRead, rows}) => `${file} ${status} ${bytesRead} ${rows}`),
	};
}

const event = (second: number, type: string, members: object): ServerMessage => ({
	type: 'event',
	id: `e:${second}`,
	event: {type, at: timeOf(second), ...members},
});

const task = (id: string, fields: Partial<TaskView> = {}): TaskView => ({
	...{task_execution_id: id, file_id: 'f', file: 'a.csv', bytes: 1000, task_id: 'profile', analyses: [], attempts: 0},
	...{status: 'QUEUED', position: 1, created_at: timeOf(0), started_at: null, completed_at: null},
	...{rows: null, rejected_rows: null, error: null},
	...fields,
});

test('tasks wait, run, and end as files do; two of files of one name have names of their own', () => {
	const {run, say, files, state} = followed();
	const queued = {fileId: 'f', file: 'a.csv', bytesTotal: 1000};
	say(event(0, 'upload-completed', {fileId: 'f'}));
	say(
		event(1, 'task-queued', {...queued, taskExecutionId: 'r1'}),
		event(2, 'task-queued', {...queued, taskExecutionId: 'r2'}),
	);
	expect(files()).toEqual(['a.csv queued 0 0', 'a.csv (r2) queued 0 0']);
	expect(run.idOf('a.csv (r2)')).toBe('r2');
	const first = {runId: 'r1', file: 'a.csv', attempt: 1};
	say(
		event(3, 'file-started', first),
		event(4, 'file-progressed', {...first, bytesRead: 500, rows: 7, rejectedRows: 1}),
	);
	expect(files()[0]).toBe('a.csv running 500 7');
	expect(state()).toMatchObject({bytesTotal: 2000, bytesRead: 500, fileCount: 2, isEndless: true});
	say(event(5, 'file-completed', {...first, report: {rows: 14, rejected_rows: 2, error: null}}));
	const error = {code: 'ENCODING', message: 'no', line: 1, byte_offset: 2};
	const second = {runId: 'r2', file: 'a.csv', attempt: 1};
	say(
		event(6, 'file-started', second),
		event(7, 'file-failed', {...second, report: {rows: null, rejected_rows: null, error}}),
	);
	expect(files()).toEqual(['a.csv completed 1000 14', 'a.csv (r2) failed 0 0']);
	expect(state().files.map(({report}) => report?.error?.code)).toEqual([undefined, 'ENCODING']);
	expect(state().files[0]?.report?.processing_time).toBe(2);
	say(event(8, 'task-queued', {...queued, taskExecutionId: 'r2'}));
	expect(files()[1]).toBe('a.csv (r2) queued 0 0');
	expect(state().counts).toMatchObject({completed: 1, queued: 1, failed: 0});
	// Of tasks that are not known, nothing is shown.
	say(event(9, 'file-started', {runId: 'r9', file: 'x', attempt: 1}), event(9, 'content-expired', {fileId: 'f'}));
	expect(files()).toHaveLength(2);
});

test('a snapshot in parts is how things are now, and another one replaces it', () => {
	const {say, files} = followed();
	const done = task('r2', {
		...{status: 'COMPLETED', file: 'b.csv', created_at: timeOf(1), started_at: timeOf(2), completed_at: timeOf(3)},
		...{attempts: 1, rows: 5, rejected_rows: 0},
	});
	const running = task('r1', {status: 'PROCESSING', started_at: timeOf(4)});
	say({type: 'snapshot', id: null, tasks: [done], isComplete: false});
	expect(files()).toEqual([]);
	say({type: 'snapshot', id: 'e:9', tasks: [running], isComplete: true});
	expect(files()).toEqual(['a.csv running 0 0', 'b.csv completed 1000 5']);
	say({type: 'reset'}, {type: 'snapshot', id: 'f:1', tasks: [task('r3', {file: 'c.csv'})], isComplete: true});
	expect(files()).toEqual(['c.csv queued 0 0']);
	say({type: 'snapshot', id: 'f:2', tasks: [], isComplete: true});
	expect(files()).toEqual([]);
});

test('a server without tasks is a run in which nothing happens, until something does', () => {
	const {run, say, files, state} = followed();
	run.beginWithNone();
	expect(state()).toMatchObject({phase: 'running', isEndless: true, fileCount: 0});
	run.beginWithNone();
	say(event(1, 'task-queued', {fileId: 'f', file: 'a.csv', bytesTotal: 1000, taskExecutionId: 'r1'}));
	expect(files()).toEqual(['a.csv queued 0 0']);
	// What there is comes all at once, and counts from then on.
	say({type: 'snapshot', id: null, tasks: [task('r2', {file: 'b.csv'})], isComplete: true});
	expect(files()).toEqual(['b.csv queued 0 0']);
});

test('a task that is held waits until somebody lets it go on, whether it ran or waited before', () => {
	const {say, state, files} = followed();
	const held = () => state().files.map(({isPaused}) => isPaused);
	say(event(1, 'task-queued', {fileId: 'f', file: 'a.csv', bytesTotal: 1000, taskExecutionId: 'r1'}));
	say(event(2, 'run-paused', {runId: 'r1'}));
	expect([files(), held()]).toEqual([['a.csv queued 0 0'], [true]]);
	say(event(3, 'run-resumed', {runId: 'r1'}));
	expect([files(), held()]).toEqual([['a.csv queued 0 0'], [false]]);
	const first = {runId: 'r1', file: 'a.csv', attempt: 1};
	say(
		event(4, 'file-started', first),
		event(5, 'file-progressed', {...first, bytesRead: 500, rows: 7, rejectedRows: 1}),
	);
	say(event(6, 'run-paused', {runId: 'r1'}), event(7, 'run-paused', {runId: 'unknown'}));
	expect([files(), held()]).toEqual([['a.csv queued 0 0'], [true]]);
	expect(state()).toMatchObject({bytesSettled: 0, rows: 0, counts: {queued: 1, running: 0}, heldCount: 0});
	// Its threads stop a moment later, and tell until then.
	say(event(7, 'file-progressed', {...first, bytesRead: 600, rows: 8, rejectedRows: 1}));
	expect([files(), held()]).toEqual([['a.csv queued 0 0'], [true]]);
	say(event(8, 'run-resumed', {runId: 'r1'}), event(9, 'file-started', {...first, attempt: 2}));
	expect([files(), held()]).toEqual([['a.csv running 0 0'], [false]]);
	const tasks = [task('r2', {is_paused: true, attempts: 1, started_at: timeOf(2)}), task('r3', {file: 'b.csv'})];
	say({type: 'snapshot', id: null, tasks, isComplete: true});
	expect([files(), held()]).toEqual([
		['b.csv queued 0 0', 'a.csv queued 0 0'],
		[false, true],
	]);
});
