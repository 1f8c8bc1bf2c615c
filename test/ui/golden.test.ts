// Every view at every size in every theme, compared with the pictures in `golden/`. Change them only on purpose, with
// `UPDATE_GOLDEN=1`, and check each one: it is what people see.
import {setTimeout as wait} from 'node:timers/promises';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {displayWidth} from '../../source/text/width.ts';
import {READING_DELAY_MS} from '../../source/ui/hooks/use-on-demand.ts';
import {THEME_NAMES, type ThemeName} from '../../source/ui/look/theme.ts';
import {PATIENT} from '../helpers/patient.ts';
import {describeColors, golden} from './golden.ts';
import {recordedRun} from './recorded-run.ts';
import {leaveAll, show, still} from './show.ts';

afterEach(leaveAll);

const SIZES = [
	[40, 10],
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

interface Scene {
	readonly keys: string;
	/** What is on the screen once it is complete. */
	readonly sign: RegExp;
	readonly isEnded?: boolean;
}

const SCENES: Readonly<Record<string, Scene>> = {
	files: {keys: '', sign: /quit\s*$/},
	details: {keys: '\r', sign: /so far|1–5 of/},
	overview: {keys: '3', sign: /so far|of [456]\d/},
	log: {keys: '4', sign: /started/},
	help: {keys: '?', sign: /KEYS/},
	palette: {keys: ':', sign: /^ :$/m},
	summary: {keys: '', sign: /finished in/, isEnded: true},
};

const running = await recordedRun();
const ended = await recordedRun(Number.POSITIVE_INFINITY);

describe.each(Object.entries(SCENES))('%s', (view, {keys, sign, isEnded = false}) => {
	test.each(SIZES)('at %i x %i', async (columns, rows) => {
		const name = `${view}-${columns}x${rows}`;
		const showIn = async (theme: ThemeName): Promise<string> => {
			const {terminal, see} = show(isEnded ? ended : running, columns, rows, {theme});
			await see(isEnded ? sign : /\d\d:\d\d/);
			if (keys !== '') terminal.press(keys);
			await see(sign);
			// Answers of the engine come a moment later.
			if (process.env.UPDATE_GOLDEN === '1') await wait(READING_DELAY_MS + 250);
			const look = async (): Promise<string> => still(await terminal.screen());
			await vi.waitFor(async () => expect(await look()).toBe(golden(`${name}.txt`, await look())), PATIENT);
			const screen = await look();
			const lines = screen.split('\n');
			expect(lines.length).toBeLessThanOrEqual(rows);
			for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			return `${theme}\n${describeColors(await terminal.cells())}`;
		};
		const colors = await Promise.all(THEME_NAMES.map(showIn));
		await leaveAll();
		const text = colors.join('\n\n');
		// The spinner changes by itself.
		expect(text).toBe(golden(`${name}.colours.txt`, text));
		expect(text).not.toMatch(/BLUE/);
	});
});
