// Whole screens as a person sees them. Change them only on purpose: each is a picture of the product.
import {afterEach, expect, test} from 'vitest';
import {VirtualTerminal} from '../helpers/virtual-terminal.ts';
import {SampleRun, sampleRun} from './sample-run.ts';
import {leaveAll, show, still} from './show.ts';

afterEach(leaveAll);

test('a run on 80 x 24', async () => {
	const {see} = show(sampleRun(), 80, 24);
	expect(still(await see('q quit'))).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  12 files  1.2 GB            * 00:05 elapsed   ETA 00:08
		 ███████████▉░░░░░░░░░░░░░░  45 %     550 MB / 1.2 GB   82.0 MB/s  ▄▇█
		 ▸ 3 running   ✔ 3 done   ✖ 1 failed   · 5 queued      5.4 M rows   12 rejected
		────────────────────────────────────────────────────────────────────────────────
		   FILE ▲                 STATUS       PROGRESS         SIZE    ROWS   REJECTED
		   transactions_001.csv   ✔ done       ██████ 100 %   100 MB   1.3 M          2
		   transactions_002.csv   ✔ done       ██████ 100 %   100 MB   1.3 M          2
		   transactions_003.csv   ✖ failed     UNCLOSED_QUOTE line 4: A quote is never…
		   transactions_004.csv   ✔ done       ██████ 100 %   100 MB   1.3 M          2
		 ▸ transactions_005.csv   | running    ████▎░  70 %   100 MB   700 k          2
		   transactions_006.csv   | running    ███░░░  50 %   100 MB   500 k          2
		   transactions_007.csv   | running    █▊░░░░  30 %   100 MB   300 k          2
		   transactions_008.csv   · queued                    100 MB
		   transactions_009.csv   · queued                    100 MB
		   transactions_010.csv   · queued                    100 MB
		   transactions_011.csv   · queued                    100 MB
		   transactions_012.csv   · queued                    100 MB





		────────────────────────────────────────────────────────────────────────────────
		 ⏎ details  / filter  ⇥ next view  p pause  x cancel  r retry  ? help  q quit"
	`);
});

test('a run on 120 x 40 shows every column', async () => {
	const {see} = show(sampleRun(), 120, 40);
	expect(still(await see('q quit'))).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  12 files  1.2 GB                                                    * 00:05 elapsed   ETA 00:08
		 ██████████████████████████▋░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  45 %     550 MB / 1.2 GB   82.0 MB/s  ▄▇█
		 ▸ 3 running   ✔ 3 done   ✖ 1 failed   · 5 queued                                  5.4 M rows   12 rejected   2 threads
		────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
		   FILE ▲                           STATUS       PROGRESS                       SIZE    ROWS   REJECTED   MB/s      ETA
		   transactions_001.csv             ✔ done       ████████████████████ 100 %   100 MB   1.3 M          2   50.0
		   transactions_002.csv             ✔ done       ████████████████████ 100 %   100 MB   1.3 M          2   50.0
		   transactions_003.csv             ✖ failed     UNCLOSED_QUOTE line 4: A quote is never closed
		   transactions_004.csv             ✔ done       ████████████████████ 100 %   100 MB   1.3 M          2   50.0
		 ▸ transactions_005.csv             | running    ██████████████░░░░░░  70 %   100 MB   700 k          2   23.3    00:02
		   transactions_006.csv             | running    ██████████░░░░░░░░░░  50 %   100 MB   500 k          2   16.7    00:03
		   transactions_007.csv             | running    ██████░░░░░░░░░░░░░░  30 %   100 MB   300 k          2   30.0        –
		   transactions_008.csv             · queued                                  100 MB
		   transactions_009.csv             · queued                                  100 MB
		   transactions_010.csv             · queued                                  100 MB
		   transactions_011.csv             · queued                                  100 MB
		   transactions_012.csv             · queued                                  100 MB





















		────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
		 ↑↓ move  ⏎ details  / filter  s sort  Space mark  ⇥ next view  p pause  x cancel  r retry  ? help  q quit"
	`);
});

