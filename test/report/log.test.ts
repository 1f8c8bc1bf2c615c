import {describe, expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {createRunLog, type LogThreshold, type RunLog} from '../../source/report/log.ts';
import {
	completed,
	failed,
	progressed,
	queued,
	retrying,
	runCompleted,
	runStarted,
	skipped,
	stamp,
	started,
} from '../store/run-log.ts';
import {ACTING, goodFile, HOSTILE_TEXTS} from './sample-report.ts';

function createBench(threshold: LogThreshold): {
	log: RunLog;
	lines: string[];
	entries: () => Record<string, unknown>[];
} {
	const lines: string[] = [];
	const log = createRunLog({threshold, write: line => lines.push(line), now: () => Date.UTC(2024, 5, 1)});
	return {log, lines, entries: () => lines.map(line => JSON.parse(line))};
}

const run: readonly RunFact[] = [
	runStarted(),
	queued('a.csv'),
	skipped('pipe.csv'),
	started('a.csv'),
	progressed('a.csv', 500),
	retrying('a.csv'),
	started('a.csv', 2),
	failed('a.csv', {attempts: 2}),
	runCompleted(),
];

const messagesAt = (threshold: LogThreshold): unknown[] => {
	const {log, entries} = createBench(threshold);
	for (const event of stamp(run)) log.handle(event);
	log.log('debug', 'worker-ready', {worker: 1});
	return entries().map(({level, message}) => `${level} ${message}`);
};

test('every line has what is common to all', () => {
	const lines: string[] = [];
	const log = createRunLog({threshold: 'info', fields: {run: 'r1'}, write: line => lines.push(line), now: () => 0});
	for (const event of stamp([runStarted(), queued('a.csv')])) log.handle(event);
	log.log('warn', 'note', {claim: 'c1', file: 'a.csv'});
	expect(lines.every(line => JSON.parse(line).run === 'r1')).toBe(true);
	expect(JSON.parse(lines[2] ?? '')).toEqual({
		...{at: '1970-01-01T00:00:00.000Z', level: 'warn', message: 'note'},
		...{run: 'r1', claim: 'c1', file: 'a.csv'},
	});
});

describe('the log', () => {
	test('at info has the start and end of the run and its files', () => {
		expect(messagesAt('info')).toEqual([
			'info run-started',
			'info file-queued',
			'warn file-skipped',
			'info file-started',
			'info file-started',
			'error file-failed',
			'info run-completed',
		]);
	});

	test('at debug also has retries and messages of the engine', () => {
		const more = messagesAt('debug').filter(message => !messagesAt('info').includes(message));
		expect(more).toEqual(['debug file-retrying', 'debug worker-ready']);
	});

	test('at trace also has progress', () => {
		const more = messagesAt('trace').filter(message => !messagesAt('debug').includes(message));
		expect(more).toEqual(['trace file-progressed']);
	});

	test('begins each line with time, level and message', () => {
		const {log, lines} = createBench('info');
		log.handle({...started('a.csv'), seq: 3, at: '2024-01-01T00:00:00.020Z', elapsedMs: 20});
		log.log('warn', 'slow disk', {waitMs: 900});
		expect(lines).toEqual([
			'{"at":"2024-01-01T00:00:00.020Z","level":"info","message":"file-started","file":"a.csv","attempt":1,"seq":3,"elapsedMs":20}',
			'{"at":"2024-06-01T00:00:00.000Z","level":"warn","message":"slow disk","waitMs":900}',
		]);
	});

	test('says how a file ended and leaves its figures to the report', () => {
		const {log, entries} = createBench('info');
		for (const event of stamp([completed('data/good.csv', goodFile)])) log.handle(event);
		expect(entries()[0]?.report).toEqual({
			status: 'completed',
			analysis: 'transactions',
			attempts: 1,
			bytes: 5021,
			rows: 100,
			rejected_rows: 2,
			processing_time: 0.021,
			error: null,
		});
	});
});

describe('any message', () => {
	test('an error keeps its message, its code and its cause', () => {
		const {log, entries} = createBench('info');
		const cause = Object.assign(new Error('no space left'), {code: 'ENOSPC'});
		log.log('error', 'save failed', {error: new Error('not saved', {cause})});
		expect(entries()[0]?.error).toMatchObject({
			message: 'not saved',
			cause: {message: 'no space left', code: 'ENOSPC'},
		});
	});

	test('fields do not replace time, level and message', () => {
		const {log, entries} = createBench('info');
		log.log('info', 'real', {message: 'fake', level: 'fake', at: 'fake', other: 1});
		expect(entries()[0]).toEqual({at: '2024-06-01T00:00:00.000Z', level: 'info', message: 'real', other: 1});
	});

	test('a value without JSON still gives a line', () => {
		const {log, entries} = createBench('info');
		const circle: Record<string, unknown> = {count: 10n};
		log.log('info', 'big', {...circle});
		circle.self = circle;
		log.log('info', 'circular', circle);
		expect(entries()).toMatchObject([{message: 'big', count: '10'}, {message: 'circular'}]);
		expect(entries()[1]?.unloggable).toMatch(/circular/);
	});

	test('invisible characters are written as escapes, and read back unchanged', () => {
		const {log, lines, entries} = createBench('info');
		const hidden = 'a\u200bb\u200d\u2060\u00ad\ufe0f\u{e0041}\u{e007f}\u{e0100}\u3164c';
		log.log('info', hidden);
		expect(lines[0]).toMatch(/^[\u0020-\u007e]+$/);
		expect(lines[0]).toContain('\\udb40\\udc41');
		expect(entries()).toMatchObject([{message: hidden}]);
	});

	test.each(HOSTILE_TEXTS)('%j is one line that acts on nothing and is read back unchanged', text => {
		const {log, lines, entries} = createBench('info');
		for (const event of stamp([started(text)])) log.handle(event);
		log.log('info', text, {text});
		for (const line of lines) {
			expect(line).not.toMatch(ACTING);
			expect(line).not.toContain('\n');
		}
		expect(entries()).toMatchObject([{file: text}, {message: text, text}]);
	});
});
