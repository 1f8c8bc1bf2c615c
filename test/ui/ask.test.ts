// A question about the file under the cursor: asked in the last line, answered from the file, which is read again.
import {afterEach, expect, test, vi} from 'vitest';
import {describeAnalysis} from '../../source/analysis/describe-analysis.ts';
import {understandQuestion} from '../../source/analysis/question/understand-question.ts';
import type {ResultObject} from '../../source/model/analysis-info.ts';
import type {OnDemand} from '../../source/model/run-control.ts';
import {PATIENT} from '../helpers/patient.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {SampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

interface Asked {
	readonly question: string;
	readonly file: string;
	readonly signal: AbortSignal;
	readonly tell: (result: ResultObject) => void;
	readonly answer: (result: ResultObject | null) => void;
	readonly refuse: (error: Error) => void;
}

function completedRun(): {run: SampleRun; asked: Asked[]} {
	const run = new SampleRun();
	run.start(['a.csv', 'b.csv']);
	for (const file of ['a.csv', 'b.csv']) {
		run.run(file);
		run.complete(file);
	}
	const asked: Asked[] = [];
	const onDemand: OnDemand = {
		analyses: [],
		read: () => Promise.resolve(null),
		understand(question) {
			const understood = understandQuestion(question);
			return 'problem' in understood ? understood : {info: describeAnalysis(understood.declaration)};
		},
		ask: (question, file, signal, onSoFar) =>
			new Promise((answer, refuse) => {
				const tell = (result: ResultObject): void => onSoFar?.({result, bytesRead: 50, bytesTotal: 100});
				asked.push({question, file, signal, tell, answer, refuse});
			}),
	};
	Object.assign(run.control, {onDemand});
	return {run, asked};
}

const latest = (asked: readonly Asked[]): Promise<Asked> =>
	vi.waitFor(() => {
		expect(asked.length).toBeGreaterThan(0);
		return asked.at(-1) as Asked;
	}, PATIENT);

const answerOf = (total: string): ResultObject => ({
	records: 12,
	sum_amount: total,
	groups: [{category: 'toys', records: 12, sum_amount: total}],
	group_count: {value: 1, exact: true},
});

test('the answer grows while the file is read, says that it is, and Esc goes back', async () => {
	const {run, asked} = completedRun();
	const {terminal, see} = show(run, 100, 30);
	await see('FILE ▲');
	terminal.press('gA');
	await see(/ask: .*sum amount by category where amount > 100/);
	terminal.press('sum amount by category');
	await see('ask: sum amount by category');
	terminal.press(KEY.enter);
	const {question, file, tell, answer, signal} = await latest(asked);
	expect({question, file}).toEqual({question: 'sum amount by category', file: 'a.csv'});
	await see('Reading again: a.csv');
	tell(answerOf('1234.50'));
	await see('Reading again (50 %): a.csv');
	expect(await see('SUM OF AMOUNT BY CATEGORY   so far')).not.toContain('do not count');
	answer(answerOf('2469.00'));
	const screen = await see('Read again: a.csv');
	expect(screen).toMatch(/toys .*2,469\.00/);
	expect(screen).not.toContain('so far');
	expect(screen).toContain('1,299,988 of 1,300,000 rows do not count');
	terminal.press(KEY.escape);
	await see('FILE ▲');
	await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENT);
	terminal.press('A');
	await see('ask: sum amount by category');
});

test('a question that cannot be understood stays, with the reason', async () => {
	const {run, asked} = completedRun();
	const {terminal, see} = show(run, 100, 30);
	await see('FILE ▲');
	terminal.press(`gAtotal amount${KEY.enter}`);
	await see('Expected sum, mean, min, max, distinct and a column');
	expect(asked).toEqual([]);
	terminal.press(KEY.escape);
	await see('move');
});

test('why a file gives no answer is said', async () => {
	const {run, asked} = completedRun();
	const {terminal, see} = show(run, 100, 30);
	await see('FILE ▲');
	terminal.press(`gAsum amuont${KEY.enter}`);
	(await latest(asked)).refuse(new RangeError('The column amuont is missing. Did you mean "amount"?'));
	await see('Did you mean "amount"?');
});

test('where nothing can be asked, it is said', async () => {
	const {run} = completedRun();
	Object.assign(run.control, {onDemand: undefined});
	const {terminal, see} = show(run, 100, 30);
	await see('FILE ▲');
	terminal.press('gA');
	await see('Nothing can be asked here');
});
