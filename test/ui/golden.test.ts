// Every view at every size in every theme, held against the pictures in `golden/`. Change them only on purpose, with
// `UPDATE_GOLDEN=1`, and look at each: it is what people see.
import {afterEach, describe, expect, test} from 'vitest';
import {displayWidth} from '../../source/text/width.ts';
import {THEME_NAMES} from '../../source/ui/theme.ts';
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
	/** What is on the screen when it is complete. */
	readonly sign: RegExp;
	readonly isEnded?: boolean;
}

const SCENES: Readonly<Record<string, Scene>> = {
	files: {keys: '', sign: /quit\s*$/},
	details: {keys: '\r', sign: /TRANSACTIONS {3}so far/},
	overview: {keys: '3', sign: /THROUGHPUT/},
	log: {keys: '4', sign: /started/},
	help: {keys: '?', sign: /KEYS/},
	palette: {keys: ':', sign: /^ : /m},
	summary: {keys: '', sign: /finished in/, isEnded: true},
};

const running = recordedRun();
const ended = recordedRun(Number.POSITIVE_INFINITY);

describe.each(Object.entries(SCENES))('%s', (view, {keys, sign, isEnded = false}) => {
	test.each(SIZES)('at %i x %i', async (columns, rows) => {
		const name = `${view}-${columns}x${rows}`;
		const colors: string[] = [];
		for (const theme of THEME_NAMES) {
			const {terminal, see} = show(isEnded ? ended : running, columns, rows, {theme});
			await see(isEnded ? sign : /\d\d:\d\d/);
			if (keys !== '') terminal.press(keys);
			const screen = still(await see(sign));
			const lines = screen.split('\n');
			expect(lines.length).toBeLessThanOrEqual(rows);
			for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			expect(screen, `the words of ${theme}`).toBe(golden(`${name}.txt`, screen));
			colors.push(`${theme}\n${describeColors(await terminal.cells())}`);
			await leaveAll();
		}
		const text = colors.join('\n\n');
		// The spinner's place is its own.
		expect(text).toBe(golden(`${name}.colours.txt`, text));
		expect(text).not.toMatch(/BLUE/);
	});
});