test('a run on 40 x 10 keeps what matters', async () => {
	const {see} = show(sampleRun(), 40, 10);
	expect(still(await see('q quit'))).toMatchInlineSnapshot(`
		" ./data  12 files  * 00:05   ETA 00:08
		 █████████▋░░░░░░░░░░░  45 %  82.0 MB/s
		 3 done  1 failed           12 rejected
		   FILE ▲            STATUS        DONE
		   transact…004.csv  ✔ done       100 %
		 ▸ transact…005.csv  | running     70 %
		   transact…006.csv  | running     50 %
		   transact…007.csv  | running     30 %
		   ↑ 3 above   + 5 more       4–7 of 12
		 ⏎ details  p pause  ? help  q quit"
	`);
});

test('a run on 200 x 60 fills the screen', async () => {
	const {terminal, see} = show(sampleRun(), 200, 60);
	await see('q quit');
	const lines = await terminal.lines();
	expect(lines[3]).toBe('─'.repeat(200));
	expect(lines[58]).toBe('─'.repeat(200));
});

test('a terminal that is too small says so, and the run continues', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 30, 8);
	await see(/Needs 40 × 10, has 30 × 8$/);
	terminal.resize(80, 24);
	await see('q quit');
	expect(run.requests).toEqual([]);
});

test('with --ascii no character is beyond ASCII', async () => {
	const {see} = show(sampleRun(), 120, 40, {ascii: true, theme: 'mono', colorLevel: 0});
	expect(await see('q quit')).toMatch(/^[\u0020-\u007e\n]*$/);
});

test('the summary shows the results of the run', async () => {
	const run = sampleRun();
	for (let index = 5; index <= 12; index++) run.complete(`data/transactions_${String(index).padStart(3, '0')}.csv`);
	run.elapsedMs = 9500;
	run.end();
	const {see} = show(run, 120, 40);
	expect(await see('SLOWEST')).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  12 files  1.2 GB                                                            ✖ finished in 9.5 s
		 ██████████████████████████████████████████████████████████ 100 %        1.2 / 1.2 GB    116 MB/s
		 ✔ 11 done   ✖ 1 failed                                                           14.3 M rows   22 rejected   2 threads
		────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

		 RUN                                                                   FAILED   1
		   files             11 of 12 completed, 1 failed                        ✖ transactions_003.csv
		   rows              14,300,000                                            UNCLOSED_QUOTE line 4: A quote is never
		   rejected          22                                                    closed
		   read              1.1 GB in 9.5 s, 116 MB/s
		                                                                       TO LOOK AT FIRST
		 TRANSACTIONS                                                            2 of 1,300,000 rows rejected in
		   transactions      1,299,998                                           data/transactions_001.csv, most of them for
		   total amount      1,234,567.50                                        amount not-a-number, and 20 in other files
		   average           12.597551
		   top category      groceries                                         SLOWEST
		   dates             2024-01-01 to 2024-12-31                            transactions_001.csv         100 MB     1.3 s
		   unique customers  about 37,411                                        transactions_002.csv         100 MB     1.3 s
		                                                                         transactions_004.csv         100 MB     1.3 s
		 CATEGORIES                                      COUNT       AMOUNT      transactions_005.csv         100 MB     1.3 s
		   groceries  ███████████████████████████████  800,000   803,000.10      transactions_006.csv         100 MB     1.3 s
		   travel     ███████████████▌                 400,000   400,000.40
		   (none)     ███▉                              99,998    31,567.00















		────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
		 ↑↓ scroll  ⏎ files  r retry  ? help  q quit"
	`);
});

test('the details of a file that ended', async () => {
	const {terminal, see} = show(sampleRun(), 80, 40);
	await see('q quit');
	terminal.press('g\r');
	expect(still(await see('REJECTED RECORDS'))).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  12 files  1.2 GB            * 00:05 elapsed   ETA 00:08
		 ███████████▉░░░░░░░░░░░░░░  45 %     550 MB / 1.2 GB   82.0 MB/s  ▄▇█
		 ▸ 3 running   ✔ 3 done   ✖ 1 failed   · 5 queued      5.4 M rows   12 rejected
		────────────────────────────────────────────────────────────────────────────────

		 data/transactions_001.csv
		 ✔ done   100 MB   1,300,000 rows   2 rejected   1.3 s   50.0 MB/s

		 TRANSACTIONS
		   transactions      1,299,998
		   total amount      1,234,567.50
		   average           12.597551
		   top category      groceries
		   dates             2024-01-01 to 2024-12-31
		   unique customers  about 37,411

		 CATEGORIES                                               COUNT       AMOUNT
		   groceries  ████████████████████████████████████████  800,000   803,000.10
		   travel     ████████████████████                      400,000   400,000.40
		   (none)     █████                                      99,998    31,567.00

		 REJECTED RECORDS
		        LINE  COLUMN            REASON        VALUE
		          17  amount            not-a-number  12,5o
		        4021                    field-count   a,b

		 HOW IT WAS READ
		   delimiter ,   quote "   encoding utf-8   newline LF   header yes










		────────────────────────────────────────────────────────────────────────────────
		 ↑↓ scroll  Esc back  A ask  ⇥ next view  p pause  r retry  ? help  q quit"
	`);
});

