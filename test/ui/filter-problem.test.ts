// The error of a filter while it is typed.
import {afterEach, expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {sampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

test.each([
	[80, 24],
	[120, 40],
	[60, 16],
] as const)('the error of a term is completely visible at %i x %i', async (columns, rows) => {
	const {see, terminal} = show(sampleRun(), columns, rows);
	await see('q quit');
	for (const [term, sentence] of [
		['status:xyz', /There is no status “xyz”, only queued, .*, cancelled, skipped/],
		['xyz:1', /There is no “xyz” to filter by, only status, .*for the text, put it in quotes/],
		['size>', /A number comes after size>, as in size>1GB/],
	] as const) {
		terminal.press('/\u{15}');
		await see(/ \/ /);
		terminal.press(term);
		await vi.waitFor(async () => expect((await terminal.screen()).replaceAll(/\s+/g, ' ')).toMatch(sentence), PATIENT);
		const screen = await terminal.screen();
		expect(screen.split('\n')).toHaveLength(rows);
		expect(screen).toMatch(/^ \/\S+/m);
		terminal.press('\u{15}');
		await see(/ of 12/);
		terminal.press('\r');
		await see('q quit');
	}
});
