// Rows of the list are right whatever comes first: the list that is read, or the events, once or twice.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseFilter} from '../../source/store/filter.ts';
import type {FileAnswer} from '../../source/web/api/types.ts';
import {
	matchesRow,
	needsResults,
	readSort,
	SORT_KEYS,
	sortRows,
	writeSort,
} from '../../source/web/files/arrange-rows.ts';
import {FileRows, type ServerEvent} from '../../source/web/files/file-rows.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const answer = (changes: Partial<FileAnswer> = {}): FileAnswer => ({
	...{file_id: 'f_1', name: 'a.csv', relative_path: null, size: 1000, sha256: '', status: 'STORED'},
	...{received_at: at(0), expires_at: null, task_id: null, task_execution_id: null, attempts: 0},
	...{started_at: null, completed_at: null, rows: null, rejected_rows: null, error: null},
	...changes,
});

const about = {runId: 'r_1', file: 'a.csv'};
/** The life of a file with one task, which is tried twice. */
const LIFE: readonly ServerEvent[] = [
	{type: 'upload-completed', at: at(0), fileId: 'f_1', file: 'a.csv', bytes: 1000},
	{type: 'task-queued', at: at(1), taskExecutionId: 'r_1', fileId: 'f_1', file: 'a.csv', bytesTotal: 1000},
	{type: 'run-started', at: at(2), runId: 'r_1'},
	{type: 'file-started', at: at(2), ...about, attempt: 1},
	{type: 'file-progressed', at: at(3), ...about, attempt: 1, bytesRead: 400, rows: 4, rejectedRows: 1, isPaused: false},
	{
		type: 'file-failed',
		at: at(4),
		...about,
		attempt: 1,
		report: {rows: null, rejected_rows: null, error: {code: 'X', message: 'x'}},
	},
	{type: 'task-queued', at: at(5), taskExecutionId: 'r_1', fileId: 'f_1', file: 'a.csv', bytesTotal: 1000},
	{type: 'file-started', at: at(6), ...about, attempt: 2},
	{type: 'file-completed', at: at(7), ...about, attempt: 2, report: {rows: 10, rejected_rows: 2, error: null}},
];
/** What the list says after so many of them. */
const ANSWERS: readonly (FileAnswer | null)[] = [
	null,
	answer(),
	answer({status: 'QUEUED', task_id: 'sales', task_execution_id: 'r_1'}),
	answer({status: 'PROCESSING', task_id: 'sales', task_execution_id: 'r_1', attempts: 1, started_at: at(2)}),
	answer({status: 'PROCESSING', task_id: 'sales', task_execution_id: 'r_1', attempts: 1, started_at: at(2)}),
	answer({status: 'PROCESSING', task_id: 'sales', task_execution_id: 'r_1', attempts: 1, started_at: at(2)}),
	answer({
		status: 'FAILED',
		task_id: 'sales',
		task_execution_id: 'r_1',
		attempts: 1,
		started_at: at(2),
		completed_at: at(4),
	}),
	answer({status: 'QUEUED', task_id: 'sales', task_execution_id: 'r_1', attempts: 1}),
	answer({status: 'PROCESSING', task_id: 'sales', task_execution_id: 'r_1', attempts: 2, started_at: at(6)}),
	answer({
		...{status: 'COMPLETED', task_id: 'sales', task_execution_id: 'r_1', attempts: 2},
		...{started_at: at(6), completed_at: at(7), rows: 10, rejected_rows: 2},
	}),
];

test('whatever the list has said at any moment, with the events from before and after it, the last state is the true one', () => {
	const place = fc.nat(LIFE.length);
	fc.assert(
		fc.property(place, place, place, (read, replayedFrom, asked) => {
			const rows = new FileRows();
			const list = ANSWERS[read];
			if (list != null) rows.takeAnswer(list);
			// A stream that begins anew tells again what is known.
			const from = Math.min(replayedFrom, read);
			for (const [index, event] of LIFE.slice(from).entries()) {
				rows.takeEvent(event);
				// An answer that was long on its way.
				const late = index === asked ? ANSWERS[Math.min(read, from + index)] : null;
				if (late != null) rows.takeAnswer(late);
			}
			const row = rows.get('f_1');
			expect(row).toMatchObject({
				status: 'COMPLETED',
				rows: 10,
				rejectedRows: 2,
				error: null,
				attempts: 2,
				bytesRead: 1000,
			});
			// What events do not tell is asked for, and then it is known.
			const last = ANSWERS.at(-1);
			if (last != null) rows.takeAnswer(last);
			expect(rows.get('f_1')).toMatchObject({analysis: 'sales', isPartial: false, status: 'COMPLETED'});
			// What is told again is no news.
			for (const event of LIFE) expect(rows.takeEvent(event)).toBeNull();
		}),
	);
});