test('help lists every key', async () => {
	const {terminal, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	terminal.press('?');
	expect(still(await see('KEYS'))).toMatchInlineSnapshot(`
		" fileproc-tui  ./data  12 files  1.2 GB            * 00:05 elapsed   ETA 00:08
		 ███████████▉░░░░░░░░░░░░░░  45 %     550 MB / 1.2 GB   82.0 MB/s  ▄▇█
		 ▸ 3 running   ✔ 3 done   ✖ 1 failed   · 5 queued      5.4 M rows   12 rejected
		────────────────────────────────────────────────────────────────────────────────
		 KEYS
		   ↑ k          One line up
		   ↓ j          One line down
		   PgUp Ctrl+b  One page up
		   PgDn Ctrl+f  One page down
		   g Home       To the beginning
		   G End        To the end
		   ⏎            Show everything about the file, the column or the past run
		   Esc ←        Back; in the list: all files, no marks, follow the running ones
		   /            Show some files or past runs: text, status:failed, size>1GB,
		                rows>9, !word, since:2026-11-01
		   A            Ask about this file, which is read again: sum amount by
		                category where amount > 100
		   c            The columns of the table, to sort and open
		   s            Sort by the next column or figure
		   S            Sort the other way round
		   Space        Mark the file, or take its mark away
		   + 27 more                                                         1–17 of 44
		────────────────────────────────────────────────────────────────────────────────
		 ↑↓ scroll  Esc back  p pause  ? help  q quit"
	`);
});

test.each([
	'default',
	'high-contrast',
	'colour-blind',
	'mono',
] as const)('theme %s changes colours, not words', async theme => {
	const plain = await show(sampleRun(), 80, 24, {colorLevel: 0}).see('q quit');
	await leaveAll();
	const themed = await show(sampleRun(), 80, 24, {theme, colorLevel: 2}).see('q quit');
	expect(still(themed)).toBe(still(plain));
});

test('the end of a run shows the summary, and never a list in the state of the end', async () => {
	const run = new SampleRun();
	run.start(['a.csv']);
	run.run('a.csv');
	// Enough frames per second that each is painted.
	const {terminal, see} = show(run, 100, 24, {fps: 1000});
	await see('1 running');
	run.complete('a.csv');
	await see('1 done');
	run.end();
	await see('finished in');
	const copy = new VirtualTerminal(100, 24);
	const screens: string[] = [];
	for (const frame of terminal.written.split(/(?<=\u{1b}\[\?2026l)/u)) {
		copy.stdout.write(frame);
		screens.push(await copy.screen());
	}
	expect(screens.at(-1)).toContain('TRANSACTIONS');
	expect(screens.filter(screen => screen.includes('Esc summary'))).toEqual([]);
});
