import {expect, test} from 'vitest';
import type {FailedFile} from '../../source/model/watch-status.ts';
import {type HealthFacts, judgeHealth, LOW_DISK_BYTES, LOW_DISK_FILES} from '../../source/watch/health.ts';

const at = '2026-11-30T12:00:00.000Z';
const roomy = {freeBytes: 1e12, freeFiles: 1e6};
const owner = {pid: 1, host: 'h', epoch: 1, since: at, uptime: 60, usage: null};
const last = {pid: 1, host: 'h', since: at, until: at};
const counts = {waiting: 0, skipped: 3, processing: 0, completed: 5, failed: 5, duplicate: 0};
const nothing = {files: 0, bytes: 0};
const throughput = {last_minute: nothing, last_hour: nothing, since_start: nothing};
const status: HealthFacts['status'] = {
	at,
	owner,
	last_watched: null,
	files: counts,
	oldest: null,
	throughput,
	failed: [],
};

const judge = (changes: Partial<HealthFacts['status']> = {}, facts: Partial<HealthFacts> = {}): string[] => {
	const {status: word, reasons} = judgeHealth({
		...{status: {...status, ...changes}, room: roomy, missingFolders: []},
		...facts,
	});
	return [word, ...reasons.map(({code}) => code)];
};

test('files that fail, or are not taken, do not make a watch ill', () => {
	expect(judge()).toEqual(['ok']);
	expect(judge({}, {room: null})).toEqual(['ok']);
});

test('without an owner it is stopped, and says whether that one was killed', () => {
	expect(judge({owner: null})).toEqual(['stopped', 'NOT_WATCHED']);
	expect(judge({owner: null, last_watched: last})).toEqual(['stopped', 'NOT_WATCHED']);
	expect(judge({owner: null, last_watched: {...last, until: null}})).toEqual(['stopped', 'OWNER_DIED']);
});

test.each([
	['bytes', {...roomy, freeBytes: LOW_DISK_BYTES - 1}],
	['inodes', {...roomy, freeFiles: LOW_DISK_FILES - 1}],
])('a disk that has few %s left is told of', (_, room) => {
	expect(judge({}, {room})).toEqual(['degraded', 'DISK_LOW']);
});

test('a disk that the watch has found full is told of once', () => {
	const ownReasons = [{code: 'DISK_FULL', message: 'full'}] as const;
	expect(judge({}, {room: {...roomy, freeBytes: 0}, ownReasons})).toEqual(['degraded', 'DISK_FULL']);
});

test('each folder that is missing is told of', () => {
	expect(judge({}, {missingFolders: ['/in/failed', '/in/results']})).toEqual([
		'degraded',
		'FOLDER_MISSING',
		'FOLDER_MISSING',
	]);
});

test('a file that waits while nothing is worked on is stuck; a queue that moves is not', () => {
	const stuck = {files: {...counts, waiting: 1}, oldest: {file: 'a.csv', age: 900}};
	expect(judge(stuck)).toEqual(['degraded', 'QUEUE_STUCK']);
	expect(judge({...stuck, oldest: {file: 'a.csv', age: 899}})).toEqual(['ok']);
	expect(judge({...stuck, files: {...stuck.files, processing: 1}})).toEqual(['ok']);
	expect(judge({...stuck, throughput: {...throughput, last_minute: {files: 1, bytes: 1}}})).toEqual(['ok']);
	const ownReasons = [{code: 'INTAKE_PAUSED', message: 'paused'}] as const;
	expect(judge(stuck, {ownReasons})).toEqual(['degraded', 'INTAKE_PAUSED']);
});

test('a file that the process died of is told of for an hour', () => {
	const failed = (time: string, code = 'CRASH_LOOP'): FailedFile[] => [
		{file: 'a.csv', claim: 'c1', at: time, code, message: '', tag: null, attempts: 3},
	];
	expect(judge({failed: failed('2026-11-30T11:00:00.000Z')})).toEqual(['degraded', 'CRASH_LOOP']);
	expect(judge({failed: failed('2026-11-30T10:59:59.999Z')})).toEqual(['ok']);
	expect(judge({failed: failed(at, 'BINARY')})).toEqual(['ok']);
});
