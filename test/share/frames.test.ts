// Whoever follows a run sees what the run itself shows, however seldom and little is taken.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import {FrameBuilder} from '../../source/share/frame-builder.ts';
import {LastChanges} from '../../source/share/last-changes.ts';
import type {Frame} from '../../source/share/messages.ts';
import {RunMirror} from '../../source/share/run-mirror.ts';
import {SharedRun} from '../../source/share/shared-run.ts';
import {thinEvent, thinReport} from '../../source/share/thin-report.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import type {FileState, RunState} from '../../source/store/state.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {play, scenario} from '../helpers/random-runs.ts';

/** As over the wire. */
const sent = (frame: Frame): Frame => JSON.parse(JSON.stringify(frame)) as Frame;

const thinFile = ({samples: _, report, ...file}: FileState) => ({
	...file,
	report: report === null ? null : thinReport(report),
});

/** All that is the same for those who follow: rates look back from where they came. */
function figuresOf(state: RunState) {
	const {samples: _samples, history: _history, heldSinceMs: _held, analyses: _analyses, ...rest} = state;
	const {files, tally, log, indexByFile} = rest;
	return {
		...rest,
		files: files.map(thinFile),
		tally: {...tally, slowest: tally.slowest.map(thinFile)},
		log: log.map(thinEvent),
		indexByFile: [...indexByFile].sort(),
	};
}

/** What the header shows: that of the run at every frame, whatever of the files is still to come. */
const totalsOf = ({counts, bytesRead, bytesSettled, rows, rejectedRows, fileCount, phase, elapsedMs}: RunState) => ({
	...{counts, bytesRead, bytesSettled, rows, rejectedRows, fileCount, phase, elapsedMs},
});

/** However far a reader is behind, it sees which files are at work, and how far they are. */
const atWork = ({files}: RunState) =>
	files
		.filter(({status}) => status === 'running' || status === 'retrying')
		.map(({file, jobId, attempt, status, bytesRead, rows}) => ({file, jobId, attempt, status, bytesRead, rows}))
		.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('frames at any moments and of any size come to the state of the run, and to its totals at every one of them', async () => {
	await fc.assert(
		fc.asyncProperty(
			scenario,
			fc.array(fc.nat({max: 6}), {minLength: 1, maxLength: 20}),
			fc.integer({min: 1, max: 3000}),
			fc.nat({max: 30}),
			async (given, gaps, maxBytes, joinsAfter) => {
				const events: RunEvent[] = [];
				await play(given, event => events.push(event));
				const run = new SharedRun();
				const builder = new FrameBuilder(run);
				const mirror = new RunMirror();
				let state = createRunState();
				let untilFrame = joinsAfter;
				let [turn, numbers] = [0, 0];
				const take = (): Frame | null => {
					const frame = builder.next(maxBytes);
					if (frame === null) return null;
					expect(frame.number).toBe(++numbers);
					mirror.apply(sent(frame));
					expect(totalsOf(mirror.state)).toEqual(asJson(totalsOf(run.state)));
					expect(atWork(mirror.state)).toEqual(atWork(run.state));
					return frame;
				};
				for (const event of events) {
					run.handle(event);
					state = reduce(state, [event]);
					if (untilFrame-- > 0) continue;
					untilFrame = gaps[turn++ % gaps.length] ?? 0;
					take();
				}
				for (let frames = 0; take() !== null; frames++) expect(frames).toBeLessThan(1000);
				const {log: logOfMirror, ...mirrored} = figuresOf(mirror.state);
				const {log, ...expected} = figuresOf(state);
				expect(mirrored).toEqual(asJson(expected));
				// One that is behind gets the newest lines alone.
				expect(log.length).toBeGreaterThanOrEqual(logOfMirror.length);
				expect(logOfMirror.at(-1)).toEqual(log.length === 0 ? undefined : asJson(log.at(-1)));
			},
		),
		{numRuns: randomCases(60)},
	);
});

test('the list of last changes has each file once, in the order of its last change, from any place on', () => {
	fc.assert(
		fc.property(fc.array(fc.nat({max: 700}), {maxLength: 300}), fc.nat({max: 320}), (recorded, place) => {
			const changes = new LastChanges();
			for (const index of recorded) changes.record(index);
			const expected = [...new Set(recorded.slice(place).reverse())].reverse();
			expect([...changes.since(place)]).toEqual(expected);
			expect(changes.now).toBe(recorded.length);
		}),
		{numRuns: randomCases(300)},
	);
});
