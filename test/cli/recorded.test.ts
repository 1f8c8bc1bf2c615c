import {createReadStream, writeFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';
import {findEventFault, withAnalyses} from '../../source/cli/replay/check-event.ts';
import {readRecording} from '../../source/cli/replay/read-recording.ts';
import {splitLines} from '../../source/cli/replay/split-lines.ts';
import {createTruncatedRun} from '../../source/cli/replay/truncated-recording.ts';
import type {RunEvent, RunStarted} from '../../source/model/events.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {csvChunks} from '../../source/report/csv.ts';
import {toJsonLine} from '../../source/report/json.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {createMilestonePrinter} from '../../source/report/milestones.ts';
import {createPlainPrinter} from '../../source/report/plain.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {visits, visitsResult} from '../helpers/made-up-analysis.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {brokenFile, goodFile, reject, result} from '../report/sample-report.ts';
import {
	cancelled,
	completed,
	failed,
	progressed,
	queued,
	retrying,
	runCompleted,
	runLog,
	runStarted,
	skipped,
	stamp,
	started,
	totalsOf,
} from '../store/run-log.ts';

const asJson = (event: unknown): unknown => JSON.parse(JSON.stringify(event));

/** One event of each type, with all its optional parts. */
const story: readonly RunEvent[] = stamp([
	runStarted({fileCount: 4}),
	skipped('pipe'),
	queued('good.csv'),
	queued('bad.csv'),
	queued('late.csv'),
	started('good.csv'),
	progressed('good.csv', 10),
	{type: 'run-paused'},
	{type: 'run-resumed'},
	retrying('good.csv'),
	started('good.csv', 2),
	completed('good.csv', {...goodFile, file: 'good.csv', attempts: 2, rejects: [reject]}),
	started('bad.csv'),
	failed('bad.csv', {...brokenFile, file: 'bad.csv'}),
	cancelled('late.csv'),
	runCompleted({analyses: {transactions: result}, totals: totalsOf([goodFile, brokenFile])}),
]);

/** Everything that a replay does with events except painting. */
function replay(events: readonly RunEvent[]): void {
	const collector = createReportCollector();
	const truncatedRun = createTruncatedRun();
	const write = (): void => {};
	const plain = createPlainPrinter({write, now: () => 0, startTimer: () => () => {}});
	const milestones = createMilestonePrinter({write});
	const tell = (received: RunEvent): void => {
		const event = withAnalyses(received);
		truncatedRun.handle(event);
		for (const output of [collector, plain, milestones]) output.handle(event);
	};
	for (const event of events) tell(event);
	const rest = truncatedRun.remainingEvents();
	for (const event of rest) tell(event);
	reduce(createRunState(), [...events, ...rest].map(withAnalyses));
	summaryLines(collector.report(), collector.analyses());
	for (const chunks of [csvChunks, markdownChunks]) [...chunks(collector.report(), collector.analyses())].join('');
}

describe('an event', () => {
	test('is accepted, whatever a run may report', () => {
		for (const event of story) expect(findEventFault(asJson(event)), event.type).toBe(null);
		fc.assert(
			fc.property(runLog, events => {
				for (const event of events) expect(findEventFault(asJson(event)), event.type).toBe(null);
			}),
		);
	});

	test('with anything else in the place of a part is refused, or does no harm', () => {
		const other = fc.oneof(
			fc.constantFrom(null, true, -1, 1e308, '', 'x', [], {}, [null], [{}], {transactions: {}}, '__proto__', undefined),
			fc.jsonValue(),
		);
		let refusedCount = 0;
		fc.assert(
			fc.property(fc.nat(story.length - 1), fc.nat(), other, (index, place, value) => {
				const changed = asJson(story[index]);
				const holders = holdersOf(changed);
				const [holder, key] = holders[place % holders.length] ?? [];
				if (holder === undefined || key === undefined) return;
				if (value === undefined) delete holder[key];
				else holder[key] = value;
				if (findEventFault(changed) === null) replay(story.with(index, changed as RunEvent));
				else refusedCount++;
			}),
			{numRuns: randomCases(2000)},
		);
		expect(refusedCount).toBeGreaterThan(randomCases(500));
	});

	test.each([
		[[], 'is not a JSON object'],
		[{}, 'has no "type"'],
		[{type: 'file-burned'}, 'is of the unknown type "file-burned"'],
		[{type: 'constructor'}, 'is of the unknown type "constructor"'],
		[{...asObject(story[0]), paths: 'x'}, 'has no usable "paths"'],
		[{...asObject(story[5]), attempt: '1'}, 'has no usable "attempt"'],
		[{...asObject(story[0]), analyses: [{}]}, 'has no usable "analyses.0.name"'],
		[withView({show: 'pie'}), 'has no usable "analyses.0.views.0.show"'],
		[withView({show: 'figures', figures: [{}]}), 'has no usable "analyses.0.views.0.figures.0.label"'],
		[withView(null), 'has no usable "analyses.0.views.0"'],
		[{...asObject(story[0]), analyses: new Array(101).fill(anInfo)}, 'has no usable "analyses"'],
		[{...asObject(story[0]), analyses: [{...anInfo, title: 'x'.repeat(201)}]}, 'has no usable "analyses.0.title"'],
		[{...asObject(story[13]), report: {...brokenFile, rejects: [{}]}}, 'has no usable "report.rejects.0.line"'],
		[{...asObject(story[11]), report: {...goodFile, result: []}}, 'has no usable "report.result"'],
		[{...asObject(story.at(-1)), analyses: []}, 'has no usable "analyses"'],
		[withResult(19), null],
		[withResult(20), `has no usable "analyses.sales${'.0'.repeat(19)}"`],
	])('%j %s', (value, fault) => {
		expect(findEventFault(value)).toBe(fault);
	});
});

const anInfo = {name: 'sales', title: 'Sales', columns: [], views: []};

/** Lists in lists are as deep as may be, or deeper. */
function withResult(depth: number): unknown {
	const lists = JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
	return {...asObject(story.at(-1)), analyses: {sales: lists}};
}

function withView(view: unknown): unknown {
	return {...asObject(story[0]), analyses: [{...anInfo, views: [view]}]};
}

function asObject(value: unknown): Record<string, unknown> {
	return asJson(value) as Record<string, unknown>;
}

/** Every place in a value where something else could stand. */
function holdersOf(value: unknown): Array<readonly [Record<string, unknown>, string]> {
	if (typeof value !== 'object' || value === null) return [];
	const holder = value as Record<string, unknown>;
	return Object.keys(holder).flatMap(key => [[holder, key] as const, ...holdersOf(holder[key])]);
}

describe('lines', () => {
	const linesOf = async (chunks: readonly string[], longest = 1000) => {
		const lines: Array<{text: string; isWhole: boolean; isTooLong: boolean}> = [];
		for await (const line of splitLines(fromChunks(chunks), longest)) lines.push(line);
		return lines;
	};
	async function* fromChunks(chunks: readonly string[]): AsyncGenerator<string> {
		yield* chunks;
	}

	test('are those of the whole text, for any chunks', async () => {
		const chunk = fc.string({unit: fc.constantFrom('a', 'b', '\n')});
		await fc.assert(
			fc.asyncProperty(fc.array(chunk), async chunks => {
				const lines = chunks.join('').split('\n');
				const last = lines.pop() ?? '';
				const expected = lines.map(text => ({text, isWhole: true, isTooLong: false}));
				if (last !== '') expected.push({text: last, isWhole: false, isTooLong: false});
				expect(await linesOf(chunks)).toEqual(expected);
			}),
		);
	});

	test('end with the first one that is too long, whether its end has come or not', async () => {
		expect(await linesOf(['ab\nabc', 'd', 'never read'], 3)).toMatchObject([{text: 'ab'}, {isTooLong: true}]);
		expect(await linesOf(['abcd\nx'], 3)).toMatchObject([{text: 'abcd', isWhole: true, isTooLong: true}, {text: 'x'}]);
	});
});

describe('a recording', () => {
	const first = JSON.stringify(story[0]);
	const readAll = async (path: string): Promise<RunEvent[]> => {
		const events: RunEvent[] = [];
		for await (const event of readRecording(path)) events.push(event);
		return events;
	};

	test('of an older version, which told nothing of analyses, is one of transactions', async () => {
		const {analyses, ...old} = asObject(story[0]);
		const path = createTemporaryFolder().write('run.jsonl', JSON.stringify(old));
		const [event] = await readAll(path);
		expect(event).toMatchObject({...old, analyses: [{name: 'transactions', title: 'Transactions'}]});
		expect(analyses).toContainEqual((event as RunStarted).analyses[0]);
	});

	test('of an analysis that the program does not have is played with its figures and tables', async () => {
		const report = {...goodFile, file: 'a.csv', analysis: 'visits', result: visitsResult};
		const events = stamp([
			runStarted({analyses: [visits]}),
			queued('a.csv'),
			started('a.csv'),
			completed('a.csv', report),
			runCompleted({analyses: {visits: visitsResult}, totals: totalsOf([report])}),
		]);
		const path = createTemporaryFolder().write('run.jsonl', events.map(event => toJsonLine(event)).join(''));
		const lines: string[] = [];
		const plain = createPlainPrinter({write: line => lines.push(line), startTimer: () => () => {}});
		for (const event of await readAll(path)) plain.handle(event);
		expect(lines).toContain('  Visitors     about 4,321');
		expect(lines).toContain('  /home         90,000.25  91.1 %      today');
	});

	test('is read to its last whole line', async () => {
		const folder = createTemporaryFolder();
		const lines = story.map(event => JSON.stringify(event));
		for (const newline of ['\n', '\r\n', '\n\n']) {
			const path = folder.write('run.jsonl', `\ufeff${lines.join(newline)}`);
			expect(await readAll(path)).toEqual(asJson(story));
		}
		expect(await readAll(folder.write('run.jsonl', `${first}\n{"type":"fi`))).toHaveLength(1);
	});

	test.each([
		['nothing in it', '', 'is empty; replay takes'],
		['UTF-16', Buffer.from(`\ufeff${first}\n`, 'utf16le'), 'Line 1 of '],
		['a line of zeros in it', `${first}\n${'\0'.repeat(100)}\n`, 'Line 2 of .+: it is not text in UTF-8'],
		['half a line in it', `${first}\n{"type":"fi\n${first}\n`, 'Line 2 of .+: it is not JSON.+head -n 1 '],
		['a number in it', `${first}\n\n7\n`, 'Line 3 of .+: it is not a JSON object.+head -n 2 '],
		['a type in it that is none', `${first}\n{"type":"x"}\n`, 'Line 2 of .+: it is of the unknown type "x"'],
		['no beginning', `${JSON.stringify(story[2])}\n`, 'Line 1 of .+: a recording begins with "run-started"'],
	])('with %s is refused with the line and what to do', async (_what, content, sentence) => {
		const path = createTemporaryFolder().write('run.jsonl', content);
		const error = await readAll(path).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(UsageError);
		expect(String(error)).toMatch(new RegExp(sentence));
	});

	test('with a line of 50 MB is refused after a bounded part of it', async () => {
		const folder = createTemporaryFolder();
		const path = folder.at('run.jsonl');
		writeFileSync(path, `${first}\n{"type":"${'x'.repeat(50_000_000)}`);
		const error = await readAll(path).catch((thrown: unknown) => thrown);
		expect(String(error)).toMatch(/Line 2 of .+: it is longer than 16 MiB/);
		// Each chunk is read once, and no more chunks are read than needed.
		let chunkCount = 0;
		const chunks = createReadStream(path, 'utf8').on('data', () => chunkCount++);
		for await (const line of splitLines(chunks, 1_000_000)) void line;
		expect(chunkCount).toBeLessThan(100);
	});
});
