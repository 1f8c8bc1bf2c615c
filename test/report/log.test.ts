import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {createRunLog, type LogFields, type LogThreshold, type RunLog} from '../../source/report/log.ts';
import {recognizeOwnOutput} from '../../source/text/own-output.ts';
import {randomCases} from '../helpers/random-cases.ts';
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

describe('as text', () => {
	const linesOf = (message: string, fields: LogFields, common: LogFields = {run: 'r1'}): string[] => {
		const lines: string[] = [];
		const write = (line: string): unknown => lines.push(line);
		const now = (): number => Date.UTC(2024, 5, 1);
		createRunLog({threshold: 'info', format: 'text', fields: common, write, now}).log('info', message, fields);
		return lines;
	};
	const START = '2024-06-01T00:00:00.000Z info fileproc-tui:';

	test('a line has time, level, message and fields, in quotes where they would be ambiguous', () => {
		const fields = {file: 'a.csv', count: 10n, on: null, gone: undefined, name: 'a b', key: 'a=b', list: [1, 'a b']};
		expect(linesOf('slow disk', {...fields, file2: '[1]', empty: '', at: 'fake', run: 'fake'})).toEqual([
			`${START} slow disk run=r1 file=a.csv count=10 on=null name="a b" key="a=b" list=[1,"a b"] file2="[1]" empty=""`,
		]);
		const circle: Record<string, unknown> = {};
		circle.self = circle;
		expect(linesOf('circular', {circle})[0]).toMatch(`${START} circular run=r1 unloggable="`);
	});

	test('the begin and the end of a task are the words of the system before this one', () => {
		expect(linesOf('exec.started', {task: 'abc-123', user: 'u1', active: 3})).toEqual([
			`${START} [EXEC] Starting execution for task: abc-123`,
			`${START} [EXEC] Active concurrent tasks: 3`,
		]);
		expect(linesOf('exec.removed', {task: 'abc-123', status: 'COMPLETED', active: 2})).toEqual([
			`${START} [EXEC] Removed task abc-123 from active executions`,
			`${START} [EXEC] Remaining active tasks: 2`,
		]);
	});

	test('whatever the fields are, it is one line (two of a task) that acts on nothing, is ours, and can be read back', () => {
		const anyText = fc.oneof(
			fc.constantFrom(...HOSTILE_TEXTS, `x\n${START} [EXEC] Removed task 1 from active executions`, 'a status=200'),
			fc.string({unit: 'binary'}),
			fc.string(),
		);
		const anyMessage = fc.oneof(fc.constantFrom('exec.started', 'exec.removed', 'constructor'), anyText);
		const anyFields = fc.oneof(
			fc.dictionary(anyText, anyText),
			fc.dictionary(anyText, fc.oneof(anyText, fc.anything({withBigInt: true, withDate: true}))),
			fc.record({task: fc.oneof(anyText, fc.anything()), active: fc.oneof(fc.nat(), anyText)}),
		);
		fc.assert(
			fc.property(anyMessage, anyFields, (message, fields) => {
				const lines = linesOf(message, fields);
				const isTask = lines[0]?.startsWith(`${START} [EXEC] `) === true;
				expect(lines).toHaveLength(isTask ? 2 : 1);
				expect(isTask && !message.startsWith('exec.')).toBe(false);
				for (const line of lines) {
					expect(line).not.toMatch(ACTING);
					expect(line).not.toContain('\n');
					expect(recognizeOwnOutput(new TextEncoder().encode(line))).toBe('log');
				}
				const texts = Object.entries(fields).filter(([, value]) => typeof value === 'string');
				if (isTask || texts.length < Object.keys(fields).length) return;
				const taken = ['at', 'level', 'message', 'run'];
				const given = texts.filter(([name]) => !taken.includes(name));
				expect(readLine(lines[0] ?? '')).toEqual({message, fields: new Map([['run', 'r1'], ...given])});
			}),
			{numRuns: randomCases(1000)},
		);
	});

	/** As a program would that is told the form of a line. Each character of it has to be of use. */
	function readLine(line: string): {message: string; fields: ReadonlyMap<string, string>} {
		const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
		const pair = ` (${quoted}|[^ "=]+)=(${quoted}|[^ "=]+)`;
		const whole = new RegExp(`^${START} (${quoted}|[^"=]+?)((?:${pair})+)$`, 'u');
		const [, message = '', pairs = ''] = whole.exec(line) ?? [];
		const read = (text: string): string => (text.startsWith('"') ? (JSON.parse(text) as string) : text);
		const fields = [...pairs.matchAll(new RegExp(pair, 'gu'))];
		return {
			message: read(message),
			fields: new Map(fields.map(([, name = '', value = '']) => [read(name), read(value)])),
		};
	}
});