test('an end that an answer has told already is no news, however late its event is written', () => {
	const rows = new FileRows();
	const ended = {started_at: at(2), completed_at: at(9), rows: 10, rejected_rows: 1, attempts: 1};
	rows.takeAnswer(answer({status: 'COMPLETED', task_execution_id: 'r_1', task_id: 'sales', ...ended}));
	const before = rows.get('f_1');
	const report = {rows: 10, rejected_rows: 1, error: null};
	expect(rows.takeEvent({type: 'file-completed', at: at(10), ...about, report})).toBeNull();
	expect(rows.get('f_1')).toEqual(before);
});

test('a second task of a file takes the place of the first, and late events of the first change nothing', () => {
	const rows = new FileRows();
	for (const event of LIFE) rows.takeEvent(event);
	rows.takeEvent({
		type: 'task-queued',
		at: at(10),
		taskExecutionId: 'r_2',
		fileId: 'f_1',
		file: 'a.csv',
		bytesTotal: 1000,
	});
	expect(rows.get('f_1')).toMatchObject({status: 'QUEUED', taskId: 'r_2', rows: null});
	for (const event of LIFE) rows.takeEvent(event);
	expect(rows.get('f_1')).toMatchObject({status: 'QUEUED', taskId: 'r_2'});
	rows.takeEvent({type: 'run-paused', at: at(11), runId: 'r_2'});
	expect(rows.get('f_1')?.isPaused).toBe(true);
	const late = {
		type: 'file-progressed',
		at: at(11),
		runId: 'r_2',
		attempt: 1,
		bytesRead: 400,
		rows: 4,
		rejectedRows: 1,
	};
	expect(rows.takeEvent({...late, isPaused: false})).toBeNull();
	expect(rows.get('f_1')).toMatchObject({status: 'QUEUED', isPaused: true});
	rows.takeEvent({type: 'content-expired', at: at(12), fileId: 'f_1'});
	expect(rows.size).toBe(0);
});

test('rows are filtered by the terms of the terminal, and terms about results are for the server', () => {
	const rows = new FileRows();
	rows.takeAnswer(answer());
	rows.takeAnswer(
		answer({file_id: 'f_2', name: 'b.csv', size: 5_000_000, status: 'FAILED', task_execution_id: 'r_2', attempts: 3}),
	);
	const found = (text: string): readonly string[] => {
		const parsed = parseFilter(text);
		if (!parsed.ok) throw new Error(parsed.message);
		expect(needsResults(parsed.filter), text).toBe(false);
		return Array.from(rows.values())
			.filter(row => matchesRow(parsed.filter, row, null))
			.map(({name}) => name);
	};
	expect(found('')).toEqual(['a.csv', 'b.csv']);
	expect(found('status:failed')).toEqual(['b.csv']);
	expect(found('!status:failed')).toEqual(['a.csv']);
	expect(found('size>1MB attempts=3')).toEqual(['b.csv']);
	expect(found('A.csv')).toEqual(['a.csv']);
	for (const text of ['analysis:sales', 'status:done', 'x !analysis:sales']) {
		const parsed = parseFilter(text);
		expect(parsed.ok && needsResults(parsed.filter), text).toBe(true);
	}
});

test('a sort is the same after it has stood in the address, and unknown figures come last either way', () => {
	for (const key of SORT_KEYS)
		for (const isDescending of [true, false])
			expect(readSort(writeSort({key, isDescending}))).toEqual({key, isDescending});
	expect(readSort('nothing')).toEqual(readSort(null));
	const rows = new FileRows();
	for (const [index, count] of [5, null, 7].entries())
		rows.takeAnswer(answer({file_id: `f_${index}`, name: `${10 - index}.csv`, rows: count}));
	const sorted = (text: string) => sortRows(Array.from(rows.values()), readSort(text)).map(row => row.rows);
	expect(sorted('rows')).toEqual([5, 7, null]);
	expect(sorted('-rows')).toEqual([7, 5, null]);
	expect(sorted('name')).toEqual([7, null, 5]);
});
