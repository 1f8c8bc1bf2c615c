import {expect, test} from 'vitest';
import type {WatchStatus} from '../../source/model/watch-status.ts';
import {statusLines} from '../../source/report/status-lines.ts';
import {displayWidth} from '../../source/text/width.ts';

const counts = {waiting: 30_000, skipped: 2, processing: 1, completed: 1180, failed: 12, duplicate: 7};

const status: WatchStatus = {
	folder: '/srv/inbox',
	at: '2026-11-30T03:00:00.000Z',
	health: {
		status: 'degraded',
		reasons: [
			{
				code: 'DISK_FULL',
				message: 'Its disk has 1.2 MB left, so no more files are taken: make room, and it goes on by itself.',
			},
		],
	},
	owner: {
		...{pid: 4242, host: 'collector', epoch: 3, since: '2026-11-29T23:00:00.000Z', uptime: 14_400},
		usage: {cpu: 1204.2, cpu_share: 0.083, memory_bytes: 187_654_321, open_files: 34},
	},
	last_watched: null,
	files: counts,
	bytes: counts,
	rows: {read: 98_123_456, rejected: 1234},
	tags: [
		{tag: 'transactions', completed: 1000, failed: 2, duplicate: 7},
		{
			tag: 'a tag with a name that is much longer than there is room for in a line',
			completed: 180,
			failed: 0,
			duplicate: 0,
		},
		{tag: null, completed: 0, failed: 10, duplicate: 0},
	],
	success_rate: 1180 / 1192,
	processing_time: {files: 1192, mean: 1.2, p50: 0.6, p95: 4.1, p99: 9.8},
	throughput: {
		last_minute: {files: 41, bytes: 61_234_567},
		last_hour: {files: 1000, bytes: 1_234_567_890},
		since_start: {files: 1199, bytes: 1_534_567_890},
	},
	oldest: {file: 'export.csv', age: 312},
	last_error: null,
	waiting: [{file: 'export.csv', bytes: 1_200_000, age: 312}],
	processing: [
		{
			...{
				file: `${'very-'.repeat(20)}long.csv`,
				claim: '20261130-025308-4kq09xz1',
				state: 'claimed',
				bytes: 4e9,
				age: 61,
			},
			...{tag: 'transactions', step: 'analyze', attempts: 2},
		},
	],
	failed: [
		{
			...{file: 'evil\u001b[2J.csv', claim: '20261130-025300-4kq09xz0', at: '2026-11-30T02:59:00.000Z', code: 'BINARY'},
			...{message: 'It is no text: it has NUL bytes.\nSecond line.', tag: null, attempts: 1},
		},
	],
	skipped: [
		{
			file: 'link.csv',
			reason: 'link',
			message: 'It is a link, and what it leads to may be changed or removed at any time: move the file itself here.',
		},
	],
};

test.each([80, 40])('the status of a watched folder fits on %i columns', async columns => {
	const lines = statusLines(status, {columns, ascii: false});
	for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
	await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/status-${columns}.txt`);
});

test('nothing of it is cut in a pipe, and nothing in it acts on a terminal', () => {
	const text = statusLines(status, {columns: Number.POSITIVE_INFINITY, ascii: true}).join('\n');
	expect(text).toContain(`${'very-'.repeat(20)}long.csv  transactions / analyze  attempt 2  4.0 GB  01:01`);
	expect(text).toContain('evil\\x1b[2J.csv');
	expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\uffff]/);
});

test('a folder that nobody watches says who did last', () => {
	const {pid, host, since} = {pid: 7, host: 'h', since: '2026-11-30T01:00:00.000Z'};
	const textOf = (last: WatchStatus['last_watched']): string =>
		statusLines({...status, owner: null, last_watched: last}, {columns: 80, ascii: false}).join('\n');
	expect(textOf({pid, host, since, until: '2026-11-30T02:00:00.000Z'})).toMatch(
		/watched +by nobody; last by process 7 on h, until 2026-11-30 02:00:00 UTC/,
	);
	expect(textOf({pid, host, since, until: null})).toContain('until it was killed');
	expect(textOf(null)).toMatch(/watched +by nobody yet/);
});
